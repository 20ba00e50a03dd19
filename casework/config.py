"""Every setting, typed, in one place, each with a line of meaning.

A setting called `secret_key` is read from the environment variable `CASEWORK_SECRET_KEY`. Nothing
need be set to work at a desk: what is missing has a default, and secrets are made once and kept in
the instance folder. In production nothing is guessed: `load` names every fault at once.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from casework import config_mail
from casework import config_values as values
from casework.rules import alerts, chasing, informing

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "CASEWORK_"


class SettingsError(Exception):
    """The settings cannot be used; `faults` says why, one sentence for each setting at fault."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(["The settings cannot be used:", *(f"  {f}" for f in faults)]))


def setting(
    meaning: str,
    read: Callable[[str], Any],
    default: Any = None,
    *,
    production: str = "optional",
    secret: bool = False,
    also: str | None = None,
) -> Any:
    """Return a dataclass field that carries what a setting means and how its text is read.

    `production` is `optional`, `needed`, `refused`, or `own`, which has no default there and may
    be given later, when what needs it is used; `also` is a second variable that gives the
    value where the first does not.
    """
    words = {"meaning": meaning, "read": read, "production": production}
    return field(default=default, metadata={**words, "secret": secret, "also": also})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one running system."""

    environment: str = setting(
        "production, or development (the default): a desk, a demonstration or a test",
        values.one_of("development", "production"),
        "development",
    )
    instance_path: Path = setting(
        "the folder of this machine's database, secrets and locks", values.path, ROOT / "instance"
    )
    database_url: str = setting(
        "where the records are: sqlite:///file or postgresql://user:password@host/name",
        values.database_url,
        "",
        production="needed",
        secret=True,
    )
    secret_key: str = setting(
        "signs cookies and forms; 32 characters or more",
        values.long_secret,
        "",
        production="needed",
        secret=True,
    )
    audit_key: str = setting(
        "seals the audit trail, so that a change in it shows; 32 characters or more, kept apart "
        "from the database and its backups",
        values.long_secret,
        "",
        production="needed",
        secret=True,
    )
    today: date | None = setting(
        "fixes the day, as 2025-12-31, to rehearse or to check; every page then says so",
        values.iso_day,
        production="refused",
    )
    authority_name: str = setting(
        "the local authority's name, as its pages show it",
        values.words,
        "Anyshire Council",
        production="needed",
    )
    authority_colour: str = setting(
        "the authority's colour behind white text, as #1d4f5c",
        values.colour_behind_white_text,
        "#1d4f5c",
    )
    la_code: str = setting(
        "the authority's three-digit code in the Department for Education's lists",
        values.la_code,
        "999",
        production="needed",
    )
    host: str = setting(
        "the address that the web application listens on; others reach it through a proxy",
        values.words,
        "127.0.0.1",
    )
    port: int = setting(
        "the port that the web application listens on", values.number(0, 65535), 8000, also="PORT"
    )
    threads: int = setting("how many requests are answered at once", values.number(1, 64), 8)
    trusted_hosts: tuple[str, ...] = setting(
        "the host names that people use, with commas between; any other is refused",
        values.hosts,
        (),
        production="needed",
    )
    trusted_proxies: int = setting(
        "how many reverse proxies stand in front and say who asked, by which scheme",
        values.number(0, 5),
        0,
    )
    session_idle_minutes: int = setting(
        "minutes without a request after which a person signs in again", values.number(5, 240), 30
    )
    session_absolute_hours: int = setting(
        "hours after which a person signs in again, however busy", values.number(1, 24), 12
    )
    quick_passwords: bool = setting(
        "yes makes the hashing of passwords cheap and weak, for tests",
        values.yes_or_no,
        False,
        production="refused",
    )
    document_store: str = setting(
        "where the files on cases are kept: file: and a folder, below the instance folder unless "
        "it begins with /",
        values.document_store,
        "file:documents",
    )
    largest_document: int = setting(
        "the largest file that a person may add to a case, in MiB", values.number(1, 100), 20
    )
    virus_scanner: str = setting(
        "what looks for malware in files: clamd:host:port, clamd:/path/of/its/socket or none; "
        "while it does not answer, a file waits and nobody is given it",
        values.virus_scanner,
        "none",
        production="needed",
    )
    leave_out_overturned: bool = setting(
        "yes leaves plans that followed mediation or an appeal out of the figures for 20 weeks",
        values.yes_or_no,
        False,
    )
    asked_late_after: int = setting(
        "days after the family was told of an assessment past which we asked for advice late",
        values.number(0, 90),
        7,
    )
    inform_within: int = setting(
        "working days after a change of stage within which everyone involved is to be told: a "
        "local target, that no law sets",
        values.number(1, 20),
        informing.WITHIN,
    )
    soon_within: int = setting(
        "working days before the day to act by from which a limit is shown as due soon",
        values.number(1, 60),
        10,
    )
    panel_opens_days: int = setting(
        "working days before a meeting from which its members may read circulated papers",
        values.number(1, 20),
        10,
    )
    release_days: int = setting(
        "days for which advice of another agency may be read on a case, once its lead released it",
        values.number(1, 365),
        30,
    )
    release_answer_days: int = setting(
        "working days within which such a request is answered; after them it is refused by default",
        values.number(1, 20),
        5,
    )
    panel_closes_days: int = setting(
        "working days after a decision for which the members may still read the case’s papers",
        values.number(0, 20),
        5,
    )
    advice_chase: str = setting(
        "when a service is reminded of advice before it is due: 3w is three weeks after its limit "
        "began, -1d the day before the due day",
        values.reminder_points,
        "3w 5w -1d",
    )
    advice_chase_after: str = setting(
        "how long after the due day, and between reminders from then on, a service is reminded of "
        "advice that is late: 7d or 1w",
        values.reminder_interval,
        "7d",
    )
    alert_rungs: str = setting(
        "working days before the day to act by on which those who answer for a case are told of a "
        "limit; of one in law they are always told on the working day before it, and once it is "
        "past",
        values.alert_days,
        "10 5",
    )
    alert_rungs_of: str = setting(
        "other days than those for single rules, as `casework law` names them: "
        "final_20w=30,10,5 no_plan_16w=15,5; or none",
        values.alert_days_of,
        "final_20w=30,10,5 det_final_20w=30,10,5",
    )
    alert_over: str = setting(
        "weeks past a limit on which they are told of it again, or none",
        values.alert_weeks,
        "4 26",
    )
    advice_sample: int = setting(
        "how many pieces of advice are drawn to be looked at, for each service and month",
        values.number(1, 50),
        3,
    )

    letter_address: str = setting(
        "the authority's address and telephone number at the head of its letters, with commas "
        "between the lines",
        values.words,
        "County Hall, Anytown, AA1 1AA, 0300 555 0100",
        production="own",
    )
    mediation_adviser: str = setting(
        "the mediation adviser that families contact, with telephone number and email address, as "
        "letters give it",
        values.words,
        "Anyshire Mediation, 0300 555 0101, mediation@example.org",
        production="own",
    )
    disagreement_service: str = setting(
        "the disagreement resolution service, and how it is reached, as letters give it",
        values.words,
        "Anyshire Resolution, 0300 555 0102, resolution@example.org",
        production="own",
    )
    information_service: str = setting(
        "the special educational needs information and advice service, and how it is reached, as "
        "letters give it",
        values.words,
        "Anyshire SENDIASS, 0300 555 0103, sendiass@example.org",
        production="own",
    )
    local_offer: str = setting(
        "where the local offer is to be found, as letters give it",
        values.words,
        "www.example.org/local-offer",
        production="own",
    )
    family_pages: bool = setting(
        "yes lets officers give a family a page of its own, read-only, by a link and a one-time "
        "code",
        values.yes_or_no,
        False,
    )
    team_phone: str = setting(
        "the telephone number that families ring, as their page shows it", values.words, ""
    )
    team_email: str = setting(
        "the email address that families write to, as their page shows it",
        values.mail_address,
        "",
    )

    metrics_token: str = setting(
        "what a machine that asks for /metrics must show, 32 characters or more; without it there "
        "is no such page",
        values.long_secret,
        "",
        secret=True,
    )
    address: str = setting(
        "the address that people open this service by, for the links in email, as "
        "https://ehc.example.org; needed where email is sent",
        values.web_address,
        "",
    )
    mail_transport: str = setting(
        "the way that email goes: smtp, to a mail server, or notify, to GOV.UK Notify, which sends "
        "text alone",
        values.one_of("smtp", "notify"),
        "smtp",
    )
    notify_api_key: str = setting(
        "the key of GOV.UK Notify’s interface; needed where email goes by Notify",
        values.notify_key,
        "",
        secret=True,
    )
    notify_template_id: str = setting(
        "the template in GOV.UK Notify whose subject is ((subject)) and whose body is ((body)); "
        "needed where email goes by Notify",
        values.words,
        "",
    )
    notify_address: str = setting(
        "where GOV.UK Notify’s interface is, for tests",
        values.web_address,
        "https://api.notifications.service.gov.uk",
        production="refused",
    )
    smtp_host: str = setting(
        "the mail server that email is handed to; without one, email waits and is not sent",
        values.mail_host,
        "",
    )
    smtp_port: int = setting("the port of the mail server", values.number(1, 65535), 587)
    smtp_tls: str = setting(
        "how the way to the mail server is sealed: starttls, tls from the first word, or none",
        values.one_of("starttls", "tls", "none"),
        "starttls",
    )
    smtp_user: str = setting("the name to sign in to the mail server with", values.words, "")
    smtp_password: str = setting("the password that goes with it", values.words, "", secret=True)
    mail_from: str = setting(
        "the address that email comes from; needed where email is sent", values.mail_address, ""
    )
    mail_domains: tuple[str, ...] = setting(
        "the domains that email may go to, with commas between; no other address is ever "
        "written to. Needed where email is sent in production",
        values.mail_domains,
        (),
    )

    @property
    def public_address(self) -> str:
        """The address that links in email begin with: at a desk, where this process listens."""
        return self.address or f"http://{self.host}:{self.port}"

    @property
    def sends_mail(self) -> bool:
        """Whether there is somebody to hand email to."""
        is_notify = self.mail_transport == "notify"
        return bool(self.notify_api_key if is_notify else self.smtp_host)

    @property
    def reminders(self) -> chasing.Plan:
        """When services are reminded of the advice that they owe."""
        return chasing.plan(self.advice_chase, self.advice_chase_after)

    @property
    def alert_plan(self) -> alerts.Plan:
        """To which points a limit comes that people are told of."""
        return alerts.plan(self.alert_rungs, self.alert_rungs_of, self.alert_over)

    @property
    def in_production(self) -> bool:
        """Whether real children's records are expected here."""
        return self.environment == "production"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment gives, or raise `SettingsError` with every fault."""
    given, faults = _read(environ)
    faults += config_mail.faults(given)
    if given.get("environment") == "production":
        faults += _production_faults(given, environ)
    if faults:
        raise SettingsError(faults)
    if given.get("environment") == "production":
        own = [f.name for f in fields(Settings) if f.metadata["production"] == "own"]
        return Settings(**{**dict.fromkeys(own, ""), **given})
    return Settings(**_with_desk_defaults(given))


def shown(settings: Settings) -> list[dict[str, str]]:
    """Return one row for each setting: variable, value as text (secrets masked) and meaning."""
    return [
        {"name": variable(f), "value": _masked(f, settings), "meaning": f.metadata["meaning"]}
        for f in fields(settings)
    ]


def variable(setting_field: "Field[Any]") -> str:
    """Return the environment variable that gives a setting."""
    return PREFIX + setting_field.name.upper()


def _read(environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    given: dict[str, Any] = {}
    faults: list[str] = []
    for f in fields(Settings):
        name = variable(f)
        if not environ.get(name) and f.metadata["also"]:
            name = f.metadata["also"]
        if not environ.get(name, "").strip():
            continue
        try:
            given[f.name] = f.metadata["read"](environ[name].strip())
        except ValueError as fault:
            faults.append(f"{name}: {fault}")
    return given, faults


def _production_faults(given: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    known = {variable(f): f for f in fields(Settings)}
    faults = [
        f"{name} is missing: {f.metadata['meaning']}"
        for name, f in known.items()
        if f.metadata["production"] == "needed" and not environ.get(name, "").strip()
    ]
    faults += [
        f"{name} is refused in production: {f.metadata['meaning']}"
        for name, f in known.items()
        if f.metadata["production"] == "refused" and f.name in given
    ]
    faults += [
        f"{name} is no setting. `casework settings` lists them all."
        for name in sorted(environ)
        if name.startswith(PREFIX) and name not in known
    ]
    if given.get("secret_key") and given.get("secret_key") == given.get("audit_key"):
        faults.append("CASEWORK_AUDIT_KEY is the same as CASEWORK_SECRET_KEY: make another.")
    return faults


def _with_desk_defaults(given: dict[str, Any]) -> dict[str, Any]:
    instance = given.get("instance_path", Settings.instance_path)
    defaults = {"database_url": values.embedded_database(instance)}
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        for key in ("secret_key", "audit_key"):
            if key not in given:
                defaults[key] = values.kept_secret(instance / key.replace("_", "-"))
    except OSError as error:
        fault = f"CASEWORK_INSTANCE_PATH: {instance} cannot be used: {error.strerror}."
        raise SettingsError([fault]) from error
    return {**defaults, **given}


def _masked(setting_field: "Field[Any]", settings: Settings) -> str:
    value = getattr(settings, setting_field.name)
    if setting_field.name == "database_url":
        return values.without_password(value)
    if setting_field.metadata["secret"]:
        return "(set)" if value else "(not set)"
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)
