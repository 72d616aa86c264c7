"""A whole installation on Vault: references, the master key and the database's users; and without it."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from countersign.cli.main import main
from countersign.cli.secret_notes import secrets_in_use
from countersign.config.key_files import MASTER, load_keys
from countersign.config.layers import load_settings
from tests.integration.vault.own_database import execute, owned_by_a_group, url_of
from tests.postgres_servers import PostgresServers
from tests.vault_double.database import Role
from tests.vault_double.server import serving
from tests.vault_double.vault import Vault

PLANTED = "planted-secret-4711"


class Installed:
    """The command line with the settings of one installation."""

    def __init__(
        self,
        vault: Vault,
        address: str,
        folder: Path,
        capfd: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.vault, self.address, self.folder = vault, address, folder
        self._capfd, self._monkeypatch = capfd, monkeypatch
        role_id, secret_id = vault.approle.add()
        (folder / "secret-id").write_text(secret_id, encoding="ascii")
        (folder / "secret-id").chmod(0o600)
        self.secrets = [PLANTED, secret_id]
        self.set(
            ENV="testing",
            DATA_DIR=str(folder / "data"),
            VAULT__ADDRESS=address,
            VAULT__ROLE_ID=role_id,
            VAULT__SECRET_ID=f"file:{folder}/secret-id",
            VAULT__TIMEOUT_S="2",
        )

    @property
    def master(self) -> Path:
        return self.folder / "data" / "keys" / MASTER

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self._monkeypatch.setenv(f"COUNTERSIGN_{name}", value)

    def run(self, *arguments: str) -> tuple[int, str]:
        """One call: its status, and all that it said."""
        self._capfd.readouterr()
        status = main(arguments)
        said = self._capfd.readouterr()
        text = said.out + said.err
        for secret in [*self.secrets, *self.vault.tokens.held, "hvs."]:
            assert secret not in text
        return status, text

    def init(self) -> None:
        status, said = self.run("init", "--generate-password")
        assert status == 0, said

    def status(self) -> dict[str, Any]:
        status, said = self.run("status", "--json")
        assert status == 1, "no worker is running"
        document: dict[str, Any] = json.loads(said)
        return document

    def findings(self) -> dict[str, dict[str, Any]]:
        _, said = self.run("doctor", "--json")
        return {each["subject"]: each for each in json.loads(said)["findings"]}


@pytest.fixture(autouse=True)
def _own_log_lines() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def installed(
    vault: Vault, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installed]:
    with serving(vault) as address:
        yield Installed(vault, address, tmp_path, capfd, monkeypatch)


def test_a_setting_may_be_kept_in_vault_and_is_never_shown(vault: Vault, installed: Installed) -> None:
    vault.kv.write("countersign/mail", {"password": PLANTED})
    installed.set(SMTP__USER="mailer", SMTP__PASSWORD="vault:secret/countersign/mail#password")
    installed.init()

    status, said = installed.run("config", "show")

    assert status == 0
    assert "vault:secret/countersign/mail#password" in said
    assert vault.tokens.held == {}, "the log-in for the references has ended"


def test_the_version_of_a_secret_is_known_and_named_for_the_log_of_events(
    vault: Vault, installed: Installed
) -> None:
    vault.kv.write("countersign/mail", {"password": PLANTED, "user": "mailer"})
    vault.kv.write("countersign/mail", {"password": PLANTED, "user": "mailer"})
    installed.set(
        SMTP__USER="vault:secret/countersign/mail?version=1#user",
        SMTP__PASSWORD="vault:secret/countersign/mail#password",
    )
    installed.init()

    settings = load_settings(os.environ)

    kept_in_vault = [each for each in secrets_in_use(settings) if each.backend == "vault"]
    assert {(each.name, each.versions) for each in kept_in_vault} == {
        ("secret/countersign/mail#user", ("1",)),
        ("secret/countersign/mail#password", ("2",)),
    }
    assert PLANTED not in repr(kept_in_vault)


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("vault:secret/nothing#password", "there is no secret/nothing"),
        ("vault:secret/mail?version=1#pasword", "secret/mail has no key 'pasword'; it has password"),
        ("vault:secret/mail", "expected vault:path#key"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_mistake_of_the_configuration(
    vault: Vault, installed: Installed, reference: str, says: str
) -> None:
    vault.kv.write("mail", {"password": PLANTED})
    installed.set(SMTP__USER="mailer", SMTP__PASSWORD=reference)

    status, said = installed.run("init")

    assert status == 2
    assert "$COUNTERSIGN_SMTP__PASSWORD: smtp.password: " in said
    assert says in said


def test_references_are_told_once_waited_for_when_vault_is_sealed(vault: Vault, installed: Installed) -> None:
    vault.switches.sealed = True
    installed.set(
        SMTP__USER="mailer", SMTP__PASSWORD="vault:secret/mail#password", REDIS__URL="vault:secret/redis#url"
    )

    status, said = installed.run("init")

    assert status == 2
    assert said.count("is sealed: unseal it") == 2
    assert [call.path for call in vault.calls] == ["sys/health"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"VAULT__SECRET_ID": "vault:secret/own#secret"}, "cannot itself be kept in Vault"),
        ({"VAULT__SECRET_ID": ""}, "vault.secret_id: expected a value, since vault.auth is approle"),
        ({"VAULT__AUTH": "token"}, "vault.token: expected a value, since vault.auth is token"),
        ({"VAULT__ADDRESS": ""}, "keys.master: expected file, since vault.address is empty"),
        ({"DATABASE__VAULT_ROLE": "app"}, "database.vault_role: expected empty, since database.url is empty"),
        (
            {"DATABASE__KEYS_VAULT_ROLE": "app"},
            "database.keys_vault_role: expected empty, since database.keys_url is empty",
        ),
        ({"ENV": "production"}, "vault.address: expected https:// in production"),
        ({"ENV": "production", "VAULT__VERIFY": "false"}, "vault.verify: expected true in production"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(
    installed: Installed, settings: dict[str, str], says: str
) -> None:
    installed.set(KEYS__MASTER="transit", **settings)

    status, said = installed.run("init")

    assert status == 2
    assert says in said


def test_new_keys_are_encrypted_before_they_reach_the_disk(vault: Vault, installed: Installed) -> None:
    vault.transit.rotate("countersign")
    installed.set(KEYS__MASTER="transit")
    installed.init()

    assert installed.master.read_bytes().startswith(b"vault:v1:")
    assert installed.findings()["master key"]["verdict"] == "ok"
    assert installed.run("keys", "list")[0] == 0


def test_a_master_key_is_wrapped_rewrapped_and_unwrapped_and_stays_the_same(
    vault: Vault, installed: Installed
) -> None:
    installed.init()
    plain = load_keys(installed.master.parent).master_keys
    vault.transit.rotate("countersign")

    assert installed.run("keys", "wrap-master")[0] == 0
    first = installed.master.read_bytes()
    vault.transit.rotate("countersign")
    assert installed.run("keys", "wrap-master")[0] == 0
    second = installed.master.read_bytes()
    vault.transit.oldest_usable["countersign"] = 2

    assert (first[:9], second[:9]) == (b"vault:v1:", b"vault:v2:")
    assert installed.master.stat().st_mode & 0o777 == 0o600
    status, said = installed.run("work")
    assert status == 1
    assert "is encrypted by Vault: set keys.master to transit" in said
    installed.set(KEYS__MASTER="transit")
    assert installed.findings()["master key"]["verdict"] == "ok"
    assert installed.run("keys", "unwrap-master")[0] == 0
    assert load_keys(installed.master.parent).master_keys == plain
    status, said = installed.run("work")
    assert status == 1
    assert "run `countersign keys wrap-master`" in said


def test_a_master_key_in_vault_is_exchanged_without_being_written_down(
    vault: Vault, installed: Installed
) -> None:
    vault.transit.rotate("countersign")
    installed.set(KEYS__MASTER="transit")
    installed.init()
    before = installed.master.read_bytes()

    assert installed.run("keys", "rotate-master", "--prepare")[0] == 0
    assert [line[:9] for line in installed.master.read_bytes().split()] == [b"vault:v1:"] * 2
    status, said = installed.run("keys", "wrap-master")
    assert (status, "is being exchanged" in said) == (2, True)
    assert installed.run("keys", "rotate-master")[0] == 0

    assert installed.master.read_bytes().startswith(b"vault:v1:")
    assert before.strip() not in installed.master.read_bytes()
    assert installed.findings()["master key"]["verdict"] == "ok"


def test_a_key_that_vault_cannot_open_again_is_left_as_it_was(
    vault: Vault, installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.init()
    before = installed.master.read_bytes()
    vault.transit.rotate("countersign")
    monkeypatch.setattr(vault.transit, "decrypt", lambda *_: "AAAA")

    status, said = installed.run("keys", "wrap-master")

    assert status == 1
    assert "stays as it was" in said
    assert installed.master.read_bytes() == before


@pytest.mark.parametrize("verb", ["serve", "work", "schedule"])
def test_nothing_starts_while_vault_is_sealed_and_it_is_said_why(
    vault: Vault, installed: Installed, verb: str
) -> None:
    installed.init()
    vault.switches.sealed = True

    status, said = installed.run(verb)

    assert status == 1
    assert "is sealed: unseal it with `vault operator unseal`" in said
    assert "Traceback" not in said


def test_the_doctor_looks_at_vault(vault: Vault, installed: Installed) -> None:
    installed.init()
    found = installed.findings()
    assert (found["vault"]["verdict"], found["vault TLS"]["verdict"]) == ("ok", "warning")
    assert "the token ends in 3600 s" in found["vault"]["says"]

    vault.switches.sealed = True

    assert installed.findings()["vault"]["verdict"] == "failed"


def test_status_names_vault_and_what_to_do_when_it_is_sealed(vault: Vault, installed: Installed) -> None:
    installed.init()
    assert installed.status()["components"] == [
        {"name": "vault", "state": "ok", "says": f"{installed.address} lets us in"}
    ]

    vault.switches.sealed = True
    told = installed.status()

    assert (told["components"][0]["name"], told["components"][0]["state"]) == ("vault", "sealed")
    (problem,) = [each for each in told["problems"] if "Vault" in each["what"]]
    assert "What runs goes on with what it holds, nothing new starts." in problem["what"]
    assert "vault operator unseal" in problem["remedy"]
    assert told["head"] > 0, "the database is looked at all the same"
    assert "is sealed" in installed.run("status")[1]


@pytest.mark.parametrize(
    ("vault_sets", "state"), [({"ADDRESS": "http://localhost:1"}, "away"), ({"ROLE_ID": "nobody"}, "refused")]
)
def test_status_tells_a_vault_that_is_away_from_one_that_refuses(
    installed: Installed, vault_sets: dict[str, str], state: str
) -> None:
    installed.init()
    installed.set(**{f"VAULT__{name}": text for name, text in vault_sets.items()})

    (component,) = installed.status()["components"]

    assert component["state"] == state


@pytest.mark.postgres
def test_status_does_not_blame_a_database_whose_users_come_from_a_sealed_vault(
    vault: Vault, installed: Installed, postgres_url: str
) -> None:
    vault.switches.sealed = True
    installed.set(DATABASE__URL=url_of(postgres_url), DATABASE__VAULT_ROLE="countersign")

    told = installed.status()

    assert [each["what"].split(":")[0] for each in told["problems"]] == [
        "The database cannot be looked at",
        "Vault at http",
    ]
    assert told["components"][0]["state"] == "sealed"


@pytest.mark.postgres
def test_an_installation_lives_on_users_that_vault_makes(
    vault: Vault, installed: Installed, postgres_url: str
) -> None:
    with owned_by_a_group(postgres_url) as group:
        vault.database.url = postgres_url
        vault.database.roles["countersign"] = Role(3_600, 86_400, group)
        installed.set(DATABASE__URL=url_of(postgres_url), DATABASE__VAULT_ROLE="countersign")

        installed.init()
        found = installed.findings()

        subjects = ("database", "database log", "database read", "database keys", "wake-ups", "tables")
        assert {found[subject]["verdict"] for subject in subjects} == {"ok"}
        assert len(vault.database.made) == len(vault.database.dropped) > 0


@pytest.mark.postgres
def test_the_keys_of_persons_lie_in_another_database_with_users_of_its_own(
    vault: Vault, installed: Installed, postgres_servers: PostgresServers
) -> None:
    everything, keys = (postgres_servers.new_database("postgresql") for _ in range(2))
    with owned_by_a_group(everything) as group, owned_by_a_group(keys) as keepers:
        vault.database.url = everything
        vault.database.roles = {
            "countersign": Role(3_600, 86_400, group),
            "keys": Role(3_600, 86_400, keepers),
        }
        installed.set(DATABASE__URL=url_of(everything), DATABASE__VAULT_ROLE="countersign")
        installed.set(DATABASE__KEYS_URL=url_of(keys), DATABASE__KEYS_VAULT_ROLE="keys")

        installed.init()

        subjects = ("database", "database log", "database read", "database keys", "tables", "master key")
        found = installed.findings()
        assert {found[subject]["verdict"] for subject in subjects} == {"ok"}
        assert {name.split("-")[1] for name in vault.database.made} == {"countersign", "keys"}
        owners = "SELECT DISTINCT schemaname, tableowner FROM pg_tables WHERE schemaname IN ('log', 'keys')"
        assert execute(everything, owners) == [("log", group)]
        assert execute(keys, owners) == [("keys", keepers)]
    for url in (everything, keys):
        postgres_servers.drop(url)
