"""The key-value engine, version 2: https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2.

A version that was deleted or destroyed is answered with 404, its metadata, and no data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.vault_double.refusal import Refused


@dataclass
class Version:
    content: dict[str, Any] | None
    about: dict[str, Any]


@dataclass
class KeyValues:
    stamp: Callable[[], str]
    secrets: dict[str, list[Version]] = field(default_factory=dict)

    def write(self, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        versions = self.secrets.setdefault(path, [])
        about = {
            "created_time": self.stamp(),
            "custom_metadata": None,
            "deletion_time": "",
            "destroyed": False,
            "version": len(versions) + 1,
        }
        versions.append(Version(dict(content), about))
        return about

    def read(self, path: str, version: int) -> dict[str, Any]:
        versions = self.secrets.get(path, [])
        if not versions or version > len(versions):
            raise Refused(404)
        found = versions[version - 1] if version else versions[-1]
        data = {"data": found.content, "metadata": found.about}
        if found.about["deletion_time"] or found.about["destroyed"]:
            raise Refused(404, body={"data": {**data, "data": None}})
        return data

    def delete(self, path: str) -> None:
        self.secrets[path][-1].about["deletion_time"] = self.stamp()

    def destroy(self, path: str, version: int) -> None:
        found = self.secrets[path][version - 1]
        found.content, found.about["destroyed"] = None, True

    def metadata(self, path: str) -> dict[str, Any]:
        versions = self.secrets.get(path)
        if not versions:
            raise Refused(404)
        return {
            "cas_required": False,
            "created_time": versions[0].about["created_time"],
            "current_version": len(versions),
            "custom_metadata": None,
            "delete_version_after": "0s",
            "max_versions": 0,
            "oldest_version": 0,
            "updated_time": versions[-1].about["created_time"],
            "versions": {str(number): one.about for number, one in enumerate(versions, 1)},
        }
