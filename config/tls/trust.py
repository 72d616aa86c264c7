"""Whom the service trusts: the authorities of its neighbours' certificates, written into their addresses.

So every connection that is made from an address verifies the server, whichever library makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from countersign.config.secret import SecretUrl
from countersign.config.stores import Database, Redis


def verified_database(database: Database) -> Database:
    """With `database.ca_file`: every connection is encrypted, to a server that the authority vouches for.

    What an address says itself holds: `?sslmode=verify-ca` where the server's name is not in its certificate.
    """
    if not database.ca_file:
        return database
    trust = {"sslmode": "verify-full", "sslrootcert": database.ca_file}
    return replace(
        database,
        url=_with(database.url, trust),
        listen_url=_with(database.listen_url, trust),
        keys_url=_with(database.keys_url, trust),
    )


def verified_redis(redis: Redis) -> Redis:
    """With `redis.ca_file`: a `rediss://` server has to show a certificate of that authority and its name."""
    if not redis.ca_file:
        return redis
    trust = {"ssl_cert_reqs": "required", "ssl_ca_certs": redis.ca_file, "ssl_check_hostname": "true"}
    return replace(redis, url=_with(redis.url, trust))


def _with(url: SecretUrl, trust: Mapping[str, str]) -> SecretUrl:
    if not url:
        return url
    parts = urlsplit(url.reveal())
    said = dict(parse_qsl(parts.query, keep_blank_values=True))
    # urlunsplit, and not a parser of addresses: a password may hold what no parser gives back as it was.
    return SecretUrl(urlunsplit(parts._replace(query=urlencode({**trust, **said}, safe="/:"))))
