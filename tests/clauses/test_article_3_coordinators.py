"""三、建立流动人口协管员协作例会制度: three joint hosts, a day agreed inside the first ten days, four contents, tasks.

(一)公安派出所和所在镇(街道)计生办每月上旬召开一次…共同召集和主持…例会的具体日期由镇(街道)计生办、流动人口服务管理中心和公安派出所商定。
(二)例会内容包括:1.交流上月…2.…进行总结和考核。3.…布置当月工作任务。4.…进行相关业务培训。

Clauses 三(一), 三(二)1, 三(二)2, 三(二)3, 三(二)4.
"""

from datetime import date, timedelta
from itertools import permutations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import migrant_fp.testing  # noqa: F401 - registers the strategies
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.adapters.memory import MemoryStore
from migrant_fp.application.coordinate import (
    consent_to_day,
    hold_coordinators_meeting,
    open_coordinators_meeting,
    planned_coordinators_meeting,
    propose_day,
)
from migrant_fp.application.meet import meetings_owed
from migrant_fp.domain.clause import LegalBasis
from migrant_fp.domain.coordinators_meeting import (
    COORDINATORS_MEETING_LIFE,
    Attendee,
    CoordinatorsMeeting,
    GatheringEvent,
    GatheringState,
    Host,
    Outcome,
    Task,
    Topic,
    coordinators_meeting_findings,
    open_tasks,
)
from migrant_fp.domain.division import NoSuchDivision
from migrant_fp.domain.errors import Invalid, NotYetIssued, WrongState
from migrant_fp.ports.registers import NoSuchRecord
from migrant_fp.ports.unit_of_work import UnitOfWork
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT
from migrant_fp.regulations.national_law import FLOATING_POPULATION_2009

CALENDAR = working_calendar()
TOWN = "320411001"
ISSUED = date(2011, 5, 18)


def _opened(month: str) -> CoordinatorsMeeting:
    with MemoryStore().begin() as work:
        return open_coordinators_meeting(work, TOWN, month, CALENDAR, ISSUED)


OCTOBER = _opened("2011-10")
NINTH = date(2011, 10, 9)
LAW = FLOATING_POPULATION_2009
AGREED = OCTOBER.propose(NINTH, Host.CENTRE).consent(Host.POLICE).consent(Host.FAMILY_PLANNING)


def _owed(work: UnitOfWork, month: str, today: date, *towns: str) -> list[tuple[str, str, str]]:
    """What is owed for article 三 alone."""
    found = meetings_owed(work, "320411", month, today, CALENDAR, towns=towns)
    return [(f.code, f.about, f.clause.number) for f in found if f.clause.number.startswith("三")]


def _codes(meeting: CoordinatorsMeeting, today: date) -> list[str]:
    return [finding.code for finding in coordinators_meeting_findings(meeting, today, DOCUMENT, LAW)]


def test_三_一_the_hosts_and_those_who_attend_are_those_of_the_clause() -> None:
    text = DOCUMENT.clause("三(一)").text

    assert len(Host) == 3
    assert len(Attendee) == 4
    for words in ("主任或副主任", "流动人口服务管理中心负责人", "公安派出所分管副所长"):
        assert words in text
        assert any(words in host.zh for host in Host)
    for words in ("流动人口协管员", "专兼职人员", "驻地企业", "流动人口计划生育协会"):
        assert words in text
        assert any(words in one.zh for one in Attendee)


# From the holiday notice of 2011: 1-7 October off, Saturday 8 and Sunday 9 worked, Monday 10.
def test_三_一_the_window_is_the_first_ten_days_and_suggests_working_days_on_which_all_three_are_free() -> (
    None
):
    assert (OCTOBER.first, OCTOBER.last) == (date(2011, 10, 1), date(2011, 10, 10))
    assert OCTOBER.working_days == (date(2011, 10, 8), NINTH, date(2011, 10, 10))
    assert OCTOBER.free_days({}) == OCTOBER.working_days
    busy = {Host.POLICE: {date(2011, 10, 8)}, Host.CENTRE: {date(2011, 10, 10), date(2011, 10, 8)}}
    assert OCTOBER.free_days(busy) == (NINTH,)
    assert OCTOBER.free_days({host: [NINTH] for host in Host}) == (date(2011, 10, 8), date(2011, 10, 10))


@pytest.mark.parametrize("order", list(permutations(Host)))
def test_三_一_a_day_is_agreed_when_all_three_consent_in_whatever_order(
    order: tuple[Host, Host, Host],
) -> None:
    first, second, third = order
    proposed = OCTOBER.propose(NINTH, first)
    two = proposed.consent(second).consent(second)

    assert (proposed.consents, proposed.state) == ((first,), GatheringState.PROPOSED)
    assert two.state is GatheringState.PROPOSED
    agreed = two.consent(third)
    assert (agreed.state, agreed.day, agreed.consents) == (GatheringState.AGREED, NINTH, tuple(Host))


def test_三_一_a_new_proposal_asks_all_anew() -> None:
    again = AGREED.propose(date(2011, 10, 10), Host.POLICE)

    assert (again.state, again.day, again.consents) == (
        GatheringState.PROPOSED,
        date(2011, 10, 10),
        (Host.POLICE,),
    )


@pytest.mark.parametrize(
    ("day", "inside"), [((9, 30), False), ((10, 1), True), ((10, 10), True), ((10, 11), False)]
)
def test_三_一_the_day_lies_in_the_first_ten_days(day: tuple[int, int], inside: bool) -> None:
    on = date(2011, *day)
    if inside:
        assert OCTOBER.propose(on, Host.POLICE).day == on
    else:
        with pytest.raises(Invalid, match="每月上旬"):
            OCTOBER.propose(on, Host.POLICE)


def test_it_is_held_on_the_agreed_day_and_once() -> None:
    held = AGREED.hold(NINTH, Attendee, Topic)

    assert (held.state, held.attendance, held.covered) == (GatheringState.HELD, tuple(Attendee), tuple(Topic))
    with pytest.raises(Invalid, match="2011-10-09 is agreed"):
        AGREED.hold(date(2011, 10, 10), Attendee, Topic)
    for act in (
        lambda: OCTOBER.hold(NINTH, Attendee, Topic),
        lambda: held.hold(NINTH, Attendee, Topic),
        lambda: OCTOBER.consent(Host.POLICE),
        lambda: held.propose(NINTH, Host.POLICE),
    ):
        with pytest.raises(WrongState):
            act()


def test_三_二_the_four_contents_are_those_of_the_clauses() -> None:
    assert [topic.value for topic in Topic] == [f"三(二){n}" for n in range(1, 5)]
    for topic, words in zip(Topic, ("动态变化", "总结和考核", "布置当月工作任务", "业务培训"), strict=True):
        assert words in DOCUMENT.clause(topic.value).text


@pytest.mark.parametrize(
    ("basis", "today", "owed"),
    [
        (LAW, date(2021, 9, 8), True),
        (LAW, date(2021, 9, 27), False),
        (LegalBasis("示例规定", "例", date(2011, 10, 9), None, "例"), date(2022, 1, 1), True),
        (LegalBasis("示例规定", "例", date(2011, 10, 10), None, "例"), date(2022, 1, 1), False),
    ],
)
def test_三_二_1_information_and_certificates_are_owed_while_a_law_stands_on_the_day_of_the_meeting_and_today(
    basis: LegalBasis, today: date, owed: bool
) -> None:
    held = AGREED.hold(NINTH, Attendee, ())
    found = [f.clause.number for f in coordinators_meeting_findings(held, today, DOCUMENT, basis)]

    assert found == ["三(二)1"] * owed + ["三(二)2", "三(二)3", "三(二)4"]


def test_三_二_1_over_the_registers_it_is_owed_again_on_an_adopters_own_law() -> None:
    own, after = LegalBasis("示例规定", "例", date(2011, 1, 1), None, "例"), date(2022, 1, 4)
    with MemoryStore().begin() as work:
        work.coordinators_meetings.put(AGREED.hold(NINTH, Attendee, ()))
        clauses = [
            {f.clause.number for f in meetings_owed(work, "320411", "2011-10", after, CALENDAR, **more)}
            for more in ({}, {"basis": own})
        ]

    assert [("三(二)1" in one, "三(二)2" in one) for one in clauses] == [(False, True), (True, True)]


def test_三_二_a_content_that_was_left_out_and_a_category_that_was_absent_are_findings() -> None:
    held = AGREED.hold(
        NINTH, [one for one in Attendee if one is not Attendee.ENTERPRISE], [Topic.CHANGES, Topic.NEW_TASKS]
    )
    found = coordinators_meeting_findings(held, NINTH, DOCUMENT, LAW)

    assert [(f.code, f.clause.number) for f in found] == [
        ("topic-not-covered", "三(二)2"),
        ("topic-not-covered", "三(二)4"),
        ("category-absent", "三(一)"),
    ]
    assert "驻地企业" in found[2].action
    assert _codes(AGREED.hold(NINTH, Attendee, Topic), NINTH) == []


@pytest.mark.parametrize(
    ("meeting", "today", "codes"),
    [
        (OCTOBER, date(2011, 9, 30), []),
        (OCTOBER, date(2011, 10, 1), ["coordinators-meeting-without-day"]),
        (OCTOBER.propose(NINTH, Host.POLICE), date(2011, 10, 10), ["coordinators-meeting-without-day"]),
        (OCTOBER, date(2011, 10, 11), ["coordinators-meeting-missed"]),
        (AGREED, NINTH, []),
        (AGREED, date(2011, 10, 10), ["coordinators-meeting-not-held"]),
        (AGREED, date(2011, 10, 11), ["coordinators-meeting-not-held"]),
    ],
)
def test_what_is_owed_for_a_meeting_is_a_finding(
    meeting: CoordinatorsMeeting, today: date, codes: list[str]
) -> None:
    assert _codes(meeting, today) == codes


def test_a_finding_names_all_three_hosts_and_the_last_day() -> None:
    (finding,) = coordinators_meeting_findings(OCTOBER, date(2011, 10, 11), DOCUMENT, LAW)

    assert finding.owed_by.count("、") == 2
    assert (finding.due, finding.about) == (date(2011, 10, 10), "coordinators-meeting/2011-10/320411001")


def test_三_二_2_3_tasks_are_set_at_one_meeting_and_reviewed_at_the_next() -> None:
    with MemoryStore().begin() as work:
        september = open_coordinators_meeting(work, TOWN, "2011-09", CALENDAR, ISSUED)
        work.coordinators_meetings.put(_agree(september, date(2011, 9, 5)))
        tasks = [
            Task("T-1", Attendee.COORDINATOR, "S-1", "2011-09", "例：走访"),
            Task("T-2", Attendee.ENTERPRISE, "E-1", "2011-09", "例：提供名单"),
        ]
        hold_coordinators_meeting(
            work, september.id, date(2011, 9, 5), attendance=Attendee, covered=Topic, tasks=tasks
        )
        assert _owed(work, "2011-09", date(2011, 9, 30)) == []
        assert _owed(work, "2011-09", date(2011, 10, 1)) == [
            ("task-not-reviewed", "T-1", "三(二)2"),
            ("task-not-reviewed", "T-2", "三(二)2"),
        ]

        open_coordinators_meeting(work, TOWN, "2011-10", CALENDAR, ISSUED)
        work.coordinators_meetings.put(AGREED)
        hold_coordinators_meeting(
            work,
            AGREED.id,
            NINTH,
            attendance=Attendee,
            covered=Topic,
            outcomes={"T-1": Outcome.DONE, "T-2": Outcome.NOT_DONE},
        )
        assert _owed(work, "2011-09", NINTH) == []
        assert work.tasks.get("T-2").outcome is Outcome.NOT_DONE


def test_a_task_is_held_by_those_who_attend_and_by_no_resident() -> None:
    assert {one.value for one in Attendee} == {"coordinator", "community_staff", "enterprise", "association"}
    assert open_tasks([Task("T-1", Attendee.COORDINATOR, "S-1", "2011-08", "例")], "2011-09", DOCUMENT) == ()


def test_the_meeting_of_a_month_is_opened_once_and_what_is_unknown_is_said() -> None:
    with MemoryStore().begin() as work:
        open_coordinators_meeting(work, TOWN, "2011-10", CALENDAR, ISSUED)
        work.coordinators_meetings.put(AGREED)
        assert open_coordinators_meeting(work, TOWN, "2011-10", CALENDAR, ISSUED) == AGREED
        with pytest.raises(NoSuchRecord):
            hold_coordinators_meeting(
                work, AGREED.id, NINTH, attendance=Attendee, covered=Topic, outcomes={"T-9": Outcome.DONE}
            )
        assert work.coordinators_meetings.get(AGREED.id) == AGREED


@pytest.mark.parametrize("month", ["2011-13", "2011", "十月"])
def test_a_month_that_is_none_is_refused(month: str) -> None:
    with MemoryStore().begin() as work, pytest.raises(Invalid, match="a month such as 2011-10"):
        open_coordinators_meeting(work, TOWN, month, CALENDAR, ISSUED)


@pytest.mark.parametrize("town", ["banana", "320411", "32041100a", "320411001001"])
def test_三_一_the_meeting_is_that_of_a_town(town: str) -> None:
    with MemoryStore().begin() as work, pytest.raises(Invalid, match="the nine digits of a town or street"):
        open_coordinators_meeting(work, town, "2011-10", CALENDAR, ISSUED)


@pytest.mark.parametrize(("town", "month"), [("320499001", "2011-10"), ("320405001", "2015-05")])
def test_三_一_a_town_of_no_district_that_stands_has_no_meeting(town: str, month: str) -> None:
    with MemoryStore().begin() as work, pytest.raises(NoSuchDivision):
        open_coordinators_meeting(work, town, month, CALENDAR, ISSUED)


def test_三_一_a_meeting_that_nobody_put_on_record_is_owed_by_each_town_given() -> None:
    second = "320411002"
    with MemoryStore().begin() as work:
        assert _owed(work, "2011-10", date(2011, 10, 11)) == []
        assert _owed(work, "2011-10", date(2011, 9, 30), TOWN) == []
        work.coordinators_meetings.put(AGREED)
        assert _owed(work, "2011-10", date(2011, 10, 11), second, TOWN) == [
            ("coordinators-meeting-not-held", "coordinators-meeting/2011-10/320411001", "三(一)"),
            ("coordinators-meeting-missed", "coordinators-meeting/2011-10/320411002", "三(一)"),
        ]
        assert _owed(work, "2021-10", date(2021, 12, 1), TOWN) == []


def test_三_一_the_meetings_of_another_district_are_not_told() -> None:
    with MemoryStore().begin() as work:
        work.coordinators_meetings.put(planned_coordinators_meeting("320402001", "2011-10", CALENDAR))
        assert _owed(work, "2011-10", date(2011, 10, 11)) == []


def test_三_一_the_day_is_proposed_and_agreed_over_the_register() -> None:
    today = date(2011, 9, 28)
    with MemoryStore().begin() as work:
        one = open_coordinators_meeting(work, TOWN, "2011-10", CALENDAR, ISSUED).id
        proposed = propose_day(work, one, NINTH, Host.CENTRE, today)
        assert (proposed.state, work.coordinators_meetings.get(one)) == (GatheringState.PROPOSED, proposed)
        consent_to_day(work, one, Host.POLICE, today)
        agreed = consent_to_day(work, one, Host.FAMILY_PLANNING, NINTH)

        assert (agreed.state, agreed.day) == (GatheringState.AGREED, NINTH)
        assert work.coordinators_meetings.get(one) == agreed


def test_三_一_a_day_that_is_over_is_neither_proposed_nor_agreed() -> None:
    with MemoryStore().begin() as work:
        one = open_coordinators_meeting(work, TOWN, "2011-10", CALENDAR, ISSUED).id
        with pytest.raises(Invalid, match="2011-10-08 lies before 2011-10-09, the day of proposing it"):
            propose_day(work, one, date(2011, 10, 8), Host.CENTRE, NINTH)
        proposed = propose_day(work, one, NINTH, Host.CENTRE, NINTH)
        with pytest.raises(Invalid, match="2011-10-09 is over: propose another one"):
            consent_to_day(work, one, Host.POLICE, date(2011, 10, 10))
        assert work.coordinators_meetings.get(one) == proposed


@pytest.mark.parametrize("month", ["banana", "2011-13", "0000-10"])
def test_三_二_3_a_task_is_one_of_a_month(month: str) -> None:
    with pytest.raises(Invalid, match="a month such as 2011-10"):
        Task("T-1", Attendee.COORDINATOR, "S-1", month, "例")


def test_三_二_3_the_tasks_set_are_those_of_the_meetings_month_and_nothing_is_kept_of_others() -> None:
    tasks = [Task(f"T-{n}", Attendee.COORDINATOR, "S-1", f"2011-{n}", "例") for n in (10, 11)]
    with MemoryStore().begin() as work:
        work.coordinators_meetings.put(AGREED)
        with pytest.raises(Invalid, match="T-11: is a task of 2011-11, expected one of 2011-10"):
            hold_coordinators_meeting(work, AGREED.id, NINTH, attendance=Attendee, covered=Topic, tasks=tasks)
        assert work.coordinators_meetings.get(AGREED.id) == AGREED
        assert work.tasks.of("2011-10") == ()


def test_三_二_3_a_task_on_record_is_not_set_again_and_none_is_set_twice() -> None:
    reviewed = Task("T-1", Attendee.COORDINATOR, "S-1", "2011-09", "例", Outcome.NOT_DONE)
    again, new = (attrs.evolve(reviewed, id=i, month="2011-10", outcome=None) for i in ("T-1", "T-2"))
    with MemoryStore().begin() as work:
        work.tasks.put(reviewed)
        work.coordinators_meetings.put(AGREED)
        with pytest.raises(Invalid) as caught:
            hold_coordinators_meeting(
                work, AGREED.id, NINTH, attendance=Attendee, covered=Topic, tasks=[again, new, new]
            )
        assert [(p.place, p.fact) for p in caught.value.problems] == [
            (name, "is given twice or on record already: give another id") for name in ("T-1", "T-2")
        ]
        assert work.tasks.get("T-1") == reviewed
        assert work.tasks.of("2011-10") == ()
        assert work.coordinators_meetings.get(AGREED.id) == AGREED


@pytest.mark.parametrize("month", ["2011-10", "2011-12"])
def test_三_二_2_a_task_of_this_month_or_a_later_one_is_not_reviewed(month: str) -> None:
    task = Task("T-1", Attendee.COORDINATOR, "S-1", month, "例")
    with MemoryStore().begin() as work:
        work.tasks.put(task)
        work.coordinators_meetings.put(AGREED)
        with pytest.raises(
            Invalid, match=f"T-1: is a task of {month}, expected one of a month before 2011-10"
        ):
            _review(work, Outcome.DONE)
        assert work.tasks.get("T-1") == task


def test_三_二_2_a_task_is_reviewed_once() -> None:
    task = Task("T-1", Attendee.COORDINATOR, "S-1", "2011-09", "例", Outcome.NOT_DONE)
    with MemoryStore().begin() as work:
        work.tasks.put(task)
        work.coordinators_meetings.put(AGREED)
        with pytest.raises(Invalid, match="T-1: has been reviewed （未完成）: leave it out"):
            _review(work, Outcome.DONE)
        assert work.tasks.get("T-1") == task
        assert work.coordinators_meetings.get(AGREED.id) == AGREED


def test_三_二_2_a_task_of_an_earlier_month_that_nobody_reviewed_can_still_be() -> None:
    with MemoryStore().begin() as work:
        work.tasks.put(Task("T-1", Attendee.COORDINATOR, "S-1", "2011-07", "例"))
        work.coordinators_meetings.put(AGREED)
        _review(work, Outcome.PARTLY)
        assert work.tasks.get("T-1").outcome is Outcome.PARTLY


def _review(work: UnitOfWork, outcome: Outcome) -> None:
    hold_coordinators_meeting(
        work, AGREED.id, NINTH, attendance=Attendee, covered=Topic, outcomes={"T-1": outcome}
    )


def test_三_二_what_was_done_under_a_content_counts_as_covering_it() -> None:
    old, new = (Task(f"T-{n}", Attendee.COORDINATOR, "S-1", f"2011-{n:02}", "例") for n in (9, 10))
    with MemoryStore().begin() as work:
        work.tasks.put(old)
        work.coordinators_meetings.put(AGREED)
        held = hold_coordinators_meeting(
            work,
            AGREED.id,
            NINTH,
            attendance=Attendee,
            covered=(),
            outcomes={old.id: Outcome.DONE},
            tasks=[new],
        )

    assert held.covered == (Topic.LAST_TASKS, Topic.NEW_TASKS)


def test_before_the_document_there_is_no_such_meeting() -> None:
    with MemoryStore().begin() as work:
        with pytest.raises(NotYetIssued):
            open_coordinators_meeting(work, TOWN, "2011-05", CALENDAR, ISSUED)
        with pytest.raises(NotYetIssued):
            open_coordinators_meeting(work, TOWN, "2011-06", CALENDAR, date(2011, 5, 17))
        with pytest.raises(NotYetIssued):
            hold_coordinators_meeting(work, "x", date(2011, 5, 17), attendance=Attendee, covered=Topic)
        with pytest.raises(NotYetIssued):
            meetings_owed(work, "320411", "2011-05", date(2011, 5, 17), CALENDAR)
        with pytest.raises(NotYetIssued):
            propose_day(work, "x", date(2011, 6, 1), Host.CENTRE, date(2011, 5, 17))
        with pytest.raises(NotYetIssued):
            consent_to_day(work, "x", Host.CENTRE, date(2011, 5, 17))


def _agree(meeting: CoordinatorsMeeting, day: date) -> CoordinatorsMeeting:
    return meeting.propose(day, Host.CENTRE).consent(Host.POLICE).consent(Host.FAMILY_PLANNING)


@given(
    st.from_type(CoordinatorsMeeting),
    st.dictionaries(st.sampled_from(Host), st.lists(st.dates()), max_size=3),
)
def test_a_suggested_day_is_a_working_day_of_the_window_and_free_for_all(
    meeting: CoordinatorsMeeting, busy: dict[Host, list[date]]
) -> None:
    for day in meeting.free_days(busy):
        assert meeting.first <= day <= meeting.last
        assert day in meeting.working_days
        assert not any(day in days for days in busy.values())


class CoordinatorsMeetingLife(RuleBasedStateMachine):
    """Whatever is tried in whatever order: a day is agreed by three or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = OCTOBER

    def _try(self, event: GatheringEvent, act: object) -> None:
        before = self.meeting
        try:
            self.meeting = act()  # type: ignore[operator]
        except (Invalid, WrongState):
            assert self.meeting is before
        else:
            assert (before.state, event) in COORDINATORS_MEETING_LIFE.table

    @rule(offset=st.integers(-2, 12), host=st.sampled_from(Host))
    def propose(self, offset: int, host: Host) -> None:
        self._try(
            GatheringEvent.PROPOSE, lambda: self.meeting.propose(date(2011, 10, 1) + timedelta(offset), host)
        )

    @rule(host=st.sampled_from(Host))
    def consent(self, host: Host) -> None:
        self._try(GatheringEvent.CONSENT, lambda: self.meeting.consent(host))

    @rule()
    def hold(self) -> None:
        self._try(GatheringEvent.HOLD, lambda: self.meeting.hold(self.meeting.day or NINTH, Attendee, Topic))

    @invariant()
    def agreed_and_held_means_that_all_three_consented_to_a_day_of_the_window(self) -> None:
        if self.meeting.state in {GatheringState.AGREED, GatheringState.HELD}:
            assert self.meeting.consents == tuple(Host)
            assert self.meeting.day is not None
            assert OCTOBER.first <= self.meeting.day <= OCTOBER.last


TestCoordinatorsMeetingLife = CoordinatorsMeetingLife.TestCase
TestCoordinatorsMeetingLife.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
