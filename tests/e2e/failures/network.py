"""Hosts that are network namespaces, joined by a bridge in one more, apart from the machine's own network."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

_SUBNET = "10.213.77"


@dataclass(frozen=True)
class Host:
    """One host: its namespace, its address, and the end of its cable at the bridge."""

    name: str
    address: str
    wire: str
    plug: str

    def cut_off(self) -> None:
        """Pull the cable: what is sent from now on is lost without a word."""
        _ip("-n", self.wire, "link", "set", self.plug, "down")

    def heal(self) -> None:
        """Plug it in again."""
        _ip("-n", self.wire, "link", "set", self.plug, "up")


def why_no_network() -> str:
    """Why this machine cannot have such hosts; empty when it can."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        return "NOT TESTED: hosts are network namespaces, which take root and iproute2"
    tried = subprocess.run(["ip", "netns", "add", _name("try")], check=False, capture_output=True, text=True)
    if tried.returncode:
        return f"NOT TESTED: no network namespaces here: {tried.stderr.strip()}"
    _ip("netns", "delete", _name("try"))
    return ""


@contextmanager
def network(*names: str) -> Iterator[list[Host]]:
    """Hosts of these names that reach each other."""
    with ExitStack() as held:
        wire = _namespace(held, "wire")
        _ip("-n", wire, "link", "add", "bridge", "type", "bridge")
        _ip("-n", wire, "link", "set", "bridge", "up")
        hosts = [_host(held, wire, name, number) for number, name in enumerate(names, 1)]
        for host in hosts:
            _introduce(host, [other for other in hosts if other is not host])
        yield hosts


def _host(held: ExitStack, wire: str, name: str, number: int) -> Host:
    host = Host(_namespace(held, name), f"{_SUBNET}.{number}", wire, f"to-{name}")
    cable = ("type", "veth", "peer", "name", "eth0", "address", _hardware(host), "netns", host.name)
    _ip("-n", wire, "link", "add", host.plug, *cable)
    _ip("-n", wire, "link", "set", host.plug, "master", "bridge", "up")
    _ip("-n", host.name, "address", "add", f"{host.address}/24", "dev", "eth0")
    _ip("-n", host.name, "link", "set", "eth0", "up")
    return host


def _introduce(host: Host, others: Sequence[Host]) -> None:
    """Who has to ask where another is notices a cut at once; beyond a router nobody does."""
    for other in others:
        there = (other.address, "lladdr", _hardware(other), "dev", "eth0", "nud", "permanent")
        _ip("-n", host.name, "neighbour", "add", *there)


def _hardware(host: Host) -> str:
    return f"02:00:00:00:00:{int(host.address.rpartition('.')[2]):02x}"


def _namespace(held: ExitStack, name: str) -> str:
    full = _name(name)
    _ip("netns", "add", full)
    held.callback(_ip, "netns", "delete", full)
    _ip("-n", full, "link", "set", "lo", "up")
    return full


def _name(name: str) -> str:
    return f"cs-{os.getpid()}-{name}"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, stdout=subprocess.DEVNULL)
