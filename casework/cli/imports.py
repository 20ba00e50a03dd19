"""`casework import-cases`: a council's tracker comes in, from the command line."""

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from casework.cli.application import migrated_application
from casework.cli.progress import progress
from casework.clock import today
from casework.services import imports, tracker_mappings
from casework.services.audit_trail import COMMAND_LINE
from casework.services.imports import Busy, Outcome
from casework.tracker.cells import Cells
from casework.tracker.fields import WORDS
from casework.tracker.findings import Unreadable
from casework.tracker.reading import Reading, read_sheet
from casework.tracker.report import in_words, refused_csv, refused_sheet, report
from casework.tracker.sheets import LARGEST_FILE, Sheet


def _mapping(_ctx: click.Context, _param: click.Parameter, given: Iterable[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for pair in given:
        field, equals, heading = pair.partition("=")
        if not equals or field not in WORDS:
            raise click.BadParameter(
                f"{pair!r} is not field=Heading. The fields are: {', '.join(WORDS)}."
            )
        chosen[field] = heading
    return chosen


def _new_file(_ctx: click.Context, _param: click.Parameter, given: Path | None) -> Path | None:
    if given is None:
        return None
    if given.suffix.lower() not in (".xlsx", ".csv"):
        raise click.BadParameter(f"{given} must end in .xlsx or .csv.")
    if given.exists():
        raise click.BadParameter(f"{given} is there already: name a file that is not.")
    return given


@click.command("import-cases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would come in, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
@click.option(
    "--mapping",
    multiple=True,
    metavar="FIELD=HEADING",
    callback=_mapping,
    help="Which heading a field is read from, for any that is not recognised; it is remembered. "
    "An empty heading leaves the field out.",
)
@click.option("--sheet", "sheet_name", metavar="NAME", help="Which sheet of the workbook to read.")
@click.option(
    "--refused-to",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_new_file,
    help="Save the refused rows with the reasons, as .xlsx or .csv, to correct and bring back.",
)
def import_cases(
    file: Path,
    dry_run: bool,
    as_json: bool,
    mapping: Mapping[str, str],
    sheet_name: str | None,
    refused_to: Path | None,
) -> None:
    """Bring the cases of a tracker (.xlsx or .csv) in.

    Rows that can be read go in in one transaction, or none if it fails; the others are refused by
    row, column, value and reason. A case already held is passed over. The exit status is 0 when
    readable rows came in or were held already, and 1 when there was none.
    """
    with migrated_application(), _in_words():
        sheet = tracker_mappings.open_remembered(
            _content(file), file.name, mapping=mapping, sheet_name=sheet_name
        )
        reading = read_sheet(sheet, today=today(), progress=_reading_bar())
        outcome = _bring_in(reading, file.name, dry_run=dry_run)
        if mapping and not dry_run and reading.rows:
            _remember(sheet, mapping)
    reading = replace(reading, doubts=(*reading.doubts, *outcome.doubts))
    _save_refused(reading, refused_to)
    _say(reading, outcome, as_json=as_json, dry_run=dry_run)
    if not reading.rows:
        click.echo("No row could be read, so nothing came in.", err=True)
        raise SystemExit(1)


def _content(file: Path) -> bytes:
    """Return the file, or enough of it to be refused for its size."""
    with file.open("rb") as opened:
        return opened.read(LARGEST_FILE + 1)


def _bring_in(reading: Reading, filename: str, *, dry_run: bool) -> Outcome:
    if dry_run or not reading.rows:
        return imports.preview(rows=reading.rows, today=today())
    # The rows stay until the end: to look through them for garbage again and again is a waste.
    gc.freeze()
    with progress("Making cases", len(reading.rows)) as done:
        return imports.import_rows(
            actor=COMMAND_LINE,
            rows=reading.rows,
            today=today(),
            filename=filename,
            progress=done,
        )


def _remember(sheet: Sheet, mapping: Mapping[str, str]) -> None:
    known = tracker_mappings.remembered(sheet.headings.layout)
    tracker_mappings.remember(layout=sheet.headings.layout, mapping={**known, **mapping})


def _reading_bar() -> Callable[[Iterable[tuple[int, Cells]]], Iterator[tuple[int, Cells]]]:
    def pass_through(rows: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
        with click.progressbar(
            rows, label="Reading rows", file=sys.stderr, show_pos=True, update_min_steps=500
        ) as bar:
            yield from bar

    return pass_through


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (Unreadable, Busy) as error:
        raise click.ClickException(f"{error}.") from error


def _save_refused(reading: Reading, file: Path | None) -> None:
    if file is None:
        return
    if not reading.refused_cells:
        click.echo("No row was refused, so no file of refused rows was made.", err=True)
        return
    content = refused_csv(reading) if file.suffix.lower() == ".csv" else refused_sheet(reading)
    with file.open("xb") as opened:
        opened.write(content)
    click.echo(f"The refused rows are in {file}.", err=True)


def _say(reading: Reading, outcome: Outcome, *, as_json: bool, dry_run: bool) -> None:
    counts: dict[str, Any] = {
        "imported": outcome.imported,
        "already_held": outcome.already_held,
    }
    if as_json:
        click.echo(json.dumps(report(reading, **counts), indent=2, ensure_ascii=False))
        return
    lines = in_words(reading, **counts, dry_run=dry_run)
    made = "would be made" if dry_run else "made"
    for names, what in ((outcome.new_officers, "Officers"), (outcome.new_settings, "Settings")):
        if names:
            lines += ["", f"{what} {made} for review: {', '.join(names)}."]
    click.echo("\n".join(lines))
