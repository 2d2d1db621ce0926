"""A form from a site's own columns and codes: every answer is text, and each code is looked up in its list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import attrs

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.form import RegistrationForm
from migrant_fp.domain.form_items import CodeList, YesNo

_DATES = frozenset({"registered", "born", "arrived"})
_OTHER = frozenset({"own", "not_available"})
_NONE: Mapping[str, str] = MappingProxyType({})
_FIELDS = frozenset(field.name for field in attrs.fields(RegistrationForm)) - _OTHER


def read_form(
    answers: Mapping[str, str],
    codes: Mapping[str, CodeList[Any]],
    own: Iterable[str] = (),
    not_available: Mapping[str, str] = _NONE,
) -> RegistrationForm:
    """Return the form that a site's answers stand for; "" or blanks alone mean that nothing was entered.

    Args:
        answers: The answers as text, by the name of the field or of an own item. Dates are written 2011-06-01.
        codes: The code list of each coded field, with the site's own codes in it (`CodeList.with_local`).
        own: The names of the adopter's own items.
        not_available: The items without an answer, each with a code of why.

    Raises:
        Invalid: With every problem, each with its field; no answer is shown.

    Example:
        >>> from migrant_fp.domain.form_items import Marriage
        >>> lists = {"marriage": CodeList("GB/T 2261.2-2003", Marriage, {"1": Marriage.MARRIED})}
        >>> read_form({"id": "F-1", "registered": "2011-06-01", "marriage": "1"}, lists).marriage.zh
        '已婚'
    """
    declared = frozenset(own)
    given = {name: text for name, text in answers.items() if text.strip()}
    values: dict[str, Any] = {}
    problems = [*_out_of_place(given, declared)]
    for name in [name for name in given if name in _FIELDS]:
        try:
            values[name] = _reader(name, codes)(given[name])
        except Invalid as error:
            problems += [Problem(name, one.fact) for one in error.problems]
        except ValueError as error:
            problems.append(Problem(name, f"came {len(given[name])} characters, expected {error}"))
    if problems:
        raise Invalid("form", tuple(problems))
    held = {name: text for name, text in given.items() if name in declared}
    return RegistrationForm(**values, own=held, not_available=not_available)


def _out_of_place(given: Mapping[str, str], own: frozenset[str]) -> Iterator[Problem]:
    unknown = sum(name not in _FIELDS and name not in own for name in given)
    if unknown:
        fact = f"has {unknown} columns that are no field of the form; leave them out, or declare them as own items"
        yield Problem("form", fact)
    for name in ("id", "registered"):
        if name not in given:
            yield Problem(name, "is missing")


def _reader(name: str, codes: Mapping[str, CodeList[Any]]) -> Callable[[str], Any]:
    if name in codes:
        return lambda text: _answer(codes[name].term(text))
    if name in _DATES:
        return _day
    return _number if name == "children" else str


def _answer(term: object) -> object:
    return term is YesNo.YES if isinstance(term, YesNo) else term


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise ValueError("a date such as 2011-06-01") from None
    return found


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("a whole number")
    return int(text)
