"""What it costs to begin: imports over a bare interpreter, and the processor time of `migrant-fp plan 2013`."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

RUNS = 15


def processor_time(*arguments: str) -> float:
    """Return the median processor time of a command in milliseconds."""
    taken = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return 1000 * statistics.median(taken)


def main() -> None:
    """Print the table."""
    bare = processor_time("-c", "pass")
    print(f"{'bare interpreter':44}{bare:>8.0f} ms")
    for name in ("migrant_fp", "migrant_fp.adapters.chinese_calendar", "chinese_calendar", "holidays"):
        print(
            f"{'import ' + name + ', over that':44}{processor_time('-c', f'import {name}') - bare:>8.0f} ms"
        )
    print(f"{'migrant-fp plan 2013, whole':44}{processor_time('-m', 'migrant_fp', 'plan', '2013'):>8.0f} ms")
    print(
        f"{'migrant-fp plan 2027 (estimated), whole':44}{processor_time('-m', 'migrant_fp', 'plan', '2027'):>8.0f} ms"
    )


if __name__ == "__main__":
    main()
