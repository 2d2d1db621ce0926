"""The documentation says what the code does."""

import re
from importlib import import_module
from pathlib import Path
from runpy import run_path

import migrant_fp

ROOT = Path(__file__).parents[1]
PACKAGE = Path(migrant_fp.__file__).parent


def test_the_diagrams_are_those_of_the_tables() -> None:
    made = run_path(str(ROOT / "tools/generate_life_cycles.py"))

    assert (ROOT / "docs/reference/life-cycles.md").read_text("utf-8") == made["page"]()


def test_every_life_cycle_of_the_domain_has_a_diagram() -> None:
    tables = [
        name
        for file in (PACKAGE / "domain").glob("*.py")
        for name in re.findall(r"^(\w+_LIFE) = LifeCycle\(", file.read_text("utf-8"), re.MULTILINE)
    ]

    source = (ROOT / "tools/generate_life_cycles.py").read_text("utf-8")
    assert len(tables) == 9
    assert all(f"{name}.diagram()" in source for name in tables)


def test_every_term_of_the_glossary_is_in_the_code() -> None:
    text = (ROOT / "docs/reference/glossary.md").read_text("utf-8")
    code = "\n".join(file.read_text("utf-8") for file in PACKAGE.rglob("*.py"))
    names = {name for cell in re.findall(r"`([A-Za-z_.]+)(?:\(\d+\))?`", text) for name in cell.split(".")}

    assert len(names) > 60
    assert [name for name in names if not re.search(rf"\b{name}\b", code)] == []


def test_the_adapter_of_the_how_to_is_under_sixty_lines() -> None:
    page = (ROOT / "docs/how-to/write-an-adapter.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    assert 20 < sum(len(block.splitlines()) for block in blocks) < 60


def test_the_public_names_are_importable() -> None:
    package = import_module("migrant_fp")

    assert all(getattr(package, name).__doc__ for name in package.__all__)
