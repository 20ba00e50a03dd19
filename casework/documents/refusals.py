"""Why a file is not taken."""


class Unacceptable(Exception):
    """The file is not taken. `str(error)` says why and what to do, and names nobody."""
