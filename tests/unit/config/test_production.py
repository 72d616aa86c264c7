"""What production refuses to start with."""

from __future__ import annotations

import pytest

from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid
from countersign.config.production import production_refusals, require_fit

FIT = {
    "COUNTERSIGN_ENV": "production",
    "COUNTERSIGN_DATABASE_URL": "postgresql://app:gT7mw0Vd@db/countersign",
    "COUNTERSIGN_DATABASE__CA_FILE": "/etc/countersign/ca.pem",
    "COUNTERSIGN_HTTP__TRUSTED_PROXIES": "1",
    "COUNTERSIGN_HTTP__PUBLIC_URL": "https://reports.acme-engineering.se",
    "COUNTERSIGN_SMTP__FROM_ADDRESS": "reports@acme-engineering.se",
}


def refused(**environ: str) -> list[str]:
    settings = load_settings(FIT | {f"COUNTERSIGN_{name}": text for name, text in environ.items()})
    return [refusal.path for refusal in production_refusals(settings)]


def test_production_starts_with_what_the_readme_asks_for() -> None:
    assert refused() == []
    require_fit(load_settings(FIT))


def test_first_passwords_are_to_be_changed() -> None:
    assert load_settings(FIT).accounts.change_first_password


@pytest.mark.parametrize("environment", ["development", "testing"])
def test_other_environments_start_with_anything(environment: str) -> None:
    assert production_refusals(load_settings({"COUNTERSIGN_ENV": environment})) == []


def test_bare_production_is_refused_with_every_reason_at_once() -> None:
    with pytest.raises(ConfigurationInvalid) as invalid:
        require_fit(load_settings({"COUNTERSIGN_ENV": "production"}))

    errors = invalid.value.errors
    assert {error.path for error in errors} == {"smtp.from_address", "database.url", "http.require_https"}
    assert all(error.source for error in errors)
    for error in errors:
        assert error.problem.startswith("Production does not start ")
        assert error.problem.endswith(".")


@pytest.mark.parametrize(
    "password", ["changeme", "Change-Me", "secret", "password1", "postgres", "12345678", "DEV", "countersign"]
)
def test_a_secret_that_everybody_knows_is_refused_wherever_it_is(password: str) -> None:
    assert refused(DATABASE_URL=f"postgresql://app:{password}@db/countersign") == ["database.url"]
    assert refused(SMTP__USER="mailer", SMTP__PASSWORD=password) == ["smtp.password"]
    assert refused(REDIS_URL=f"rediss://:{password}@cache:6379/0") == ["redis.url"]


def test_a_known_secret_is_refused_behind_a_reference_too() -> None:
    environ = {"COUNTERSIGN_SMTP__USER": "mailer", "COUNTERSIGN_SMTP__PASSWORD": "env:KEPT", "KEPT": "secret"}

    [refusal] = production_refusals(load_settings(FIT | environ))

    assert refusal.path == "smtp.password"
    assert "secret" not in refusal.problem.replace("with a secret that", "")


@pytest.mark.parametrize("password", ["gT7mw0Vd", "a-secret-nobody-knows", "testament of youth"])
def test_other_secrets_are_taken(password: str) -> None:
    assert refused(SMTP__USER="mailer", SMTP__PASSWORD=password) == []


@pytest.mark.parametrize("domain", ["example.com", "mail.example.org", "acme.test", "localhost.localdomain"])
def test_an_example_domain_is_refused(domain: str) -> None:
    assert refused(SMTP__FROM_ADDRESS=f"reports@{domain}") == ["smtp.from_address"]
    assert refused(HTTP__PUBLIC_URL=f"https://{domain}") == ["http.public_url"]


def test_sqlite_is_taken_only_if_somebody_says_so() -> None:
    assert refused(DATABASE_URL="") == ["database.url"]
    assert refused(DATABASE_URL="", DATABASE__ALLOW_SQLITE_IN_PRODUCTION="true") == []


def test_plain_http_is_refused() -> None:
    assert refused(HTTP__TRUSTED_PROXIES="0") == ["http.require_https"]
    assert refused(HTTP__REQUIRE_HTTPS="false") == ["http.require_https"]
    assert refused(HTTP__TRUSTED_PROXIES="0", HTTP__TRUSTED_NETWORKS="10.0.0.0/8") == []
    assert refused(HTTP__TRUSTED_PROXIES="0", TLS__CERTIFICATE="/etc/countersign/tls.pem") == []


def test_no_policy_for_second_factors_is_refused() -> None:
    assert refused(SIGN_IN__TOTP_REQUIRED_ROLES="") == ["sign_in.totp_required_roles"]


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("database.url", {"DATABASE__CA_FILE": ""}),
        ("database.url", {"DATABASE_URL": "postgresql://app:gT7mw0Vd@db/countersign?sslmode=prefer"}),
        ("database.url", {"DATABASE_URL": "postgresql:///countersign?host=/run&host=db&sslmode=require"}),
        ("database.listen_url", {"DATABASE__LISTEN_URL": "postgresql://app:gT7mw0Vd@db/c?sslmode=disable"}),
        ("database.keys_url", {"DATABASE__KEYS_URL": "postgresql://app:gT7mw0Vd@keys/c?sslmode=allow"}),
        ("redis.url", {"REDIS_URL": "redis://:gT7mw0Vd@cache:6379/0"}),
        ("redis.url", {"REDIS_URL": "rediss://:gT7mw0Vd@cache:6379/0?ssl_cert_reqs=none"}),
        ("smtp.tls", {"SMTP__HOST": "mail", "SMTP__TLS": "none"}),
        ("webhooks.clear_text", {"WEBHOOKS__CLEAR_TEXT": "true"}),
        ("http.host", {"HTTP__HOST": "0.0.0.0"}),  # noqa: S104 - that is what is refused
    ],
)
def test_clear_text_over_a_network_is_refused(path: str, given: dict[str, str]) -> None:
    assert refused(**given) == [path]


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "postgresql://app:gT7mw0Vd@127.0.0.1/countersign", "DATABASE__CA_FILE": ""},
        {"DATABASE_URL": "postgresql:///countersign?host=/run/postgresql", "DATABASE__CA_FILE": ""},
        {"DATABASE_URL": "postgresql://app:gT7mw0Vd@db/c?sslmode=verify-ca", "DATABASE__CA_FILE": ""},
        {"REDIS_URL": "redis://:gT7mw0Vd@localhost:6379/0"},
        {"REDIS_URL": "unix:///run/redis.sock"},
        {"REDIS_URL": "rediss://:gT7mw0Vd@cache:6379/0"},
        {"SMTP__HOST": "localhost", "SMTP__TLS": "none"},
        {"HTTP__HOST": "0.0.0.0", "TLS__CERTIFICATE": "/etc/tls.pem"},  # noqa: S104 - with TLS
    ],
)
def test_what_is_encrypted_or_stays_on_the_machine_is_taken(given: dict[str, str]) -> None:
    assert refused(**given) == []
