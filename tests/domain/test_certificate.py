"""The certificate's states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrant_fp.domain.certificate import CERTIFICATE_LIFE, Certificate, CertificateEvent, CertificateState
from migrant_fp.domain.errors import WrongState

ISSUED, SUBMITTED, LAPSED = CertificateEvent


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
