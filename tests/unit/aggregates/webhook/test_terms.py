"""What may be agreed about a webhook."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from countersign.aggregates.webhook.refusals import InvalidWebhook
from countersign.aggregates.webhook.target_address import may_be_called
from countersign.aggregates.webhook.target_url import Target, UrlRules, target_of
from countersign.aggregates.webhook.terms import Facts, Only
from tests.unit.aggregates.webhook.given import terms

FACTS = Facts("SAT", "P-7", "Aegean Water")


def pointers(**changes: Any) -> list[str]:
    with pytest.raises(InvalidWebhook) as refused:
        terms(**changes)
    return [pointer for pointer, _ in refused.value.pointers]


def test_terms_are_kept_in_their_plain_form() -> None:
    agreed = terms(
        name="  the   ERP ",
        event_types=("report.created", "document.completed", "report.created"),
        only=Only(("SAT", "FAT"), "P-7", ""),
        headers={"X-Key": "s3cret"},
    )
    assert agreed.name == "the ERP"
    assert agreed.event_types == ("document.completed", "report.created")
    assert agreed.only == Only(("FAT", "SAT"), "P-7", "")
    assert [(each.name, each.value) for each in agreed.headers] == [("X-Key", "s3cret")]


def test_each_fault_is_pointed_at() -> None:
    assert pointers(
        name=" ", url="ftp://example.com", event_types=("report.created", "all"), headers={"Host": "other"}
    ) == ["/name", "/url", "/event_types/1", "/headers/Host"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "1", "x-a": "2"},
        {f"X-{n}": "1" for n in range(11)},
        {"X A": "1"},
        {"X/~": "1"},
        {"Webhook-Id": "1"},
        {"X-A": ""},
        {"X-A": "a\r\nX-B: b"},
        {"X-A": "x" * 1001},
    ],
)
def test_a_field_that_could_break_a_request_is_refused(headers: dict[str, str]) -> None:
    assert pointers(headers=headers)[0].startswith("/headers")


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example.com/",
        "//erp.example.com/",
        "https://",
        "https://erp.example.com:0/",
        "https://erp.example.com:99999/",
        "https://user:password@erp.example.com/",
        "https://erp.example.com/?key=secret",
        "https://erp.example.com/#part",
        "https://erp.example.com/\\evil",
        "https://έρπ.example.com/",
        "https://erp.example.com/" + "x" * 500,
        "https://[::1",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_an_address_that_must_not_be_called_is_refused(url: str) -> None:
    assert set(pointers(url=url)) == {"/url"}


def test_clear_text_and_own_networks_are_for_whom_the_operator_lets() -> None:
    rules = UrlRules(clear_text=True, allowed=(ip_network("127.0.0.0/8"),))
    assert terms(url="http://127.0.0.1:8000/hook", rules=rules).url == "http://127.0.0.1:8000/hook"


def test_a_url_is_taken_apart() -> None:
    assert target_of("https://erp.example.com") == Target(True, "erp.example.com", 443, "/")
    assert target_of("http://[2001:db8::1]:8080/a/b") == Target(False, "2001:db8::1", 8080, "/a/b")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - called, not bound to
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::1",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_no_address_behind_the_wall_is_called(address: str) -> None:
    assert not may_be_called(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_of_the_open_network_are_called(address: str) -> None:
    assert may_be_called(ip_address(address))


def test_an_allowed_network_is_called() -> None:
    allowed = (ip_network("10.7.0.0/16"), ip_network("fc00::/7"))
    called = [
        each
        for each in ("10.7.0.9", "10.8.0.9", "fc00::1", "::ffff:10.7.0.9", "127.0.0.1")
        if may_be_called(ip_address(each), allowed)
    ]
    assert called == ["10.7.0.9", "fc00::1", "::ffff:10.7.0.9"]


def test_what_is_about_no_report_is_for_those_who_hear_of_all() -> None:
    assert Only().takes(None)
    assert not Only(project_reference="P-7").takes(None)


@pytest.mark.parametrize(
    ("only", "takes"),
    [
        (Only(), True),
        (Only(("SAT",), "P-7", "Aegean Water"), True),
        (Only(("FAT",)), False),
        (Only(project_reference="P-8"), False),
        (Only(client_name="Other"), False),
    ],
)
def test_a_filter_takes_what_it_names(only: Only, takes: bool) -> None:
    assert only.takes(FACTS) is takes
