"""二、建立流动人口信息共享机制: three parties at two levels, six directed hand-overs a month, by the 5th, through named persons.

(一)…数量、结构、分布等数据情况,流动人口个案和流动人口动态变化信息等。(二)…分别于每月5日前互换一次…各级各部门均应明确专人承办信息互换事项。
(三)信息共享以电子文档方式传递。

Clauses 二(一), 二(二), 二(三).
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import migrant_fp.testing  # noqa: F401 - registers the strategies
from migrant_fp import NotAnnounced, WorkingCalendar
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.exchange import open_round, record_hand_over, round_state
from migrant_fp.domain.agency import Agencies, Agency, NamedPerson, Role
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, NoLegalBasis, NotYetIssued, WrongState
from migrant_fp.domain.exchange import Content, Round, positions, round_findings
from migrant_fp.domain.hand_over import (
    HAND_OVER_LIFE,
    DeadlinePolicy,
    HandOverEvent,
    HandOverState,
    Timeliness,
)
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.changzhou_agencies import AGENCIES

CALENDAR = working_calendar()
CLAUSE = DOCUMENT.clause("二(二)")
PARTIES = AGENCIES.parties(Level.DISTRICT, "320411")
TOWN = tuple(Agency(role, Level.TOWN, "320411001") for role in Role)
OWN = Agencies(PARTIES)
POLICE, PLANNING = PARTIES[0].id, PARTIES[1].id
E, S, T = HandOverEvent, HandOverState, Timeliness


def _round(
    month: str, parties: tuple[Agency, ...] = PARTIES, today: date = date(2011, 6, 1), **more: object
) -> Round:
    with MemoryStore().begin() as work:
        return open_round(work, parties, month, CALENDAR, today, **more)  # type: ignore[arg-type]


NOVEMBER, OCTOBER = _round("2011-11"), _round("2011-10")
ONE = NOVEMBER.hand_over(POLICE, PLANNING).id
TEN = OCTOBER.hand_over(POLICE, PLANNING).id


def _timeliness(exchange: Round, today: date, policy: DeadlinePolicy = DeadlinePolicy.EXCUSED) -> Timeliness:
    return positions(exchange, today, CALENDAR, policy)[0].timeliness


def _codes(exchange: Round, today: date, **more: object) -> list[str]:
    return [finding.code for finding in round_findings(exchange, today, CALENDAR, CLAUSE, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(("parties", "level"), [(PARTIES, "district"), (TOWN, "town")])
def test_二_二_at_both_levels_each_of_three_owes_the_two_others(
    parties: tuple[Agency, ...], level: str
) -> None:
    exchange = _round("2011-11", parties)

    assert exchange.id == f"exchange-{level}/2011-11/{parties[0].division}"
    pairs = [(one.sender, one.receiver) for one in exchange.hand_overs]
    assert len(pairs) == len(set(pairs)) == 6
    assert all(sender != receiver for sender, receiver in pairs)
    assert {name for pair in pairs for name in pair} == {agency.id for agency in parties}


def test_二_二_the_parties_bear_the_names_of_the_clause() -> None:
    on = date(2011, 11, 1)

    assert all(agency.name(on).rstrip("（分局）") in CLAUSE.text for agency in (*PARTIES, *TOWN))
    assert [agency.section for agency in PARTIES] == ["治安大队", "职能处室", ""]


@pytest.mark.parametrize("party", PARTIES)
def test_二_二_the_counterparts_of_one_are_the_two_others(party: Agency) -> None:
    assert AGENCIES.counterparts(party) == tuple(agency for agency in PARTIES if agency is not party)


def test_二_一_the_three_contents_are_those_of_the_clause() -> None:
    text = DOCUMENT.clause("二(一)").text

    assert all(word in text for word in ("数量、结构、分布等数据", "个案", "动态变化信息"))
    assert [content.zh for content in Content] == [
        "流动人口数量、结构、分布等数据",
        "流动人口个案",
        "流动人口动态变化信息",
    ]


def test_二_一_by_default_a_round_hands_over_statistics_alone() -> None:
    assert NOVEMBER.contents == (Content.STATISTICS,)
    assert _round("2011-11", contents=(Content.CASES, Content.STATISTICS)).contents == (
        Content.STATISTICS,
        Content.CASES,
    )


@pytest.mark.parametrize("content", [Content.CASES, Content.CHANGES])
def test_二_一_cases_and_changes_need_a_law_in_force_and_statistics_do_not(content: Content) -> None:
    own = LegalBasis("示例规定", "例〔2022〕1号", date(2022, 1, 1), None, "例")

    last, after = date(2021, 9, 8), date(2021, 9, 27)
    assert _round("2021-09", today=last, contents=(content,)).contents == (content,)
    for month, today in (("2021-10", last), ("2021-09", after)):
        with pytest.raises(NoLegalBasis, match="流动人口计划生育工作条例"):
            _round(month, today=today, contents=(Content.STATISTICS, content))
    assert _round("2021-10", today=after).contents == (Content.STATISTICS,)
    assert _round("2022-03", today=date(2022, 3, 1), contents=(content,), basis=own).contents == (content,)


@pytest.mark.parametrize("content", [Content.CASES, Content.CHANGES])
@pytest.mark.parametrize("event", E)
def test_二_一_nothing_happens_to_cases_or_changes_once_their_law_has_ended(
    content: Content, event: HandOverEvent
) -> None:
    own = LegalBasis("示例规定", "例〔2022〕1号", date(2021, 9, 1), None, "例")
    way = {E.SEND: [], E.RECEIVE: [E.SEND]}.get(event, [E.SEND, E.RECEIVE])
    with MemoryStore().begin() as work:
        exchange = open_round(work, PARTIES, "2021-09", CALENDAR, date(2021, 9, 1), contents=(content,))
        one = exchange.hand_overs[0].id
        for before in way:
            record_hand_over(work, one, before, date(2021, 9, 8))
        with pytest.raises(NoLegalBasis, match="流动人口计划生育工作条例"):
            record_hand_over(work, one, event, date(2021, 9, 27), "counts")
        after = record_hand_over(work, one, event, date(2021, 9, 27), "counts", basis=own)

    assert after.hand_overs[0].history[-1] == (event, date(2021, 9, 27))


def test_statistics_are_handed_over_whatever_became_of_the_law() -> None:
    with MemoryStore().begin() as work:
        exchange = open_round(work, PARTIES, "2022-05", CALENDAR, date(2022, 5, 1))
        after = record_hand_over(work, exchange.hand_overs[0].id, E.SEND, date(2022, 5, 4))

    assert after.hand_overs[0].state is S.SENT


def test_nothing_is_opened_or_recorded_on_a_day_before_the_document() -> None:
    with MemoryStore().begin() as work:
        with pytest.raises(NotYetIssued):
            open_round(work, PARTIES, "2011-06", CALENDAR, date(2011, 5, 17))
        exchange = open_round(work, PARTIES, "2011-06", CALENDAR, date(2011, 5, 18))
        with pytest.raises(NotYetIssued):
            record_hand_over(work, exchange.hand_overs[0].id, E.SEND, date(2011, 5, 17))


def test_a_round_on_record_is_not_opened_again_with_other_contents() -> None:
    with MemoryStore().begin() as work:
        kept = open_round(work, PARTIES, "2012-02", CALENDAR, date(2012, 2, 1))
        with pytest.raises(Invalid, match="came cases, but the round is on record with statistics"):
            open_round(work, PARTIES, "2012-02", CALENDAR, date(2012, 2, 1), contents=(Content.CASES,))

        assert work.rounds.get(kept.id) is kept


def test_a_round_before_the_document_is_not_yet_issued() -> None:
    with pytest.raises(NotYetIssued):
        _round("2011-05")
    assert _round("2011-06").nominal == date(2011, 6, 5)


@pytest.mark.parametrize("month", ["2011-13", "2011", "十月", "2011-10-08"])
def test_a_month_that_is_none_is_refused(month: str) -> None:
    with pytest.raises(Invalid, match="expected a month such as 2011-10"):
        _round(month)


def test_the_city_does_not_exchange() -> None:
    with pytest.raises(Invalid, match="level: came city, expected district or town"):
        _round("2011-11", AGENCIES.parties(Level.CITY, "320400"))
    with pytest.raises(Invalid, match="level: came city, expected district or town"):
        _round("2011-11", ())


def test_parties_that_do_not_belong_together_are_refused_with_every_problem() -> None:
    other = Agency(Role.FAMILY_PLANNING, Level.DISTRICT, "320412")
    with pytest.raises(Invalid) as caught:
        _round("2011-11", (PARTIES[0], other), contents=())

    assert [problem.place for problem in caught.value.problems] == ["parties", "parties", "contents"]


def test_the_parties_need_three_roles() -> None:
    with pytest.raises(Invalid, match="one of each role"):
        _round("2011-11", (PARTIES[0], PARTIES[0], PARTIES[1]))


# 5 November 2011 is a Saturday; the month had working days before it.
@pytest.mark.parametrize(
    ("sent", "today", "expected"),
    [
        (None, date(2011, 11, 5), T.OPEN),
        (None, date(2011, 11, 6), T.MISSING),
        (date(2011, 11, 5), date(2011, 11, 30), T.ON_TIME),
        (date(2011, 11, 6), date(2011, 11, 30), T.LATE),
    ],
)
def test_二_二_by_the_fifth_is_in_time_and_the_sixth_is_not(
    sent: date | None, today: date, expected: Timeliness
) -> None:
    exchange = NOVEMBER if sent is None else NOVEMBER.after(ONE, E.SEND, sent)

    assert _timeliness(exchange, today) is expected
    assert expected.counts_against is (expected in {T.LATE, T.MISSING})


@pytest.mark.parametrize(
    ("today", "expected", "state"),
    [
        (date(2011, 11, 1), T.OPEN, S.OWED),
        (date(2011, 11, 5), T.OPEN, S.OWED),
        (date(2011, 11, 6), T.MISSING, S.OWED),
        (date(2011, 11, 19), T.MISSING, S.OWED),
        (date(2011, 11, 20), T.LATE, S.SENT),
    ],
)
def test_what_was_sent_later_is_not_known_on_a_day_before(
    today: date, expected: Timeliness, state: HandOverState
) -> None:
    place = positions(NOVEMBER.after(ONE, E.SEND, date(2011, 11, 20)), today, CALENDAR)[0]

    assert (place.timeliness, place.hand_over.state) == (expected, state)


def test_what_is_owed_on_a_day_is_told_from_what_had_happened_by_then() -> None:
    returned = NOVEMBER.after(ONE, E.SEND, date(2011, 11, 4)).after(ONE, E.RECEIVE, date(2011, 11, 9))
    returned = returned.after(ONE, E.RETURN, date(2011, 11, 10), "counts:differ")

    def codes(day: int) -> list[str]:
        found = round_findings(returned, date(2011, 11, day), CALENDAR, CLAUSE)
        return [finding.code for finding in found if finding.about == ONE]

    assert [codes(day) for day in (4, 8, 9, 10)] == [
        [],
        ["hand-over-unanswered"],
        ["hand-over-undecided"],
        ["hand-over-returned"],
    ]


def test_a_hand_over_as_of_a_day_knows_no_reason_given_later() -> None:
    sent = NOVEMBER.after(ONE, E.SEND, date(2011, 11, 4)).after(ONE, E.RECEIVE, date(2011, 11, 7))
    one = sent.after(ONE, E.RETURN, date(2011, 11, 8), "counts").hand_over(POLICE, PLANNING)

    assert one.as_of(date(2011, 11, 8)) is one
    assert one.as_of(date(2011, 11, 7)) == sent.hand_over(POLICE, PLANNING)
    assert one.as_of(date(2011, 11, 3)) == NOVEMBER.hand_over(POLICE, PLANNING)


@pytest.mark.parametrize(
    "reason", ["示例甲", "two words", "99999919850301002X", "13900000000", "a" * 81, "-x"]
)
def test_the_reason_of_a_return_is_a_code_and_what_came_is_not_shown(reason: str) -> None:
    received = NOVEMBER.after(ONE, E.SEND, date(2011, 11, 4)).after(ONE, E.RECEIVE, date(2011, 11, 4))
    with pytest.raises(Invalid, match="expected a code such as marriage:missing") as caught:
        received.after(ONE, E.RETURN, date(2011, 11, 5), reason)

    assert reason not in str(caught.value) + repr(caught.value)


# The holiday of 2011 lasted from 1 to 7 October; Saturday the 8th and Sunday the 9th were worked.
@pytest.mark.parametrize(
    ("policy", "sent", "expected"),
    [
        (DeadlinePolicy.EXCUSED, date(2011, 10, 5), T.ON_TIME),
        (DeadlinePolicy.EXCUSED, date(2011, 10, 8), T.AFTER_DEADLINE_NO_WORKING_DAY),
        (DeadlinePolicy.EXCUSED, date(2011, 10, 20), T.AFTER_DEADLINE_NO_WORKING_DAY),
        (DeadlinePolicy.AS_WRITTEN, date(2011, 10, 5), T.ON_TIME),
        (DeadlinePolicy.AS_WRITTEN, date(2011, 10, 6), T.LATE),
        (DeadlinePolicy.PREVIOUS_WORKING_DAY, date(2011, 9, 30), T.ON_TIME),
        (DeadlinePolicy.PREVIOUS_WORKING_DAY, date(2011, 10, 1), T.LATE),
        (DeadlinePolicy.NEXT_WORKING_DAY, date(2011, 10, 8), T.ON_TIME),
        (DeadlinePolicy.NEXT_WORKING_DAY, date(2011, 10, 9), T.LATE),
    ],
)
def test_a_month_without_a_working_day_is_read_as_the_adopter_says(
    policy: DeadlinePolicy, sent: date, expected: Timeliness
) -> None:
    assert _timeliness(OCTOBER.after(TEN, E.SEND, sent), date(2011, 10, 31), policy) is expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2011, 10, 5), T.OPEN),
        (date(2011, 10, 6), T.AFTER_DEADLINE_NO_WORKING_DAY),
        (date(2011, 10, 8), T.AFTER_DEADLINE_NO_WORKING_DAY),
        (date(2011, 10, 9), T.MISSING),
    ],
)
def test_what_was_not_sent_is_missing_once_the_first_working_day_is_over(
    today: date, expected: Timeliness
) -> None:
    assert _timeliness(OCTOBER, today) is expected


@given(st.integers(2011, 2026))
def test_every_october_has_no_working_day_before_the_deadline(year: int) -> None:
    exchange = _round(f"{year}-10")

    assert exchange.without_working_day
    assert exchange.last_working_day.month != 10


@pytest.mark.parametrize("policy", DeadlinePolicy)
def test_in_a_month_with_a_working_day_the_policies_agree(policy: DeadlinePolicy) -> None:
    assert NOVEMBER.deadline(CALENDAR, policy).last == date(2011, 11, 5)
    assert NOVEMBER.deadline(WorkingCalendar(()), policy).excused_until is None


def test_the_next_working_day_is_asked_of_the_calendar() -> None:
    with pytest.raises(NotAnnounced):
        OCTOBER.deadline(WorkingCalendar(()), DeadlinePolicy.NEXT_WORKING_DAY)
    assert OCTOBER.deadline(WorkingCalendar(()), DeadlinePolicy.PREVIOUS_WORKING_DAY).last == date(
        2011, 9, 30
    )


def test_a_hand_over_goes_from_owed_to_accepted_and_keeps_its_days() -> None:
    exchange = NOVEMBER
    for event, on in ((E.SEND, 3), (E.RECEIVE, 4), (E.ACCEPT, 4)):
        exchange = exchange.after(ONE, event, date(2011, 11, on))
    done = exchange.hand_over(POLICE, PLANNING)

    assert done.state is S.ACCEPTED
    assert done.history == (
        (E.SEND, date(2011, 11, 3)),
        (E.RECEIVE, date(2011, 11, 4)),
        (E.ACCEPT, date(2011, 11, 4)),
    )
    assert [one.state for one in exchange.hand_overs].count(S.OWED) == 5


def test_one_that_is_returned_is_sent_again_and_the_first_sending_counts() -> None:
    exchange = NOVEMBER.after(ONE, E.SEND, date(2011, 11, 4)).after(ONE, E.RECEIVE, date(2011, 11, 7))
    returned = exchange.after(ONE, E.RETURN, date(2011, 11, 7), "COUNTS")
    again = returned.after(ONE, E.SEND, date(2011, 11, 8))

    assert returned.hand_over(POLICE, PLANNING).reason == "COUNTS"
    assert _timeliness(again, date(2011, 11, 30)) is T.ON_TIME
    assert again.hand_over(POLICE, PLANNING).state is S.SENT


def test_what_the_table_or_the_days_do_not_allow_is_refused() -> None:
    with pytest.raises(WrongState):
        NOVEMBER.after(ONE, E.ACCEPT, date(2011, 11, 4))
    sent = NOVEMBER.after(ONE, E.SEND, date(2011, 11, 4))
    with pytest.raises(Invalid, match="lies before 2011-11-04"):
        sent.after(ONE, E.RECEIVE, date(2011, 11, 3))
    received = sent.after(ONE, E.RECEIVE, date(2011, 11, 4))
    with pytest.raises(Invalid) as caught:
        received.after(ONE, E.RETURN, date(2011, 11, 3), " ")
    assert [problem.place for problem in caught.value.problems] == ["on", "reason"]
    with pytest.raises(Invalid, match="expected one of"):
        NOVEMBER.after("exchange-district/2011-11/320411/x", E.SEND, date(2011, 11, 4))
    with pytest.raises(Invalid, match="no hand-over between these two"):
        NOVEMBER.hand_over(POLICE, POLICE)


def test_what_is_owed_is_told_with_clause_office_section_and_deadline() -> None:
    found = round_findings(NOVEMBER, date(2011, 11, 6), CALENDAR, CLAUSE)

    assert len(found) == 6
    assert (found[0].code, found[0].owed_by, found[0].due, found[0].about) == (
        "hand-over-missing",
        "公安局（分局）治安大队",
        date(2011, 11, 5),
        ONE,
    )
    assert found[0].action == "向人口计生局移交信息"


@pytest.mark.parametrize(
    ("events", "today", "codes"),
    [
        ([], date(2011, 11, 5), []),
        ([(E.SEND, 5)], date(2011, 11, 6), []),
        ([(E.SEND, 5)], date(2011, 11, 7), ["hand-over-unanswered"]),
        ([(E.SEND, 8)], date(2011, 11, 8), ["hand-over-late", "hand-over-unanswered"]),
        ([(E.SEND, 4), (E.RECEIVE, 4)], date(2011, 11, 6), []),
        ([(E.SEND, 4), (E.RECEIVE, 4)], date(2011, 11, 7), ["hand-over-undecided"]),
        ([(E.SEND, 4), (E.RECEIVE, 7)], date(2012, 11, 30), ["hand-over-undecided"]),
        ([(E.SEND, 4), (E.RECEIVE, 7), (E.RETURN, 7)], date(2011, 11, 7), ["hand-over-returned"]),
        ([(E.SEND, 4), (E.RECEIVE, 7), (E.ACCEPT, 7)], date(2011, 11, 30), []),
    ],
)
def test_each_state_owes_what_it_owes(
    events: list[tuple[HandOverEvent, int]], today: date, codes: list[str]
) -> None:
    exchange = NOVEMBER
    for event, day in events:
        exchange = exchange.after(ONE, event, date(2011, 11, day), "X" if event is E.RETURN else "")

    assert [code for code in _codes(exchange, today) if code != "hand-over-missing"] == codes


def test_who_has_neither_accepted_nor_returned_what_was_received_is_the_receiver() -> None:
    received = NOVEMBER.after(ONE, E.SEND, date(2011, 11, 4)).after(ONE, E.RECEIVE, date(2011, 11, 4))
    found = round_findings(received, date(2011, 11, 7), CALENDAR, CLAUSE)
    (finding,) = [f for f in found if f.about == ONE]

    assert (finding.owed_by, finding.action, finding.due) == (
        "人口计生局职能处室",
        "接受或者退回",
        date(2011, 11, 5),
    )


def test_who_has_not_answered_is_the_receiver() -> None:
    sent = NOVEMBER.after(ONE, E.SEND, date(2011, 11, 4))
    (finding,) = [
        f
        for f in round_findings(sent, date(2011, 11, 7), CALENDAR, CLAUSE)
        if f.code == "hand-over-unanswered"
    ]

    assert finding.owed_by == "人口计生局职能处室"


def test_二_二_each_office_without_a_named_person_is_a_finding_and_findings_name_the_one_there_is() -> None:
    with MemoryStore().begin() as work:
        open_round(work, PARTIES, "2011-11", CALENDAR, date(2011, 11, 1))
        work.named_persons.put(NamedPerson(POLICE, "S-7", date(2011, 6, 1), date(2011, 11, 30)))
        found = round_state(work, "2011-11", date(2011, 11, 6), CALENDAR, agencies=OWN)
        later = round_state(work, "2011-11", date(2011, 12, 1), CALENDAR, agencies=OWN)

    assert [f.about for f in found if f.code == "no-named-person"] == [PLANNING, PARTIES[2].id]
    assert [f.through for f in found if f.about == ONE] == ["S-7"]
    assert "专人S-7" in str(found[2])
    assert len([f for f in later if f.code == "no-named-person"]) == 3
    assert {f.clause.number for f in found} == {"二(二)"}


def test_二_二_a_round_that_nobody_opened_is_owed_as_if_it_had_been() -> None:
    on = date(2011, 11, 30)
    with MemoryStore().begin() as work:
        unopened = round_state(work, "2011-11", on, CALENDAR, agencies=OWN)
        open_round(work, PARTIES, "2011-11", CALENDAR, on)
        opened = round_state(work, "2011-11", on, CALENDAR, agencies=OWN)

    assert [f.code for f in unopened] == ["no-named-person"] * 3 + ["hand-over-missing"] * 6
    assert unopened == opened


def test_二_二_by_default_every_district_of_the_day_owes_its_round() -> None:
    def owing(month: str, on: date) -> set[str]:
        with MemoryStore().begin() as work:
            found = round_state(work, month, on, CALENDAR)
        return {f.about.split("/")[2] for f in found if f.code == "hand-over-missing"}

    of_2011 = {"320402", "320404", "320405", "320411", "320412", "320481", "320482"}
    assert owing("2011-11", date(2011, 11, 30)) == of_2011
    assert owing("2015-05", date(2015, 5, 31)) == of_2011 - {"320405", "320482"} | {"320413"}


def test_a_town_supplies_its_own_agencies_and_a_round_of_others_on_record_is_told_too() -> None:
    on = date(2011, 11, 30)
    with MemoryStore().begin() as work:
        open_round(work, PARTIES, "2011-11", CALENDAR, on)
        found = round_state(work, "2011-11", on, CALENDAR, agencies=Agencies(TOWN))

    assert {f.about.rpartition("/")[0] for f in found if f.code == "hand-over-missing"} == {
        "exchange-district/2011-11/320411",
        "exchange-town/2011-11/320411001",
    }


def test_the_city_owes_no_round() -> None:
    city = Agencies(AGENCIES.parties(Level.CITY, "320400"))
    with MemoryStore().begin() as work:
        assert round_state(work, "2011-11", date(2011, 11, 30), CALENDAR, agencies=city) == ()


@pytest.mark.parametrize(
    "month", ["banana", "2011-13", "2011-1", "２０１１-11", "", "0000-01", "1800-01", "9999-12"]
)
def test_the_state_of_a_month_that_is_none_is_refused(month: str) -> None:
    with MemoryStore().begin() as work, pytest.raises(Invalid, match="expected a month such as 2011-10"):
        round_state(work, month, date(2011, 11, 30), CALENDAR)


@pytest.mark.parametrize(
    ("month", "today", "owes"),
    [
        ("2021-09", date(2021, 9, 8), True),
        ("2021-09", date(2021, 9, 27), False),
        ("2011-11", date(2022, 1, 1), False),
        ("2021-10", date(2021, 9, 8), False),
        ("2023-03", date(2023, 3, 20), False),
    ],
)
def test_二_二_a_round_that_nobody_opened_is_owed_while_the_law_stands_on_its_deadline_and_today(
    month: str, today: date, owes: bool
) -> None:
    with MemoryStore().begin() as work:
        assert bool(round_state(work, month, today, CALENDAR)) is owes


def test_二_二_after_the_repeal_it_is_owed_on_an_adopters_own_law() -> None:
    own = LegalBasis("示例规定", "例〔2022〕1号", date(2022, 1, 1), None, "例")
    with MemoryStore().begin() as work:
        assert round_state(work, "2023-03", date(2023, 3, 20), CALENDAR, agencies=OWN, basis=own)
        assert round_state(work, "2021-12", date(2023, 3, 20), CALENDAR, agencies=OWN, basis=own) == ()


def test_二_一_after_the_repeal_a_round_on_record_is_told_and_one_of_cases_needs_a_law() -> None:
    own = LegalBasis("示例规定", "例〔2022〕1号", date(2022, 1, 1), None, "例")
    after = date(2022, 1, 4)
    with MemoryStore().begin() as work:
        open_round(work, PARTIES, "2011-11", CALENDAR, date(2011, 11, 1))
        assert "hand-over-missing" in {f.code for f in round_state(work, "2011-11", after, CALENDAR)}
        open_round(work, PARTIES, "2011-12", CALENDAR, date(2011, 11, 1), contents=(Content.CASES,))
        with pytest.raises(NoLegalBasis, match="流动人口计划生育工作条例"):
            round_state(work, "2011-12", after, CALENDAR)
        assert round_state(work, "2011-12", after, CALENDAR, basis=own)


def test_no_round_is_owed_whose_deadline_lies_before_the_document() -> None:
    with MemoryStore().begin() as work:
        assert round_state(work, "2011-05", date(2011, 11, 30), CALENDAR) == ()
        assert round_state(work, "2011-06", date(2011, 6, 6), CALENDAR)
        with pytest.raises(NotYetIssued):
            round_state(work, "2011-05", date(2011, 5, 17), CALENDAR)


def test_the_round_is_kept_with_what_happened_and_opened_once() -> None:
    store = MemoryStore()
    with store.begin() as work:
        open_round(work, PARTIES, "2011-11", CALENDAR, date(2011, 11, 1))
        record_hand_over(work, ONE, E.SEND, date(2011, 11, 4))
        again = open_round(work, PARTIES, "2011-11", CALENDAR, date(2011, 11, 5))
        work.commit()

    assert again.hand_over(POLICE, PLANNING).state is S.SENT
    with store.begin() as work:
        assert work.rounds.get(again.id) == again
    with store.begin() as work, pytest.raises(LookupError):
        record_hand_over(work, "exchange-district/2012-01/320411/x-y", E.SEND, date(2012, 1, 4))


@given(st.from_type(Round), st.dates(date(2012, 1, 1), date(2013, 1, 31)), st.sampled_from(DeadlinePolicy))
def test_whatever_happened_a_hand_over_is_in_one_position_and_only_the_late_and_missing_count(
    exchange: Round, today: date, policy: DeadlinePolicy
) -> None:
    calendar = WorkingCalendar(())
    if exchange.without_working_day:
        policy = DeadlinePolicy.AS_WRITTEN
    for place in positions(exchange, today, calendar, policy):
        sent = place.hand_over.first_sent
        expected = (sent or today) > exchange.nominal
        assert place.timeliness.counts_against is expected


class HandOverLife(RuleBasedStateMachine):
    """Whatever is tried: the table decides, what was refused changed nothing, and days never run backwards."""

    def __init__(self) -> None:
        super().__init__()
        self.exchange, self.today = NOVEMBER, date(2011, 11, 1)

    @rule(days=st.integers(0, 5))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days)

    @rule(
        index=st.integers(0, 5), event=st.sampled_from(HandOverEvent), reason=st.sampled_from(["", "COUNTS"])
    )
    def happens(self, index: int, event: HandOverEvent, reason: str) -> None:
        before, one = self.exchange, self.exchange.hand_overs[index]
        allowed = HAND_OVER_LIFE.table.get((one.state, event))
        try:
            self.exchange = self.exchange.after(one.id, event, self.today, reason)
        except (Invalid, WrongState):
            assert self.exchange is before
            assert allowed is None or (event is E.RETURN and not reason)
        else:
            assert self.exchange.hand_overs[index].state is allowed
            others = [n for n in range(6) if n != index]
            assert [self.exchange.hand_overs[n] for n in others] == [before.hand_overs[n] for n in others]

    @invariant()
    def history_is_in_order(self) -> None:
        for one in self.exchange.hand_overs:
            days = [on for _, on in one.history]
            assert days == sorted(days)

    @invariant()
    def accepted_means_sent_and_received_first(self) -> None:
        for one in self.exchange.hand_overs:
            if one.state is S.ACCEPTED:
                assert [event for event, _ in one.history][-2:] == [E.RECEIVE, E.ACCEPT]


TestHandOverLife = HandOverLife.TestCase
TestHandOverLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
