"""How far a long command has come, on standard error, so that standard output stays its answer."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the number of steps done since it was last called.

    A terminal sees a bar; a file or a pipe, the label alone.
    """
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update
