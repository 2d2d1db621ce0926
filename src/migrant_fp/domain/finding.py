"""A finding: what is owed, by which office, and by which clause. Never a verdict on a resident."""

from __future__ import annotations

from datetime import date

import attrs

from migrant_fp.domain.clause import Clause
from migrant_fp.schedule.term import Term


class Action(Term):
    """What an office does for a resident; a closed set, and refusing is not in it."""

    TELL = ("tell", "告知")
    URGE = ("urge", "动员")
    RECORD = ("record", "采集")
    FEED_BACK = ("feed_back", "反馈")
    REMIND = ("remind", "督促")
    SERVE = ("serve", "服务")


@attrs.frozen
class Finding:
    """One thing that an office owes.

    Attributes:
        code: A stable code, such as dispatch-not-acknowledged.
        clause: The clause by which it is owed.
        owed_by: The office that owes it, as the clause or its sign names it; never a resident.
        action: What it is to do, in Chinese.
        action_en: The same in English.
        about: The id of what it is about, such as joint-meeting/2011-Q4; never a name or number of a person.
        due: The last day on which it could be done in time; None where no day is set.
        kind: Of what an office does for a resident: the kind of action.
        through: The record id of the named person (专人) of the office, where one is named.
    """

    code: str
    clause: Clause
    owed_by: str
    action: str
    action_en: str
    about: str = ""
    due: date | None = None
    kind: Action | None = None
    through: str = ""

    def __str__(self) -> str:
        """Return the finding as a line: clause, office, what it owes, about what, by when.

        Example:
            >>> print(Finding("permit-missing", Clause("四(六)", "…"), "街道计划生育服务站", "督促办理暂住证", ""))
            四(六) 街道计划生育服务站 督促办理暂住证
        """
        when = f"{self.due}前" if self.due else ""
        through = f"专人{self.through}" if self.through else ""
        note = "，".join(part for part in (self.about, when, through) if part)
        return f"{self.clause.number} {self.owed_by} {self.action}" + (f"（{note}）" if note else "")
