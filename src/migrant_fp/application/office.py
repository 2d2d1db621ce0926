"""An office with what it needs to exchange."""

from __future__ import annotations

import attrs

from migrant_fp.domain.agency import Agency
from migrant_fp.ports.channel import Channel
from migrant_fp.ports.ledger import Ledger
from migrant_fp.ports.packages import Packages


@attrs.frozen
class Office:
    """One office with what it needs to exchange.

    Attributes:
        agency: The agency.
        ledger: Its ledger.
        packages: Its packages.
        channel: Its channel; polls its own box.
    """

    agency: Agency
    ledger: Ledger
    packages: Packages
    channel: Channel
