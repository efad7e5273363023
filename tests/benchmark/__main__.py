"""`python -m tests.benchmark`: see tests/benchmark/benchmark.py."""

import sys

from tests.benchmark.benchmark import main

if __name__ == "__main__":
    sys.exit(main())
