"""The notice for a new year is out: write it down, load it, and see what it changes.

The notice below is invented: nobody knows the one for 2031. The estimate before it has a day more, since
Mid-Autumn falls on 1 October.

Prints:

    before 2031-10-09 周四，原定10月5日：国庆节放假至10月8日，顺延4日（暂定）
    after  2031-10-08 周三，原定10月5日：国庆节放假至10月7日，顺延3日
    cause  关于2031年部分节假日安排的通知
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from migrant_fp import plan, replan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.notice_files import NoticeFiles
from migrant_fp.application.site_notices import with_notices
from migrant_fp.regulations.changzhou_2011_134 import JOINT_MEETING

NOTICE = {
    "schema": "migrant-fp/holiday-notices/1",
    "notices": [
        {
            "year": 2031,
            "issued": "2030-11-05",
            "days_off": [{"date": f"2031-10-0{day}", "festival": "国庆节"} for day in range(1, 8)],
            "make_up_days": [{"date": "2031-09-28", "festival": "国庆节"}],
        }
    ],
}

with TemporaryDirectory() as directory:
    file = Path(directory, "2031.json")
    file.write_text(json.dumps(NOTICE, ensure_ascii=False), encoding="utf-8")
    old = working_calendar()
    new = with_notices(old, NoticeFiles(file).notices())

before = plan(JOINT_MEETING, 2031, old, provisional=True)
after = plan(JOINT_MEETING, 2031, new, provisional=True)
for change in replan(before, after):
    if change.id.endswith("Q4"):
        print("before", change.before.explain())
        print("after ", change.after.explain())
        print("cause ", change.cause[-1].title)
