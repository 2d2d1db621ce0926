"""The root of every error this library raises, and the errors of dates."""

from __future__ import annotations

from datetime import date

import attrs


class MigrantFpError(Exception):
    """The root: catch this one to catch everything the library raises on purpose."""


@attrs.frozen
class NotAnnounced(MigrantFpError, LookupError):
    """No notice that the calendar holds arranges the year of a date.

    Attributes:
        date: The date that was asked for.
        announced: The years the calendar has notices for, in order.
    """

    date: date
    announced: tuple[int, ...]

    def __str__(self) -> str:
        """Say what was asked, what is known and the three ways on."""
        known = _years(self.announced) or "no year"
        return (
            f"{self.date}: no holiday notice for {self.date.year} is loaded (loaded: {known}). "
            f"Add it with WorkingCalendar.with_notice() or --notices PATH, or ask with "
            f"provisional=True for an answer that is marked as an estimate. "
            f"（{self.date.year}年放假安排尚未载入，请载入国务院通知，或取暂定结果）"
        )


@attrs.frozen
class InvalidNotice(MigrantFpError, ValueError):
    """A holiday notice, or a set of them, contradicts itself.

    Attributes:
        problems: Every problem found, each naming its notice and day.
    """

    problems: tuple[str, ...]

    def __str__(self) -> str:
        """List every problem, one a line."""
        return "holiday notices cannot be used; correct every line below:\n" + "\n".join(
            f"- {problem}" for problem in self.problems
        )


@attrs.frozen
class InvalidRule(MigrantFpError, ValueError):
    """A rule, or a question put to one, makes no sense.

    Attributes:
        what: What came.
        expected: What was expected, and what to do.
    """

    what: str
    expected: str

    def __str__(self) -> str:
        """Say what came and what was expected."""
        return f"{self.what}: expected {self.expected}"


@attrs.frozen
class NotInForce(MigrantFpError, ValueError):
    """A convention was asked about a day on which its law did not apply.

    Attributes:
        what: The law, as it is cited.
        on: The day asked about.
        since: The first day of the law.
        until: The last day of the law, or None while it stands.
    """

    what: str
    on: date
    since: date
    until: date | None

    def __str__(self) -> str:
        """Name the law, its interval and the cure."""
        return (
            f"{self.what} did not apply on {self.on} (in force from {self.since} to "
            f"{self.until or 'now'}): choose a convention whose law covers that day"
        )


@attrs.frozen
class OutsideLunarTable(MigrantFpError, LookupError):
    """A year lies outside the table of lunar festivals.

    Attributes:
        year: The year asked for.
        first: The first year of the table.
        last: The last year of the table.
    """

    year: int
    first: int
    last: int

    def __str__(self) -> str:
        """Name the year and the range of the table."""
        return (
            f"{self.year}: the table of lunar festivals covers {self.first} to {self.last}; "
            f"ask for a year within it （农历表仅覆盖{self.first}—{self.last}年）"
        )


def _years(years: tuple[int, ...]) -> str:
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else ", ".join(map(str, years))
