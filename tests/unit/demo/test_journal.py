from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from countersign.cli.demo.journal import Answer, Journal, Request

FIRST = Request(method="POST", path="/v1/reports", body={"title": "Ποτέ <&>"}, if_match='"v1"')
LATER = Request(method="POST", path="/v1/reports", body={"title": "another"}, if_match='"v9"')
CREATED = Answer(status=201, body={"id": "7"}, etag='"v1"', location="/v1/reports/7", position=12)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def test_a_request_is_repeated_word_for_word_in_a_run_that_goes_on(path: Path) -> None:
    with closing(Journal(path)) as journal:
        assert journal.request("report", FIRST) == FIRST
    with closing(Journal(path)) as again:
        assert again.request("report", LATER) == FIRST
        assert again.answer("report") is None


def test_an_answer_is_known_in_a_run_that_goes_on(path: Path) -> None:
    with closing(Journal(path)) as journal:
        journal.request("report", FIRST)
        journal.keep("report", CREATED)
    with closing(Journal(path)) as again:
        assert again.answer("report") == CREATED


@pytest.mark.parametrize("left", [1, 10, 40])
def test_a_line_that_was_torn_by_a_crash_is_as_if_it_had_not_been_begun(path: Path, left: int) -> None:
    with closing(Journal(path)) as journal:
        journal.request("report", FIRST)
        whole = path.read_bytes()
        journal.keep("report", CREATED)
    path.write_bytes(path.read_bytes()[: len(whole) + left])
    with closing(Journal(path)) as again:
        assert again.request("report", LATER) == FIRST
        assert again.answer("report") is None
        again.keep("report", CREATED)
    with closing(Journal(path)) as later:
        assert later.answer("report") == CREATED


def test_only_its_owner_can_read_it(path: Path) -> None:
    Journal(path).close()
    assert path.stat().st_mode & 0o077 == 0
