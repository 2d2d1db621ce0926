"""Small promises that mutation testing found to be held by no other test."""

from datetime import date
from fractions import Fraction

import pytest

from migrant_fp import plan
from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.domain.agency import NamedPerson, Role
from migrant_fp.domain.assessment import Fact, Measure, Subject, assess
from migrant_fp.domain.certificate import Certificate
from migrant_fp.domain.collection import Collection
from migrant_fp.domain.commendation import Nomination
from migrant_fp.domain.coordinators_meeting import Attendee, Task
from migrant_fp.domain.division import NoSuchDivision
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid
from migrant_fp.domain.exchange import Round, round_findings
from migrant_fp.domain.form import RegistrationForm
from migrant_fp.domain.hand_over import DeadlinePolicy
from migrant_fp.domain.meeting import CONVENERS, JointMeeting, MeetingEvent, Step
from migrant_fp.domain.staff import Pair
from migrant_fp.regulations.changzhou_2011_134 import DOCUMENT, EXCHANGE_DISTRICT, JOINT_MEETING
from migrant_fp.regulations.changzhou_agencies import AGENCIES
from migrant_fp.regulations.changzhou_divisions import DIVISIONS

CALENDAR = working_calendar()
DAY = date(2011, 10, 8)
REGULAR = JointMeeting.regular(list(plan(JOINT_MEETING, 2011, CALENDAR))[3], "320411")


@pytest.mark.parametrize("name", ["99999919850301002X", "13900000077"])
def test_no_record_about_work_is_kept_under_the_number_of_a_person(name: str) -> None:
    for act in (
        lambda: Task("T-1", Attendee.COORDINATOR, name, "2011-10", "例"),
        lambda: Task(name, Attendee.COORDINATOR, "S-1", "2011-10", "例"),
        lambda: Fact(Measure.TASKS, Subject.COLLECTOR, name, "T-1", met=True),
        lambda: assess(Subject.COLLECTOR, name, "2011-10", (), {Measure.TASKS: Fraction(1)}),
        lambda: Nomination(name, DAY, Fraction(1), 1),
        lambda: NamedPerson("family_planning/district/320411", name, DAY),
        lambda: Certificate(name),
    ):
        with pytest.raises(Invalid) as caught:
            act()
        assert name not in str(caught.value)


def test_a_cancellation_keeps_its_day_and_its_reason() -> None:
    assert REGULAR.cancel(DAY, "例：无议题").history == (Step(MeetingEvent.CANCEL, DAY, "例：无议题"),)


def test_who_took_part_is_kept_in_the_order_of_the_clause() -> None:
    assert REGULAR.hold(DAY, CONVENERS[::-1]).present == CONVENERS


def test_an_entered_form_keeps_the_reference_of_the_system() -> None:
    collection = Collection(RegistrationForm("F-1", DAY), Pair("S-1", "W-1", "C-1", date(2011, 5, 18)), DAY)

    assert collection.entered("entry/1", 0).reference == "entry/1"


# Of seven characters four are shared: a likeness of 0.57.
def test_a_name_that_shares_half_of_its_characters_is_near() -> None:
    with pytest.raises(NoSuchDivision) as caught:
        DIVISIONS.find("天某区某", DAY)

    assert caught.value.near == ("天宁区",)


# By the notice of 2011 there was no working day from 1 to 5 October: read so, the deadline is the 8th.
@pytest.mark.parametrize(
    ("policy", "due"),
    [
        (DeadlinePolicy.AS_WRITTEN, date(2011, 10, 5)),
        (DeadlinePolicy.NEXT_WORKING_DAY, date(2011, 10, 8)),
        (DeadlinePolicy.PREVIOUS_WORKING_DAY, date(2011, 9, 30)),
    ],
)
def test_what_is_missing_in_a_round_is_due_as_the_policy_reads_the_deadline(
    policy: DeadlinePolicy, due: date
) -> None:
    october = list(plan(EXCHANGE_DISTRICT, 2011, CALENDAR))[9]
    opened = Round.opened(october, AGENCIES.parties(Level.DISTRICT, "320411"))
    found = round_findings(opened, date(2011, 10, 9), CALENDAR, DOCUMENT.clause("二(二)"), policy=policy)

    assert {(one.code, one.due) for one in found} == {("hand-over-missing", due)}
    assert len(found) == len(Role) * (len(Role) - 1)
    before = round_findings(opened, date(2011, 10, 7), CALENDAR, DOCUMENT.clause("二(二)"), policy=policy)
    assert (before == ()) is (policy is DeadlinePolicy.NEXT_WORKING_DAY)
