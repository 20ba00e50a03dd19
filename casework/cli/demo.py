"""`casework demo`: an invented authority, to see the system at work with."""

import json
from dataclasses import asdict

import click

from casework import clock, current
from casework.cli.application import migrated_application
from casework.cli.progress import progress
from casework.demonstration import load as demonstration
from casework.demonstration.load import Loaded
from casework.demonstration.sign_ins import SignIn, kept

#: Some hundreds of cases: a small authority's three years.
CASES = 450
SEED = 42


@click.command
@click.option("--cases", type=click.IntRange(1, 100_000), default=CASES, show_default=True)
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same seed, the same.")
@click.option("--if-empty", is_flag=True, help="Where records are held, load nothing: no fault.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def demo(cases: int, seed: int, if_empty: bool, as_json: bool) -> None:
    """Fill an empty database with an invented authority and print its sign-ins.

    Every child in it is invented. It is refused in production and where records are held; with
    --if-empty the sign-ins of the demonstration there, if it is one, are printed again.
    """
    with migrated_application():
        if if_empty and not demonstration.is_empty():
            found = Loaded(0, 0, 0, kept(current.settings().instance_path))
        else:
            found = _load(cases, seed)
    click.echo(json.dumps(asdict(found)) if as_json else _words(found))


def _load(cases: int, seed: int) -> Loaded:
    try:
        with progress("Inventing an authority", cases) as done:
            return demonstration.load(today=clock.today(), cases=cases, seed=seed, progress=done)
    except demonstration.NotHere as reason:
        raise click.ClickException(str(reason)) from reason


def _words(found: Loaded) -> str:
    lines = []
    if found.cases:
        lines += [
            f"Loaded an invented authority: {found.cases} cases of {found.children} children, "
            f"{found.events} events.",
            "",
        ]
    if found.family_page:
        lines += [f"A family’s page, to open: {found.family_page}.", ""]
    if not found.sign_ins:
        return "The database holds records that are no demonstration: nothing was loaded."
    return "\n".join([*lines, "Every child here is invented. Sign in as:", *_table(found.sign_ins)])


def _table(sign_ins: list[SignIn]) -> list[str]:
    wide = max(len(sign_in.email) for sign_in in sign_ins)
    long = max(len(sign_in.name) for sign_in in sign_ins)
    rows = [f"  {s.email:<{wide}}  {s.passphrase}  {s.name:<{long}}  {_does(s)}" for s in sign_ins]
    return [row.rstrip() for row in rows]


def _does(sign_in: SignIn) -> str:
    return "; ".join(words for words in (sign_in.service, sign_in.sits_as) if words)
