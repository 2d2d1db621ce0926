"""Article 四: a form is collected by a pair, checked, entered, given to the community; the two desks owe, and never refuse.

四(一)1, 四(一)2, 四(一)3 and 四(一)4 say what is collected, 四(二) by whom, 四(三) what is mandatory and where it is entered, 四(四) the card, 四(五) and
四(六) what the desks do. The people are invented.

Prints:

    四(三) children: 补填子女个数 (fill in: number of children)
    被退回 children:missing
    已录入 entry/F-1；警方系统只收到“有无”：True
    采集卡交：社区负责计划生育工作的负责人，四(四)
    四(五) 公安派出所 告知补办流动人口婚育证明（P-1）
    四(六) 街道计划生育服务站 提供免费服务（P-1）
    四(六) 街道计划生育服务站 督促到派出所办理暂住证（P-1）
"""

from datetime import date

import attrs

from migrant_fp.adapters.memory import MemoryCollectionSystem, MemoryStore
from migrant_fp.application.collect import correct_form, enter, give_card, record_form
from migrant_fp.application.inspect import inspect_at_permit_desk, inspect_at_service_station
from migrant_fp.domain.agency import Role
from migrant_fp.domain.form import RegistrationForm
from migrant_fp.domain.form_gaps import gaps
from migrant_fp.domain.form_items import Births, Contraception, Marriage
from migrant_fp.domain.person import Person, Sex, Stay
from migrant_fp.domain.staff import Pair, StaffKind, StaffMember
from migrant_fp.regulations.changzhou_form import SETTINGS

today, born = date(2011, 6, 1), date(1985, 3, 1)
store, system = MemoryStore(), MemoryCollectionSystem(Role.PUBLIC_SECURITY)
form = RegistrationForm(
    id="F-1",
    registered=today,
    name="示例甲",
    sex=Sex.FEMALE,
    born=born,
    identity="99999919850301002X",
    household="341221",
    residence="320404",
    address="示例路1号",
    arrived=date(2011, 5, 20),
    stay=Stay.WORK,
    marriage=Marriage.MARRIED,
    with_spouse=True,
    births=Births.SOME,
    contraception_used=True,
    contraception=Contraception.CONDOM,
    pregnancy="none",
    certificate_held=False,
)

with store.begin() as work:
    work.staff.put(StaffMember("S-1", StaffKind.COORDINATOR, "320404001"))
    work.staff.put(StaffMember("W-1", StaffKind.COMMUNITY, "320404001", "C-1"))
    work.persons.put(Person("P-1", "示例甲", Sex.FEMALE, born, "341221", "320404", Stay.WORK, today))
    record_form(work, form, Pair("S-1", "W-1", "C-1", today), today)
    print(*gaps(form, SETTINGS, today))
    returned = enter(work, system, "F-1", today)
    print(returned.state.zh, *returned.reasons)
    correct_form(work, attrs.evolve(form, children=1), today)
    entered = enter(work, system, "F-1", today)
    only_present = "children" not in dict(system.entries["F-1"].answers)
    print(f"{entered.state.zh} {entered.reference}；警方系统只收到“有无”：{only_present}")
    print(f"采集卡交：{give_card(work, 'F-1', today).recipient.zh}")
    print(*inspect_at_permit_desk(work, "P-1", today), sep="\n")
    print(*inspect_at_service_station(work, "P-1", today, holds_permit=False), sep="\n")
    work.commit()
