"""A certificate is renewed while clients ask: none of them is refused, and old connections go on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.config.tls.renewal import LOOK_EVERY_S
from tests.integration.tls.server import PATIENCE_S, Load, TlsServer, certificate_of, der


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsServer]:
    with TlsServer(tmp_path_factory.mktemp("tls")).running() as running:
        yield running


def wait_until_shown(server: TlsServer, wanted: bytes) -> None:
    """Several times in a row, so that both workers have taken it."""
    give_up, in_a_row = time.monotonic() + PATIENCE_S, 0
    while in_a_row < 10:
        in_a_row = in_a_row + 1 if server.shown() == wanted else 0
        assert time.monotonic() < give_up, server.log.read_text("utf-8")
        time.sleep(0.02)


def test_a_renewed_file_is_in_force_at_once_and_no_request_fails(server: TlsServer) -> None:
    kept = server.connection()
    server.ask(kept)
    before = certificate_of(kept)

    with Load(server) as load:
        time.sleep(LOOK_EVERY_S)
        renewed = der(server.renew())
        wait_until_shown(server, renewed)
        server.ask(kept)

    assert load.failed == []
    assert load.answered > 20
    assert before != renewed
    assert certificate_of(kept) == before
    kept.close()


def test_after_sighup_new_workers_answer_and_no_request_fails(server: TlsServer) -> None:
    with Load(server) as load:
        renewed = der(server.renew())
        before = server.log.read_text("utf-8").count("Booting worker")
        server.hang_up()
        give_up = time.monotonic() + PATIENCE_S
        while server.log.read_text("utf-8").count("Worker exiting") < 2:
            assert time.monotonic() < give_up, server.log.read_text("utf-8")
            time.sleep(0.1)
        wait_until_shown(server, renewed)

    assert load.failed == []
    assert server.log.read_text("utf-8").count("Booting worker") >= before + 2


def test_a_file_that_cannot_be_used_is_told_and_the_old_certificate_stays(server: TlsServer) -> None:
    in_use = server.shown()
    server.certificate.write_bytes(b"half of a")
    time.sleep(LOOK_EVERY_S)
    assert {server.shown() for _ in range(6)} == {in_use}
    assert "the one in use stays" in server.log.read_text("utf-8")
    wait_until_shown(server, der(server.renew()))


def test_the_figures_tell_when_it_expires(server: TlsServer) -> None:
    connection = server.connection()
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    (line,) = [each for each in lines if each.startswith("countersign_tls_certificate_expires_seconds{")]
    days_left = (float(line.split()[-1]) - time.time()) / 86_400
    assert 59 < days_left < 61


def test_nothing_of_the_key_is_left_on_a_disk_or_open(server: TlsServer) -> None:
    assert server.process is not None
    opened = [str(link.resolve()) for link in Path(f"/proc/{server.process.pid}/fd").iterdir()]
    assert not [name for name in opened if "memfd" in name or "countersign-tls" in name]


def test_the_doctor_knows_its_own_server_by_the_certificate(server: TlsServer) -> None:
    said = server.run("doctor")
    assert f"port: 127.0.0.1:{server.port} is in use: the API answers there" in said.stdout
    assert "ok      tls: localhost (pem), valid until" in said.stdout
