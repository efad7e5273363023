"""`python -m tests.semantic`: see tests/semantic/semantic.py."""

import sys

from tests.semantic.semantic import main

if __name__ == "__main__":
    sys.exit(main())
