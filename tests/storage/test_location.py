"""Wrong storage settings are told in one line that names the setting and repeats no secret."""

from pathlib import Path

import pytest

from core.clock import SystemClock
from core.errors import NeedsAttention
from storage.location import open_storage


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("", "scheme"),
        ("objects", "scheme"),
        ("gs://bucket", "scheme"),
        ("file://objects/photos", "absolute path"),
        ("file:///objects?mode=fast", "absolute path"),
        ("s3:///prefix", "no bucket"),
        ("s3://bucket/prefix?endpont=http://store", "unknown option endpont"),
        ("s3://key:hunter2@bucket/prefix", "credentials"),
    ],
)
def test_a_wrong_url_is_explained_in_one_line(url: str, text: str) -> None:
    with pytest.raises(NeedsAttention, match=text) as caught:
        open_storage(url, clock=SystemClock())

    message = str(caught.value)
    assert message.startswith("storage_url: ")
    assert "\n" not in message
    assert "hunter2" not in message


async def test_spaces_in_the_path_of_a_folder_are_understood(tmp_path: Path) -> None:
    folder = tmp_path / "objects of Jarvis"

    store = open_storage(folder.as_uri(), clock=SystemClock())

    stored = await store.put(b"pixels", content_type="image/png")
    assert (folder / stored.key).read_bytes() == b"pixels"
