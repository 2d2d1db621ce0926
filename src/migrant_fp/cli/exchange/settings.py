"""What an office is: `office.toml` in its folder, with every problem of it told at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import attrs

from migrant_fp.adapters.serialization import structure
from migrant_fp.domain.agency import Agencies, Agency, NamedPerson, Role
from migrant_fp.domain.duty import Level
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.privacy import is_code
from migrant_fp.regulations.changzhou_agencies import AGENCIES

#: The file that says what an office is.
SETTINGS = "office.toml"
_ROLES = {one.value: one for one in Role}
_LEVELS = {one.value: one for one in Level if one is not Level.COMMUNITY}
_AGENCY = re.compile(rf"({'|'.join(_ROLES)})/({'|'.join(_LEVELS)})/([0-9]{{6}}([0-9]{{3}}){{0,2}})")
_AGENCY_EXPECTED = (
    f"{'|'.join(_ROLES)} / {'|'.join(_LEVELS)} / code, such as public_security/district/320411 （机构编号）"
)


@attrs.frozen
class Key:
    """A key of the office, in PEM, beside office.toml or by its whole path.

    Attributes:
        id: What the others call it: the agency's id, and # with more where it has several.
        file: The file.
    """

    id: str
    file: str


@attrs.frozen
class Named:
    """A named person (专人) of an agency.

    Attributes:
        agency: The id of the agency.
        staff: The record id of the person.
        since: The first day.
        until: The last day.
    """

    agency: str
    staff: str
    since: date
    until: date | None = None


@attrs.frozen
class OfficeSettings:
    """What office.toml says.

    Attributes:
        agency: The id of the agency, such as public_security/district/320411.
        channel: The fsspec URL of the place where packages are left: a folder, sftp://, ftp:// and others.
        sign: The Ed25519 key that signs.
        open: The X25519 key that opens what is sealed to this office.
        trust: The Ed25519 public keys of the others.
        seal: The X25519 public keys of the others: records about persons to them are sealed.
        named: The named persons of the offices.
        unsigned: Whether unsigned packages are taken, as integrity only.
    """

    agency: str
    channel: str
    sign: Key | None = None
    open: Key | None = None
    trust: tuple[Key, ...] = ()
    seal: tuple[Key, ...] = ()
    named: tuple[Named, ...] = ()
    unsigned: bool = False


def is_agency_id(name: str) -> bool:
    """Return whether a text is the id of an agency.

    Example:
        >>> is_agency_id("public_security/district/320411"), is_agency_id("320411")
        (True, False)
    """
    return _AGENCY.fullmatch(name) is not None


def agency_of(name: str) -> Agency:
    """Return the agency of an id; one that the library does not ship is taken as it is named.

    Raises:
        Invalid: If it is no id.
    """
    if not is_agency_id(name):
        raise Invalid("agency", (Problem("id", f"expected {_AGENCY_EXPECTED}"),))
    role, level, division = name.split("/")
    asked = Agency(_ROLES[role], _LEVELS[level], division)
    return next((one for one in AGENCIES.members if one.id == asked.id), asked)


def party_of(role: str, mine: Agency) -> Agency:
    """Return another party of an office's own level and division."""
    return agency_of(f"{role}/{mine.level.value}/{mine.division}")


def agencies_for(mine: Agency) -> Agencies:
    """Return the shipped agencies, and the three parties of an office that is not among them."""
    known = {one.id for one in AGENCIES.members}
    three = [party_of(role.value, mine) for role in Role]
    return Agencies([*AGENCIES.members, *(one for one in three if one.id not in known)])


def read_settings(folder: Path) -> OfficeSettings:
    """Return what office.toml says.

    Raises:
        Invalid: If it is not there or cannot be used, with every problem.
        OSError: If it cannot be read.
    """
    path = folder / SETTINGS
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        fact = "is not in the folder; begin it with migrant-fp exchange new （尚未建立）"
        raise Invalid(SETTINGS, (Problem("the file", fact),)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = f"is no TOML: {error}" if isinstance(error, tomllib.TOMLDecodeError) else "is not UTF-8"
        raise Invalid(SETTINGS, (Problem("the file", place[:120]),)) from None
    settings = structure(_plain(raw), OfficeSettings, SETTINGS)
    if problems := tuple(_problems(settings)):
        raise Invalid(SETTINGS, problems)
    return settings


def _problems(settings: OfficeSettings) -> Iterator[Problem]:
    """Yield what the reader of the file cannot see: keys of the wrong agency, ids that are none, days that contradict."""
    if not is_agency_id(settings.agency):
        yield Problem("agency", f"expected {_AGENCY_EXPECTED}")
    if not settings.channel or "\0" in settings.channel:
        yield Problem("channel", "is empty; expected a folder, or a URL such as sftp://… （交换目录）")
    if settings.channel.startswith("memory:"):
        yield Problem(
            "channel", "is memory, which ends with the command; expected a place that stays （交换目录）"
        )
    for name, own in (("sign", settings.sign), ("open", settings.open)):
        if own is not None:
            yield from _key_problems(name, own, settings.agency)
    for name, keys in (("trust", settings.trust), ("seal", settings.seal)):
        for number, key in enumerate(keys):
            yield from _key_problems(f"{name}[{number}]", key)
        if len({key.id for key in keys}) < len(keys):
            yield Problem(name, "names one key twice; keep one, or tell them apart with # and more")
    for number, one in enumerate(settings.named):
        yield from _named_problems(f"named[{number}]", one)


def _named_problems(place: str, one: Named) -> Iterator[Problem]:
    if not is_agency_id(one.agency):
        yield Problem(f"{place}.agency", f"expected {_AGENCY_EXPECTED}")
    if not is_code(one.staff):
        yield Problem(
            f"{place}.staff", "expected the record id of the person, such as S-1, and no name （记录号）"
        )
    if one.until and one.until < one.since:
        yield Problem(f"{place}.until", f"lies before {one.since}, the first day")


def _key_problems(place: str, key: Key, agency: str = "") -> Iterator[Problem]:
    whose = key.id.partition("#")[0]
    if agency and whose != agency:
        yield Problem(f"{place}.id", f"expected {agency}, and # with more where there are several （本机构）")
    elif not is_agency_id(whose):
        yield Problem(f"{place}.id", f"expected {_AGENCY_EXPECTED}, and # with more where there are several")
    if not key.file or "\0" in key.file:
        yield Problem(f"{place}.file", "is no name of a file")


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def named_persons(settings: OfficeSettings) -> tuple[NamedPerson, ...]:
    """Return the named persons of office.toml."""
    return tuple(NamedPerson(one.agency, one.staff, one.since, one.until) for one in settings.named)
