"""Two case hand-overs of one round are compared under one key, on a law in force, and masked unless a named person asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.fsspec import FsspecChannel
from migrant_fp.adapters.ledger import SqliteLedger
from migrant_fp.adapters.merge import MergeReconciler
from migrant_fp.adapters.package import CaseFiles, PackageShelf, read_package, zip_package
from migrant_fp.application.hand_over import (
    ask_corrections,
    hand_over_records,
    send,
)
from migrant_fp.application.office import Office
from migrant_fp.application.receive import receive
from migrant_fp.application.reconcile import Reveal, corrections_for, reconcile, standing_of
from migrant_fp.domain.agency import Agency, NamedPerson, Role
from migrant_fp.domain.arrival import Arrival, ArrivalState
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.dispatch import Dispatch, DispatchState
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotYetIssued
from migrant_fp.domain.hand_over_record import Case
from migrant_fp.domain.manifest import Manifest, PackageAction, PackageKind
from migrant_fp.domain.person import Sex, Stay
from migrant_fp.domain.receipt import Reason
from migrant_fp.domain.reconciliation import MASK, Authority, Difference, Found
from migrant_fp.ports.reconciler import NotComparable
from migrant_fp.regulations.changzhou_agencies import AGENCIES

POLICE, PLANNING, COORDINATION = AGENCIES.parties(Level.DISTRICT, "320411")
CALENDAR = working_calendar()
DAY = date(2011, 11, 3)
PERSON = NamedPerson(PLANNING.id, "S-2", date(2011, 6, 1), date(2011, 12, 31))
TOWN = "320411001"


def _key(number: int) -> str:
    return f"{number:064x}"


#: 1 agrees; of 2 the sex differs, of 3 the stay and the address; 4 police alone has, 5 planning alone.
OURS = [
    Case(_key(1), TOWN, sex=Sex.MALE),
    Case(_key(2), TOWN, sex=Sex.MALE),
    Case(_key(3), TOWN, address="示例路1号", stay=Stay.WORK),
    Case(_key(4), TOWN),
]
THEIRS = [
    Case(_key(1), TOWN, sex=Sex.MALE),
    Case(_key(2), TOWN, sex=Sex.FEMALE),
    Case(_key(3), TOWN, address="示例路2号", stay=Stay.LIVING),
    Case(_key(5), TOWN),
]


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Callable[[Agency], Office]]:
    (tmp_path / "box").mkdir()
    with ExitStack() as stack:

        def opened(agency: Agency) -> Office:
            shelf = PackageShelf(tmp_path / agency.role.value, unsigned=True)
            channel = FsspecChannel(str(tmp_path / "box"), me=agency.id)
            return Office(agency, stack.enter_context(SqliteLedger(":memory:")), shelf, channel)

        yield opened


@pytest.fixture
def police(open_office: Callable[[Agency], Office]) -> Office:
    return open_office(POLICE)


@pytest.fixture
def planning(open_office: Callable[[Agency], Office]) -> Office:
    return open_office(PLANNING)


def _side(office: Office, to: Agency, cases: list[Case], into: Path, **more: Any) -> CaseFiles:
    facts = {"kind": PackageKind.CASES, "month": "2011-11", "today": DAY, "join_key": "a", **more}
    kind, month = facts.pop("kind"), facts.pop("month")
    [made] = hand_over_records(
        office, to, kind, month, parts=[{"cases": [one.row() for one in cases]}], calendar=CALENDAR, **facts
    )
    return CaseFiles(read_package(office.packages.made(made.id), unsigned=True), into)


@pytest.fixture
def sides(police: Office, planning: Office, tmp_path: Path) -> tuple[CaseFiles, CaseFiles]:
    return _side(police, PLANNING, OURS, tmp_path), _side(planning, POLICE, THEIRS, tmp_path)


@attrs.frozen
class Side:
    """A side of another manifest, with the files of a whole one."""

    manifest: Manifest
    files: CaseFiles

    def parts(self, table: str) -> tuple[Path, ...]:
        return self.files.parts(table)


def _compared(
    sides: tuple[Any, Any], today: date = DAY, reveal: Reveal | None = None
) -> tuple[Any, list[Difference]]:
    found: list[Difference] = []
    return reconcile(*sides, MergeReconciler(), today, found=found.append, reveal=reveal), found


def test_the_counts_are_those_of_two_plain_dictionaries(sides: tuple[CaseFiles, CaseFiles]) -> None:
    ours, theirs = ({case.key: case for case in cases} for cases in (OURS, THEIRS))
    counts = _compared(sides)[0].counts

    assert (counts.a, counts.b) == (len(ours), len(theirs))
    assert (counts.only_in_a, counts.only_in_b) == (len(ours.keys() - theirs), len(theirs.keys() - ours))
    assert counts.conflicting == sum(ours[key] != theirs[key] for key in ours.keys() & theirs)
    assert counts.fields == (("address", 1), ("sex", 1), ("stay", 1))


def test_what_is_found_is_masked_unless_somebody_may_see_it(sides: tuple[CaseFiles, CaseFiles]) -> None:
    done, found = _compared(sides)

    assert [one.found for one in found] == [Found.CONFLICT, Found.CONFLICT, Found.ONLY_IN_A, Found.ONLY_IN_B]
    assert {one.key for one in found} == {MASK}
    assert {value for one in found for field in one.fields for value in (field.a, field.b)} == {MASK}
    assert (done.revealed_to, done.reason) == ("", "")


def test_a_named_person_with_a_reason_sees_it_and_both_go_into_the_report(
    sides: tuple[CaseFiles, CaseFiles],
) -> None:
    done, found = _compared(sides, reveal=Reveal(PERSON, "示例函1号"))

    assert [one.key for one in found] == [_key(number) for number in (2, 3, 4, 5)]
    assert [(one.name, one.a, one.b) for one in found[1].fields] == [
        ("address", "示例路1号", "示例路2号"),
        ("stay", "work", "living"),
    ]
    assert (done.revealed_to, done.reason) == ("S-2", "示例函1号")


@pytest.mark.parametrize(
    ("reveal", "expected"),
    [
        (Reveal(PERSON, " "), "has no reason"),
        (Reveal(attrs.evolve(PERSON, until=date(2011, 11, 2)), "x"), "not named"),
        (Reveal(attrs.evolve(PERSON, since=date(2011, 11, 4)), "x"), "not named"),
        (Reveal(attrs.evolve(PERSON, agency=COORDINATION.id), "x"), "not named"),
    ],
)
def test_nobody_else_sees_anything(sides: tuple[CaseFiles, CaseFiles], reveal: Reveal, expected: str) -> None:
    found: list[Difference] = []
    with pytest.raises(Invalid, match=expected):
        reconcile(*sides, MergeReconciler(), DAY, found=found.append, reveal=reveal)

    assert found == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"period": "2011-12"}, "came 2011-11 and 2011-12"),
        ({"join_key": "b"}, "join_key: differs"),
        ({"receiver": COORDINATION.id}, "are not two offices"),
        ({"sender": COORDINATION.id}, "are not two offices"),
        ({"action": PackageAction.DELTA, "previous": "1" * 64}, "b: is no snapshot of cases"),
        ({"kind": PackageKind.CHANGES, "resources": ()}, "b: is no snapshot of cases"),
        ({"of": 2}, "b: is part 1 of 2"),
        ({"test": True}, "test: is one of them, and the other a hand-over"),
    ],
)
def test_only_mirrored_snapshots_of_one_round_under_one_key_are_compared(
    sides: tuple[CaseFiles, CaseFiles], change: dict[str, Any], expected: str
) -> None:
    ours, theirs = sides
    other = Side(attrs.evolve(theirs.manifest, **change), theirs)

    with pytest.raises(Invalid, match=expected):
        _compared((ours, other))


def test_every_reason_why_two_do_not_fit_is_told_at_once(sides: tuple[CaseFiles, CaseFiles]) -> None:
    ours, theirs = sides
    other = Side(attrs.evolve(theirs.manifest, period="2011-12", join_key="b"), theirs)

    with pytest.raises(Invalid) as caught:
        reconcile(ours, other, MergeReconciler(), DAY, reveal=Reveal(PERSON, ""))
    assert [one.place for one in caught.value.problems] == ["period", "join_key", "reveal"]


def test_a_hand_over_is_not_compared_with_itself(sides: tuple[CaseFiles, CaseFiles]) -> None:
    with pytest.raises(Invalid, match="are not two offices"):
        _compared((sides[0], sides[0]))


def test_when_the_law_has_ended_nothing_is_compared_any_more(sides: tuple[CaseFiles, CaseFiles]) -> None:
    with pytest.raises(NoLegalBasis):
        _compared(sides, date(2026, 1, 1))


def test_the_law_of_each_side_must_stand(sides: tuple[CaseFiles, CaseFiles]) -> None:
    ended = LegalBasis("示例办法", "示例〔1〕号", date(2011, 1, 1), date(2011, 11, 30), "示例", "示例")
    ours, theirs = sides
    for one in (
        (Side(attrs.evolve(ours.manifest, basis=ended, retain_until=ended.until), ours), theirs),
        (ours, Side(attrs.evolve(theirs.manifest, basis=ended, retain_until=ended.until), theirs)),
    ):
        assert _compared(one, date(2011, 11, 30))
        with pytest.raises(NoLegalBasis):
            _compared(one, date(2011, 12, 1))


def test_what_may_not_be_kept_any_more_is_not_compared(sides: tuple[CaseFiles, CaseFiles]) -> None:
    ours, theirs = sides
    last = date(2011, 11, 20)
    for name, one in (
        ("a", (Side(attrs.evolve(ours.manifest, retain_until=last), ours), theirs)),
        ("b", (ours, Side(attrs.evolve(theirs.manifest, retain_until=last), theirs))),
    ):
        assert _compared(one, last)
        with pytest.raises(Invalid, match=f"- {name}: could be kept until 2011-11-20"):
            _compared(one, date(2011, 11, 21))


def test_a_side_that_a_later_revision_replaced_is_not_compared(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    def refused(a: CaseFiles, b: CaseFiles) -> list[str]:
        standing = standing_of(planning.ledger.dispatches(), planning.ledger.arrivals())
        try:
            reconcile(a, b, MergeReconciler(), DAY, standing=standing)
        except Invalid as error:
            return [str(one) for one in error.problems]
        return []

    ours, theirs = _side(police, PLANNING, OURS, tmp_path), _side(planning, POLICE, THEIRS, tmp_path)
    send(police, DAY)
    receive(planning, DAY)
    assert refused(ours, theirs) == []

    mended = _side(planning, POLICE, OURS, tmp_path, corrects=True)
    replaced = "is revision 1, which revision 2 replaced; compare that"
    assert (refused(ours, theirs), refused(ours, mended)) == ([f"b: {replaced}"], [])

    newer = _side(police, PLANNING, THEIRS, tmp_path, corrects=True)
    assert refused(ours, mended) == []
    send(police, DAY)
    receive(planning, DAY)
    assert (refused(ours, mended), refused(newer, mended)) == ([f"a: {replaced}"], [])


def test_a_revision_that_was_rejected_replaces_nothing(sides: tuple[CaseFiles, CaseFiles]) -> None:
    ours, theirs = sides
    later = attrs.evolve(ours.manifest, revision=2, replaces=ours.package.digest)
    made = Dispatch(later, "1" * 64, DAY, DispatchState.REJECTED, reason=Reason.NOT_REPLACING)
    came = Arrival(later.package_id, "1" * 64, DAY, later, ArrivalState.REJECTED, Reason.NOT_REPLACING, DAY)

    assert standing_of([made], [came]) == ()
    assert reconcile(ours, theirs, MergeReconciler(), DAY, standing=standing_of([made], [came]))


def test_before_the_document_nothing_is_compared(sides: tuple[CaseFiles, CaseFiles]) -> None:
    with pytest.raises(NotYetIssued):
        _compared(sides, date(2011, 5, 17))


def test_a_side_in_a_zip_is_compared_as_in_its_folder(
    sides: tuple[CaseFiles, CaseFiles], tmp_path: Path
) -> None:
    ours, theirs = sides
    (tmp_path / "plain").mkdir()
    zipped = zip_package(theirs.package.path, tmp_path)
    other = CaseFiles(read_package(zipped, unsigned=True), tmp_path / "plain")

    assert _compared((ours, other))[0].counts == _compared(sides)[0].counts
    [plain] = (tmp_path / "plain").iterdir()
    assert plain.stat().st_mode & 0o777 == 0o600
    assert other.parts("cases") == (plain,)


def test_a_side_whose_rows_are_out_of_order_is_refused(
    sides: tuple[CaseFiles, CaseFiles], tmp_path: Path
) -> None:
    @attrs.frozen
    class Unsorted:
        manifest: Manifest

        def parts(self, table: str) -> tuple[Path, ...]:
            path = tmp_path / "rows.jsonl"
            path.write_text("".join(f'{{"_key":"{_key(n)}"}}\n' for n in (2, 1)), encoding="utf-8")
            return (path,)

    with pytest.raises(NotComparable):
        _compared((sides[0], Unsorted(sides[1].manifest)))


def test_where_not_one_row_is_on_both_sides_the_report_says_so(
    police: Office, planning: Office, tmp_path: Path
) -> None:
    ours = _side(police, PLANNING, OURS, tmp_path)
    other = _side(planning, POLICE, [Case(_key(9), TOWN)], tmp_path)
    nobody = _side(planning, POLICE, [], tmp_path, corrects=True)
    same = _side(planning, POLICE, OURS, tmp_path, corrects=True)

    assert not _compared((ours, other))[0].is_joined
    assert _compared((ours, nobody))[0].is_joined
    assert _compared((ours, same))[0].is_joined


# What is asked for


def _asked(
    sides: tuple[CaseFiles, CaseFiles], authority: Authority, *, of_planning: bool = False
) -> list[tuple[int, str, str]]:
    provider, other = reversed(sides) if of_planning else sides
    found: list[Difference] = []
    reconcile(provider, other, MergeReconciler(), DAY, found=found.append, reveal=Reveal(PERSON, "x"))
    rows = corrections_for(provider.manifest, other.manifest, found, authority)
    return [(int(row["_key"], 16), row["field"], row["value"]) for row in rows]


def test_an_office_is_asked_for_what_the_other_has_the_say_in_and_to_check_whom_it_lacks(
    sides: tuple[CaseFiles, CaseFiles],
) -> None:
    authority = Authority(Role.PUBLIC_SECURITY, {"stay": Role.FAMILY_PLANNING})

    assert _asked(sides, authority) == [(3, "stay", "living"), (5, "_key", "")]
    assert _asked(sides, authority, of_planning=True) == [
        (2, "sex", "1"),
        (3, "address", "示例路1号"),
        (4, "_key", ""),
    ]


def test_where_neither_has_the_say_both_are_asked_to_check_and_nothing_is_prescribed(
    sides: tuple[CaseFiles, CaseFiles],
) -> None:
    authority = Authority(Role.COORDINATION)
    fields = [(2, "sex", ""), (3, "address", ""), (3, "stay", "")]

    assert _asked(sides, authority) == [*fields, (5, "_key", "")]
    assert _asked(sides, authority, of_planning=True) == [*fields, (4, "_key", "")]


def test_a_correction_request_travels_back_to_the_provider_as_a_package(
    police: Office, planning: Office, sides: tuple[CaseFiles, CaseFiles]
) -> None:
    found: list[Difference] = []
    reconcile(*sides, MergeReconciler(), DAY, found=found.append, reveal=Reveal(PERSON, "x"))
    ours, theirs = (side.manifest for side in sides)
    rows = [*corrections_for(ours, theirs, found, Authority(Role.FAMILY_PLANNING))]
    request = ask_corrections(planning, POLICE, "2011-11", rows, today=DAY, join_key="a")
    send(planning, DAY)
    took = receive(police, DAY)

    [came] = [one for one in took.arrivals if one.manifest and one.manifest.kind is PackageKind.CORRECTION]
    assert (came.package, came.state) == (request.id, ArrivalState.ACCEPTED)
    assert [*police.packages.taken(came.package, came.digest).rows("corrections")] == rows
