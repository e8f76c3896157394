"""What only the folder promises: whole files or none, links of our own, honest errors of the disk."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import FixedClock
from core.errors import Broken, NeedsAttention
from storage.api import Storage
from storage.keys import key_of
from storage.links import sign, verify
from storage.location import open_storage
from tests.storage.conftest import NOW

SECRET = b"invented-link-secret"
KEY = key_of("ab" * 32)


def files_under(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_row_39_a_stream_that_breaks_off_leaves_nothing(local: Storage, folder: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await local.put(breaking(), content_type="image/png")

    assert files_under(folder) == []


async def test_a_put_leaves_only_the_object_and_its_description(local: Storage, folder: Path) -> None:
    stored = await local.put(b"pixels", content_type="image/png", filename="../../x.png")

    assert files_under(folder) == [stored.key, f"{stored.key}.json"]


def test_uploads_that_a_killed_process_left_are_removed_at_the_next_start(folder: Path) -> None:
    open_storage(folder.as_uri(), clock=FixedClock(NOW))
    old, young = folder / "incoming" / "old", folder / "incoming" / "young"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    two_days_ago = datetime.now(UTC).timestamp() - timedelta(days=2).total_seconds()
    os.utime(old, (two_days_ago, two_days_ago))

    open_storage(folder.as_uri(), clock=FixedClock(NOW))

    assert files_under(folder) == ["incoming/young"]


def test_an_upload_that_ends_while_another_process_starts_does_not_keep_it_from_starting(folder: Path) -> None:
    open_storage(folder.as_uri(), clock=FixedClock(NOW))
    seen = folder / "incoming" / "seen"
    seen.symlink_to(folder / "moved away")  # it was listed, and is not there when it is looked at

    open_storage(folder.as_uri(), clock=FixedClock(NOW))

    assert seen.is_symlink()


async def test_a_damaged_description_is_our_bug_and_the_content_still_reads(local: Storage, folder: Path) -> None:
    stored = await local.put(b"pixels", content_type="image/png")
    (folder / f"{stored.key}.json").write_text("{")

    with pytest.raises(Broken, match="description"):
        await local.describe(stored.key)
    assert await local.get(stored.key) == b"pixels"


def test_the_folder_is_closed_to_other_users_of_the_machine(folder: Path) -> None:
    open_storage(folder.as_uri(), clock=FixedClock(NOW))

    assert folder.stat().st_mode & 0o077 == 0


def test_a_place_that_is_no_folder_needs_attention(tmp_path: Path) -> None:
    (tmp_path / "objects").write_text("a file")

    with pytest.raises(NeedsAttention, match="storage folder"):
        open_storage((tmp_path / "objects").as_uri(), clock=FixedClock(NOW))


async def test_a_link_opens_its_object_until_it_expires(local: Storage) -> None:
    link = urlsplit(await local.presign(KEY, timedelta(minutes=5)))

    query = parse_qs(link.query)
    expires, signature = int(query["expires"][0]), query["signature"][0]
    assert f"{link.scheme}://{link.netloc}{link.path}" == f"http://127.0.0.1:8080/media/{KEY}"
    assert verify(KEY, expires, signature, SECRET, now=NOW)
    assert verify(KEY, expires, signature, SECRET, now=NOW + timedelta(seconds=299))
    assert not verify(KEY, expires, signature, SECRET, now=NOW + timedelta(seconds=300))


async def test_without_an_address_and_a_secret_there_are_no_links(folder: Path) -> None:
    store = open_storage(folder.as_uri(), clock=FixedClock(NOW))

    with pytest.raises(NeedsAttention, match="links"):
        await store.presign(KEY, timedelta(minutes=5))


def test_a_link_opens_nothing_else() -> None:
    expires = int(NOW.timestamp()) + 300
    signature = sign(KEY, expires, SECRET)

    assert not verify(key_of("cd" * 32), expires, signature, SECRET, now=NOW)
    assert not verify(KEY, expires + 1, signature, SECRET, now=NOW)
    assert not verify(KEY, expires, signature, b"another-secret", now=NOW)


@given(st.text(max_size=80))
def test_no_invented_signature_opens_anything(signature: str) -> None:
    assert not verify(KEY, int(NOW.timestamp()) + 300, signature, SECRET, now=NOW)
