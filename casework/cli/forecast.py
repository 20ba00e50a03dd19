"""`casework forecast`: when final plans are likely, of all cases, of one, or as past ones show."""

import json
from dataclasses import asdict
from typing import Any

import click

from casework import clock, current, readiness
from casework.access import EVERY_CASE
from casework.cli.application import migrated_application
from casework.cli.backtest_words import in_words
from casework.cli.progress import progress
from casework.database import reading
from casework.filters import counted
from casework.queries import backtests, case_forecast, cases
from casework.queries.case_forecast import CaseForecast
from casework.rules import backtest
from casework.rules.backtest_figures import Figures, figures
from casework.rules.civil_dates import spoken_date
from casework.services import forecasts, viewing
from casework.services.audit_trail import COMMAND_LINE


@click.command
@click.option("--case", "reference", metavar="REFERENCE", help="One case, as EHC-000042.")
@click.option("--backtest", "is_backtest", is_flag=True, help="How well past cases were told.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def forecast(reference: str | None, is_backtest: bool, as_json: bool) -> None:
    """Work out when each open case's final plan is likely, and keep it for pages and lists.

    With --case, tell one case with the numbers behind it. With --backtest, go through past cases
    as if on each day before their limits, and tell how well late ones were told. The exit status
    is 1 where a case could not be worked out, or there is none of that reference.
    """
    if reference and is_backtest:
        raise click.UsageError("Give --case or --backtest, not both.")
    with migrated_application():
        if is_backtest:
            document, words = _backtest()
        else:
            document, words = _of_case(reference) if reference else _refresh()
        click.echo(json.dumps(document, indent=2, default=str) if as_json else words)
    if document.get("failed"):
        raise SystemExit(1)


def _refresh() -> tuple[dict[str, Any], str]:
    found = forecasts.refresh(clock.today())
    words = (
        f"{counted(found.forecast, 'open case')} forecast: {found.late} likely late. "
        f"{found.thin} rest in part on a fallback, for want of history. {found.changed} changed."
    )
    if found.failed:
        words += f"\nCould not be forecast: {', '.join(found.failed)}."
    return asdict(found), words


def _of_case(reference: str) -> tuple[dict[str, Any], str]:
    with reading():
        public_id = case_forecast.public_id_of(reference)
        soon = current.settings().soon_within
        view = public_id and cases.view(
            EVERY_CASE, public_id, today=clock.today(), soon_within=soon
        )
        if not view:
            raise click.ClickException(f"There is no case {reference}.")
        case_id, known_as = view.case.id, view.case.reference
        found = case_forecast.of_case(view)
        viewing.let_go()
    viewing.case_viewed(actor=COMMAND_LINE, case_id=case_id, what="viewed forecast of case")
    if found is None:
        return {"case": known_as, "forecast": None}, f"{known_as}: no final plan lies ahead of it."
    told = asdict(found.told) | {"is_lifted": found.is_lifted}
    document = {"case": known_as, "forecast": told, "behind": [asdict(b) for b in found.behind]}
    return document, _case_words(known_as, found)


def _case_words(reference: str, found: CaseForecast) -> str:
    told = found.told
    lines = [f"{reference}: {found.words}.", *([found.chance] if found.chance else [])]
    lines += [
        f"Limit in law: {spoken_date(told.due_on)}. Likely about {spoken_date(told.likely_on)} "
        f"(a quarter of such cases by {spoken_date(told.early_on)}, three quarters by "
        f"{spoken_date(told.late_on)}).",
        "",
        *(" ".join(f"- {b.step}. {b.so_far} {b.before}".split()) for b in found.behind),
    ]
    return "\n".join(lines)


def _backtest() -> tuple[dict[str, Any], str]:
    with reading():
        held = backtests.held_back(clock.today())
    with progress("Going through past cases", backtest.looks_at(held.trials)) as done:
        found = figures(list(backtest.calls(held.trials, held.journeys, done)))
    is_invented = readiness.is_demonstration()
    return _document(found, held.left_out, is_invented), in_words(
        found, left_out=held.left_out, is_invented=is_invented
    )


def _document(found: Figures, left_out: int, is_invented: bool) -> dict[str, Any]:
    return asdict(found) | {"left_out": left_out, "is_invented": is_invented}
