"""The plan as a PDF that can be read aloud."""

from dataclasses import asdict

from casework import typesetting
from casework.plan_document.content import MARKS, TITLE, Plan, Standing, parts
from casework.rules.civil_dates import spoken_date


def pdf(plan: Plan) -> bytes:
    """Return the plan as a PDF. Raises casework.typesetting.NotTypeset."""
    signature = plan.signature
    data = {
        "title": TITLE,
        "authority": plan.authority,
        "reference": plan.reference,
        "running_head": plan.running_head,
        "mark": MARKS[plan.standing],
        "is_preview": plan.standing is Standing.PREVIEW,
        "facts": plan.facts,
        "parts": [asdict(part) for part in parts(plan)],
        "signed_by": signature.name_and_post if signature else "",
        "signed_on": spoken_date(signature.on) if signature else "",
    }
    return typesetting.pdf("plan/plan.typ", data)
