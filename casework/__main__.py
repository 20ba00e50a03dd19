"""`python3 -m casework …`: builds what it needs with the standard library alone, then runs it."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "This needs Python 3.11 or later; this is Python {}.{}. Install a later Python and start "
        "again with it, for example: python3.11 -m casework run".format(*sys.version_info[:2])
    )

from casework.bootstrap.verbs import main

sys.exit(main(sys.argv[1:]))
