"""Whom the API believes, answers and counts: as the settings say."""

from __future__ import annotations

import pytest

from countersign.cli.edge_options import edge_options
from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid
from countersign.http.edge.options import EdgeOptions


def loaded(environment: str = "development", **variables: str) -> EdgeOptions:
    named = {f"COUNTERSIGN_{name}": value for name, value in variables.items()}
    return edge_options(load_settings({"COUNTERSIGN_ENV": environment, **named}))


def test_an_operator_names_proxies_hosts_and_origins_in_lists() -> None:
    options = loaded(
        HTTP__TRUSTED_NETWORKS="10.0.0.0/8, fd00::/8",
        HTTP__ALLOWED_HOSTS="a.example,b.example:8443",
        HTTP__CORS_ORIGINS="https://pages.example",
    )

    assert options.trusted_networks == ("10.0.0.0/8", "fd00::/8")
    assert options.allowed_hosts == ("a.example", "b.example:8443")
    assert options.cors_origins == ("https://pages.example",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTP__TRUSTED_NETWORKS", "10.0.0.0/33"),
        ("HTTP__TRUSTED_NETWORKS", "0.0.0.0/0"),
        ("HTTP__TRUSTED_NETWORKS", "proxy.example"),
        ("HTTP__ALLOWED_HOSTS", "https://a.example"),
        ("HTTP__ALLOWED_HOSTS", "*"),
        ("HTTP__CORS_ORIGINS", "*"),
        ("HTTP__CORS_ORIGINS", "https://pages.example/"),
        ("RATE_LIMITS__ANONYMOUS_PER_HOUR", "0"),
        ("AUTOMATIC_BLOCK__REFUSALS", "-1"),
    ],
)
def test_what_cannot_be_meant_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigurationInvalid):
        loaded(**{name: value})


def test_on_one_s_own_machine_nobody_is_refused_or_counted_out() -> None:
    options = loaded()

    assert not options.require_https
    assert not options.refuse_bare_ip_hosts
    assert options.automatic_block.refusals == 0
    assert min(vars_of(options.quotas)) >= 1_000_000


def vars_of(options: object) -> list[int]:
    return [getattr(options, name) for name in options.__slots__]  # type: ignore[attr-defined]


def test_production_answers_to_its_own_name_over_https_and_counts() -> None:
    options = loaded("production", HTTP__PUBLIC_URL="https://here.example:8443/countersign")

    assert options.allowed_hosts == ("here.example",)
    assert options.require_https
    assert options.refuse_bare_ip_hosts
    assert options.automatic_block.refusals == 100
    quotas = options.quotas
    assert (quotas.anonymous, quotas.user, quotas.api_key, quotas.registration) == (50, 500, 2500, 3)


def test_an_operator_s_names_replace_the_public_one() -> None:
    assert loaded("production", HTTP__ALLOWED_HOSTS="a.example").allowed_hosts == ("a.example",)
