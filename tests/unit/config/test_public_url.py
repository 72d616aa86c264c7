"""Links in mails begin with what an operator has set: an address of the web, and nothing that runs."""

from __future__ import annotations

import pytest

from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.example", "//x.example", "x"],
)
def test_a_public_address_of_another_scheme_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationInvalid) as invalid:
        load_settings({}, {"http.public_url": address})

    assert [error.path for error in invalid.value.errors] == ["http.public_url"]


@pytest.mark.parametrize("address", ["https://reports.example", "http://127.0.0.1:8080"])
def test_an_address_of_the_web_is_taken(address: str) -> None:
    assert load_settings({}, {"http.public_url": address}).http.public_url == address
