"""Replace each function that implements a clause by a constant, and run the tests of the clauses: they must fail.

    python tools/constant_clauses.py

A clause counts only if this prints no survivor. Of a class every public method and property is replaced in turn.
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

from migrant_fp.application.clause_index import clause_index

ROOT = Path(__file__).parents[1]
_VARIABLE = "REPLACED_BY_A_CONSTANT"


def targets() -> Iterator[str]:
    """Yield the functions and methods that implement a clause, each once."""
    names = {name for one in clause_index(date(2011, 5, 18)) for name in one.implemented_by}
    for name in sorted(names):
        module, _, attribute = name.rpartition(".")
        found = getattr(import_module(module), attribute)
        if inspect.isfunction(found):
            yield name
        elif inspect.isclass(found) and attrs.has(found):
            yield from (f"{name}.{member}" for member in _members(found))


def _members(kind: type) -> Iterator[str]:
    for member, value in vars(kind).items():
        if (not member.startswith("_") and isinstance(value, property | classmethod | staticmethod)) or (
            not member.startswith("_") and inspect.isfunction(value)
        ):
            yield member


def replace(name: str) -> None:
    """Replace a function, method or property by one that returns None, wherever it was imported to."""
    module, _, attribute = name.rpartition(".")
    try:
        holder: Any = import_module(module)
    except ModuleNotFoundError:
        outer, _, inner = module.rpartition(".")
        holder = getattr(import_module(outer), inner)
    old = inspect.getattr_static(holder, attribute)
    new: Any = property(lambda _: None) if isinstance(old, property) else lambda *_, **__: None
    setattr(holder, attribute, staticmethod(new) if isinstance(old, classmethod | staticmethod) else new)
    for other in [m for key, m in sys.modules.items() if key.startswith("migrant_fp")]:
        for key, value in list(vars(other).items()):
            if value is old:
                setattr(other, key, new)


def pytest_configure() -> None:
    """As a plugin of pytest: replace what the environment names."""
    replace(os.environ[_VARIABLE])


def survives(name: str) -> bool:
    """Return whether the tests of the clauses pass without a function."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "constant_clauses",
            "-p",
            "no:cacheprovider",
            "tests/clauses",
        ],
        cwd=ROOT,
        env={**os.environ, _VARIABLE: name, "PYTHONPATH": str(ROOT / "tools"), "HYPOTHESIS_PROFILE": "dev"},
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def main() -> int:
    """Print a line for each, and the survivors."""
    names = list(targets())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(zip(names, pool.map(survives, names), strict=True))
    survivors = [name for name, survived in results if survived]
    for name in survivors:
        print(f"SURVIVED {name.removeprefix('migrant_fp.')}")
    print(f"{len(names)} functions replaced by a constant, {len(survivors)} survived")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
