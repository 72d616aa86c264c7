"""Where one request ends and the next begins: gunicorn and whoever is in front must not differ about it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.e2e.api_server import ApiServer, api_server

SMUGGLED = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = "POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
AMBIGUOUS = {
    "both lengths": f"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX{SMUGGLED}",
    "two lengths": f"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{{}}{SMUGGLED}",
    "a list of lengths": f"Content-Length: 2, 40\r\n\r\n{{}}{SMUGGLED}",
    "a signed length": f"Content-Length: +2\r\n\r\n{{}}{SMUGGLED}",
    "a spaced name": f"Content-Length : 2\r\n\r\n{{}}{SMUGGLED}",
    "an unknown coding": f"Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{{}}{SMUGGLED}",
    "a hidden coding": f"Transfer-Encoding:\x0bchunked\r\nContent-Length: 2\r\n\r\n{{}}{SMUGGLED}",
    "a folded line": f"X-Folded: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{{}}{SMUGGLED}",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with api_server(tmp_path_factory.mktemp("boundaries")) as server:
        yield server


def heard(server: ApiServer, text: str) -> str:
    """All that comes back until the service closes the connection, or rests."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname or "", address.port or 0), 10) as connection:
        connection.sendall(text.encode("latin-1"))
        connection.settimeout(1)
        parts = []
        try:
            while part := connection.recv(65_536):
                parts.append(part)
        except TimeoutError:
            pass
    return b"".join(parts).decode("latin-1")


def test_two_whole_requests_on_one_connection_get_two_answers(server: ApiServer) -> None:
    assert heard(server, SMUGGLED + SMUGGLED).count("HTTP/1.1 200") == 2


@pytest.mark.parametrize("ending", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_no_request_hides_in_another_whose_end_can_be_read_in_two_ways(
    server: ApiServer, ending: str
) -> None:
    answers = heard(server, HEAD + ending)

    assert answers.startswith(("HTTP/1.1 4", "HTTP/1.1 501")), answers
    assert "HTTP/1.1 200" not in answers
