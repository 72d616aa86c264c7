"""Credentials of a database that change while the service runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import PoolProxiedConnection

_USER: Final = "user"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A role and its password; no two of a source have the same role."""

    user: str
    password: str = field(repr=False)


class CredentialSource(Protocol):
    """Knows the credentials for new connections. The ones before must live until they are out of use."""

    def current(self) -> Credentials:
        """Those of now; never waits."""
        ...

    def refused(self) -> None:
        """The server let nobody in with them, which may have other reasons."""
        ...


def follow(engine: Engine, source: CredentialSource) -> None:
    """Open connections with the credentials of now, and replace older connections when they are next used."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, arguments: Any, parameters: Any) -> Any:
        credentials = source.current()
        named = {"user": credentials.user, "password": credentials.password}
        try:
            connection = dialect.connect(*arguments, **{**parameters, **named})
        except dialect.loaded_dbapi.OperationalError:
            source.refused()
            raise
        record.info[_USER] = credentials.user
        return connection

    @event.listens_for(engine, "checkout")
    def retire(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get(_USER) != source.current().user:
            raise DisconnectionError("it was opened with credentials that have been replaced")


def outlived(pooled: PoolProxiedConnection, source: CredentialSource | None) -> bool:
    """Whether a connection that is not given back was opened with credentials that have been replaced."""
    return source is not None and cast("Any", pooled.info.get(_USER)) != source.current().user
