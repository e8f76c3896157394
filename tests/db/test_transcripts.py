"""What was said in a recording is read once and kept by its key."""

from db.queries import transcripts
from db.queries.transcripts import Transcript
from db.session import Database

HEARD = Transcript("sha256/aa", "Машина не заводится", 0.8, "ru", 4.5)


async def test_a_recording_is_found_by_its_key(db: Database):
    async with db.transaction() as tx:
        await transcripts.store(tx, HEARD)
        assert await transcripts.find(tx, "sha256/aa") == HEARD
        assert await transcripts.find(tx, "sha256/bb") is None


async def test_a_second_reading_changes_nothing(db: Database):
    async with db.transaction() as tx:
        await transcripts.store(tx, HEARD)
        await transcripts.store(tx, Transcript("sha256/aa", "Машина не водится"))
        assert await transcripts.find(tx, "sha256/aa") == HEARD
