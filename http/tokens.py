"""Access tokens: short-lived JWTs that say who calls, in which session and role (RFC 9068)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from countersign.aggregates.role import Role
from countersign.http.problems import Refusal
from countersign.http.recent import Recent
from countersign.http.signing_keys import SigningKeys

_ALGORITHM: Final = "EdDSA"
_TYPE: Final = "at+jwt"
_MAX_CHARACTERS: Final = 4096
_KEPT: Final = 4096
_LEEWAY_S: Final = 5  # between the clocks of two machines
_SPELLING: Final = re.compile(r"(?:[A-Za-z0-9_-]+\.){2}[A-Za-z0-9_-]{85}[AQgw]")  # the only one, unpadded
_HEADER: Final = frozenset({"alg", "kid", "typ"})
_CLAIMS: Final = frozenset(
    {"iss", "aud", "sub", "sid", "role", "amr", "iat", "nbf", "exp", "jti", "proved_us"}
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FACTORS: Final = frozenset({"password", "totp", "backup_code"})


class TokenRefused(Refusal):
    """The access token does not let anybody in; `detail` is the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            401, "invalid_token", reason, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
        )


@dataclass(frozen=True, slots=True)
class Claims:
    """Who calls, as a genuine credential says. The role is for queries: a command asks the account again.

    `account` is the actor: a person's account, or an API client, which has no session. `scopes` are what an
    API client may do at most; None for people. `factors` are those of the log-in. An API client acts on
    behalf of the account that created it, within the role of which it stays. With `enrolment_only` a person
    may only enrol a second factor, with `first_password` only choose a password. `as_of` is the position of
    the log at which the session was found to hold; 0, if nobody asked. `proved_us` is when the person last
    proved who they are, in microseconds; 0, at log-in.
    """

    account: UUID
    session: UUID | None
    role: Role
    expires_at: datetime
    token_id: UUID
    method: Literal["jwt", "cookie", "api_key"] = "jwt"
    scopes: frozenset[str] | None = None
    factors: tuple[str, ...] = ()
    on_behalf_of: UUID | None = None
    enrolment_only: bool = False
    first_password: bool = False
    as_of: int = 0
    proved_us: int = 0

    @property
    def owner(self) -> UUID:
        """Whose things are the caller's own: those of an API client are its creator's."""
        return self.on_behalf_of or self.account


class AccessTokens:
    """Signs access tokens with the newest key and takes those of all keys, so that keys can be changed."""

    def __init__(self, keys: SigningKeys, issuer: str, audience: str, lifetime_s: int) -> None:
        self.keys = keys
        self._issuer = issuer
        self._audience = audience
        self.lifetime_s = lifetime_s
        self._checked: Recent[str, _Checked] = Recent(_KEPT)

    def issue(
        self,
        account: UUID,
        session: UUID,
        role: Role,
        now: datetime,
        factors: tuple[str, ...],
        reauthenticated_at: datetime | None = None,
    ) -> str:
        """A token for somebody who has just gone on, or signed in by `factors`.

        It is of no use once they have proved again who they are, later than `reauthenticated_at`.
        """
        issued_at = int(now.timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(account),
            "sid": str(session),
            "role": role,
            "amr": factors,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + self.lifetime_s,
            "jti": str(uuid4()),
            "proved_us": proof_us(reauthenticated_at),
        }
        key = self.keys.signer(now)
        return jwt.encode(claims, key.private, _ALGORITHM, headers={"kid": key.id, "typ": _TYPE})

    def verify(self, token: str, now: datetime) -> Claims:
        """What a token says, if this service made it for itself and it is in force.

        Raises:
            TokenRefused: with the first reason found.
        """
        if len(token) > _MAX_CHARACTERS:
            raise TokenRefused("the access token is too long")
        held = self._checked.get(token)
        if held is None:
            held = self._check(token)
            self._checked.put(token, held)
        self._public(held.key_id)  # it may have been retired
        held.require_in_force(now.timestamp())
        return held.claims

    def _check(self, token: str) -> _Checked:
        try:
            header = _json_object(jwt.utils.base64url_decode(token.partition(".")[0]))
            key_id = _key_id(header)
            payload = jwt.PyJWS().decode(token, self._public(key_id), [_ALGORITHM])
        except (jwt.InvalidTokenError, ValueError):
            raise TokenRefused("the access token is not a signed token of this service") from None
        if not _SPELLING.fullmatch(token):
            raise TokenRefused("the access token is spelled in another way than this service does")
        claims = _json_object(payload)
        if claims.keys() != _CLAIMS:
            raise TokenRefused("the access token lacks claims, or has unknown ones")
        if claims["iss"] != self._issuer or claims["aud"] != self._audience:
            raise TokenRefused("the access token was made by or for another service")
        return _Checked(key_id, *_times(claims), _read(claims))

    def _public(self, key_id: str) -> Ed25519PublicKey:
        try:
            return self.keys.public(key_id)
        except KeyError:
            raise TokenRefused("the access token is signed with an unknown key") from None


@dataclass(frozen=True, slots=True)
class _Checked:
    """A token whose signature is good and says this, so that it need not be checked at each request."""

    key_id: str
    from_s: int
    until_s: int
    claims: Claims

    def require_in_force(self, now_s: float) -> None:
        if now_s >= self.until_s + _LEEWAY_S:
            raise TokenRefused("the access token has expired")
        if now_s < self.from_s - _LEEWAY_S:
            raise TokenRefused("the access token is not valid yet")


def _key_id(header: Mapping[str, Any]) -> str:
    if header.keys() != _HEADER or header["alg"] != _ALGORITHM or header["typ"] != _TYPE:
        raise TokenRefused("the access token is of another kind")
    return str(header["kid"])


def _times(claims: Mapping[str, Any]) -> tuple[int, int]:
    times = claims["iat"], claims["nbf"], claims["exp"]
    if not all(type(time) is int for time in times):
        raise TokenRefused("the access token has a time that is no whole number")
    return max(claims["iat"], claims["nbf"]), claims["exp"]


def _read(claims: Mapping[str, Any]) -> Claims:
    try:
        return Claims(
            account=UUID(claims["sub"]),
            session=UUID(claims["sid"]),
            role=Role(claims["role"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
            token_id=UUID(claims["jti"]),
            factors=_factors(claims["amr"]),
            proved_us=_whole(claims["proved_us"]),
        )
    except (AttributeError, OverflowError, TypeError, ValueError):
        raise TokenRefused("the access token has a claim of another form") from None


def proof_us(reauthenticated_at: datetime | None) -> int:
    """A proof of identity as tokens name it."""
    return 0 if reauthenticated_at is None else (reauthenticated_at - _EPOCH) // timedelta(microseconds=1)


def _whole(claim: Any) -> int:
    if type(claim) is not int:
        raise TypeError("it is a whole number")
    return claim


def _factors(claim: Any) -> tuple[str, ...]:
    if not isinstance(claim, list) or not claim or not _FACTORS.issuperset(claim):
        raise TypeError("amr lists the factors of the log-in")
    return tuple(claim)


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        decoded = json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        raise TokenRefused("the access token is not JSON inside") from None
    if not isinstance(decoded, dict):
        raise TokenRefused("the access token is not a JSON object inside")
    return decoded


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise ValueError("a name stands twice")
    return unique
