"""Working-day dates with their reasons, and 常公局〔2011〕134号 as a typed model.

The public names: everything else is an implementation detail.
"""

from migrant_fp.schedule.calendar import WorkingCalendar
from migrant_fp.schedule.convention import Adjustment, Convention, Reading, adjust
from migrant_fp.schedule.day import Day, DayKind
from migrant_fp.schedule.errors import MigrantFpError, NotAnnounced
from migrant_fp.schedule.notice import Certainty, HolidayNotice, NamedDay
from migrant_fp.schedule.occurrence import Occurrence, due, extra, plan, replan
from migrant_fp.schedule.period import Period
from migrant_fp.schedule.rule import After, Bound, Rule

__all__ = [
    "Adjustment",
    "After",
    "Bound",
    "Certainty",
    "Convention",
    "Day",
    "DayKind",
    "HolidayNotice",
    "MigrantFpError",
    "NamedDay",
    "NotAnnounced",
    "Occurrence",
    "Period",
    "Reading",
    "Rule",
    "WorkingCalendar",
    "adjust",
    "due",
    "extra",
    "plan",
    "replan",
]
