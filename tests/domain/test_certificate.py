"""The certificate's states."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.adapters.chinese_calendar import working_calendar
from migrant_fp.application.desk import ASK_HOUSEHOLD_PLACE, REISSUE_CERTIFICATE, SUBMIT_CERTIFICATE
from migrant_fp.domain.certificate import CERTIFICATE_LIFE, Certificate, CertificateEvent, CertificateState
from migrant_fp.domain.errors import NoLegalBasis, NotModelled, WrongState
from migrant_fp.schedule.convention import Convention
from migrant_fp.schedule.errors import NotInForce

ISSUED, SUBMITTED, LAPSED = CertificateEvent
CALENDAR = working_calendar()


def test_a_certificate_is_issued_submitted_and_may_lapse() -> None:
    held = Certificate("P-1").with_event(ISSUED)
    verified = held.with_event(SUBMITTED)

    assert (held.state, verified.state) == (CertificateState.HELD, CertificateState.VERIFIED)
    assert verified.with_event(LAPSED) == held.with_event(LAPSED) == Certificate("P-1")


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (CertificateState.NONE, SUBMITTED),
        (CertificateState.NONE, LAPSED),
        (CertificateState.HELD, ISSUED),
        (CertificateState.VERIFIED, SUBMITTED),
        (CertificateState.VERIFIED, ISSUED),
    ],
)
def test_what_the_table_does_not_have_is_refused_by_record_id_alone(
    state: CertificateState, event: CertificateEvent
) -> None:
    with pytest.raises(WrongState, match="婚育证明 P-1: "):
        Certificate("P-1", state).with_event(event)


@given(st.lists(st.sampled_from(CertificateEvent)))
def test_whatever_happens_a_state_is_reached_by_the_table_alone(events: list[CertificateEvent]) -> None:
    held = Certificate("P-1")
    for event in events:
        if event in CERTIFICATE_LIFE.allowed(held.state):
            held = held.with_event(event)
    reachable = {to for (_, event), to in CERTIFICATE_LIFE.table.items() if event in events}
    assert held.state in {CertificateState.NONE, *reachable}


def test_health_items_do_not_show() -> None:
    shown = Certificate("P-1", marriage="甲乙", births="丙丁", contraception="戊己")

    assert repr(shown) == "Certificate(holder='P-1', state=<CertificateState.NONE: 'none'>)"


# Thirty days after 1 September 2011 is 1 October: the holiday notice of 2011 has the week off, and Saturday the 8th worked.
def test_a_last_day_on_a_day_off_goes_to_the_next_working_day_and_never_shortens_her_time() -> None:
    found = SUBMIT_CERTIFICATE.due(date(2011, 9, 1), CALENDAR)

    assert (found.occurrence.nominal, found.last) == (date(2011, 10, 1), date(2011, 10, 8))
    assert found.convention is Convention.FOLLOWING


def test_another_convention_is_the_callers_and_one_whose_law_did_not_stand_is_refused() -> None:
    as_counted = SUBMIT_CERTIFICATE.due(date(2011, 9, 1), CALENDAR, Convention.UNADJUSTED)

    assert (as_counted.last, as_counted.convention) == (date(2011, 10, 1), Convention.UNADJUSTED)
    with pytest.raises(NotInForce):
        SUBMIT_CERTIFICATE.due(date(2011, 9, 1), CALENDAR, Convention.CIVIL_CODE)


def test_the_last_day_of_the_law_is_within_it_and_the_next_is_marked() -> None:
    within = SUBMIT_CERTIFICATE.due(date(2021, 8, 9), CALENDAR)
    beyond = SUBMIT_CERTIFICATE.due(date(2021, 8, 10), CALENDAR)

    assert [(one.last, one.beyond_basis) for one in (within, beyond)] == [
        (date(2021, 9, 8), False),
        (date(2021, 9, 9), True),
    ]
    assert beyond.explain() == beyond.occurrence.explain() + "（该日其法律依据已废止）"
    assert beyond.explain("en") == beyond.occurrence.explain("en") + " (its law has ended by that day)"
    assert within.explain() == within.occurrence.explain()


def test_three_months_from_the_last_day_of_the_law_end_beyond_it() -> None:
    assert REISSUE_CERTIFICATE.due(date(2021, 9, 8), CALENDAR).beyond_basis


def test_a_deadline_that_would_begin_outside_of_the_law_is_refused() -> None:
    with pytest.raises(NoLegalBasis):
        SUBMIT_CERTIFICATE.due(date(2021, 9, 27), CALENDAR)
    with pytest.raises(NotModelled):
        SUBMIT_CERTIFICATE.due(date(2009, 9, 30), CALENDAR)


@given(st.dates(date(2009, 10, 1), date(2021, 9, 8)))
def test_no_deadline_ends_on_a_day_off_or_before_its_days_have_passed(event_on: date) -> None:
    last = SUBMIT_CERTIFICATE.due(event_on, CALENDAR).last

    assert CALENDAR.day(last).kind.is_working
    assert last >= event_on + timedelta(30)
    assert ASK_HOUSEHOLD_PLACE.due(event_on, CALENDAR).occurrence.stepped_over == ()
