"""The meetings of a year, with reasons; the days on which a reminder goes out, three working days before.

Prints:

    2011-01-05 周三，按期；2010-12-30 提醒
    2011-04-06 周三，原定4月5日：清明节放假至4月5日，顺延1日；2011-03-31 提醒
    2011-07-05 周二，按期；2011-06-30 提醒
    2011-10-08 周六（调休上班），原定10月5日：国庆节放假至10月7日，顺延3日；2011-09-28 提醒
"""

from migrant_fp import plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.regulations import changzhou_2011_134 as document
from migrant_fp.schedule.counting import add_working_days

calendar = working_calendar()
for meeting in plan(document.JOINT_MEETING, 2011, calendar):
    reminder = add_working_days(meeting.last, -3, calendar)
    print(f"{meeting.explain()}；{reminder} 提醒")
