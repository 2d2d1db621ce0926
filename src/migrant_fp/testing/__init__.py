"""The kit for those who write an adapter: subclass a contract, run pytest. It needs pytest."""

import pytest

# Before the first import of it, so that a broken promise is shown with its two sides.
pytest.register_assert_rewrite("migrant_fp.testing.contracts")
