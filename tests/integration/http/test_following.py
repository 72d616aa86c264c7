"""Who follows a job hears of it for as long as they may ask."""

from __future__ import annotations

import threading
import time
from uuid import UUID

import pytest

from countersign.http.jobs import following
from tests.integration.http.service import Caller


def test_a_stream_ends_with_the_session_of_who_listens(
    engineer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "ASK_AGAIN_S", 0.1)
    new = {"report_type": "SAT", "document_number": "A 1", "header": {"document_title": "Pumps"}}
    report = engineer.post("/v1/reports", new).headers["location"]
    job = UUID(engineer.post(f"{report}/renderings", {"format": "docx"}).json["id"])

    leaving = threading.Timer(0.3, engineer.post, ["/v1/auth/logout"])
    leaving.start()
    began = time.monotonic()
    heard = engineer.get(f"/v1/jobs/{job}/events")
    leaving.join()

    assert "event: job" in heard.text
    assert "event: settled" not in heard.text
    assert time.monotonic() - began < 3  # nobody having left, it would go on for five seconds
    assert engineer.get(f"/v1/jobs/{job}").status_code == 401
