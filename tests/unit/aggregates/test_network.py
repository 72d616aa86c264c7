from __future__ import annotations

import pytest

from countersign.aggregates.network import (
    InvalidNetwork,
    address_of,
    counted_network,
    is_of_this_machine,
    network_of,
    shown_network,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%eth0", None),
        ("192.0.2.01", None),
        ("2130706433", None),
        ("", None),
    ],
)
def test_an_address_is_read_in_one_form_or_not_at_all(text: str, address: str | None) -> None:
    found = address_of(text)
    assert (str(found) if found else None) == address


@pytest.mark.parametrize(
    ("text", "network"),
    [("192.0.2.7/24", "192.0.2.0/24"), (" 192.0.2.7 ", "192.0.2.7/32"), ("2001:db8::/32", "2001:db8::/32")],
)
def test_a_network_is_read_in_cidr_notation(text: str, network: str) -> None:
    assert str(network_of(text)) == network


@pytest.mark.parametrize("text", ["", "192.0.2.0/33", "example.com", "::ffff:192.0.2.0/120", "fe80::%1/64"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(InvalidNetwork):
        network_of(text)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("", None),
        ("unix:/run/x", None),
    ],
)
def test_a_household_counts_as_one_caller(address: str, counted: str | None) -> None:
    assert counted_network(address) == counted


@pytest.mark.parametrize(
    ("network", "ours"),
    [("127.0.0.0/8", True), ("0.0.0.0/0", True), ("::/0", True), ("::1", True), ("192.0.2.0/24", False)],
)
def test_loopback_addresses_are_this_machine(network: str, ours: bool) -> None:
    assert is_of_this_machine(network_of(network)) is ours


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.0.0/16", "192.0.0.0/16"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("(erased)", None),
        ("", None),
    ],
)
def test_lists_show_a_part_of_an_address(text: str, shown: str | None) -> None:
    assert shown_network(text) == shown
