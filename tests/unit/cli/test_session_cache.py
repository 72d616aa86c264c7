"""Which cache of sessions the settings mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from countersign.cli.session_cache import shared_cache
from countersign.config.layers import load_settings
from countersign.http.session_cache.cache import NoSharedCache
from countersign.http.session_cache.files import SessionFiles
from countersign.http.session_cache.redis import SessionsInRedis


@pytest.mark.parametrize(
    ("cache", "redis_url", "meant"),
    [
        ("memory", "redis://127.0.0.1:6379", NoSharedCache),
        ("files", "", SessionFiles),
        ("redis", "redis://127.0.0.1:6379", SessionsInRedis),
        ("redis", "", NoSharedCache),
    ],
)
def test_the_cache_is_that_of_the_settings(tmp_path: Path, cache: str, redis_url: str, meant: type) -> None:
    overrides = {"data_dir": str(tmp_path), "sessions.cache": cache, "redis.url": redis_url}

    assert type(shared_cache(load_settings({"COUNTERSIGN_ENV": "testing"}, overrides))) is meant
