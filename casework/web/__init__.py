"""Pages: guard, form, call, redirect."""

from importlib import import_module

from flask import Blueprint

#: Every blueprint, by its folder; each has its routes in `routes.py` under the name `blueprint`.
BLUEPRINTS = (
    "accounts",
    "advice",
    "advice_services",
    "alerts",
    "approvals",
    "asked",
    "at_risk",
    "audit",
    "auth",
    "caseload",
    "cases",
    "caught_mail",
    "chasing",
    "consultations",
    "contributions",
    "decisions",
    "documents",
    "drafts",
    "exceptions",
    "family",
    "family_links",
    "final",
    "health",
    "home",
    "imports",
    "indicators",
    "information",
    "informing",
    "jobs",
    "late_advice",
    "law",
    "letter_templates",
    "letters",
    "meetings",
    "metrics",
    "panels",
    "people",
    "placements",
    "plan",
    "releases",
    "requests",
    "samples",
    "schools",
    "team",
    "theme",
    "undelivered",
)


def blueprints() -> list[Blueprint]:
    """Return every blueprint, in the order of the table."""
    return [import_module(f"{__name__}.{name}.routes").blueprint for name in BLUEPRINTS]
