"""Where the holiday notices come from."""

from __future__ import annotations

from typing import Protocol

from migrant_fp.schedule.notice import HolidayNotice


class HolidayNotices(Protocol):
    """The holiday notices a site holds, wherever they are kept.

    `migrant_fp.testing.contracts.HolidayNoticesContract` holds the promises, one test each.
    """

    def notices(self) -> tuple[HolidayNotice, ...]:
        """Return every notice, the one issued first first; none is no error.

        An amendment is a notice of its own: it stands beside the notice it amends. A notice marked
        as an estimate comes back marked.

        Raise `InvalidNotice` where what is kept cannot be used, with all its problems and not the
        first alone. Let every other error escape: the caller cannot mistake it for an empty year.
        """
        ...
