"""Where each role's work begins: one table."""

from casework.access import Role

#: The page of each role that has one of its own; the rest get a short page that says what is here.
START_PAGES: dict[str, str] = {
    Role.CASE_OFFICER: "caseload.index",
    Role.MANAGER: "caseload.index",
    Role.PANEL_CLERK: "caseload.index",
    Role.DCO: "caseload.index",
    Role.SOCIAL_CARE_LEAD: "caseload.index",
    Role.SERVICE_MEMBER: "caseload.index",
    Role.BOARD_READER: "indicators.index",
    Role.AUDITOR: "audit.index",
    Role.DATA_PROTECTION_OFFICER: "audit.index",
    Role.ADMINISTRATOR: "accounts.index",
}
