"""四: what no event, state or list of this library may order: a woman home for a check (条例 art. 13), a fee or a fine (art. 17).

Nor is refusing her anything among them. The whole domain is searched, so that a member that is added later is seen.
"""

import pkgutil
import re
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from types import ModuleType

import pytest

import migrant_fp.domain
from migrant_fp.domain import certificate, reward
from migrant_fp.domain.certificate import CERTIFICATE_LIFE, CertificateState
from migrant_fp.domain.finding import Action
from migrant_fp.domain.life_cycle import LifeCycle
from migrant_fp.schedule.term import Term

# 拒收 is said of packages between offices, and of nothing else.
_CHINESE = re.compile("返乡|孕检|收费|工本费|罚|拒(?!收)")
_ENGLISH = re.compile(r"\b(summon\w*|charg\w*|fees?|fin(?:e|es|ed|ing)|refus\w*|pregnancy check\w*)\b")


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(migrant_fp.domain.__path__):
        yield import_module(f"migrant_fp.domain.{found.name}")


def _words(thing: object) -> Iterator[str]:
    if isinstance(thing, type) and issubclass(thing, Term):
        for member in thing:
            yield from (member.name, str(member.value), member.zh)
    if isinstance(thing, LifeCycle):
        for (at, event), to in thing.table.items():
            for one in (at, event, to):
                yield from (str(getattr(one, "name", "")), str(getattr(one, "value", "")), one.zh)


def _found() -> list[str]:
    every = {word for module in _modules() for thing in vars(module).values() for word in _words(thing)}
    return sorted(
        word for word in every if _CHINESE.search(word) or _ENGLISH.search(re.sub("[_:-]", " ", word.lower()))
    )


def test_no_event_state_or_list_of_the_domain_orders_a_check_or_takes_money_or_refuses() -> None:
    assert _found() == []


def test_the_search_reaches_every_module_and_its_terms() -> None:
    names = {module.__name__ for module in _modules()}
    words = {word for module in _modules() for thing in vars(module).values() for word in _words(thing)}

    assert {
        f"migrant_fp.domain.{name}" for name in ("certificate", "collection", "meeting", "reward")
    } <= names
    assert {"SUBMITTED", "交验", "feed_back", "动员", "未持证明", "一(三)4"} <= words


@pytest.mark.parametrize(
    ("value", "zh"),
    [
        ("x", "通知返乡"),
        ("x", "孕检"),
        ("x", "收费"),
        ("x", "收取工本费"),
        ("x", "罚款"),
        ("x", "拒绝办理"),
        ("summon_home", "例"),
        ("charge", "例"),
        ("fee", "例"),
        ("fees-due", "例"),
        ("fine", "例"),
        ("fined", "例"),
        ("refuse", "例"),
        ("Refused", "例"),
    ],
)
def test_a_member_that_did_would_be_found(value: str, zh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Term("Planted", [("ADDED", (value, zh))])  # type: ignore[arg-type]
    monkeypatch.setattr(reward, "Planted", planted, raising=False)

    assert _found() == [word for word in (value, zh) if word not in {"x", "例"}]


def test_a_name_that_did_would_be_found_whatever_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Term("Planted", [("SUMMON", ("x", "例"))])  # type: ignore[arg-type]
    monkeypatch.setattr(reward, "Planted", planted, raising=False)

    assert _found() == ["SUMMON"]


def test_an_event_of_a_life_cycle_that_did_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Event(Enum):
        CALL = "call"

        @property
        def zh(self) -> str:
            return "通知返乡孕检"

    table = {**CERTIFICATE_LIFE.table, (CertificateState.NONE, Event.CALL): CertificateState.HELD}
    monkeypatch.setattr(certificate, "PLANTED", LifeCycle(CertificateState.NONE, table), raising=False)

    assert _found() == ["通知返乡孕检"]


def test_feeding_back_is_no_fee() -> None:
    assert Action.FEED_BACK.value == "feed_back"
    assert _found() == []
