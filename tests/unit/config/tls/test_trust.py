from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from countersign.config.layers import load_settings
from countersign.config.settings import Settings

CA = "/etc/countersign/ca.pem"


def settings(folder: Path, **variables: str) -> Settings:
    named = {f"COUNTERSIGN_{name}": value for name, value in variables.items()}
    return load_settings({"COUNTERSIGN_DATA_DIR": str(folder), **named})


def test_every_address_of_the_database_demands_a_proof_of_its_name(tmp_path: Path) -> None:
    database = settings(
        tmp_path,
        DATABASE__URL="postgresql://ada:p%40ss@db/countersign",
        DATABASE__LISTEN_URL="postgresql://ada:p%40ss@direct:5432/countersign?connect_timeout=3",
        DATABASE__KEYS_URL="postgresql://ada:p%40ss@vault-db/keys",
        DATABASE__CA_FILE=CA,
    ).database
    for url in (database.url, database.listen_url, database.keys_url):
        found = make_url(url.reveal())
        assert (found.query["sslmode"], found.query["sslrootcert"]) == ("verify-full", CA)
        assert found.password == "p@ss"
    assert "connect_timeout=3" in database.listen_url.reveal()
    assert "p%40ss" not in str(database.url)


def test_what_an_address_says_itself_holds(tmp_path: Path) -> None:
    url = "postgresql://ada@db/countersign?sslmode=verify-ca"
    database = settings(tmp_path, DATABASE__URL=url, DATABASE__CA_FILE=CA).database
    assert make_url(database.url.reveal()).query["sslmode"] == "verify-ca"


def test_without_an_authority_addresses_stay_as_they_are(tmp_path: Path) -> None:
    found = settings(tmp_path, DATABASE__URL="postgresql://ada@db/c", REDIS__URL="rediss://cache:6379/0")
    assert (found.database.url.reveal(), found.redis.url.reveal()) == (
        "postgresql://ada@db/c",
        "rediss://cache:6379/0",
    )


def test_redis_has_to_prove_its_name(tmp_path: Path) -> None:
    redis = settings(tmp_path, REDIS__URL="rediss://:secret@cache:6379/0", REDIS__CA_FILE=CA).redis
    assert redis.url.reveal() == (
        f"rediss://:secret@cache:6379/0?ssl_cert_reqs=required&ssl_ca_certs={CA}&ssl_check_hostname=true"
    )
    assert "secret" not in str(redis.url)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_public_address_says_whether_there_is_tls(tmp_path: Path, scheme: str) -> None:
    given = {"TLS__CERTIFICATE": "tls.pem"} if scheme == "https" else {}
    assert settings(tmp_path, HTTP__PORT="8443", **given).http.public_url == f"{scheme}://127.0.0.1:8443"


def test_an_authority_of_redis_without_tls_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"redis\.ca_file.*expected together with a rediss:// address"):
        settings(tmp_path, REDIS__URL="redis://cache", REDIS__CA_FILE=CA)


@pytest.mark.parametrize("given", [{"TLS__KEY": "key.pem"}, {"TLS__PASSWORD": "open"}])
def test_a_key_or_a_password_without_a_certificate_is_a_mistake(
    tmp_path: Path, given: dict[str, str]
) -> None:
    with pytest.raises(Exception, match=r"tls\.certificate.*expected together with"):
        settings(tmp_path, **given)
