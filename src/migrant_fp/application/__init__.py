"""Use cases: load, ask a pure function, hand back values."""
