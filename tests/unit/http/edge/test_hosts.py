from __future__ import annotations

import pytest

from countersign.http.edge.hosts import Host, authority_of, host_of


@pytest.mark.parametrize(
    ("text", "name", "port"),
    [
        ("example.com", "example.com", None),
        ("EXAMPLE.com.:443", "example.com", "443"),
        ("a_b-c.example", "a_b-c.example", None),
        ("[2001:DB8::1]:8080", "[2001:db8::1]", "8080"),
        ("192.0.2.1", "192.0.2.1", None),
    ],
)
def test_a_host_is_one_name_with_or_without_a_port(text: str, name: str, port: str | None) -> None:
    assert host_of(text) == Host(name, port)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a..b",
        "-a.example",
        "here.example,evil.example",
        "here.example, evil.example",
        "user@here.example",
        "user:password@here.example",
        "here.example/path",
        "here.example?",
        "here.example#x",
        "here.example:",
        "here.example:80:80",
        "here.example:99999999",
        "here example",
        "here.example\n",
        "[::1",
        "[nonsense]",
        "[fe80::1%25eth0]",
        "here.example..",
        "\u0435xample.com",
        "x" * 64 + ".example",
        ".".join(["x" * 60] * 5),
    ],
)
def test_what_is_not_one_name_is_no_host(text: str) -> None:
    assert host_of(text) is None


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("192.0.2.1", True),
        ("192.0.2.1.", True),
        ("[::1]", True),
        ("2130706433", True),
        ("127.1", True),
        ("0x7f.0x1", True),
        ("0x7f000001", True),
        ("example.com", False),
        ("1.example", False),
        ("0x.example", False),
    ],
)
def test_an_address_is_known_in_each_of_its_spellings(text: str, bare: bool) -> None:
    found = host_of(text)
    assert found is not None
    assert found.is_bare_ip is bare


def test_a_name_is_allowed_with_any_port_unless_one_is_named() -> None:
    assert Host("a.example", "8080").is_among({"a.example"})
    assert Host("a.example", "8080").is_among({"a.example:8080"})
    assert not Host("a.example", None).is_among({"a.example:8080"})
    assert not Host("b.a.example", None).is_among({"a.example"})


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        ("/v1/me", None),
        ("*", None),
        ("/http://evil.example/", None),
        ("http://evil.example/v1/me", "evil.example"),
        ("http://user@evil.example:80/", "user@evil.example:80"),
        ("http://[", ""),
    ],
)
def test_a_target_in_absolute_form_names_an_authority(target: str, authority: str | None) -> None:
    assert authority_of(target) == authority
