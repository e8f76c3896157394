"""Objects in a bucket of an S3-compatible store, through boto3 in a few threads of its own."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from boto3.s3.transfer import TransferConfig
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storage.api import DEFAULT_MAX_BYTES, Content, StoredObject
from storage.bucket import Bucket, S3Credentials
from storage.description import describe, described
from storage.flow import give_out, take_in
from storage.keys import sha256_of
from storage.s3_errors import is_missing, s3_error

T = TypeVar("T")

_IN_MEMORY = 1024 * 1024
_CONNECTIONS = 8
CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 10.0
PART_BYTES = 8 * 1024 * 1024
"""Larger contents go up in parts of this size, each with tries of its own; an upload that fails is taken back."""
_UPLOAD = TransferConfig(multipart_threshold=PART_BYTES + 1, multipart_chunksize=PART_BYTES, use_threads=False)


class S3Storage:
    """The key of an object is its name in the bucket, under the prefix; the description travels in its headers."""

    def __init__(
        self, bucket: Bucket, *, credentials: S3Credentials | None, max_bytes: int = DEFAULT_MAX_BYTES
    ) -> None:
        self._bucket = bucket
        self._max_bytes = max_bytes
        self._threads = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="storage")
        self._client: Any = _client(bucket, credentials)

    async def put(
        self,
        data: Content,
        *,
        content_type: str,
        filename: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        description = describe(content_type, filename, metadata)
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            taken = await take_in(data, file, max_bytes=self._max_bytes)
            stored = description.of(taken.sha256, taken.size)
            file.seek(0)
            await self._call(
                self._client.upload_fileobj,
                file,
                **self._object(stored.key),
                ExtraArgs={"ContentType": content_type, "Metadata": description.fields()},
                Config=_UPLOAD,
            )
        return stored

    async def get(self, key: str) -> bytes:
        return b"".join([part async for part in self.open(key)])

    async def open(self, key: str) -> AsyncIterator[bytes]:
        answer = await self._call(self._client.get_object, **self._object(key))
        with closing(answer["Body"]) as body:
            async for part in give_out(key, partial(self._call, body.read)):
                yield part

    async def describe(self, key: str) -> StoredObject | None:
        try:
            answer = await self._run(self._client.head_object, **self._object(key))
        except (ClientError, BotoCoreError) as error:
            if is_missing(error):
                return None
            raise s3_error(error) from error
        return described(answer["ContentType"], answer["Metadata"]).of(sha256_of(key), answer["ContentLength"])

    async def exists(self, key: str) -> bool:
        return await self.describe(key) is not None

    async def delete(self, key: str) -> None:
        await self._call(self._client.delete_object, **self._object(key))

    async def presign(self, key: str, expires: timedelta) -> str:
        return await self._call(
            self._client.generate_presigned_url,
            "get_object",
            Params=self._object(key),
            ExpiresIn=int(expires.total_seconds()),
        )

    async def aclose(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _object(self, key: str) -> dict[str, str]:
        sha256_of(key)
        name = f"{self._bucket.prefix}/{key}" if self._bucket.prefix else key
        return {"Bucket": self._bucket.name, "Key": name}

    async def _call(self, work: Callable[..., T], *args: object, **kwargs: object) -> T:
        try:
            return await self._run(work, *args, **kwargs)
        except (ClientError, BotoCoreError) as error:
            raise s3_error(error) from error

    async def _run(self, work: Callable[..., T], *args: object, **kwargs: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))


def _client(bucket: Bucket, credentials: S3Credentials | None) -> Any:
    config = Config(
        # The hash of the body is part of the signature, so the store itself refuses a damaged upload; the newer
        # checksum headers are left out because not every compatible store knows them.
        s3={"payload_signing_enabled": True, "addressing_style": "path" if bucket.endpoint else "auto"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        signature_version="s3v4",
        max_pool_connections=_CONNECTIONS,
        # One quick second try; patience is the business of our own queues, which survive a restart.
        retries={"mode": "standard", "total_max_attempts": 2},
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
    )
    session = Session(
        aws_access_key_id=credentials.access_key if credentials else None,
        aws_secret_access_key=credentials.secret_key if credentials else None,
        region_name=bucket.region or "us-east-1",
    )
    return session.client("s3", endpoint_url=bucket.endpoint, config=config)
