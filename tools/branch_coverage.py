"""Print the branch coverage of `schedule/` and `domain/`, room by room; exit 1 below 95 %, or where a gap has no reason.

    pytest --cov && python tools/branch_coverage.py

A gap is a line or branch that no test reaches. Its reason stands in `docs/explanation/coverage.md`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import coverage

_LEAST = 95.0
_ROOMS = ("schedule", "domain")
_REASONS = Path(__file__).parents[1] / "docs/explanation/coverage.md"


def main() -> int:
    """Print a line for each room and each gap."""
    data = coverage.Coverage()
    data.load()
    reasons = _REASONS.read_text(encoding="utf-8") if _REASONS.exists() else ""
    code = 0
    for room in _ROOMS:
        share, gaps = _room(data, room)
        print(f"{room}: {share:.1f} % of lines and branches (expected {_LEAST:.0f} %)")
        without = [gap for gap in gaps if f"`{gap}`" not in reasons]
        for gap in gaps:
            print(f"  not reached: {gap}{'' if gap not in without else '  (no reason given)'}")
        code |= share < _LEAST or bool(without)
    return int(code)


def _room(data: coverage.Coverage, room: str) -> tuple[float, list[str]]:
    reached = there = 0
    gaps = []
    for file in sorted(data.get_data().measured_files()):
        path = Path(file)
        if path.parent.name == room and path.parent.parent.name == "migrant_fp":
            numbers = data._analyze(file).numbers
            reached += numbers.n_executed + numbers.n_executed_branches
            there += numbers.n_statements + numbers.n_branches
            if numbers.n_missing or numbers.n_missing_branches:
                gaps.append(f"{room}/{path.name}")
    return (100 * reached / there if there else 0.0), gaps


if __name__ == "__main__":
    sys.exit(main())
