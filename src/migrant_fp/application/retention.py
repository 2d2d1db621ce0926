"""The end of keeping: packages about persons are removed when the day is past that their sender set (个人信息保护法 art. 47)."""

from __future__ import annotations

from datetime import date

from migrant_fp.application.hand_over import Office
from migrant_fp.domain.manifest import Manifest


def expire(office: Office, today: date) -> tuple[Manifest, ...]:
    """Remove every package, made or taken, whose last day of keeping is past, and return their manifests.

    The ledger keeps ids, digests and days, and nothing of a resident. What the host took over into its own register is the host's to
    erase.

    Args:
        office: The office.
        today: The day.
    """
    made = [(one.manifest, one.digest) for one in office.ledger.dispatches()]
    came = [(one.manifest, one.digest) for one in office.ledger.arrivals() if one.manifest]
    return tuple(
        manifest
        for manifest, digest in (*made, *came)
        if manifest.retain_until is not None
        and manifest.retain_until < today
        and office.packages.forget(manifest.package_id, digest)
    )
