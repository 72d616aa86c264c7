from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from countersign.config.tls.certificate import Certificate, CertificateRefused
from countersign.config.tls.certificate_files import CertificateFiles
from countersign.config.tls.renewal import CertificateInUse
from tests.authority import Authority, Signed
from tests.unit.config.tls.handshake import client_trusting, handshake

AUTHORITY = Authority()


class Server:
    """A certificate in use, whose files are looked at for each handshake."""

    def __init__(self, folder: Path, look_every_s: float = 0.0) -> None:
        self.path = folder / "server.pem"
        self.first = self.renew()
        self.loaded: list[Certificate] = []
        self.root = AUTHORITY.write_root(folder / "root.pem")
        self.now = datetime.now(UTC)
        self.in_use = CertificateInUse(
            CertificateFiles(certificate=self.path), lambda: self.now, self.loaded.append, look_every_s
        )

    def renew(self) -> Signed:
        signed = AUTHORITY.certificate()
        AUTHORITY.write(self.path, signed)
        return signed

    def shows(self, signed: Signed) -> bool:
        return handshake(self.in_use.context(), client_trusting(self.root)).is_for(signed)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_a_renewed_certificate_is_shown_at_the_next_handshake(server: Server) -> None:
    assert server.shows(server.first)
    assert server.shows(server.renew())
    assert len(server.loaded) == 2


def test_files_that_stayed_as_they_were_are_not_read_again(server: Server) -> None:
    assert server.in_use.context() is server.in_use.context()
    assert len(server.loaded) == 1


def test_the_files_are_looked_at_once_in_a_while_only(tmp_path: Path) -> None:
    server = Server(tmp_path, look_every_s=60)
    server.renew()
    assert server.shows(server.first)


def test_a_broken_renewal_is_told_once_and_the_old_one_stays(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.path.write_bytes(b"half of a fi")
    assert server.shows(server.first)
    assert server.shows(server.first)
    (line,) = caplog.messages
    assert "the one in use stays" in line
    assert "nor a PFX" in line


def test_after_a_broken_renewal_a_good_one_is_taken(server: Server) -> None:
    server.path.unlink()
    assert server.shows(server.first)
    assert server.shows(server.renew())


def test_a_renewal_that_has_expired_is_not_taken(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    expired = AUTHORITY.certificate(begins=timedelta(days=-9), ends=timedelta(days=-1))
    AUTHORITY.write(server.path, expired)
    assert server.shows(server.first)
    assert "expired on" in caplog.text


def test_the_one_in_use_goes_on_when_it_expires_since_a_refusal_would_help_nobody(server: Server) -> None:
    server.now += timedelta(days=900)
    assert server.shows(server.first)


def test_nothing_usable_to_begin_with_is_refused(tmp_path: Path) -> None:
    files = CertificateFiles(certificate=tmp_path / "none.pem")
    with pytest.raises(CertificateRefused, match="No such file"):
        CertificateInUse(files, lambda: datetime.now(UTC), lambda _: None)
