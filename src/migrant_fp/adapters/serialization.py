"""Values to JSON and back: the one cattrs converter, strict, with every problem and its place.

Nothing is coerced: "5" is no integer and 1 is no boolean. Only the keys that a class names are accepted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, NoReturn, TypeVar, get_args, get_origin

import attrs
from cattrs import BaseValidationError, ClassValidationError, Converter, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn

from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.form_items import Answers
from migrant_fp.domain.privacy import masked, sensitivities
from migrant_fp.schedule.errors import InvalidNotice

T = TypeVar("T")
_SHOWN = 40
_DIGITS = 18


class Unexpected(ValueError):
    """One value is not what its place wants; raised by hooks, collected by `structure`."""

    def __init__(self, came: str, expected: str) -> None:
        """Keep the two apart: of a sensitive field what came is not told."""
        super().__init__(f"came {came}, expected {expected}")
        self.expected = expected


class _Twice(dict[str, Any]):
    """An object in which a key was given twice; it is refused where it stands."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """Keep the keys that were given twice."""
        super().__init__()
        self.repeated = keys


def parse_json(data: bytes, what: str) -> Any:  # noqa: ANN401 - JSON is any value
    """Return the value of UTF-8 JSON text; a byte order mark is allowed.

    Args:
        data: The bytes.
        what: What they are, such as a file's name, for the message.

    Raises:
        Invalid: If they are not UTF-8, or not JSON.

    Example:
        >>> parse_json(b'{"year": 2027}', "2027.json")
        {'year': 2027}
    """
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_int=_integer)
    except UnicodeDecodeError as error:
        _refuse(what, f"byte {error.start} is not UTF-8: save the file as UTF-8", error)
    except json.JSONDecodeError as error:
        _refuse(what, f"line {error.lineno}, column {error.colno} is not JSON: {error.msg}", error)
    except RecursionError as error:
        _refuse(what, "is nested too deeply", error)


def dump_json(value: object) -> bytes:
    """Return JSON text for people to read: UTF-8, two spaces, a newline at the end.

    Example:
        >>> print(dump_json({"festival": "元旦"}).decode(), end="")
        {
          "festival": "元旦"
        }
    """
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def structure(raw: object, into: type[T], what: str, path: str = "") -> T:
    """Return the value of a class that JSON data stand for.

    Args:
        raw: What `parse_json` returned, or a part of it.
        into: An attrs class; every key must be one of its fields.
        what: What the data are, for the message.
        path: Where in them *raw* stands, such as notices[2].

    Raises:
        Invalid: With every problem, not the first alone.

    Example:
        >>> from migrant_fp.schedule.notice import NamedDay
        >>> structure({"date": "2027-01-01", "festival": "元旦"}, NamedDay, "a day").date
        datetime.date(2027, 1, 1)
    """
    try:
        return CONVERTER.structure(raw, into)
    except (BaseValidationError, ValueError) as error:
        problems = tuple(Problem(where or "the file", fact) for where, fact in _flat(error, path))
    raise Invalid(what, problems)  # without its cause, whose text holds the values


def unstructure(value: object) -> Any:  # noqa: ANN401 - JSON is any value
    """Return the JSON data that stand for a value: what `structure` takes; fields at their default are left out."""
    return CONVERTER.unstructure(value)


def shown(value: object) -> str:
    """Return input as a message may show it: on one line, shortened; lists and objects by their kind alone.

    What looks like an identity number or a telephone is masked.

    Example:
        >>> shown("2026-13-01"), shown(True), shown([1, 2])
        ("'2026-13-01'", 'true', 'a list')
    """
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = masked(repr(value[: _SHOWN + 1]) if isinstance(value, str) else json.dumps(value))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _refuse(what: str, fact: str, error: Exception) -> NoReturn:
    raise Invalid(what, (Problem("the file", fact),)) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    keys = [key for key, _ in pairs]
    return _Twice(tuple(dict.fromkeys(key for key in keys if keys.count(key) > 1)))


def _integer(text: str) -> int | float:
    return int(text) if len(text.lstrip("-")) <= _DIGITS else float("inf")


def _flat(error: BaseException, path: str, *, hidden: bool = False) -> Iterator[tuple[str, str]]:
    if isinstance(error, ClassValidationError):
        noted, rest = error.group_exceptions()
        marked = sensitivities(error.cl)
        for inner, note in noted:
            where = f"{path}.{note.name}".lstrip(".")
            yield from _flat(inner, where, hidden=hidden or note.name in marked)
        for inner in rest:
            yield from _flat(inner, path, hidden=hidden)
    elif isinstance(error, BaseValidationError):
        for inner, note in error.group_exceptions()[0]:  # type: ignore[attr-defined] # an IterableValidationError
            yield from _flat(inner, f"{path}[{note.index}]", hidden=hidden)
    else:
        yield from _one(error, path, hidden=hidden)


def _one(error: BaseException, path: str, *, hidden: bool) -> Iterator[tuple[str, str]]:
    if isinstance(error, ForbiddenExtraKeysError):
        known = ", ".join(a.name for a in attrs.fields(error.cl))
        if sensitivities(error.cl):
            yield (
                path,
                f"{len(error.extra_fields)} keys that are not shown here are unknown; expected {known}",
            )
        else:
            for key in sorted(error.extra_fields):
                yield path, f"{_key(key)} is unknown; expected {known}"
    elif isinstance(error, InvalidNotice):
        yield from ((path, problem) for problem in error.problems)
    elif isinstance(error, Invalid):
        yield from ((f"{path}.{one.place}".lstrip("."), one.fact) for one in error.problems)
    elif isinstance(error, KeyError):
        yield path, "is missing"
    elif isinstance(error, Unexpected) and hidden:
        yield path, f"came a value that is not shown here, expected {error.expected}"
    else:
        yield path, "cannot be used" if hidden else str(error)


def _key(key: str) -> str:
    """Return a key for a message: one that is no word of a program may be somebody's name, and is only counted."""
    return f"the key {shown(key)}" if key.isascii() else f"a key of {len(key)} characters"


def _exactly(kind: type, expected: str) -> Callable[[Any, Any], Any]:
    def check(value: Any, _: Any) -> Any:  # noqa: ANN401 - a cattrs hook
        if type(value) is not kind:
            raise Unexpected(shown(value), expected)
        return value

    return check


def _date(value: Any, _: Any) -> date:  # noqa: ANN401 - a cattrs hook
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.isoformat() != value:
        raise Unexpected(shown(value), "a date such as 2027-01-31") from None
    return found


@cache
def _members(kind: type[Enum]) -> dict[tuple[type, object], Enum]:
    return {(type(member.value), member.value): member for member in kind}


def _enum(value: Any, kind: type[Enum]) -> Enum:  # noqa: ANN401 - a cattrs hook
    found = _members(kind).get((type(value), value)) if isinstance(value, str | int) else None
    if found is None:
        raise Unexpected(shown(value), f"one of {', '.join(str(m.value) for m in kind)}")
    return found


def _answers(value: Any, _: Any) -> Answers:  # noqa: ANN401 - a cattrs hook
    if type(value) is not dict or not all(type(text) is str for text in value.values()):
        raise Unexpected(shown(value), "an object of texts, each item once")
    return Answers(value)


def _is_tuple(kind: Any) -> bool:  # noqa: ANN401 - a cattrs predicate
    origin: object = get_origin(kind)
    return origin is tuple


def _tuple_hook(kind: Any) -> Callable[[Any, Any], Any]:  # noqa: ANN401 - a cattrs hook factory
    element: Any = list.__class_getitem__(get_args(kind)[0])

    def check(value: Any, _: Any) -> Any:  # noqa: ANN401 - a cattrs hook
        if not isinstance(value, list):
            raise Unexpected(shown(value), "a list")
        return tuple(CONVERTER.structure(value, element))

    return check


def _class_hook(kind: type) -> Callable[[Any, Any], Any]:
    inner: Callable[[Any, Any], Any] = make_dict_structure_fn(kind, CONVERTER)

    def check(value: Any, _: Any) -> Any:  # noqa: ANN401 - a cattrs hook
        if isinstance(value, _Twice):
            twice = "a key" if sensitivities(kind) else _key(value.repeated[0])
            raise ValueError(f"{twice} is given more than once")  # noqa: TRY004 - a value twice
        if not isinstance(value, dict):
            raise Unexpected(shown(value), "an object")
        return inner(value, kind)

    return check


#: Strict in both directions; later adapters register their own hooks on a copy.
CONVERTER = Converter(forbid_extra_keys=True, omit_if_default=True)
CONVERTER.register_structure_hook(str, _exactly(str, "text"))
CONVERTER.register_structure_hook(int, _exactly(int, "a whole number"))
CONVERTER.register_structure_hook(bool, _exactly(bool, "true or false"))
CONVERTER.register_structure_hook(date, _date)
CONVERTER.register_structure_hook(Enum, _enum)
CONVERTER.register_structure_hook(Answers, _answers)
CONVERTER.register_structure_hook_factory(_is_tuple, _tuple_hook)
CONVERTER.register_structure_hook_factory(attrs.has, _class_hook)
CONVERTER.register_unstructure_hook(date, date.isoformat)
CONVERTER.register_unstructure_hook(Answers, dict)
CONVERTER.register_unstructure_hook_factory(
    attrs.has, lambda kind: make_dict_unstructure_fn(kind, CONVERTER, _cattrs_omit_if_default=True)
)
