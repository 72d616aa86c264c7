"""A bucket of an object store that speaks S3; files go there in parts, so none is held whole anywhere.

What an interrupted upload leaves are parts that no listing shows as a file: they are found as unfinished.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError

from countersign.eventstore.backup.refusals import BackupUnknown, TargetUnavailable
from countersign.eventstore.backup.sealing import Sink, Source
from countersign.eventstore.backup.target import Kept

PART_BYTES: Final = 16 << 20
"""Of 10,000 parts at most: files of up to 156 GiB."""

_GONE: Final = frozenset({"NoSuchKey", "NoSuchUpload", "404"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Which one, and the way in; without keys what the machine was given is used."""

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    part_bytes: int = PART_BYTES


class S3Target:
    """See `Target`."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._prefix = f"{bucket.prefix.strip('/')}/".lstrip("/")
        self.place = f"s3://{bucket.name}/{self._prefix}".rstrip("/")
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=bucket.endpoint or None,
            region_name=bucket.region or None,
            aws_access_key_id=bucket.access_key or None,
            aws_secret_access_key=bucket.secret_key or None,
            config=Config(
                connect_timeout=10, read_timeout=60, retries={"max_attempts": 4, "mode": "standard"}
            ),
        )

    @contextmanager
    def writing(self, name: str) -> Iterator[Sink]:
        """See `Target.writing`."""
        with _told():
            upload = _Upload(self._client, self._named(name), self._bucket.part_bytes)
            try:
                yield upload
                upload.complete()
            except BaseException:
                upload.abort()
                raise

    @contextmanager
    def reading(self, name: str) -> Iterator[Source]:
        """See `Target.reading`."""
        with _told():
            try:
                body = self._client.get_object(**self._named(name))["Body"]
            except ClientError as error:
                if _code(error) in _GONE:
                    raise BackupUnknown(f"there is no {name} in {self.place}") from None
                raise
            try:
                yield body
            finally:
                body.close()

    def kept(self) -> Iterator[Kept]:
        """See `Target.kept`."""
        where = {"Bucket": self._bucket.name, "Prefix": self._prefix}
        with _told():
            for page in self._client.get_paginator("list_objects_v2").paginate(**where):
                for each in page.get("Contents", ()):
                    yield Kept(self._short(each["Key"]), each["Size"], each["LastModified"])
            for page in self._client.get_paginator("list_multipart_uploads").paginate(**where):
                for each in page.get("Uploads", ()):
                    yield Kept(self._short(each["Key"]), 0, each["Initiated"], unfinished=True)

    def remove(self, name: str) -> None:
        """See `Target.remove`."""
        with _told():
            self._client.delete_object(**self._named(name))
            for page in self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket.name, Prefix=self._prefix + name
            ):
                for each in page.get("Uploads", ()):
                    self._client.abort_multipart_upload(**self._named(name), UploadId=each["UploadId"])

    def _named(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket.name, "Key": self._prefix + name}

    def _short(self, key: str) -> str:
        return key.removeprefix(self._prefix)


class _Upload:
    def __init__(self, client: Any, where: dict[str, str], part_bytes: int) -> None:
        self._client = client
        self._part_bytes = part_bytes
        self._where = where | {"UploadId": client.create_multipart_upload(**where)["UploadId"]}
        self._waiting = bytearray()
        self._parts: list[dict[str, Any]] = []

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) >= self._part_bytes:
            self._send(bytes(self._waiting[: self._part_bytes]))
            del self._waiting[: self._part_bytes]

    def complete(self) -> None:
        if self._waiting or not self._parts:
            self._send(bytes(self._waiting))
        self._client.complete_multipart_upload(**self._where, MultipartUpload={"Parts": self._parts})

    def abort(self) -> None:
        try:
            self._client.abort_multipart_upload(**self._where)
        except (BotoCoreError, ClientError):  # why it ends is told; the parts are swept as unfinished
            return

    def _send(self, part: bytes) -> None:
        number = len(self._parts) + 1
        sent = self._client.upload_part(**self._where, PartNumber=number, Body=part)
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise TargetUnavailable(f"the object store refuses or does not answer: {error}") from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
