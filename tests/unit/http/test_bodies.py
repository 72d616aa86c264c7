from __future__ import annotations

import json
from typing import Any

import falcon
import pytest
from falcon.testing import create_environ
from hypothesis import given
from hypothesis import strategies as st

from countersign.http.bodies import Form, json_body, pointer_to
from countersign.http.problems import Refusal

PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]))


class Named(Form):
    name: str


def request(body: bytes, **headers: str) -> falcon.Request:
    req = falcon.Request(
        create_environ(method="POST", body=body, headers={"Content-Type": "application/json", **headers})
    )
    req.context.max_body_bytes = 1_000_000
    return req


def code_of(body: bytes, **headers: str) -> tuple[int, str]:
    with pytest.raises(Refusal) as refused:
        Named.read(request(body, **headers))
    return refused.value.status, refused.value.code


def test_a_form_is_read_from_its_body() -> None:
    assert Named.read(request('{"name": "Νίκος <A & B>\\n\\t"}'.encode())).name == "Νίκος <A & B>\n\t"


def test_a_media_type_may_have_parameters() -> None:
    body = request(b'{"name": "x"}', **{"Content-Type": "Application/JSON; charset=utf-8"})

    assert Named.read(body).name == "x"


def test_a_body_that_breaks_off_is_refused() -> None:
    assert code_of(b'{"name": "x"}', **{"Content-Length": "99"}) == (400, "body_incomplete")


def test_a_form_has_a_limit_of_its_own_below_that_of_the_api() -> None:
    assert code_of(b'{"name": "' + b"x" * 70_000 + b'"}') == (413, "body_too_large")


def test_numbers_out_of_range_are_refused_and_others_are_not() -> None:
    assert code_of(b'{"name": 1e400}') == (400, "invalid_json")
    assert json_body(request(b"[1e308, -0.5, 123456789012345678901234567890]")) == [
        1e308,
        -0.5,
        123456789012345678901234567890,
    ]


@pytest.mark.parametrize(
    ("steps", "pointer"), [((), ""), (("a", 0, "b"), "/a/0/b"), (("a/b", "c~d"), "/a~1b/c~0d")]
)
def test_a_pointer_escapes_what_it_goes_through(steps: tuple[Any, ...], pointer: str) -> None:
    assert pointer_to(steps) == pointer


@given(st.binary(max_size=200))
def test_whatever_comes_in_is_read_or_refused(body: bytes) -> None:
    try:
        outcome = Named.read(request(body)).name
    except Refusal as refusal:
        outcome = str(refusal.status)
    assert outcome


@given(
    st.dictionaries(PRINTABLE, st.none() | st.booleans() | st.integers() | PRINTABLE | st.lists(PRINTABLE))
)
def test_json_comes_through_as_it_was(document: Any) -> None:
    assert json_body(request(json.dumps(document).encode())) == document
    assert json_body(request(json.dumps(document, ensure_ascii=False).encode())) == document
