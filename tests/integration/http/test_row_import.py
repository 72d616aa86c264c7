"""Rows from CSV files, and test results over them."""

from __future__ import annotations

import pytest

from tests.integration.http.complete_report import Report
from tests.integration.http.complete_report import report as a_complete_report
from tests.integration.http.service import Caller

report = a_complete_report


def test_rows_can_be_imported_from_csv_by_their_titles(engineer: Caller, report: Report) -> None:
    path = f"{report.path}/sections/related_documents"
    digest = engineer.get(path).headers["etag"]
    text = 'Reference,title\r\nDOC-1,"Manual, volume 1"\r\nDOC-2,Σχέδιο <A & B>\r\n'

    answer = engineer.post(
        f"{path}/import",
        raw=text.encode(),
        if_match=digest,
        headers={"Content-Type": "text/csv; charset=utf-8"},
    )

    assert answer.status_code == 200, answer.text
    assert (answer.json["accepted"], answer.json["rejected_count"]) == (2, 0)
    section = engineer.get(path)
    assert section.headers["etag"] == answer.headers["etag"] == f'"{answer.json["digest"]}"'
    assert [row["title"] for row in section.json["content"][-2:]] == ["Manual, volume 1", "Σχέδιο <A & B>"]


def test_lines_that_do_not_fit_are_named_with_their_reason(engineer: Caller, report: Report) -> None:
    path = f"{report.path}/sections/ip_records"
    digest = engineer.get(path).headers["etag"]
    body = {
        "csv": "Device,Address\nPLC,10.0.0.1\nHMI,10.0.0.999\n",
        "mapping": {"Device": "device_name", "Address": "ip_address"},
    }

    answer = engineer.post(f"{path}/import", body, if_match=digest)

    assert (answer.json["accepted"], answer.json["rejected_count"]) == (1, 1)
    assert answer.json["rejected"][0]["line"] == 3


def test_a_heading_that_is_no_column_is_refused(engineer: Caller, report: Report) -> None:
    path = f"{report.path}/sections/ip_records"
    digest = engineer.get(path).headers["etag"]

    answer = engineer.post(f"{path}/import", {"csv": "device_name,colour\nPLC,red\n"}, if_match=digest)

    assert (answer.status_code, answer.json["code"]) == (422, "unknown_heading")
    assert "colour" in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize("text", ["x" * 200_000 + "\nPLC\n", '"device_name\nPLC\n', "\ufeff", "\n"])
def test_headings_that_cannot_be_read_are_refused(engineer: Caller, report: Report, text: str) -> None:
    path = f"{report.path}/sections/ip_records"
    digest = engineer.get(path).headers["etag"]

    answer = engineer.post(f"{path}/import", {"csv": text}, if_match=digest)

    assert (answer.status_code, answer.json["code"]) == (422, "unreadable_csv")


def test_a_test_result_is_recorded_over_the_row(engineer: Caller, report: Report) -> None:
    path = f"{report.path}/sections/digital_inputs"
    section = engineer.get(path)
    row = section.json["content"][0]
    body = {"result": "fail", "comment": "no signal", "verified_by": "E. Markaki"}

    answer = engineer.post(f"{path}/rows/{row['id']}/result", body, if_match=section.headers["etag"])

    assert answer.status_code == 200, answer.text
    after = engineer.get(path)
    assert after.json["content"][0] == row | body
    assert after.headers["etag"] == answer.headers["etag"]
