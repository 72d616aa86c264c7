"""Where the processes of these settings share what they have looked up of sessions."""

from __future__ import annotations

from countersign.config.settings import Settings
from countersign.http.session_cache.cache import NoSharedCache, SharedCache
from countersign.http.session_cache.files import SessionFiles


def shared_cache(settings: Settings) -> SharedCache:
    """Files in the data folder, Redis where there is one, or nothing that is shared."""
    redis = settings.redis
    match settings.sessions.cache:
        case "files":
            return SessionFiles(settings.data_dir / "cache" / "sessions")
        case "redis" if redis.url:
            # Imported here, since the driver is not there in a minimal installation.
            from countersign.http.session_cache.redis import SessionsInRedis  # noqa: PLC0415

            return SessionsInRedis(redis.url.reveal(), redis.prefix, redis.timeout_s)
        case _:
            return NoSharedCache()
