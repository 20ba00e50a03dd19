"""`casework verify-audit`: shows whether anyone has changed what the audit trail says."""

import json

import click

from casework.cli.application import migrated_application
from casework.cli.progress import progress
from casework.services import audit_trail

#: How many faults are told in words; the JSON tells them all.
TOLD = 10


@click.command("verify-audit")
@click.option(
    "--note-head",
    is_flag=True,
    help="Note the last entry beside the database, so that a cut tail is found next time.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
def verify_audit(note_head: bool, as_json: bool) -> None:
    """Check every entry of the audit trail against the one before it and against the key.

    Exit status 1 where an entry was changed, removed, moved or added; the first are named. A
    broken trail's head is not noted.
    """
    with migrated_application(make=False):
        with progress("Checking the audit trail", audit_trail.length()) as done:
            verdict = audit_trail.verify(done)
        if note_head and not verdict.faults:
            audit_trail.note_head(verdict)
    click.echo(json.dumps(_document(verdict)) if as_json else _words(verdict))
    if verdict.faults:
        raise SystemExit(1)


def _document(verdict: audit_trail.Verdict) -> dict[str, object]:
    return {"entries": verdict.entries, "head": verdict.head, "faults": verdict.faults}


def _words(verdict: audit_trail.Verdict) -> str:
    if not verdict.faults:
        return f"The audit trail is whole: {verdict.entries} entries, the last {verdict.head}."
    more = len(verdict.faults) - TOLD
    lines = [f"The audit trail is broken in {len(verdict.faults)} places:"]
    lines += [f"  {fault}" for fault in verdict.faults[:TOLD]]
    return "\n".join(lines + ([f"  and {more} more"] if more > 0 else []))
