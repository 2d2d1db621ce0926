"""Article 二(一) to 二(三): the police of 新北 hand their counts of November 2011 over, signed, and hear what became of them.

Only counts leave the office, and the three women of one town, whom such a number could give away, are suppressed.

Prints:

    2011-11.statistics.public-security.district.320411.to.family-planning.district.320411.r1 已制作
    人口计生局：已接受，320411001 女：隐去
    公安局（分局）：对方已接受
    2011-11-06 → 人口计生局：已接受，按期
    2011-11-06 → 综治委流动人口服务管理办公室：待交，未交
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.ed25519 import Ed25519Signer, Ed25519Verifier
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.package import PackageShelf
from migrant_fp.application.exchange_status import exchange_status
from migrant_fp.application.hand_over import (
    hand_over_statistics,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import receive
from migrant_fp.domain.duty import Level
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.statistics import AgeBand, Facts, count
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, _ = AGENCIES.parties(Level.DISTRICT, "320411")
today, later, calendar = date(2011, 11, 4), date(2011, 11, 6), working_calendar()
keys = {one.id: Ed25519PrivateKey.generate() for one in (POLICE, PLANNING)}
public = Ed25519Verifier({name: key.public_key() for name, key in keys.items()})
numbers = {("320411001", "1"): 50, ("320411001", "2"): 3, ("320411002", "1"): 60, ("320411002", "2"): 40}
facts = [
    Facts(town, Sex(sex), AgeBand.TO_49, Stay.WORK) for (town, sex), n in numbers.items() for _ in range(n)
]

with TemporaryDirectory() as folder:
    offices = []
    for one in (POLICE, PLANNING):
        signer = Ed25519Signer(one.id, keys[one.id])
        shelf = PackageShelf(Path(folder) / one.role.value, signer=signer, verifier=public)
        offices.append(Office(one, SqliteLedger(":memory:"), shelf, FsspecChannel(folder, me=one.id)))
    police, planning = offices
    made = hand_over_statistics(police, PLANNING, "2011-11", count(facts, "320411"), today, calendar=calendar)
    print(made.id, made.state.zh)
    send(police, today)
    [came] = receive(planning, today).arrivals
    rows = [[*row.values()] for row in planning.packages.taken(came.package, came.digest).rows("counts")]
    women = next(row[3] for row in rows if row[:3] == ["320411001", "sex", "2"])
    print(f"{PLANNING.name(today)}：{came.state.zh}，320411001 女：{women or '隐去'}")
    [told] = receive(police, today).dispatches
    print(f"{POLICE.name(today)}：{told.state.zh}")
    for place in exchange_status(police, "2011-11", later, calendar=calendar).positions[:2]:
        print(f"{later} → {place.receiver.name(later)}：{place.hand_over.state.zh}，{place.timeliness.zh}")
