"""What production refuses to start with."""

from __future__ import annotations

import pytest

from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid
from countersign.config.production import production_refusals, require_fit

FIT = {
    "COUNTERSIGN_ENV": "production",
    "COUNTERSIGN_DATABASE_URL": "postgresql://app:gT7mw0Vd@db/countersign",
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
    assert refused(REDIS_URL=f"redis://:{password}@cache:6379/0") == ["redis.url"]


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
