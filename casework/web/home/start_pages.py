"""Where each role's work begins: one table."""

from casework.access import Role

#: The first page of each role.
START_PAGES: dict[Role, str] = {
    Role.CASE_OFFICER: "caseload.index",
    Role.MANAGER: "caseload.index",
    Role.PANEL_CLERK: "panels.index",
    Role.PANEL_MEMBER: "panels.index",
    Role.DCO: "contributions.index",
    Role.SOCIAL_CARE_LEAD: "contributions.index",
    Role.SERVICE_MEMBER: "asked.index",
    Role.BOARD_READER: "indicators.index",
    Role.AUDITOR: "audit.index",
    Role.DATA_PROTECTION_OFFICER: "audit.index",
    Role.ADMINISTRATOR: "accounts.index",
}
