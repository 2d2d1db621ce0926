"""Print how many mutants of each module the tests killed, and the survivors; exit 1 below 90 %.

    mutmut run && python tools/mutation_score.py

A mutant that no test reaches counts as a survivor, one that ran into the time limit as killed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

_LEAST = 0.9
_SURVIVED = {0, 5, 33}  # the tests passed; no test was collected; no test reaches it


def main() -> int:
    """Print the table and return the exit code."""
    total: Counter[str] = Counter()
    survivors: list[str] = []
    for meta in sorted(Path("mutants/src").rglob("*.py.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        ran = {name: code for name, code in codes.items() if code is not None}
        alive = [name for name, code in ran.items() if code in _SURVIVED]
        if ran:
            module = meta.relative_to("mutants/src/migrant_fp").as_posix().removesuffix(".py.meta")
            print(f"{module:32} {len(ran) - len(alive):5} of {len(ran):5} killed")
        total += Counter(ran=len(ran), alive=len(alive))
        survivors += alive
    if not total["ran"]:
        print("no mutant was run: run mutmut first", file=sys.stderr)
        return 2
    share = 1 - total["alive"] / total["ran"]
    print("\n".join(["", "survivors:", *survivors]))
    print(f"\n{total['ran'] - total['alive']} of {total['ran']} killed: {share:.1%} (expected {_LEAST:.0%})")
    return 0 if share >= _LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
