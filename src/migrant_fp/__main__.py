"""`python -m migrant_fp` is `migrant-fp`."""

import sys

from migrant_fp.cli import main

if __name__ == "__main__":
    sys.exit(main())
