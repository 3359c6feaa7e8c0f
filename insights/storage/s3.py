"""The storage in a bucket of S3, or of anything that speaks its language (MinIO, R2, Ceph).

Needs the extra `s3`. This is the only module that knows boto3.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from insights.storage.interface import NotStored, away, checked

_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
# Seconds. Whoever waits is a phone that will send again.
_PATIENCE = {"connect_timeout": 5, "read_timeout": 20}

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Which bucket, where it is, and what opens it; what is empty is found by boto3's own ways."""

    name: str
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    prefix: str = ""


class S3Storage:
    """Each key is an object of the bucket, below the prefix."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    @property
    def place(self) -> str:
        """The bucket."""
        where = f" at {self._bucket.endpoint}" if self._bucket.endpoint else ""
        return f"bucket {self._bucket.name}{where}"

    def put(self, key: str, content: bytes | BinaryIO) -> None:
        """Stores the bytes in place of those that had the key before."""
        with _told():
            self._client.put_object(**self._object(key), Body=content)

    def open(self, key: str) -> BinaryIO:
        """The bytes, read in full, so that nothing can fail later; raises NotStored."""
        with _told(key):
            answer = self._client.get_object(**self._object(key))
            with answer["Body"] as body:
                return io.BytesIO(body.read())

    def size(self, key: str) -> int | None:
        """How many bytes are stored under the key; None when there are none."""
        try:
            with _told(key):
                return int(self._client.head_object(**self._object(key))["ContentLength"])
        except NotStored:
            return None

    def keys(self, folder: str) -> list[str]:
        """The keys right below one, in no order."""
        below = self._bucket.prefix + checked(folder) + "/"
        pages = self._client.get_paginator("list_objects_v2")
        with _told():
            found = list(pages.paginate(Bucket=self._bucket.name, Prefix=below, Delimiter="/"))
        names = (one["Key"] for page in found for one in page.get("Contents", ()))
        return [name.removeprefix(self._bucket.prefix) for name in names]

    def delete(self, key: str) -> None:
        """Takes the bytes away; a key that is not there is fine."""
        with _told():
            self._client.delete_object(**self._object(key))

    def _object(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket.name, "Key": self._bucket.prefix + checked(key)}

    @cached_property
    def _client(self) -> Any:
        """Made with its first use: a server may fork before, and threads share it afterwards."""
        bucket = self._bucket
        session = boto3.session.Session(
            aws_access_key_id=bucket.key or None,
            aws_secret_access_key=bucket.secret or None,
            region_name=bucket.region or None,
        )
        config = Config(
            **_PATIENCE,
            retries={"mode": "standard", "max_attempts": 3},
            # Own servers seldom answer under the bucket's name, nor know the newer checksums.
            s3={"addressing_style": "path" if bucket.endpoint else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return session.client("s3", endpoint_url=bucket.endpoint or None, config=config)


@contextmanager
def _told(key: str | None = None) -> Iterator[None]:
    """Says why in the log and raises Unavailable when the bucket does not do what it is asked.

    Raises NotStored when the answer is that there is nothing under `key`.
    """
    try:
        yield
    except ClientError as error:
        if key is not None and error.response["Error"]["Code"] in _ABSENT:
            raise NotStored(key) from None
        log.error("the storage failed: %s", error)
        raise away() from error
    except BotoCoreError as error:
        log.error("the storage failed: %s", error)
        raise away() from error
