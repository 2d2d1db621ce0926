"""Static conformance: checked by mypy, never executed."""
