"""Each example prints what its docstring says it prints."""

import ast
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

_EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))


@pytest.mark.parametrize("path", _EXAMPLES, ids=lambda path: path.stem)
def test_it_prints_what_it_says(path: Path, tmp_path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert text
    promised = dedent(text.split("Prints:\n\n")[1]).strip()

    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(path)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.strip() == promised


def test_there_are_examples() -> None:
    assert len(_EXAMPLES) >= 3
