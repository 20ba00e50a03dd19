"""`casework rebuild-deadlines`: the deadlines that lists read must equal the facts."""

import json

import click

from casework.cli.application import migrated_application
from casework.cli.progress import progress
from casework.services import deadlines

#: How many references are named in words; the JSON names them all.
NAMED = 10


@click.command("rebuild-deadlines")
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 where any case differs.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def rebuild_deadlines(check: bool, as_json: bool) -> None:
    """Compute every deadline again from the events, and mend those that differ.

    Exit status 0 when what is stored equals the facts, or now does; with --check, 1 where it
    does not.
    """
    with (
        migrated_application(make=False),
        progress("Comparing deadlines", deadlines.how_many()) as done,
    ):
        found = deadlines.rebuild(done, mend=not check)
    click.echo(json.dumps(_document(found, check)) if as_json else _words(found, check))
    if check and found.differing:
        raise SystemExit(1)


def _document(found: deadlines.Rebuilt, check: bool) -> dict[str, object]:
    return {
        "cases": found.cases,
        "differed": found.differed,
        "differing": found.differing,
        "mended": bool(found.differing) and not check,
    }


def _words(found: deadlines.Rebuilt, check: bool) -> str:
    if not found.differing:
        return f"The deadlines of all {found.cases} cases equal their facts."
    named = ", ".join(found.differing[:NAMED]) + (" …" if found.differed > NAMED else "")
    became = "Nothing was changed" if check else "They were written anew"
    return f"{found.differed} of {found.cases} cases differed from their facts: {named}. {became}."
