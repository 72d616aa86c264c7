"""A mail server that is away, or will have nothing to do with us: mails wait, and none is given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from countersign.aggregates.email_status import EmailStatus
from countersign.workers import neighbour
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.mail.mailing import history, queue_mail, status
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import running, wait_until
from tests.integration.workers.scripted_server import Script

Serve = Callable[..., SmtpOptions]


@pytest.mark.parametrize(
    "trouble",
    [
        Script(cut="greeting"),
        Script(answers={"greeting": "421 not now"}),
        Script(answers={"MAIL": "535 5.7.8 authentication failed"}),
    ],
    ids=["away", "not ready", "refuses us"],
)
def test_a_server_that_takes_nothing_from_us_costs_no_attempt_however_long_it_is(
    plant: Plant,
    script: Script,
    serve: Serve,
    idle: Renderer,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Script,
) -> None:
    monkeypatch.setattr(neighbour, "TRY_EVERY_S", 0.05)
    monkeypatch.setattr(neighbour, "TRY_WHEN_REFUSED_EVERY_S", 0.05)
    script.cut, script.answers = trouble.cut, dict(trouble.answers)
    mails = [queue_mail(plant) for _ in range(3)]
    options = settings(plant.folder, serve())
    with running(*plant.worker(options, idle, only=("reactions", "mail"))):
        wait_until(lambda: len(script.connections) > 2 * options.mail.max_attempts)
        assert {status(plant, mail) for mail in mails} == {EmailStatus.QUEUED}
        script.cut, script.answers = "", {}
        wait_until(lambda: {status(plant, mail) for mail in mails} == {EmailStatus.SENT})

    assert [history(plant, mail) for mail in mails] == [["attempted", "sent"]] * 3
