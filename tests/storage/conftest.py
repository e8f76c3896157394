"""The two stores: a folder, and a bucket behind real HTTP with real signatures."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from boto3.session import Session

from core.clock import FixedClock
from storage.api import Storage
from storage.bucket import S3Credentials
from storage.links import Links
from storage.location import open_storage
from tests.storage.signed_s3 import ACCESS_KEY, BUCKET, SECRET_KEY, signed_s3

MAX_BYTES = 600 * 1024
NOW = datetime(2025, 11, 24, 5, 0, tzinfo=UTC)

Damage = Callable[[str, bytes], None]


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    with signed_s3() as address:
        s3_client(address).create_bucket(Bucket=BUCKET)
        yield address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "objects"


@pytest.fixture
async def local(folder: Path) -> AsyncIterator[Storage]:
    links = Links("http://127.0.0.1:8080/media", b"invented-link-secret")
    store = open_storage(folder.as_uri(), clock=FixedClock(NOW), links=links, max_bytes=MAX_BYTES)
    yield store
    await store.aclose()


@pytest.fixture
async def s3(s3_address: str) -> AsyncIterator[Storage]:
    store = open_s3(s3_address)
    yield store
    await store.aclose()


@pytest.fixture(params=["local", "s3"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def store(kind: str, request: pytest.FixtureRequest) -> Storage:
    return request.getfixturevalue(kind)


@pytest.fixture
def damage(kind: str, request: pytest.FixtureRequest) -> Damage:
    """Replaces an object's bytes behind the store's back."""
    return request.getfixturevalue(f"damage_{kind}")


@pytest.fixture
def damage_local(folder: Path) -> Damage:
    def replace(key: str, data: bytes) -> None:
        (folder / key).write_bytes(data)

    return replace


@pytest.fixture
def damage_s3(s3_address: str) -> Damage:
    def replace(key: str, data: bytes) -> None:
        s3_client(s3_address).put_object(Bucket=BUCKET, Key=f"branch/{key}", Body=data)

    return replace


def open_s3(address: str, *, bucket: str = BUCKET, access_key: str = ACCESS_KEY, secret: str = SECRET_KEY) -> Storage:
    return open_storage(
        f"s3://{bucket}/branch?endpoint={address}&region=eu-central-1",
        clock=FixedClock(NOW),
        credentials=S3Credentials(access_key, secret),
        max_bytes=MAX_BYTES,
    )


def s3_client(address: str) -> Any:
    session = Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY, region_name="us-east-1")
    return session.client("s3", endpoint_url=address)
