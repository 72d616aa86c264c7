"""Access tokens: what was signed is read again, and nothing else gets in."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from countersign.aggregates.role import Role
from countersign.http.signing_keys import SigningKey, SigningKeys
from countersign.http.tokens import AccessTokens, TokenRefused

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANNA, SESSION = UUID(int=1), UUID(int=9)
PASSWORD = ("password",)
OLD, NEW = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def tokens(
    keys: Mapping[str, Ed25519PrivateKey],
    issuer: str = "https://countersign.example",
    audience: str = "countersign",
) -> AccessTokens:
    """Tokens of a service with those keys, the newest last."""
    moments = (NOW - timedelta(days=days) for days in range(len(keys), 0, -1))
    ring = [
        SigningKey(key_id, key, moment) for (key_id, key), moment in zip(keys.items(), moments, strict=True)
    ]
    return AccessTokens(SigningKeys(lambda: ring, 60), issuer, audience, 600)


TOKENS = tokens({"old": OLD, "new": NEW})


def issued() -> str:
    return TOKENS.issue(ANNA, SESSION, Role.ENGINEER, NOW, PASSWORD)


def claims() -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(jwt.PyJWS().decode(issued(), NEW.public_key(), ["EdDSA"]))
    return decoded


def signed(payload: bytes, header: bytes = b'{"alg":"EdDSA","kid":"new","typ":"at+jwt"}') -> str:
    """A token with that inside and a true signature of the service's own key."""
    signing_input = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in (header, payload))
    signature = base64.urlsafe_b64encode(NEW.sign(signing_input)).rstrip(b"=")
    return (signing_input + b"." + signature).decode()


def refused(token: str, now: datetime = NOW) -> str:
    with pytest.raises(TokenRefused) as refusal:
        TOKENS.verify(token, now)
    assert refusal.value.status == 401
    assert refusal.value.code == "invalid_token"
    return refusal.value.detail


def test_what_was_issued_is_read_again() -> None:
    read = TOKENS.verify(issued(), NOW)

    assert (read.account, read.session, read.role) == (ANNA, SESSION, Role.ENGINEER)
    assert (read.method, read.scopes, read.factors) == ("jwt", None, PASSWORD)
    assert read.expires_at == NOW + timedelta(seconds=600)


def test_two_tokens_of_one_moment_have_their_own_ids() -> None:
    assert TOKENS.verify(issued(), NOW).token_id != TOKENS.verify(issued(), NOW).token_id


def test_the_header_says_which_key_and_kind() -> None:
    assert jwt.get_unverified_header(issued()) == {"alg": "EdDSA", "kid": "new", "typ": "at+jwt"}


def test_a_token_of_the_key_before_is_good_until_it_runs_out() -> None:
    before = tokens({"old": OLD})

    assert TOKENS.verify(before.issue(ANNA, SESSION, Role.AUDITOR, NOW, PASSWORD), NOW).role is Role.AUDITOR


def test_a_token_is_good_to_its_last_second_and_a_little_longer_for_slow_clocks() -> None:
    token = issued()

    TOKENS.verify(token, NOW + timedelta(seconds=604))
    assert "expired" in refused(token, NOW + timedelta(seconds=605))


def test_a_token_from_the_future_is_refused_beyond_the_leeway() -> None:
    token = issued()

    TOKENS.verify(token, NOW - timedelta(seconds=5))
    assert "not valid yet" in refused(token, NOW - timedelta(seconds=6))


def test_a_token_that_was_checked_before_is_refused_once_it_runs_out_or_its_key_is_retired() -> None:
    ring = [SigningKey("old", OLD, NOW - timedelta(days=1))]
    elapsed = [0.0]
    service = AccessTokens(SigningKeys(lambda: ring, 5, lambda: elapsed[0]), "here", "countersign", 600)
    token = service.issue(ANNA, SESSION, Role.ENGINEER, NOW, PASSWORD)
    service.verify(token, NOW)
    service.verify(token, NOW)

    with pytest.raises(TokenRefused, match="expired"):
        service.verify(token, NOW + timedelta(seconds=605))
    ring[:] = [SigningKey("new", NEW, NOW)]
    elapsed[0] = 6
    with pytest.raises(TokenRefused, match="unknown key"):
        service.verify(token, NOW)


def test_a_token_of_an_unknown_key_is_refused() -> None:
    strangers = tokens({"other": NEW})

    assert "unknown key" in refused(strangers.issue(ANNA, SESSION, Role.ENGINEER, NOW, PASSWORD))


def test_a_token_signed_by_somebody_else_under_our_keys_name_is_refused() -> None:
    forger = tokens({"new": Ed25519PrivateKey.generate()})

    refused(forger.issue(ANNA, SESSION, Role.ADMINISTRATOR, NOW, PASSWORD))


@pytest.mark.parametrize(
    ("issuer", "audience"),
    [("https://evil.example", "countersign"), ("https://countersign.example", "other")],
)
def test_a_token_by_or_for_another_service_is_refused(issuer: str, audience: str) -> None:
    other = tokens({"new": NEW}, issuer, audience)

    assert "another service" in refused(other.issue(ANNA, SESSION, Role.ENGINEER, NOW, PASSWORD))


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "sid", "role", "amr", "iat", "nbf", "exp", "jti"])
def test_every_claim_is_required(name: str) -> None:
    without = {key: value for key, value in claims().items() if key != name}

    assert "lacks claims" in refused(signed(json.dumps(without).encode()))


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "sid", "role", "amr", "iat", "nbf", "exp", "jti"])
@pytest.mark.parametrize("value", [None, "", "x", 1.5, True, 10**30, [], {}, ["countersign"]])
def test_a_claim_of_another_form_is_refused(name: str, value: object) -> None:
    refused(signed(json.dumps({**claims(), name: value}).encode()))


def test_an_unknown_claim_is_refused() -> None:
    refused(signed(json.dumps({**claims(), "scope": "everything"}).encode()))


def test_a_claim_that_stands_twice_is_refused() -> None:
    text = json.dumps(claims())

    refused(signed(f'{{"role":"administrator",{text[1:]}'.encode()))


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"null", b'"text"', b"{", b"\xff\xfe", b"[" * 3000, b'{"a":NaN}']
)
def test_what_is_not_an_object_inside_is_refused(payload: bytes) -> None:
    refused(signed(payload))


@pytest.mark.parametrize(
    "header",
    [
        b"{}",
        b'{"alg":"none","kid":"new","typ":"at+jwt"}',
        b'{"alg":"HS256","kid":"new","typ":"at+jwt"}',
        b'{"alg":"EdDSA","kid":"new","typ":"JWT"}',
        b'{"alg":"EdDSA","kid":"new"}',
        b'{"alg":"EdDSA","typ":"at+jwt"}',
        b'{"alg":"EdDSA","kid":null,"typ":"at+jwt"}',
        b'{"alg":"EdDSA","kid":["new"],"typ":"at+jwt"}',
        b'{"alg":"EdDSA","kid":"new","typ":"at+jwt","crit":["b64"],"b64":false}',
        b'{"alg":"EdDSA","kid":"new","typ":"at+jwt","jwk":{}}',
        b'{"alg":"EdDSA","kid":"new","kid":"old","typ":"at+jwt"}',
        b"[]",
        b"\xff",
    ],
)
def test_a_header_of_another_kind_is_refused_even_with_a_true_signature(header: bytes) -> None:
    refused(signed(json.dumps(claims()).encode(), header))


def test_our_public_key_is_no_shared_secret_for_a_forger() -> None:
    public = NEW.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    header = b'{"alg":"HS256","kid":"new","typ":"at+jwt"}'
    parts = (header, json.dumps(claims()).encode())
    signing_input = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    for key in (pem, raw, base64.urlsafe_b64encode(raw).rstrip(b"=")):
        mac = base64.urlsafe_b64encode(hmac.digest(key, signing_input, "sha256")).rstrip(b"=")
        assert "another kind" in refused((signing_input + b"." + mac).decode())


def test_a_token_without_a_signature_is_refused_whatever_it_calls_that() -> None:
    for algorithm in ("none", "None", "NONE", "nOnE", ""):
        header = json.dumps({"alg": algorithm, "kid": "new", "typ": "at+jwt"}).encode()
        assert "another kind" in refused(
            signed(json.dumps(claims()).encode(), header).rpartition(".")[0] + "."
        )


@pytest.mark.parametrize(
    "key_id",
    ["../../etc/passwd", "/dev/null", "new/../new", "new\x00", "NEW", " new", "", "k' OR '1'='1", "|id"],
)
def test_a_key_id_is_a_name_to_look_up_and_never_a_path(key_id: str) -> None:
    header = json.dumps({"alg": "EdDSA", "kid": key_id, "typ": "at+jwt"}).encode()

    assert "unknown key" in refused(signed(json.dumps(claims()).encode(), header))


@pytest.mark.parametrize("name", ["iat", "nbf", "exp"])
@pytest.mark.parametrize(
    "written",
    ["1.5", "1e3", "1e400", '"1772443800"', "-1", "true", "false", "null", "1" + "0" * 400, "-0", "{}"],
)
def test_a_time_of_another_form_is_refused_in_every_spelling(name: str, written: str) -> None:
    if (name, written) in {("iat", "-1"), ("nbf", "-1"), ("iat", "-0"), ("nbf", "-0")}:
        return  # long ago, but a time
    text = json.dumps({**claims(), name: "here"}).replace('"here"', written)

    refused(signed(text.encode()))


@pytest.mark.parametrize("size", [4097, 100_000, 2_000_000])
def test_an_enormous_token_is_refused_before_it_is_read(size: int) -> None:
    assert "too long" in refused(signed(b"{" + b" " * size + b"}"))


@pytest.mark.parametrize("nest", ["[" * 700, '{"a":' * 400, "[" * 350 + "]" * 350])
def test_a_deep_token_is_refused_in_its_header_and_in_its_claims(nest: str) -> None:
    refused(signed(nest.encode()))
    refused(signed(json.dumps(claims()).encode(), nest.encode()))


@pytest.mark.parametrize(
    "damage",
    [
        lambda token: "",
        lambda token: ".",
        lambda token: "..",
        lambda token: token.rpartition(".")[0],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token + ".x",
        lambda token: token + "=",
        lambda token: token + "==",
        lambda token: token[:-1] + chr(ord(token[-1]) + 1),
        lambda token: token + "é",
        lambda token: "é" + token,
        lambda token: token[:-8] + "AAAAAAAA",
        lambda token: token + "A" * 4096,
    ],
)
def test_a_damaged_token_is_refused(damage: Callable[[str], str]) -> None:
    refused(damage(issued()))


@settings(deadline=None)
@given(st.data())
def test_no_changed_character_in_what_is_signed_goes_unnoticed(data: st.DataObject) -> None:
    token = issued()
    place = data.draw(st.integers(0, token.rindex(".") - 1))
    character = data.draw(st.sampled_from("ABCDEFabcdef0123456789-_."))
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        refused(changed)


@given(st.text(max_size=200))
def test_any_text_is_refused_and_never_a_crash(text: str) -> None:
    refused(text)
