"""Article 一: the joint meetings of 2011, from the plan (一(二)) to the last acknowledgement (一(四)).

July's was cancelled, so an extra one is proposed, agreed and held in its quarter. In October one office of 一(一) was absent, and of
the five items 一(三)1 to 一(三)5 the third was left out (一(三)2 and 一(三)4 were dealt with); a decision settles an assessment.

Prints:

    joint-meeting/2011-Q4/320411 2011-10-08 已排定
    joint-meeting/2011-x1/320411 已商定
    一(一) 公安局（分局）分管户政（治安）工作的副局长、人口计生局分管流动人口计划生育服务管理工作的副局长 通报未到会的人口计生局职能处室负责人及相关工作人员（joint-meeting/2011-Q4/320411）
    一(三)3 公安局（分局）分管户政（治安）工作的副局长、人口计生局分管流动人口计划生育服务管理工作的副局长 补议：制度和措施（joint-meeting/2011-Q4/320411）
    一(四) family_planning/town/320411001 签收会议纪要（joint-meeting/2011-Q4/320411，2011-10-17前）
    已签收
"""

from datetime import date
from fractions import Fraction

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.meet import (
    acknowledge,
    agree,
    cancel,
    dispatch,
    hold,
    meetings_owed,
    open_joint_meetings,
    propose,
    schedule,
)
from migrant_fp.domain.agency import Role
from migrant_fp.domain.assessment import Measure, Subject, assess
from migrant_fp.domain.meeting import CONVENERS, AgendaItem, Decision, Minutes, Post

calendar, store = working_calendar(), MemoryStore()
police, planning = "public_security/town/320411001", "family_planning/town/320411001"
assessed = assess(Subject.COLLECTOR, "S-1", "2011-09", (), {Measure.TASKS: Fraction(1)})
minutes = Minutes(
    (
        Decision("1", AgendaItem.PROBLEMS, "例：两家窗口合并办理", (police, planning)),
        Decision("2", AgendaItem.REWARDS, "例：通过考核结果", (police,), settles=assessed.id),
    )
)

with store.begin() as work:
    work.assessments.put(assessed)
    july, meeting = open_joint_meetings(work, "320411", 2011, calendar, date(2011, 6, 1))
    print(meeting.id, meeting.day, meeting.state.zh)
    cancel(work, july.id, "例：会场停电", date(2011, 7, 4))
    extra = propose(work, "320411", Role.FAMILY_PLANNING, date(2011, 7, 6))
    for convener in CONVENERS:
        extra = agree(work, extra.id, convener, date(2011, 7, 7))
    print(extra.id, extra.state.zh)
    schedule(work, extra.id, date(2011, 7, 12), date(2011, 7, 7))
    done = Minutes((Decision("1", AgendaItem.EXCHANGE, "例：通报二季度情况", (planning,)),))
    hold(work, extra.id, date(2011, 7, 12), present=Post, covered=AgendaItem, minutes=done)
    dispatch(work, extra.id, date(2011, 7, 12))
    acknowledge(work, extra.id, planning, date(2011, 7, 13))

    present = [post for post in Post if post is not Post.FAMILY_PLANNING_SECTION]
    covered = [item for item in AgendaItem if item is not AgendaItem.RULES]
    hold(work, meeting.id, date(2011, 10, 8), present=present, covered=covered, minutes=minutes)
    dispatch(work, meeting.id, date(2011, 10, 10))
    acknowledge(work, meeting.id, police, date(2011, 10, 11))
    print(*meetings_owed(work, "320411", "2011-10", date(2011, 10, 18), calendar), sep="\n")
    print(acknowledge(work, meeting.id, planning, date(2011, 10, 18)).state.zh)
    work.commit()
