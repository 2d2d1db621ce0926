"""The end of keeping: packages about persons are removed when the day is past that their sender set (个人信息保护法 art. 47)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from migrant_fp.application.office import Office
from migrant_fp.domain.arrival import Arrival, ArrivalEvent, ArrivalState, settle
from migrant_fp.domain.dispatch import Dispatch
from migrant_fp.domain.manifest import Manifest


def expire(office: Office, today: date) -> tuple[Manifest, ...]:
    """Remove every package, made or taken, whose last day of keeping is past, and return their manifests.

    It is recorded first: what was made and is not known to be applied has expired, so has what was accepted and never applied, and what was
    held is rejected. The next `receive` tells the senders. What a killed process left behind and no ledger knows is removed too, a
    day later. The ledger keeps ids, digests and days, and nothing of a resident. What the host took over into its own register is the
    host's to erase.

    Args:
        office: The office.
        today: The day.

    Raises:
        LedgerMoved: If another run of the same office recorded first; then nothing is removed, and the next run goes on.
    """
    head, made, came = office.ledger.head(), office.ledger.dispatches(), office.ledger.arrivals()
    past = [one for one in made if one.manifest.is_past_retention(today)]
    moved = [*settle(came, office.agency.id, today, head), *_expired(came, today)]
    office.ledger.keep([*_changed(past), *moved], head)
    found = [(one.manifest, one.digest) for one in past]
    found += [(one.manifest, one.digest) for one in came if one.manifest]
    office.packages.forget_unknown([*(one.digest for one in made), *(one.digest for one in came)])
    removed = tuple(
        manifest
        for manifest, digest in found
        if manifest.is_past_retention(today) and office.packages.forget(manifest.package_id, digest)
    )
    for one in moved:
        if not one.is_kept(today):
            office.packages.drop(one.package, one.digest)
    return removed


def _expired(came: Iterable[Arrival], today: date) -> Iterator[Arrival]:
    for one in came:
        if one.state is ArrivalState.ACCEPTED and one.manifest and one.manifest.is_past_retention(today):
            yield one.after(ArrivalEvent.EXPIRE, today)


def _changed(past: Iterable[Dispatch]) -> list[Dispatch]:
    return [after for one in past if (after := one.after_expiry()) != one]
