"""Write docs/explanation/mutation-testing.md: every mutation that no test noticed, by kind, with why it lives.

mutmut run && python tools/list_survivors.py
"""

from __future__ import annotations

import ast
import difflib
import json
import re
import sys
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

_SURVIVED = {0, 5, 33}
_MUTANTS = Path("mutants/src/migrant_fp")
_PAGE = Path("docs/explanation/mutation-testing.md")
_HEAD = """\
# What mutation testing shows

mutmut changes `schedule/` and `domain/` in one place at a time and runs the tests: a change that no test notices is a
survivor. `.ci/run` does this for a sample and `.ci/long` for all; below 90 % either stops. To see one, run
`mutmut show NAME` after `mutmut run`. This page is made by `tools/list_survivors.py`.

Measured on {day} with mutmut {version}: {killed} of {ran} killed: {share:.1%}.

The survivors, with why they live. The number after the sign is mutmut's, and changes with the source.
"""
_WHY = {
    "Import": "Runs once, while the module is imported, before mutmut switches a mutation on: no test can see it.",
    "Words": "A word of a sentence for people, or the `what` of a refusal, that the tests hold in part only.",
    "Provisional": "Whether an answer may be an estimate, passed on where the tests ask about years whose notice is out.",
    "Strict": "`strict=True` of a `zip` over two sequences that are equally long by construction.",
    "Argument": "An argument that is left out or None where the default, or the value that comes of it, is the same to what the"
    " tests compare; most are a field of an error or a value that the tests of it do not compare.",
    "Default": "The default of a field or parameter that every test gives.",
    "Edge": "A comparison at a bound that a check before or behind it decides too.",
    "Number": "A number in a place where its neighbours give the same answer: a bound far from any input, or an order of sorting.",
    "Guard": "A condition that holds or fails for everything that can come to it, or guards work that is harmless.",
    "Same": "Another way to write the same: an equal value, an order that a sort behind it undoes, a loop that ends one step later.",
}


def main() -> int:
    """Write the page and return the exit code."""
    ran, survivors = 0, []
    for meta in sorted(_MUTANTS.rglob("*.py.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        done = {name: code for name, code in codes.items() if code is not None}
        ran += len(done)
        survivors += [(meta.with_suffix(""), name) for name, code in done.items() if code in _SURVIVED]
    if not ran:
        print("no mutant was run: run mutmut first", file=sys.stderr)
        return 2
    _PAGE.write_text(_page(ran, survivors), encoding="utf-8")
    print(f"wrote {_PAGE}: {len(survivors)} survivors of {ran}")
    return 0


def _page(ran: int, survivors: list[tuple[Path, str]]) -> str:
    kinds: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for path, name in survivors:
        function, number = _shown(name)
        kinds[_kind(path, name)][path.stem][function].append(number)
    killed = ran - len(survivors)
    text = _HEAD.format(
        day=datetime.now(UTC).date(), version=version("mutmut"), killed=killed, ran=ran, share=killed / ran
    )
    for kind, why in _WHY.items():
        count = sum(len(numbers) for functions in kinds[kind].values() for numbers in functions.values())
        if count:
            text += f"\n## {kind} ({count})\n\n{why}\n\n"
            for module, functions in sorted(kinds[kind].items()):
                listed = "; ".join(f"`{name}` {', '.join(numbers)}" for name, numbers in functions.items())
                text += f"- `{module}`: {listed}\n"
    return text


def _shown(name: str) -> tuple[str, str]:
    function, _, number = name.rpartition("__mutmut_")
    function = function.rpartition(".")[2].removeprefix("x")
    return ".".join(part for part in function.split("ǁ") if part).removeprefix("_"), f"#{number}"


@cache
def _functions(path: Path) -> dict[str, ast.AST]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in ast.walk(tree) if isinstance(node, kinds)}


def _changed(path: Path, name: str) -> tuple[str, str]:
    """Return what stood there, and what the mutation put in its place."""
    functions = _functions(path)
    mutant = name.rpartition(".")[2]
    before, after = (
        ast.unparse(functions[one]).splitlines()[1:] if one in functions else []
        for one in (mutant.rpartition("_")[0] + "_orig", mutant)
    )
    diff = [line for line in difflib.ndiff(before, after) if line[:2] in {"- ", "+ "}]
    return tuple("\n".join(line[2:] for line in diff if line[0] == sign) for sign in "-+")  # type: ignore[return-value]


def _kind(path: Path, name: str) -> str:
    if path.stem == "lunar":
        return "Import"
    before, after = _changed(path, name)
    rules = {
        "Provisional": "provisional" in before or "provisional" in after,
        "Strict": "strict=" in before,
        "Words": _without_text(before) == _without_text(after),
        "Argument": after.count("None") > before.count("None") or _is_shorter_call(before, after),
        "Number": re.sub(r"\d+", "", before) == re.sub(r"\d+", "", after),
        "Edge": re.sub(r"[<>]=?", "<", before) == re.sub(r"[<>]=?", "<", after),
        "Guard": bool(re.search(r"\b(if|and|or|not|while|break|continue|return)\b", before)),
    }
    return next((kind for kind, holds in rules.items() if holds), "Same")


def _without_text(code: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"|\{[^}]*\}", "''", code)


def _is_shorter_call(before: str, after: str) -> bool:
    return "(" in before and len(after) < len(before) and before.count(",") > after.count(",")


if __name__ == "__main__":
    sys.exit(main())
