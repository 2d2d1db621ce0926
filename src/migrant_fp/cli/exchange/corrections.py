"""The correction request that follows a reconciliation: it goes back to the other office as a package."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from migrant_fp.adapters.package import CaseFiles
from migrant_fp.application.hand_over import ask_corrections
from migrant_fp.application.reconcile import corrections_for
from migrant_fp.cli.exchange.office import opened_office
from migrant_fp.cli.exchange.settings import agency_of
from migrant_fp.domain.agency import Role
from migrant_fp.domain.errors import Invalid, Problem
from migrant_fp.domain.hand_over_record import CASES
from migrant_fp.domain.reconciliation import Authority, Difference
from migrant_fp.domain.table import KEY
from migrant_fp.ports.reconciler import Reconciler

_ROLES = {role.value: role for role in Role}
_FIELDS = tuple(field.name for field in CASES.fields if field.name != KEY)


def authority_of(given: Sequence[str]) -> Authority:
    """Return which party is authoritative for which field, from default=ROLE and FIELD=ROLE.

    Raises:
        Invalid: If a field or role is unknown, one comes twice, or there is no default; with every problem.
    """
    pairs = [tuple(one.partition("=")[::2]) for one in given]
    names = [name for name, _ in pairs]
    problems = []
    if "default" not in names:
        problems.append("expected default=ROLE, and FIELD=ROLE for what differs from it （须有 default=）")
    if len(set(names)) < len(names):
        problems.append("names one field twice; keep one")
    if {*names} - {"default", *_FIELDS}:
        problems.append(f"names an unknown field; expected default, {', '.join(_FIELDS)}")
    if {role for _, role in pairs} - {*_ROLES}:
        problems.append(f"names an unknown role; expected {', '.join(_ROLES)}")
    if problems:
        raise Invalid("authority", tuple(Problem("--authority", fact) for fact in problems))
    roles = {name: _ROLES[role] for name, role in pairs}
    return Authority(roles.pop("default"), roles)


def made_request(
    home: Path, theirs: CaseFiles, mine: CaseFiles, engine: Reconciler, authority: Authority
) -> str | None:
    """Make the request to the other office and return its id; none where nothing is to be corrected.

    The values stay within its package, and in a file that has no name until it is made.

    Raises:
        NoLegalBasis: If the law has ended.
        LedgerMoved: If another run of the same office recorded first.
    """
    manifest = theirs.manifest
    if manifest.basis is None:
        raise Invalid("reconciliation", (Problem("basis", "the hand-over names no law （无法律依据）"),))
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=home) as rows:
        asked = 0

        def keep(found: Difference) -> None:
            nonlocal asked
            for row in corrections_for(manifest, mine.manifest, [found], authority):
                rows.write(json.dumps(row, ensure_ascii=False) + "\n")
                asked += 1

        engine.compare(theirs.parts("cases"), mine.parts("cases"), keep)
        if not asked:
            return None
        rows.seek(0)
        with opened_office(home, lambda _: None) as office:
            request = ask_corrections(
                office,
                agency_of(manifest.sender),
                manifest.period,
                map(json.loads, rows),
                today=date.today(),
                join_key=manifest.join_key,
                basis=manifest.basis,
                simulation=manifest.test,
            )
    return request.id
