"""A large content goes up in parts: it is whole and described at the end, and a failed one leaves nothing behind."""

import hashlib

import pytest

from core.clock import FixedClock
from core.errors import Rejected
from storage.bucket import S3Credentials
from storage.location import open_storage
from storage.s3 import PART_BYTES
from tests.storage.conftest import NOW, s3_client
from tests.storage.signed_s3 import ACCESS_KEY, BUCKET, SECRET_KEY

LARGE = bytes(range(256)) * (PART_BYTES // 256) + b"and a little more"


@pytest.fixture
async def roomy(s3_address: str):
    store = open_storage(
        f"s3://{BUCKET}/large?endpoint={s3_address}&region=eu-central-1",
        clock=FixedClock(NOW),
        credentials=S3Credentials(ACCESS_KEY, SECRET_KEY),
        max_bytes=len(LARGE),
    )
    yield store
    await store.aclose()


async def test_a_large_content_is_whole_after_it_went_up_in_parts(roomy, s3_address):
    stored = await roomy.put(LARGE, content_type="video/mp4", filename="круг.mp4")
    head = s3_client(s3_address).head_object(Bucket=BUCKET, Key=f"large/{stored.key}")
    assert head["ETag"].strip('"').endswith("-2")
    assert (stored.sha256, stored.size) == (hashlib.sha256(LARGE).hexdigest(), len(LARGE))
    assert await roomy.get(stored.key) == LARGE
    assert await roomy.describe(stored.key) == stored


async def test_a_content_over_the_limit_begins_no_upload(roomy, s3_address):
    with pytest.raises(Rejected):
        await roomy.put(LARGE + b"!", content_type="video/mp4")
    assert "Uploads" not in s3_client(s3_address).list_multipart_uploads(Bucket=BUCKET)
