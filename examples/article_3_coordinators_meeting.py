"""Article 三: three hosts agree a day in the first ten days of October 2011 (三(一)), and deal with the contents of 三(二).

Of 三(二)1 changes, 三(二)2 last month's tasks, 三(二)3 this month's tasks and 三(二)4 training, the last was left out.

Prints:

    三方均有空的工作日：2011-10-09、2011-10-10
    已商定日期 2011-10-09
    三(二)4 镇（街道）计生办分管流动人口服务管理工作的主任或副主任、流动人口服务管理中心负责人、公安派出所分管副所长 补办：业务培训（coordinators-meeting/2011-10/320411001）
    三(二)2 例会召集人 总结和考核任务（T-1）
"""

from datetime import date

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.meet import hold_coordinators_meeting, meetings_owed, open_coordinators_meeting
from migrant_fp.domain.coordinators_meeting import Attendee, Host, Task, Topic

calendar, store = working_calendar(), MemoryStore()

with store.begin() as work:
    meeting = open_coordinators_meeting(work, "320411001", "2011-10", calendar)
    free = meeting.free_days({Host.POLICE: {date(2011, 10, 8)}})
    print("三方均有空的工作日：" + "、".join(map(str, free)))
    agreed = meeting.propose(free[0], Host.CENTRE).consent(Host.POLICE).consent(Host.FAMILY_PLANNING)
    print(agreed.state.zh, agreed.day)
    work.coordinators_meetings.put(agreed)
    hold_coordinators_meeting(
        work,
        agreed.id,
        free[0],
        attendance=Attendee,
        covered=(Topic.CHANGES, Topic.LAST_TASKS, Topic.NEW_TASKS),
        tasks=[Task("T-1", Attendee.COORDINATOR, "S-1", "2011-10", "例：走访新到人员")],
    )
    print(*meetings_owed(work, "320411", "2011-10", date(2011, 11, 1), calendar), sep="\n")
    work.commit()
