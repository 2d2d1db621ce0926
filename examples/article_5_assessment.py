"""Article 五: the commendation of a year (五.1), a report by reference (五.2), and a system of its own for each of three (五.3).

Prints:

    S-1 2011-06 任务完成率 1/1，得分 1
    入选 S-1；未入选 S-2（考核月数0，不足1）
    已表彰
    已奖励
    五.3 辖市（区）公安局、人口计生局和流动人口服务和管理工作领导小组办公室 参照建立考核奖励制度（320481）
    annual-commendation/2011/320412 S-1，每年至多20名
"""

from datetime import date
from fractions import Fraction

from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.adopt import adopt_system, system_of
from migrant_fp.application.assess import CITY_SYSTEM, assess_staff
from migrant_fp.application.commend import announce, choose, consent, nominate
from migrant_fp.application.reward import grant_reward, submit_report, verify_report
from migrant_fp.domain.agency import Role
from migrant_fp.domain.assessment import Measure, Subject
from migrant_fp.domain.coordinators_meeting import Attendee, Outcome, Task
from migrant_fp.domain.duty import Level
from migrant_fp.regulations.changzhou_agencies import AGENCIES

store, today = MemoryStore(), date(2011, 12, 1)

with store.begin() as work:
    work.tasks.put(Task("T-1", Attendee.COORDINATOR, "S-1", "2011-06", "例：走访", Outcome.DONE))
    found = assess_staff(work, Subject.COLLECTOR, "S-1", "2011-06", today)
    figure = found.figures[0]
    print(f"S-1 2011-06 {figure.measure.zh} {figure.met}/{len(figure.facts)}，得分 {found.score}")

    nominations = [nominate(work, name, Subject.COLLECTOR, 2011, today) for name in ("S-1", "S-2")]
    chosen = choose(work, 2011, nominations, today)
    (out, why) = chosen.selection.left_out[0]
    print(f"入选 {'、'.join(chosen.selection.chosen)}；未入选 {out}（{why}）")
    for body in Role:
        consent(work, 2011, body, today)
    print(announce(work, 2011, date(2011, 12, 20)).state.zh)

    submit_report(work, "JB-2011-17", today)
    department = AGENCIES.get(Role.FAMILY_PLANNING, Level.CITY, "320400")
    verify_report(work, "JB-2011-17", department, today, confirmed=True)
    print(grant_reward(work, "JB-2011-17", today).state.zh)

    _, owed = system_of(work, "320481", CITY_SYSTEM, today)
    print(*owed)
    adopt_system(work, "320412", {Measure.TASKS: Fraction(1)}, 20, today)
    own = choose(work, 2011, nominations, today, division="320412")
    system, _ = system_of(work, "320412", CITY_SYSTEM, today)
    print(f"{own.id} {own.selection.chosen[0]}，每年至多{system.limit}名")
    work.commit()
