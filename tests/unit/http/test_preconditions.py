from __future__ import annotations

import falcon
import pytest
from falcon.testing import create_environ

from countersign.http.preconditions import (
    expected_digest,
    expected_version,
    is_known,
    tag_digest,
    tag_version,
)
from countersign.http.problems import Refusal

DIGEST = "0123456789abcdef" * 4


def request(**headers: str) -> falcon.Request:
    return falcon.Request(
        create_environ(headers={name.replace("_", "-"): value for name, value in headers.items()})
    )


@pytest.mark.parametrize(("tag", "version"), [('"v1"', 1), (' "v27" ', 27), ('W/"v3"', 3)])
def test_the_version_that_was_read_is_expected(tag: str, version: int) -> None:
    assert expected_version(request(If_Match=tag)) == version


def test_the_digest_that_was_read_is_expected() -> None:
    assert expected_digest(request(If_Match=f'"{DIGEST}"')) == DIGEST
    assert expected_digest(request(If_Match='"empty"')) is None


@pytest.mark.parametrize("tag", ["", "*", "v1", '"v-1"', '"v99999999999"', f'"{DIGEST.upper()}"', '"v١"'])
def test_a_tag_of_nobody_is_refused(tag: str) -> None:
    for read in (expected_version, expected_digest):
        with pytest.raises(Refusal) as refused:
            read(request(If_Match=tag.encode().decode("latin-1")))
        assert (refused.value.status, refused.value.code) == (400, "invalid_if_match")


def test_a_change_needs_a_precondition() -> None:
    for read in (expected_version, expected_digest):
        with pytest.raises(Refusal) as refused:
            read(request())
        assert (refused.value.status, refused.value.code) == (428, "precondition_required")


def test_what_is_answered_can_be_sent_back() -> None:
    resp = falcon.Response()
    tag_version(resp, 7)
    assert expected_version(request(If_Match=str(resp.get_header("ETag")))) == 7
    for digest in (DIGEST, None):
        tag_digest(resp, digest)
        assert expected_digest(request(If_Match=str(resp.get_header("ETag")))) == digest


def test_what_the_caller_has_is_known() -> None:
    assert is_known(request(If_None_Match=f'"x", "{DIGEST}"'), DIGEST)
    assert not is_known(request(If_None_Match=f'"{DIGEST[:-1]}"'), DIGEST)
    assert not is_known(request(), DIGEST)
