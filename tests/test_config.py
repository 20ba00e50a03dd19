"""Settings: a desk needs none; production is never half set."""

import stat
from datetime import date
from pathlib import Path

import pytest

from casework import config_values
from casework.config import Settings, SettingsError, load, shown

PRODUCTION = {
    "CASEWORK_ENVIRONMENT": "production",
    "CASEWORK_DATABASE_URL": "postgresql://casework:hunter2@db.example.org/casework",
    "CASEWORK_SECRET_KEY": "s" * 40,
    "CASEWORK_AUDIT_KEY": "a" * 40,
    "CASEWORK_AUTHORITY_NAME": "Borsetshire County Council",
    "CASEWORK_LA_CODE": "881",
    "CASEWORK_TRUSTED_HOSTS": "ehc.example.org",
    "CASEWORK_VIRUS_SCANNER": "clamd:127.0.0.1:3310",
}


def faults_of(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(environ)
    return caught.value.faults


def test_a_desk_needs_no_setting_but_a_folder(tmp_path: Path) -> None:
    settings = load({"CASEWORK_INSTANCE_PATH": str(tmp_path)})
    assert not settings.in_production
    assert settings.port == 8000
    assert settings.database_url == f"sqlite:///{tmp_path / 'casework.sqlite3'}"


def test_a_secret_is_drawn_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    environ = {"CASEWORK_INSTANCE_PATH": str(tmp_path)}
    first, second = load(environ), load(environ)
    assert first.secret_key == second.secret_key
    assert first.secret_key != first.audit_key
    assert len(first.audit_key) >= 32
    for name in ("secret-key", "audit-key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["audit-key", "secret-key"]


def test_a_secret_that_another_process_drew_first_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret-key"
    exists = Path.exists

    def the_other_wins(path: Path) -> bool:
        there = exists(path)
        file.write_text("drawn by the other process")
        return there

    monkeypatch.setattr(Path, "exists", the_other_wins)
    assert config_values.kept_secret(file) == "drawn by the other process"
    assert [p.name for p in tmp_path.iterdir()] == ["secret-key"]


def test_an_instance_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (fault,) = faults_of({"CASEWORK_INSTANCE_PATH": str(tmp_path / "file")})
    assert fault.startswith("CASEWORK_INSTANCE_PATH: ")
    assert "cannot be used: File exists" in fault


def test_production_names_every_missing_setting_at_once() -> None:
    faults = faults_of({"CASEWORK_ENVIRONMENT": "production"})
    assert [fault.split(" is missing: ")[0] for fault in faults] == [
        "CASEWORK_DATABASE_URL",
        "CASEWORK_SECRET_KEY",
        "CASEWORK_AUDIT_KEY",
        "CASEWORK_AUTHORITY_NAME",
        "CASEWORK_LA_CODE",
        "CASEWORK_TRUSTED_HOSTS",
        "CASEWORK_VIRUS_SCANNER",
    ]


def test_production_starts_when_nothing_is_missing() -> None:
    settings = load(PRODUCTION)
    assert settings.in_production
    assert settings.database_url.startswith("postgresql+psycopg://")


def test_production_refuses_a_fixed_day() -> None:
    (fault,) = faults_of({**PRODUCTION, "CASEWORK_TODAY": "2025-12-31"})
    assert fault.startswith("CASEWORK_TODAY is refused in production")


def test_production_refuses_a_name_that_is_no_setting() -> None:
    (fault,) = faults_of({**PRODUCTION, "CASEWORK_DATABSE_URL": "x"})
    assert fault == "CASEWORK_DATABSE_URL is no setting. `casework settings` lists them all."


def test_production_refuses_one_key_for_two_locks() -> None:
    (fault,) = faults_of({**PRODUCTION, "CASEWORK_AUDIT_KEY": "s" * 40})
    assert "the same" in fault


def test_outside_production_the_day_can_be_fixed(tmp_path: Path) -> None:
    environ = {"CASEWORK_INSTANCE_PATH": str(tmp_path), "CASEWORK_TODAY": "2025-12-31"}
    assert load(environ).today == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("ENVIRONMENT", "prod", "must be development or production"),
        ("TODAY", "31/12/2025", "written as 2025-12-31"),
        ("TODAY", "2025-02-30", "written as 2025-12-31"),
        ("PORT", "eighty", "whole number from 0 to 65535"),
        ("PORT", "٨٠٨٠", "whole number"),
        ("DATABASE_URL", "mysql://host/name", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "casework.sqlite3", "sqlite:/// or postgresql://"),
        ("SECRET_KEY", "short", "32 characters or more"),
        ("LA_CODE", "12", "three digits"),
        ("AUTHORITY_COLOUR", "teal", "written as #1d4f5c"),
        ("AUTHORITY_COLOUR", "#ffdd00", "too light for white text"),
        ("AUTHORITY_NAME", "Two\nlines", "one line"),
        ("TRUSTED_HOSTS", "https://ehc.example.org", "no host name"),
        ("ADDRESS", "ehc.example.org", "written as https://ehc.example.org"),
        ("ADDRESS", "https://ehc.example.org/?a=b", "written as https://ehc.example.org"),
        ("SMTP_HOST", "smtp.example.org:587", "one host name"),
        ("SMTP_TLS", "ssl", "must be starttls or tls or none"),
        ("MAIL_FROM", "EHC <ehc@example.org>", "an email address such as"),
        ("MAIL_FROM", "ehc@example.org\nBcc: x@example.org", "an email address such as"),
        ("MAIL_DOMAINS", "*.example.org", "no domain"),
        ("SESSION_IDLE_MINUTES", "0", "from 5 to 240"),
        ("ADVICE_CHASE", "3w, 5w", "must be points such as 3w"),
        ("ADVICE_CHASE_AFTER", "weekly", "written as 7d or 1w"),
        ("ADVICE_SAMPLE", "0", "from 1 to 50"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_words(name: str, text: str, words: str) -> None:
    (fault,) = faults_of({f"CASEWORK_{name}": text})
    assert fault.startswith(f"CASEWORK_{name}: ")
    assert words in fault


def test_the_words_of_a_refused_secret_do_not_repeat_it() -> None:
    (fault,) = faults_of({"CASEWORK_SECRET_KEY": "hunter2"})
    assert "hunter2" not in fault


MAIL = {
    "CASEWORK_SMTP_HOST": "smtp.example.org",
    "CASEWORK_MAIL_FROM": "ehc@example.org",
    "CASEWORK_MAIL_DOMAINS": "example.org, nhs.example.net",
    "CASEWORK_ADDRESS": "https://ehc.example.org/",
}


def test_production_may_send_email_once_all_of_it_is_set() -> None:
    settings = load(PRODUCTION | MAIL)
    assert settings.mail_domains == ("example.org", "nhs.example.net")
    assert settings.public_address == "https://ehc.example.org"
    assert (settings.smtp_port, settings.smtp_tls) == (587, "starttls")


@pytest.mark.parametrize("missing", ["MAIL_FROM", "MAIL_DOMAINS", "ADDRESS"])
def test_production_sends_no_email_half_set(missing: str) -> None:
    given = {k: v for k, v in (PRODUCTION | MAIL).items() if k != f"CASEWORK_{missing}"}
    (fault,) = faults_of(given)
    assert fault.startswith(f"CASEWORK_{missing} is missing")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("SMTP_TLS", "none", "may not be none in production"),
        ("ADDRESS", "http://ehc.example.org", "must begin with https://"),
        ("SMTP_USER", "casework", "give both or neither"),
    ],
)
def test_production_sends_no_email_unsafely(name: str, text: str, words: str) -> None:
    (fault,) = faults_of(PRODUCTION | MAIL | {f"CASEWORK_{name}": text})
    assert words in fault


KEY = "casework-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
NOTIFY = {
    "CASEWORK_MAIL_TRANSPORT": "notify",
    "CASEWORK_NOTIFY_API_KEY": KEY,
    "CASEWORK_NOTIFY_TEMPLATE_ID": "9d751e0e-f929-4891-82a1-a3e1c3c18ee3",
    "CASEWORK_MAIL_DOMAINS": "example.org",
    "CASEWORK_ADDRESS": "https://ehc.example.org/",
}


def test_production_may_send_by_notify_which_has_a_sender_of_its_own() -> None:
    settings = load(PRODUCTION | NOTIFY)
    assert settings.sends_mail
    assert not load(PRODUCTION).sends_mail
    assert KEY not in str(shown(settings))


@pytest.mark.parametrize(
    "missing", ["NOTIFY_API_KEY", "NOTIFY_TEMPLATE_ID", "MAIL_DOMAINS", "ADDRESS"]
)
def test_production_sends_nothing_by_notify_half_set(missing: str) -> None:
    given = {k: v for k, v in (PRODUCTION | NOTIFY).items() if k != f"CASEWORK_{missing}"}
    (fault,) = faults_of(given)
    assert fault.startswith(f"CASEWORK_{missing} is missing")


def test_a_key_of_notify_that_is_not_whole_is_refused_and_not_repeated() -> None:
    (fault,) = faults_of({"CASEWORK_NOTIFY_API_KEY": KEY[:-1]})
    assert "must be a whole key" in fault
    assert KEY[:-1] not in fault


def test_at_a_desk_links_begin_with_where_it_listens(tmp_path: Path) -> None:
    settings = load({"CASEWORK_INSTANCE_PATH": str(tmp_path), "PORT": "8100"})
    assert settings.public_address == "http://127.0.0.1:8100"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_spelling_of_postgresql_uses_the_one_driver(scheme: str) -> None:
    assert config_values.database_url(f"{scheme}://u@h/n") == "postgresql+psycopg://u@h/n"


def test_port_alone_gives_the_port_and_the_longer_name_wins(tmp_path: Path) -> None:
    environ = {"CASEWORK_INSTANCE_PATH": str(tmp_path), "PORT": "8100"}
    assert load(environ).port == 8100
    assert load({**environ, "CASEWORK_PORT": "8200"}).port == 8200


def test_settings_are_shown_without_their_secrets() -> None:
    rows = {row["name"]: row["value"] for row in shown(load(PRODUCTION))}
    assert len(rows) == len(Settings.__dataclass_fields__)
    assert rows["CASEWORK_SECRET_KEY"] == rows["CASEWORK_AUDIT_KEY"] == "(set)"
    assert rows["CASEWORK_DATABASE_URL"].startswith("postgresql+psycopg://casework:***@")
    assert "hunter2" not in str(rows)


def test_white_on_a_colour_is_measured_as_wcag_measures_it() -> None:
    assert config_values.colour_behind_white_text("#767676") == "#767676"  # 4.54 to 1
    with pytest.raises(ValueError, match=r"4\.5 to 1"):
        config_values.colour_behind_white_text("#777777")  # 4.48 to 1
