"""Signatures are what receivers with the specification's own library accept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from countersign.commands.webhook.secrets import new_secret
from countersign.workers.webhooks.signature import signed_headers

MESSAGE, BODY = UUID(int=7), b'{"type":"report.created","title":"\xce\xa9"}'


def test_a_signature_is_good_for_its_secret_body_and_time() -> None:
    secret = new_secret()
    headers = dict(signed_headers(MESSAGE, datetime.now(UTC), BODY, [secret]))
    assert Webhook(secret).verify(BODY, headers)["type"] == "report.created"
    for broken in ((BODY + b" ", headers), (BODY, {**headers, "webhook-id": "another"})):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(*broken)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, headers)
    late = signed_headers(MESSAGE, datetime.now(UTC) - timedelta(minutes=6), BODY, [secret])
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, dict(late))


def test_while_secrets_are_exchanged_either_is_good() -> None:
    secrets = [new_secret(), new_secret()]
    headers = dict(signed_headers(MESSAGE, datetime.now(UTC), BODY, secrets))
    for secret in secrets:
        Webhook(secret).verify(BODY, headers)


def test_the_published_example_of_the_specification_is_met() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    theirs = Webhook(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert theirs == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    ours = signed_headers(MESSAGE, at, b'{"test": 2432232314}', [secret])
    assert ours["webhook-timestamp"] == "1614265330"
    assert ours["webhook-signature"] == Webhook(secret).sign(str(MESSAGE), at, '{"test": 2432232314}')
