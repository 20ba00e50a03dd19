"""Who may do what: the whole table written out a second time, by role, so that a slip shows."""

import pytest

from casework.access import (
    NO_CASE,
    PERMISSIONS,
    ROLES,
    RULES,
    Permission,
    Role,
    Scope,
    Viewer,
    reads_of,
    rule_for,
    scope_of,
)

#: By role, every permission it has: anything not written here is refused.
WRITTEN = {
    "case-officer": "see_cases write_cases see_notes see_contacts see_who_looked export_list"
    " see_indicators see_law see_panels see_every_meeting see_documents add_documents"
    " see_services read_advice chase_advice see_contributions set_alerts",
    "panel-member": "see_law see_panels",
    "panel-clerk": "see_cases see_contacts see_indicators see_law see_panels see_every_meeting"
    " prepare_meetings see_documents add_documents"
    " see_services",
    "manager": "see_cases write_cases record_oddity see_notes see_contacts see_protected_addresses"
    " see_who_looked export_list import_tracker see_indicators see_law manage_settings"
    " manage_team see_panels see_every_meeting prepare_meetings manage_panels decide"
    " see_documents add_documents"
    " see_services manage_services read_advice chase_advice see_contributions"
    " issue_reports sample_advice manage_letters sign_plans approve_exceptions see_jobs"
    " see_undelivered set_alerts",
    "dco": "see_cases see_indicators see_law see_panels"
    " see_services answer_requests read_advice release_advice chase_advice"
    " see_contributions issue_reports sample_advice",
    "social-care-lead": "see_cases see_indicators see_law see_panels"
    " see_services answer_requests read_advice release_advice chase_advice"
    " see_contributions issue_reports sample_advice",
    "service-member": "see_law see_panels answer_requests read_advice",
    "auditor": "see_indicators see_law see_audit_trail",
    "data-protection-officer": "see_indicators see_law see_audit_trail",
    "board-reader": "see_indicators see_law",
    "administrator": "see_law manage_accounts manage_settings manage_letters see_jobs run_jobs"
    " see_undelivered release_mail",
}


def viewer(role: str, service_id: int | None = None) -> Viewer:
    return Viewer(user_id=1, name="Ada Example", role=role, service_id=service_id)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("permission", Permission)
def test_each_role_may_do_what_is_written_and_nothing_else(role: Role, permission: Permission):
    assert viewer(role).may(permission) == (permission in WRITTEN[role].split())


def test_every_role_is_written_down():
    assert set(WRITTEN) == set(ROLES) == set(PERMISSIONS)


def test_a_role_that_nobody_knows_may_do_nothing():
    assert not any(viewer("head-teacher").may(permission) for permission in Permission)
    assert scope_of(viewer("head-teacher")) == NO_CASE


def test_those_who_manage_accounts_and_those_who_check_see_no_childs_record():
    for role in ("administrator", "auditor", "data-protection-officer", "board-reader"):
        assert not viewer(role).may(Permission.SEE_CASES)
        assert scope_of(viewer(role)).nothing


@pytest.mark.parametrize("role", ["case-officer", "manager", "panel-clerk"])
def test_the_team_sees_every_case(role: str):
    assert scope_of(viewer(role)) == Scope(everything=True, hidden_from=1)


def test_the_clinical_officer_sees_cases_where_health_was_asked():
    assert scope_of(viewer("dco")) == Scope(agencies=frozenset({"health"}), hidden_from=1)


def test_the_social_care_lead_sees_cases_where_social_care_was_asked():
    seen = scope_of(viewer("social-care-lead"))
    assert seen == Scope(agencies=frozenset({"social_care"}), hidden_from=1)


def test_a_service_member_sees_no_case_and_reads_what_their_own_service_was_asked():
    assert scope_of(viewer("service-member", 7)) == NO_CASE
    seen = reads_of(viewer("service-member", 7))
    assert seen == Scope(services=frozenset({7}), hidden_from=1)


def test_a_service_member_of_no_service_sees_no_case():
    assert scope_of(viewer("service-member")).nothing


def test_a_service_on_any_other_account_widens_nothing():
    assert scope_of(viewer("auditor", 7)) == NO_CASE
    assert scope_of(viewer("dco", 7)) == Scope(agencies=frozenset({"health"}), hidden_from=1)


def test_officers_read_all_advice_a_lead_their_own_agencys_and_a_clerk_none():
    assert reads_of(viewer("case-officer")).everything
    assert reads_of(viewer("dco")).agencies == {"health"}
    assert reads_of(viewer("social-care-lead")).agencies == {"social_care"}
    assert reads_of(viewer("service-member", 7)).services == {7}
    for role in ("panel-clerk", "panel-member", "board-reader", "administrator", "auditor"):
        assert reads_of(viewer(role)).nothing


def test_every_rule_says_why_and_whom_to_ask():
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule_for(rule.permission) is rule
        assert rule.reason.endswith(".")
        assert rule.ask
        assert rule.roles
