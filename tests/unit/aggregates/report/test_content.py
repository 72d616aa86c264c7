"""What a section holds is the content as saved, under the results that were recorded since."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from countersign.aggregates.canonical_json import canonical_json, digest_of
from countersign.aggregates.report.content import (
    INLINE_BYTES,
    MOST_PATHS,
    Content,
    SectionState,
    changed_paths,
    resolve,
)


def test_the_digest_is_the_sha256_of_sorted_unspaced_utf_8_json() -> None:
    content = Content.of([{"id": "1", "b": "ü", "a": "<&>\n"}])
    assert content.encoded == '[{"a":"<&>\\n","b":"ü","id":"1"}]'.encode()
    assert content.digest == sha256(content.encoded).hexdigest() == digest_of(content.value)


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))
    with pytest.raises(UnicodeEncodeError):
        canonical_json("\ud800")


def test_small_content_goes_into_the_event() -> None:
    content = Content.of({"text": "short"})
    assert (content.inline, content.ref, content.row_count) == ({"text": "short"}, None, 0)


def test_large_content_is_named_by_the_address_of_its_canonical_form() -> None:
    content = Content.of([{"id": "1", "text": "x" * INLINE_BYTES}])
    assert content.inline is None
    assert content.ref == content.digest == sha256(content.encoded).hexdigest()
    assert content.row_count == 1


def test_a_result_stands_over_its_row_where_the_row_has_such_columns() -> None:
    saved = [{"id": "1", "result": "", "comment": ""}, {"id": "2", "result": "", "comment": ""}]
    results = {"2": {"result": "fail", "comment": "stuck", "verified_by": "Eva"}}
    state = SectionState("d", 2, saved, None, results)
    assert resolve(state) == [saved[0], {"id": "2", "result": "fail", "comment": "stuck"}]


def test_a_large_content_comes_from_its_blob() -> None:
    saved = [{"id": "1", "result": ""}]
    state = SectionState("d", 1, None, "ref", {"1": {"result": "pass"}})
    assert resolve(state, json.dumps(saved).encode()) == [{"id": "1", "result": "pass"}]


@pytest.mark.parametrize(
    ("state", "blob"),
    [(SectionState("d", 0, [], None), b"[]"), (SectionState("d", 0, None, "ref"), None)],
)
def test_a_blob_goes_with_the_section_that_names_one(state: SectionState, blob: bytes | None) -> None:
    with pytest.raises(ValueError, match="goes with this section"):
        resolve(state, blob)


def test_changes_are_told_by_row_and_column() -> None:
    before = [{"id": "1", "tag": "a", "note": ""}, {"id": "2", "tag": "b", "note": ""}]
    after = [{"id": "3", "tag": "c", "note": ""}, {"id": "1", "tag": "a", "note": "new"}]
    assert changed_paths(before, after) == ("/1/note", "/2", "/3")


def test_changes_of_a_text_are_told_by_column() -> None:
    assert changed_paths({"text": "a"}, {"text": "b"}) == ("/text",)
    assert changed_paths({"text": "a"}, {"text": "a"}) == ()


def test_the_list_of_changes_is_bounded() -> None:
    after = [{"id": str(n)} for n in range(MOST_PATHS + 50)]
    assert len(changed_paths([], after)) == MOST_PATHS
