"""Numbers that cannot be meant are refused with a sentence, before anything is asked of a database."""

from __future__ import annotations

import pytest

from countersign.cli.main import main


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["jobs", "list", "--limit", "-1"], "expected a whole number from 1 to 10000, not '-1'"),
        (["jobs", "list", "--limit", "many"], "expected a whole number from 1 to 10000, not 'many'"),
        (["jobs", "stats", "--hours", "99999999999"], "expected a whole number from 1 to 1000000"),
        (["jobs", "watch", "--every", "nan"], "expected seconds from 0.2 to 3600, not 'nan'"),
        (["jobs", "watch", "--every", "soon"], "expected seconds from 0.2 to 3600, not 'soon'"),
        (["maintenance", "list", "--limit", "0"], "expected a whole number from 1 to 10000, not '0'"),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused(
    call: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(call)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
