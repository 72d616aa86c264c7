"""The duty that destroys the secrets of a deleted webhook, in every copy of the log at once."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from countersign.eventstore.databases import Databases
from countersign.eventstore.erasures import erase
from countersign.eventstore.snapshots import forget_snapshot
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed

logger = logging.getLogger(__name__)


class DestroySecrets:
    """Destroys the key that they, and the values of headers, are sealed under; twice does no more."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    def perform(self, effect: Effect, course: Course) -> None:
        """The key first: the snapshot is sealed under it as well."""
        webhook_id = UUID(effect.payload["webhook_id"])
        erase(self._databases.keys, [webhook_id])
        forget_snapshot(self._databases.read, webhook_id)
        logger.info("secrets of a webhook destroyed", extra={"webhook_id": str(webhook_id)})

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record."""
