"""A configuration in which every secret there is can be recognised, and everything that the service says."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import make_url

from countersign.cli.main import main
from countersign.config.leaf import Leaf
from countersign.config.schema import schema_of_settings
from countersign.config.secret import Secret, SecretUrl
from tests.authority import Authority
from tests.vault_double.vault import Vault

COUNTERSIGN: Final = (sys.executable, "-m", "countersign.cli.main")
MARK: Final = "pLaNt3d"
WAYS: Final = ("file of settings", "variable", "env:", "file:", "vault:")


class Planted:
    """Every secret setting holds a text with `MARK` in it; `way` is how each comes to its value."""

    def __init__(self, folder: Path, postgres_url: str, vault: Vault, address: str) -> None:
        self.folder, self._postgres_url = folder, postgres_url
        authority = Authority()
        self.root = authority.write_root(folder / "root.pem")
        certificate = folder / "server.pfx"
        certificate.touch(mode=0o600)
        self.values = {keys: self._planted(".".join(keys), leaf) for keys, leaf in secret_settings()}
        certificate.write_bytes(authority.pfx(authority.certificate(), self.values["tls", "password"]))
        self._vault = vault
        token = vault.tokens.make()
        vault.tokens.held[self.values["vault", "token"]] = token
        self.others = {
            "COUNTERSIGN_ENV": "testing",
            "COUNTERSIGN_DATA_DIR": str(folder / "data"),
            "COUNTERSIGN_TLS__CERTIFICATE": str(certificate),
            "COUNTERSIGN_SMTP__USER": "mailer",
            "COUNTERSIGN_VAULT__ADDRESS": address,
            "COUNTERSIGN_VAULT__AUTH": "token",
            "COUNTERSIGN_LOGGING__HANDLERS": "console,file",
            "COUNTERSIGN_LOGGING__LEVEL": "debug",
        }

    def environment(self, way: str) -> Mapping[str, str]:
        """The variables of a process, and the files that they name."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("COUNTERSIGN_")}
        return {**kept, **self.others, **_SOWN[way](self)}

    def by_file_of_settings(self) -> Mapping[str, str]:
        folder = self.folder / "etc"
        folder.mkdir(exist_ok=True)
        lines = [f"{section}:\n  {name}: '{text}'\n" for (section, name), text in self.values.items()]
        merged: dict[str, str] = {}
        for line in lines:
            section, below = line.split("\n", 1)
            merged[section] = merged.get(section, "") + below
        text = "".join(f"{section}\n{below}" for section, below in merged.items())
        (folder / "app.yaml").write_text(text, encoding="utf-8")
        return {"COUNTERSIGN_CONFIG_DIR": str(folder)}

    def by_variable(self) -> Mapping[str, str]:
        return {variable(keys): text for keys, text in self.values.items()}

    def by_env_reference(self) -> Mapping[str, str]:
        names = {keys: "KEPT_" + "_".join(keys).upper() for keys in self.values}
        kept = {names[keys]: text for keys, text in self.values.items()}
        return kept | {variable(keys): f"env:{name}" for keys, name in names.items()}

    def by_file_reference(self) -> Mapping[str, str]:
        references = {}
        for keys, text in self.values.items():
            path = self.folder / "-".join(("kept", *keys))
            path.touch(mode=0o600)
            path.write_text(f"{text}\n", encoding="utf-8")
            references[variable(keys)] = f"file:{path}"
        return references

    def by_vault_reference(self) -> Mapping[str, str]:
        kept = {"-".join(keys): text for keys, text in self.values.items()}
        self._vault.kv.write("countersign", kept)
        return {
            variable(keys): text if keys[0] == "vault" else f"vault:secret/countersign#{'-'.join(keys)}"
            for keys, text in self.values.items()
        }

    def run(self, environment: Mapping[str, str], *arguments: str, typed: str = "") -> Said:
        """One call of the command line, in this process."""
        out, err = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(os, "environ", dict(environment))
            patch.setattr(sys, "stdin", StringIO(typed))
            try:
                status = main(arguments)
            except SystemExit as ended:
                status = int(ended.code or 0)
        return Said(status, out.getvalue() + err.getvalue())

    def logged(self) -> str:
        """Every log file."""
        return "".join(path.read_text("utf-8") for path in (self.folder / "data" / "logs").glob("*.log*"))

    def _planted(self, path: str, leaf: Leaf) -> str:
        text = f"{MARK}-{path.replace('.', '-').replace('_', '-')}"
        if leaf.kind is not SecretUrl:
            return text
        if path.startswith("redis."):
            return f"redis://:{text}@127.0.0.1:1/0"
        url = make_url(self._postgres_url).set(password=text)
        return url.render_as_string(hide_password=False)


class Said:
    """What one call left behind."""

    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text


_SOWN: Final = {
    "file of settings": Planted.by_file_of_settings,
    "variable": Planted.by_variable,
    "env:": Planted.by_env_reference,
    "file:": Planted.by_file_reference,
    "vault:": Planted.by_vault_reference,
}


def secret_settings() -> Iterator[tuple[tuple[str, str], Leaf]]:
    """Every setting that is a secret, whoever added it."""
    for keys, leaf in schema_of_settings().leaves.items():
        if issubclass(leaf.kind, Secret):
            section, name = keys
            yield (section, name), leaf


def variable(keys: tuple[str, ...]) -> str:
    """The variable that a setting has."""
    return f"COUNTERSIGN_{'__'.join(keys).upper()}"
