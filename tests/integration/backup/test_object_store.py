"""Backups in an object store, against a real server that speaks S3."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
from moto.server import ThreadedMotoServer

from countersign.eventstore.backup.manifest import finished
from countersign.eventstore.backup.refusals import BackupUnknown, TargetUnavailable
from countersign.eventstore.backup.s3_target import Bucket, S3Target
from countersign.eventstore.databases import Databases
from tests.integration.backup.kit import back_up, filled, restore, rig_in, whole
from tests.integration.store.rig import Rig

KEYS = {"access_key": "someone", "secret_key": "correct horse"}
FIVE_MIB = 5 << 20


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )
    client.create_bucket(Bucket="backups")
    client.close()
    yield address
    server.stop()


@pytest.fixture
def target(endpoint: str, request: pytest.FixtureRequest) -> S3Target:
    prefix = f"plant/{abs(hash(request.node.name))}"
    bucket = Bucket(
        name="backups", prefix=prefix, endpoint=endpoint, region="us-east-1", part_bytes=FIVE_MIB, **KEYS
    )
    return S3Target(bucket)


def test_what_goes_there_comes_back(rig: Rig, elsewhere: Databases, target: S3Target) -> None:
    filled(rig)
    manifest = back_up(rig, target)
    restore(target, manifest, elsewhere)
    assert whole(rig_in(elsewhere).log) == whole(rig.log)
    assert finished(target) == [manifest.name]


def test_a_large_file_goes_in_parts(target: S3Target) -> None:
    large = bytes(range(256)) * 50_000
    with target.writing("monday/content") as sink:
        for start in range(0, len(large), 1_000_000):
            sink.write(large[start : start + 1_000_000])
    with target.reading("monday/content") as source:
        assert b"".join(iter(lambda: source.read(1 << 20), b"")) == large
    (kept,) = target.kept()
    assert (kept.name, kept.size_bytes, kept.unfinished) == ("monday/content", len(large), False)


def test_what_ends_with_an_error_is_not_there(target: S3Target) -> None:
    with pytest.raises(ZeroDivisionError), target.writing("monday/content") as sink:
        sink.write(b"x" * (FIVE_MIB // 0))
    assert list(target.kept()) == []
    with pytest.raises(BackupUnknown, match="there is no monday/content"), target.reading("monday/content"):
        pass


def test_parts_that_somebody_left_are_found_and_removed(target: S3Target) -> None:
    left = target.writing("monday/content")
    left.__enter__().write(b"x" * FIVE_MIB)
    (kept,) = target.kept()
    assert (kept.name, kept.unfinished) == ("monday/content", True)
    target.remove("monday/content")
    assert list(target.kept()) == []


def test_a_bucket_that_is_not_there_is_told_in_words(endpoint: str) -> None:
    bucket = Bucket(name="no-such-bucket", endpoint=endpoint, region="us-east-1")
    nowhere = S3Target(replace(bucket, access_key=KEYS["access_key"], secret_key=KEYS["secret_key"]))
    with pytest.raises(TargetUnavailable, match="the object store refuses or does not answer"):
        list(nowhere.kept())
