"""One note for an author and a gap, however many files and whenever they come."""

from datetime import UTC, datetime, timedelta

from agents.media_keeper.context import note_keys
from core.events import MediaStored
from core.ids import new_id

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
GAP = timedelta(minutes=10)


def stored(**given):
    fields = {"message_id": 1, "media_group_id": None, "tg_user_id": 7, "thread_id": None} | given
    return MediaStored(media_id=new_id(), storage_key="k", chat_id=-1, **fields)


def test_two_files_within_the_gap_share_a_key_or_know_the_one_before():
    for later in (timedelta(0), timedelta(minutes=1), timedelta(minutes=9, seconds=59)):
        first, _ = note_keys(stored(), now=NOW + timedelta(minutes=5), gap=GAP)
        assert first in note_keys(stored(message_id=2), now=NOW + timedelta(minutes=5) + later, gap=GAP)


def test_another_author_has_another_key():
    assert note_keys(stored(), now=NOW, gap=GAP)[0] != note_keys(stored(tg_user_id=8), now=NOW, gap=GAP)[0]


def test_without_a_gap_an_album_is_told_once_and_single_files_each():
    album = [note_keys(stored(message_id=n, media_group_id="a"), now=NOW, gap=timedelta(0))[0] for n in (1, 2)]
    single = [note_keys(stored(message_id=n), now=NOW, gap=timedelta(0))[0] for n in (1, 2)]
    assert len(set(album)) == 1
    assert len(set(single)) == 2
