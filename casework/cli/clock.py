"""`casework clock`: questions as JSON lines in, answers as JSON lines out."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from math import isfinite
from typing import IO, Any

import click

from casework.clock import today as today_in_london
from casework.holidays import england_and_wales
from casework.rules.answers import answer
from casework.rules.civil_dates import read_day
from casework.rules.errors import RuleError, Unanswerable

_FIELDS = ("id", "rule", "given", "ended", "exceptions", "today")


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
def clock(file: IO[bytes]) -> None:
    """Answer by when, and why, for each line of FILE (or of standard input).

    A line is a JSON object: {"id": "a", "rule": "final_20w", "given": {"request_received":
    "2026-03-02"}}, and if wanted "ended", "exceptions" and "today". A line that cannot be answered
    gets an "error", the others are still answered, and the exit status is then 1.
    """
    refused = False
    for number, line in _lines(file):
        said = reply(line, number)
        refused = refused or "error" in said
        click.echo(json.dumps(said))
    if refused:
        raise SystemExit(1)


def reply(line: bytes, number: int) -> dict[str, Any]:
    """Return the answer to one line, or its id and an error that says what to write instead."""
    try:
        question = _read(line, number)
    except Unanswerable as wrong:
        return {"id": None, "error": str(wrong)}
    known = {"id": question["id"]} if "id" in question else {"id": None}
    try:
        return {**known, **_answer(question)}
    except RuleError as wrong:
        return {**known, "error": str(wrong)}


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each line that holds anything, with its number in the file."""
    for number, line in enumerate(file, start=1):
        if text := (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip():
            yield number, text


def _read(line: bytes, number: int) -> dict[str, Any]:
    try:
        question = json.loads(
            line.decode("utf-8"), parse_constant=_read_float, parse_float=_read_float
        )
    except UnicodeDecodeError as wrong:
        raise Unanswerable(
            f"Line {number} is not text in UTF-8: save the file as UTF-8."
        ) from wrong
    except (ValueError, RecursionError) as wrong:
        raise Unanswerable(
            f"Line {number} is not JSON: write one object on one line, like "
            '{"id": "a", "rule": "final_20w", "given": {"request_received": "2026-03-02"}}.'
        ) from wrong
    if not isinstance(question, dict):
        raise Unanswerable(f"Line {number} is not a JSON object: put it in curly brackets.")
    return question


def _read_float(written: str) -> float:
    """Return the number, refusing NaN and the infinite: no JSON may hold them."""
    if isfinite(number := float(written)):
        return number
    raise ValueError(written)


def _answer(question: Mapping[str, Any]) -> dict[str, Any]:
    _refuse_near_misses(question)
    if not isinstance(question.get("rule"), str):
        raise Unanswerable('Say which rule: "rule": "final_20w". `casework law` shows them all.')
    today = question.get("today")
    return answer(
        question["rule"],
        question.get("given", {}),
        question.get("ended", {}),
        question.get("exceptions", []),
        _default_today() if today is None else read_day("today", today),
        england_and_wales(),
    )


def _default_today() -> date:
    """Return the day that CASEWORK_TODAY fixes outside production, or else London's date."""
    fixed = os.environ.get("CASEWORK_TODAY")
    if fixed and os.environ.get("CASEWORK_ENVIRONMENT") != "production":
        return read_day("CASEWORK_TODAY", fixed)
    return today_in_london()


def _refuse_near_misses(question: Mapping[str, Any]) -> None:
    """Refuse a field name that is nearly one of ours; others may carry the asker's own notes."""
    for field in question:
        if field not in _FIELDS and (near := get_close_matches(field, _FIELDS, 1, cutoff=0.8)):
            raise Unanswerable(f"There is no field {field[:60]!r}: write {near[0]!r}.")
