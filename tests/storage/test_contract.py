"""What both stores promise alike."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from core.errors import Broken, Rejected
from storage.api import Storage
from tests.storage.conftest import MAX_BYTES, Damage

PHOTO = b"\x89PNG invented pixels" * 9
LONG = bytes(range(256)) * 2048  # 512 KiB: more than one part on the way out


async def in_parts(data: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def test_what_was_put_comes_back(store: Storage) -> None:
    stored = await store.put(PHOTO, content_type="image/png")

    assert await store.get(stored.key) == PHOTO
    assert stored.size == len(PHOTO)
    assert stored.content_type == "image/png"


async def test_the_key_is_the_hash_of_the_content(store: Storage) -> None:
    stored = await store.put(PHOTO, content_type="image/png", filename="hood.png")

    digest = hashlib.sha256(PHOTO).hexdigest()
    assert stored.sha256 == digest
    assert stored.key == f"sha256/{digest[:2]}/{digest[2:4]}/{digest}"


async def test_a_stream_gives_the_same_object_as_its_bytes(store: Storage) -> None:
    streamed = await store.put(in_parts(LONG), content_type="video/mp4")

    assert streamed == await store.put(LONG, content_type="video/mp4")
    assert await store.get(streamed.key) == LONG


async def test_a_long_object_comes_out_in_parts(store: Storage) -> None:
    stored = await store.put(LONG, content_type="video/mp4")

    parts = [part async for part in store.open(stored.key)]

    assert len(parts) > 1
    assert b"".join(parts) == LONG


async def test_an_empty_object_is_an_object(store: Storage) -> None:
    stored = await store.put(b"", content_type="text/plain")

    assert await store.get(stored.key) == b""


async def test_the_description_is_kept_in_any_language(store: Storage) -> None:
    stored = await store.put(
        PHOTO,
        content_type="image/png",
        filename="Капот, слева ნინო.png",
        metadata={"plate": "АВ-123", "note": "100% чистый & новый\n"},
    )

    assert await store.describe(stored.key) == stored
    assert stored.filename == "Капот, слева ნინო.png"
    assert stored.metadata == {"plate": "АВ-123", "note": "100% чистый & новый\n"}


async def test_the_newer_description_of_the_same_content_wins(store: Storage) -> None:
    first = await store.put(PHOTO, content_type="application/octet-stream", filename="file")
    second = await store.put(PHOTO, content_type="image/png", filename="hood.png")

    assert second.key == first.key
    assert await store.describe(first.key) == second


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\hood.png", "hood.png"),
        ("..", None),
        ("a\x00b\r\n\u202egnp.exe", "abgnp.exe"),
        ("", None),
        ("я" * 500 + ".png", "я" * 116 + ".png"),
    ],
)
async def test_row_42_a_file_name_is_for_showing_only(store: Storage, given: str, kept: str | None) -> None:
    stored = await store.put(PHOTO, content_type="image/png", filename=given)

    described = await store.describe(stored.key)
    assert described is not None
    assert described.filename == kept
    assert stored.key.startswith("sha256/")


async def test_a_deleted_object_is_gone_and_may_be_deleted_again(store: Storage) -> None:
    stored = await store.put(b"to be forgotten", content_type="text/plain")
    assert await store.exists(stored.key)

    await store.delete(stored.key)
    await store.delete(stored.key)

    assert not await store.exists(stored.key)
    assert await store.describe(stored.key) is None
    with pytest.raises(Broken, match="gone"):
        await store.get(stored.key)


async def test_row_39_a_damaged_object_is_refused_and_the_next_put_repairs_it(store: Storage, damage: Damage) -> None:
    stored = await store.put(LONG, content_type="video/mp4")
    damage(stored.key, LONG[:-1] + b"?")

    with pytest.raises(Broken, match="damaged"):
        await store.get(stored.key)

    await store.put(LONG, content_type="video/mp4")
    assert await store.get(stored.key) == LONG


async def test_the_last_part_of_a_damaged_object_is_never_given_out(store: Storage, damage: Damage) -> None:
    stored = await store.put(LONG, content_type="video/mp4")
    damage(stored.key, LONG[:-1] + b"?")

    parts: list[bytes] = []
    with pytest.raises(Broken, match="damaged"):
        parts.extend([part async for part in store.open(stored.key)])
    assert sum(map(len, parts)) < len(LONG)


async def test_a_reader_sees_a_whole_object_while_others_store_it_again(store: Storage) -> None:
    stored = await store.put(LONG, content_type="video/mp4")

    async def store_again() -> None:
        for _ in range(10):
            await store.put(LONG, content_type="video/mp4")

    async def read_again() -> list[bytes]:
        return [await store.get(stored.key) for _ in range(20)]

    _, _, read, more = await asyncio.gather(store_again(), store_again(), read_again(), read_again())

    assert set(read + more) == {LONG}


async def test_a_content_of_exactly_the_limit_is_taken(store: Storage) -> None:
    stored = await store.put(bytes(MAX_BYTES), content_type="video/mp4")

    assert stored.size == MAX_BYTES


@pytest.mark.parametrize("as_stream", [False, True])
async def test_a_content_over_the_limit_is_rejected_with_a_text_for_people(store: Storage, as_stream: bool) -> None:
    data = bytes(MAX_BYTES + 1)
    content = {False: data, True: in_parts(data)}[as_stream]

    with pytest.raises(Rejected, match=r"larger than 0\.585938 MB"):
        await store.put(content, content_type="video/mp4")


async def test_an_endless_stream_stops_at_the_limit(store: Storage) -> None:
    taken: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            taken.append(1)
            yield bytes(100 * 1024)

    with pytest.raises(Rejected):
        await store.put(endless(), content_type="video/mp4")
    assert len(taken) == 7  # 600 KiB fit, the seventh part does not


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../secret",
        "/etc/passwd",
        "sha256/ab/cd/../../../config.yaml",
        f"sha256/ab/cd/{'e' * 64}",
        f"sha256/ee/ee/{'e' * 64}\n",
        f"sha256/EE/EE/{'E' * 64}",
    ],
)
async def test_row_42_a_key_we_never_made_reaches_neither_disk_nor_bucket(store: Storage, key: str) -> None:
    with pytest.raises(Broken, match="not a storage key"):
        await store.get(key)
    with pytest.raises(Broken, match="not a storage key"):
        await store.describe(key)
    with pytest.raises(Broken, match="not a storage key"):
        await store.delete(key)
    with pytest.raises(Broken, match="not a storage key"):
        await store.presign(key, timedelta(minutes=1))


@pytest.mark.parametrize("content_type", ["", "image", "image/png\r\nX-Evil: 1", "text/html; charset=\u00fc"])
async def test_a_wrong_content_type_is_refused(store: Storage, content_type: str) -> None:
    with pytest.raises(Broken, match="content type"):
        await store.put(PHOTO, content_type=content_type)


@pytest.mark.parametrize("name", ["Plate", "filename", "a b", "x_y", ""])
async def test_a_wrong_name_of_metadata_is_refused(store: Storage, name: str) -> None:
    with pytest.raises(Broken, match="metadata"):
        await store.put(PHOTO, content_type="image/png", metadata={name: "value"})


async def test_more_metadata_than_s3_carries_is_refused_by_both(store: Storage) -> None:
    with pytest.raises(Broken, match="at most 1800"):
        await store.put(PHOTO, content_type="image/png", metadata={"note": "я" * 300})
