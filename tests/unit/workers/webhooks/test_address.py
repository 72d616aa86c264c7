"""Which addresses of a name are called."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from countersign.workers.webhooks.address import LookUp, NotToBeCalled, addresses_to_call


def leads_to(*addresses: str) -> LookUp:
    return lambda _host, _port: addresses


def called(*addresses: str) -> list[str]:
    return [str(each) for each in addresses_to_call("erp.example.com", 443, (), leads_to(*addresses))]


def test_a_name_that_leads_behind_the_wall_is_not_called() -> None:
    for address in ("127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:192.168.1.1", "fd00::1"):
        with pytest.raises(NotToBeCalled, match="leads into a network"):
            called(address)


def test_of_several_addresses_only_open_ones_are_called() -> None:
    assert called("10.0.0.7", "93.184.216.34", "::1") == ["93.184.216.34"]


def test_a_name_may_lead_somewhere_else_each_time_and_is_looked_at_each_time() -> None:
    answers = iter([("93.184.216.34",), ("127.0.0.1",)])

    def rebinding(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    assert addresses_to_call("erp.example.com", 443, (), rebinding)
    with pytest.raises(NotToBeCalled):
        addresses_to_call("erp.example.com", 443, (), rebinding)


def test_what_an_operator_allows_is_called() -> None:
    allowed = (ip_network("10.0.0.0/24"),)
    assert addresses_to_call("erp", 443, allowed, leads_to("10.0.0.7"))
    with pytest.raises(NotToBeCalled):
        addresses_to_call("erp", 443, allowed, leads_to("10.0.1.7"))


def test_a_name_that_nobody_knows_is_said_to_be_so() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NotToBeCalled, match="is not known"):
        addresses_to_call("nowhere.example.com", 443, (), unknown)
    with pytest.raises(NotToBeCalled, match="has no address"):
        called()


def test_a_name_that_can_be_none_is_said_to_be_unknown() -> None:
    for name in ("a" * 64 + ".example.com", "erp..example.com"):
        with pytest.raises(NotToBeCalled, match="is not known"):
            addresses_to_call(name, 443, ())


def test_this_machine_is_found_by_its_name_and_not_called() -> None:
    with pytest.raises(NotToBeCalled, match="leads into a network"):
        addresses_to_call("localhost", 443, ())
