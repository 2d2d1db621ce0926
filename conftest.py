"""Test set-up: Hypothesis profiles, and every code block of the documentation run."""

import os

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

settings.register_profile("dev", max_examples=50)
settings.register_profile("ci", max_examples=100, derandomize=True, deadline=None, print_blob=True)
settings.register_profile("long", max_examples=500, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

pytest_collect_file = SybilCollection(
    (
        Sybil(parsers=[PythonCodeBlockParser()], patterns=["README*.md", "docs/*/*.md"]),
        Sybil(parsers=[DocTestParser()], pattern="*.py", path="src"),
    )
).pytest()
