"""Secrets that settings refer to: `vault:mount/path#key`, or a version with `vault:mount/path?version=3#key`.

The first part of the path is the mount of a KV engine of version 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from countersign.config.vault.answers import part
from countersign.config.vault.connection import VaultConnection
from countersign.config.vault.trouble import NotInVault, VaultTrouble

_PLACE: Final = re.compile(
    r"(?P<mount>[^/?#\s]+)/(?P<path>[^?#\s]+?)(?:\?version=(?P<version>[1-9][0-9]{0,8}))?#(?P<key>[^#\s]+)"
)


class VaultSecrets:
    """Reads each place once, so that two keys of one secret are of one version."""

    def __init__(self, connection: VaultConnection) -> None:
        self._connection = connection
        self._read: dict[tuple[str, str, str | None], _Read] = {}

    def __call__(self, place: str) -> str:
        """The value at a place, written `mount/path#key`.

        Raises:
            VaultTrouble: it cannot be had; the message names path and key, never the value.
        """
        found = _PLACE.fullmatch(place)
        if found is None or ".." in place or "//" in place:
            raise NotInVault("expected vault:mount/path#key or vault:mount/path?version=N#key")
        mount, path, version, key = found.group("mount", "path", "version", "key")
        secret = self._secret(mount, path, version).content
        value = secret.get(key)
        where = f"{mount}/{path}"
        if key not in secret:
            raise NotInVault(f"{where} has no key {key!r}; it has {', '.join(sorted(secret)) or 'none'}")
        if not isinstance(value, str) or not value:
            raise NotInVault(f"the key {key!r} of {where} holds no text: write it as a string")
        return value

    def version_of(self, place: str) -> str:
        """The version that was read at a place."""
        found = _PLACE.fullmatch(place)
        return "" if found is None else self._secret(*found.group("mount", "path", "version")).version

    def _secret(self, mount: str, path: str, version: str | None) -> _Read:
        place = (mount, path, version)
        if place not in self._read:
            self._read[place] = self._fetched(mount, path, version)
        return self._read[place]

    def _fetched(self, mount: str, path: str, version: str | None) -> _Read:
        which = f"version {version} of {mount}/{path}" if version else f"{mount}/{path}"
        number = int(version) if version else None
        try:
            answer = self._connection.ask(
                f"read {which}",
                lambda client: client.secrets.kv.v2.read_secret_version(
                    path, version=number, mount_point=mount, raise_on_deleted_version=False
                ),
            )
        except NotInVault:
            missing = True
        else:
            missing = False
        if missing:
            raise NotInVault(
                f"there is no {which}, or it was destroyed: write it with "
                f"`vault kv put -mount={mount} {path} ...`, or mend the reference"
            )
        return _content(which, part(answer, "data", dict))


@dataclass(frozen=True, slots=True)
class _Read:
    version: str
    content: Mapping[str, Any] = field(repr=False)


def _content(which: str, data: Mapping[str, Any]) -> _Read:
    content, about = data.get("data"), data.get("metadata")
    if isinstance(content, dict):
        return _Read(str(about.get("version", "")) if isinstance(about, dict) else "", content)
    if isinstance(about, dict) and about.get("destroyed"):
        raise NotInVault(f"{which} was destroyed: write a new version, or refer to another one")
    if isinstance(about, dict) and about.get("deletion_time"):
        raise NotInVault(f"{which} was deleted: undelete it with `vault kv undelete`, or write a new version")
    raise VaultTrouble(f"{which} is not a secret of a KV engine of version 2: is that the right mount?")
