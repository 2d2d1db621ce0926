"""Article 二(一), as a simulation of 2011, when its law was in force: two offices compare the cases they handed each other.

Everybody is invented. Rows meet on a keyed hash; keys and values are seen by a named person (专人, 二(二)) with a reason alone.

Prints:

    一致1，不一致1，仅一方有1+1
    遮盖：两方不一致 ***；仅乙方有 ***；仅甲方有 ***
    专人S-2：stay 甲方 work，乙方 living
    请公安局（分局）更正：_key → 请核对，stay → living
"""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.merge import MergeReconciler
from migrant_fp.adapters.package import CaseFiles, PackageShelf, read_package
from migrant_fp.application.hand_over import (
    hand_over_records,
)
from migrant_fp.application.office import Office
from migrant_fp.application.reconcile import Reveal, corrections_for, reconcile
from migrant_fp.domain.agency import NamedPerson, Role
from migrant_fp.domain.duty import Level
from migrant_fp.domain.hand_over_record import Case
from migrant_fp.domain.join_key import JoinKey
from migrant_fp.domain.manifest import PackageKind
from migrant_fp.domain.person import IdentityNumber, Stay
from migrant_fp.domain.reconciliation import Authority
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, _ = AGENCIES.parties(Level.DISTRICT, "320411")
calendar, person = working_calendar(), NamedPerson(PLANNING.id, "S-2", date(2011, 6, 1))
today, month, key = date(2011, 11, 4), "2011-11", JoinKey("2011-11-a", bytes(32))  # a real secret is random
same, differs, theirs, ours = (f"99999919850301{end}" for end in ("002X", "0038", "0046", "0054"))
known = {POLICE: {same: Stay.WORK, differs: Stay.WORK, theirs: Stay.WORK}}
known[PLANNING] = {same: Stay.WORK, differs: Stay.LIVING, ours: Stay.WORK}

with TemporaryDirectory() as folder:
    sides, masked, seen = [], [], []
    for mine, to in ((POLICE, PLANNING), (PLANNING, POLICE)):
        shelf = PackageShelf(Path(folder) / mine.role.value)
        office = Office(mine, SqliteLedger(":memory:"), shelf, FsspecChannel(folder, me=mine.id))
        pair, people = (mine.id, to.id), known[mine].items()
        hashed = sorted((key.hashed(IdentityNumber(number), month, pair), stay) for number, stay in people)
        parts = [{"cases": [Case(one, "320411001", stay=stay).row() for one, stay in hashed]}]
        facts = {"today": today, "calendar": calendar, "join_key": key.label, "simulation": True}
        [made] = hand_over_records(office, to, PackageKind.CASES, month, parts=parts, **facts)
        sides.append(CaseFiles(read_package(shelf.made(made.id, made.digest), unsigned=True), Path(folder)))
    counts = reconcile(*sides, MergeReconciler(), today, found=masked.append).counts
    print(f"一致{counts.equal}，不一致{counts.conflicting}，仅一方有{counts.only_in_a}+{counts.only_in_b}")
    print("遮盖：" + "；".join(sorted(f"{one.found.zh} {one.key}" for one in masked)))
    reconcile(*sides, MergeReconciler(), today, found=seen.append, reveal=Reveal(person, "示例函1号"))
    for stay in (field for one in seen for field in one.fields):
        print(f"专人{person.staff}：{stay.name} 甲方 {stay.a}，乙方 {stay.b}")
    rows = corrections_for(*(side.manifest for side in sides), seen, Authority(Role.FAMILY_PLANNING))
    asked = "，".join(sorted(f"{row['field']} → {row['value'] or '请核对'}" for row in rows))
    print(f"请{POLICE.name(today)}更正：{asked}")
