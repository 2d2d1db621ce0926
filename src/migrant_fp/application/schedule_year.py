"""The schedule of a year: every duty's occurrences, with their standing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from migrant_fp.domain.duty import Duty, Standing
from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.convention import Reading
from migrant_fp.schedule.occurrence import Occurrence, plan
from migrant_fp.schedule.rule import Bound

#: The keys of `Entry.as_row`, in order.
ROW_KEYS = (
    *("id", "duty", "title", "clause", "level", "period", "bound", "nominal", "actual", "first", "last"),
    *("working_days", "act_by", "certainty", "standing", "candidates", "stepped_over"),
)


@attrs.frozen
class Entry:
    """One line of a schedule.

    Attributes:
        duty: What falls due.
        occurrence: When.
        standing: What the document's word is worth on that day.
    """

    duty: Duty
    occurrence: Occurrence
    standing: Standing

    def as_row(self) -> dict[str, Any]:
        """Return the entry as plain values for JSON; dates ISO, absent is None."""
        one = self.occurrence
        return {
            "id": one.id,
            "duty": self.duty.id,
            "title": self.duty.title,
            "clause": self.duty.clause.number,
            "level": self.duty.level.value,
            "period": one.period.label if one.period else None,
            "bound": "by" if one.bound is Bound.BEFORE else one.bound.value,
            "nominal": _iso(one.nominal),
            "actual": _iso(one.actual),
            "first": _iso(one.first),
            "last": _iso(one.last) if one.first else None,
            "working_days": [d.isoformat() for d in one.working_days]
            if one.working_days is not None
            else None,
            "act_by": _iso(one.act_by),
            "certainty": "provisional" if one.provisional else "confirmed",
            "standing": self.standing.value,
            "candidates": [d.isoformat() for d in one.candidates] or None,
            "stepped_over": [
                {
                    "date": day.date.isoformat(),
                    "kind": day.kind.value,
                    "festival": day.festival,
                    "notice": day.notice.title if day.notice and not day.notice.estimated else None,
                }
                for day in one.stepped_over
            ],
        }


def schedule_year(duties: Iterable[Duty], year: int, calendar: WorkingCalendar) -> Iterator[Entry]:
    """Yield the entries of a year, duty by duty; a year without a notice is answered provisionally."""
    for duty in duties:
        for occurrence in plan(duty, year, calendar, provisional=True):
            yield Entry(duty, occurrence, duty.standing(occurrence.last))


def read_as(duties: Iterable[Duty], reading: Reading, before: Bound) -> tuple[Duty, ...]:
    """Return the duties with the adopter's reading of 节假日 and of 前 (`Bound.BY` or `Bound.BEFORE`)."""
    return tuple(duty.with_rule(_read(duty, reading, before)) for duty in duties)


def _read(duty: Duty, reading: Reading, before: Bound) -> Any:  # noqa: ANN401 - evolve keeps the type
    bound = before if duty.rule.bound in {Bound.BY, Bound.BEFORE} else duty.rule.bound
    return attrs.evolve(duty.rule, reading=reading, bound=bound)


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None
