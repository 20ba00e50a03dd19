"""`casework law`: the book of rules, as a table or as data."""

import json
import shutil
import textwrap
from dataclasses import fields
from datetime import date
from itertools import groupby

import click

from casework.rules.because import limit_in_words
from casework.rules.book import BOOK, search
from casework.rules.duty import Duty
from casework.rules.exceptions import GROUNDS
from casework.rules.sources import IN_FORCE

_NARROWEST, _WIDEST = 80, 120
_CONFIDENCE = "P read in the law itself, S in a source that quotes it, M from memory, unconfirmed."


@click.command()
@click.argument("word", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as one JSON document.")
def law(word: tuple[str, ...], as_json: bool) -> None:
    """Print every time limit with its citation, or those that speak of WORD.

    The exit status is 1 if none does.
    """
    rows = search(" ".join(word))
    if as_json:
        click.echo(json.dumps([as_data(row) for row in rows], indent=2))
    elif rows:
        click.echo("\n".join(_table(rows)))
    if not rows:
        click.echo(f"No rule speaks of {' '.join(word)!r}. Leave the word out for all.", err=True)
        raise SystemExit(1)


def as_data(row: Duty) -> dict[str, object]:
    """Return a row of the book ready for JSON, with the grounds that lift it."""
    data = {field.name: getattr(row, field.name) for field in fields(row)}
    limbs = [
        {"starts": limb.starts, "count": limb.count, "amount": limb.amount} for limb in row.limbs
    ]
    days = {name: day.isoformat() for name, day in data.items() if isinstance(day, date)}
    return {
        **data,
        **days,
        "limbs": limbs,
        "lifted_by": row.lifted_by,
        "limit": limit_in_words(row),
    }


def _table(rows: tuple[Duty, ...]) -> list[str]:
    width = min(max(shutil.get_terminal_size().columns, _NARROWEST), _WIDEST)
    names = max(len(row.id) for row in rows) + 2
    lines = []
    for chapter, group in groupby(rows, key=lambda row: row.chapter):
        lines += ["", chapter.replace("_", " ").upper(), ""]
        for row in group:
            lines += _lines_of(row, width, names)
    return [*lines, "", *_legend(len(rows), width)]


def _lines_of(row: Duty, width: int, names: int) -> list[str]:
    marks = f"{row.kind} {row.confidence}"
    limit = textwrap.wrap(limit_in_words(row), width - names - 13)
    first = f"{row.id:<{names}}{limit[0]:<{width - names - 12}}{marks:>12}".rstrip()
    about = f"{row.label}. {row.law}{_validity(row)}.{_facts(row)}"
    if row.declared_in:
        about += f" Declared in {row.declared_in}."
    if row.lifted_by:
        about += f" Lifted by {' '.join(row.lifted_by)}."
    return [
        first,
        *(" " * names + more for more in limit[1:]),
        *textwrap.wrap(about, width, initial_indent="    ", subsequent_indent="    "),
    ]


def _facts(row: Duty) -> str:
    if not row.is_computed:
        return ""
    joined = " and " if row.limbs else " or "
    starts = f" From {joined.join(row.starts)}." if row.starts else ""
    return starts + (f" Ends with {' or '.join(row.discharged_by)}." if row.ends else "")


def _validity(row: Duty) -> str:
    if row.valid_until is not None:
        return f", starts from {row.valid_from} to {row.valid_until}"
    return f", starts from {row.valid_from}" if row.valid_from > IN_FORCE else ""


def _legend(shown: int, width: int) -> list[str]:
    grounds = "; ".join(f"{ground.id} {ground.title}" for ground in GROUNDS.values())
    return [
        *textwrap.wrap(f"{shown} of {len(BOOK)} rows. {_CONFIDENCE}", width),
        *textwrap.wrap(f"Exceptions: {grounds}.", width),
    ]
