"""`python -m tests.clients`: see tests/clients/clients.py."""

import sys

from tests.clients.clients import main

if __name__ == "__main__":
    sys.exit(main())
