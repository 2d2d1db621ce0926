"""The documents themselves, as values."""
