"""The kit for those who write an adapter: subclass a contract, run pytest. It needs pytest and hypothesis.

Importing it registers the strategies, so that `st.from_type(Person)` draws invented people.
"""

import pytest

# Before the first import of them, so that a broken promise is shown with its two sides.
pytest.register_assert_rewrite(
    "migrant_fp.testing.contracts",
    "migrant_fp.testing.registers",
    "migrant_fp.testing.unit_of_work",
    "migrant_fp.testing.collection_system",
    "migrant_fp.testing.channel",
    "migrant_fp.testing.signing",
    "migrant_fp.testing.reconciler",
)

from migrant_fp.testing import strategies as strategies  # noqa: E402 - importing registers them
