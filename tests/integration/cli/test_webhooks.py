"""Webhooks at the command line: registered, looked at, tried, paused and deleted."""

from __future__ import annotations

from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation

AS = ("--as", ADMINISTRATOR, "--password-stdin")


def test_an_administrator_keeps_webhooks(on_sqlite: Installation) -> None:
    assert on_sqlite.run("webhooks").out == "There are none.\n"
    made = on_sqlite.run(
        *("webhooks", "register", "ERP", "https://erp.example.com/hook", "--event-type", "report.created"),
        *("--header", "X-Key: s3cret", *AS, "--json"),
        typed=PASSWORD,
    ).json
    webhook = made["webhook_id"]
    assert made["secret"].startswith("whsec_")

    tried = on_sqlite.run("webhooks", "test", webhook, *AS, "--json", typed=PASSWORD).json
    rotated = on_sqlite.run("webhooks", "rotate-secret", webhook, *AS, "--json", typed=PASSWORD).json
    assert rotated["secret"] != made["secret"]
    paused = on_sqlite.run("webhooks", "pause", webhook, "--reason", "moving", *AS, typed=PASSWORD)
    assert paused.out.startswith("It is paused")
    on_sqlite.project()

    listed = on_sqlite.run("webhooks", "list")
    assert "erp.example.com" in listed.out
    assert made["secret"] not in listed.out
    assert "s3cret" not in on_sqlite.run("webhooks", "--json").out
    (delivery,) = on_sqlite.run("webhooks", "deliveries", webhook, "--json").json["deliveries"]
    assert delivery["delivery_id"] == tried["delivery_id"]
    shown = on_sqlite.run("webhooks", "delivery", tried["delivery_id"], "--json").json
    assert (shown["state"], shown["log"]) == ("queued", [])

    replayed = on_sqlite.run("webhooks", "replay", webhook, "--from", "1", *AS, "--json", typed=PASSWORD)
    assert replayed.json["from_position"] == 1
    assert on_sqlite.run("webhooks", "resume", webhook, *AS, typed=PASSWORD).status == 0
    early = on_sqlite.run("webhooks", "resend", tried["delivery_id"], *AS, typed=PASSWORD)
    assert early.status == 1
    assert "it is sent without that" in early.err
    assert on_sqlite.run("webhooks", "delete", webhook, *AS, typed=PASSWORD).status == 0
    on_sqlite.project()
    assert on_sqlite.run("webhooks").out == "There are none.\n"


def test_what_cannot_be_called_is_refused_with_each_fault(on_sqlite: Installation) -> None:
    refused = on_sqlite.run(
        *("webhooks", "register", "ERP", "https://user:password@erp.example.com/", *AS), typed=PASSWORD
    )
    assert refused.status == 1
    assert "/url: has no user, query or fragment" in refused.err
    unknown = "00000000-0000-4000-8000-000000000000"
    assert on_sqlite.run("webhooks", "delivery", unknown).status == 1
