"""Article 一: the joint meeting of October 2011, from the plan (一(二)) to the last acknowledgement (一(四)).

Its conveners are those of 一(一); a decision belongs to one of the five items of 一(三).

Prints:

    joint-meeting/2011-Q4/320411 2011-10-08 已排定
    一(二) 经 公安局（分局）分管户政（治安）工作的副局长 与 人口计生局分管流动人口计划生育服务管理工作的副局长 召集
    一(三)1 通报交流；一(三)2 问题和对策；一(三)3 制度和措施；一(三)4 考核和奖惩兑现；一(三)5 其他事项
    已下发
    一(四) family_planning/town/320411001 签收会议纪要（joint-meeting/2011-Q4/320411，2011-10-17前）
    已签收
"""

from datetime import date

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.meet import acknowledge, dispatch, hold, meetings_owed, open_joint_meetings
from migrant_fp.domain.meeting import CONVENERS, AgendaItem, Decision, Minutes

calendar, store = working_calendar(), MemoryStore()
police, planning = "public_security/town/320411001", "family_planning/town/320411001"
minutes = Minutes((Decision("1", AgendaItem.PROBLEMS, "例：两家窗口合并办理", (police, planning)),))

with store.begin() as work:
    july, meeting = open_joint_meetings(work, "320411", 2011, calendar)
    work.joint_meetings.put(july.cancel(date(2011, 7, 4), "例：会场停电"))
    print(meeting.id, meeting.day, meeting.state.zh)
    print(f"一(二) 经 {CONVENERS[0].zh} 与 {CONVENERS[1].zh} 召集")
    print("；".join(f"{item.value} {item.zh}" for item in AgendaItem))
    hold(work, meeting.id, date(2011, 10, 8), present=CONVENERS, minutes=minutes)
    print(dispatch(work, meeting.id, date(2011, 10, 10)).state.zh)
    acknowledge(work, meeting.id, police, date(2011, 10, 11))
    print(*meetings_owed(work, "320411", "2011-10", date(2011, 10, 18), calendar), sep="\n")
    print(acknowledge(work, meeting.id, planning, date(2011, 10, 18)).state.zh)
    work.commit()
