"""Article 三: three hosts agree a day in the first ten days of October 2011 (三(一)), and deal with the contents of 三(二).

Of 三(二)1 changes, 三(二)2 last month's tasks, 三(二)3 this month's tasks and 三(二)4 training, the last was left out.

Another town of the district never opened its meeting: it is owed all the same.

Prints:

    三方均有空的工作日：2011-10-09、2011-10-10
    已商定日期 2011-10-09
    三(二)4 镇（街道）计生办分管流动人口服务管理工作的主任或副主任、流动人口服务管理中心负责人、公安派出所分管副所长 补办：业务培训（coordinators-meeting/2011-10/320411001）
    三(一) 镇（街道）计生办分管流动人口服务管理工作的主任或副主任、流动人口服务管理中心负责人、公安派出所分管副所长 说明未在上旬召开的原因（coordinators-meeting/2011-10/320411002，2011-10-10前）
    三(二)2 例会召集人 总结和考核任务（T-1）
"""

from datetime import date

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.coordinate import (
    consent_to_day,
    hold_coordinators_meeting,
    open_coordinators_meeting,
    propose_day,
)
from migrant_fp.application.meet import meetings_owed
from migrant_fp.domain.coordinators_meeting import Attendee, Host, Task, Topic

calendar, store, today = working_calendar(), MemoryStore(), date(2011, 9, 28)

with store.begin() as work:
    meeting = open_coordinators_meeting(work, "320411001", "2011-10", calendar, today)
    free = meeting.free_days({Host.POLICE: {date(2011, 10, 8)}})
    print("三方均有空的工作日：" + "、".join(map(str, free)))
    propose_day(work, meeting.id, free[0], Host.CENTRE, today)
    consent_to_day(work, meeting.id, Host.POLICE, today)
    agreed = consent_to_day(work, meeting.id, Host.FAMILY_PLANNING, today)
    print(agreed.state.zh, agreed.day)
    hold_coordinators_meeting(
        work,
        agreed.id,
        free[0],
        attendance=Attendee,
        covered=(Topic.CHANGES, Topic.LAST_TASKS, Topic.NEW_TASKS),
        tasks=[Task("T-1", Attendee.COORDINATOR, "S-1", "2011-10", "例：走访新到人员")],
    )
    towns = ("320411001", "320411002")
    owed = meetings_owed(work, "320411", "2011-10", date(2011, 11, 1), calendar, towns=towns)
    print(*[finding for finding in owed if finding.clause.number.startswith("三")], sep="\n")
    work.commit()
