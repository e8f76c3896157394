"""What was said in recordings, by the key under which each is stored."""

from dataclasses import asdict, dataclass

from db.session import Tx
from db.storable import storable_row


@dataclass(frozen=True, slots=True)
class Transcript:
    """``confidence`` is from 0 to 1, None where the server told nothing to judge it by."""

    storage_key: str
    text: str
    confidence: float | None = None
    language: str | None = None
    seconds: float | None = None


async def find(tx: Tx, storage_key: str) -> Transcript | None:
    """None: nobody has read the recording, or nothing could be heard."""
    row = await tx.row(
        "SELECT storage_key, text, confidence, language, seconds FROM transcripts WHERE storage_key = %s",
        (storage_key,),
    )
    return None if row is None else Transcript(**row)


async def store(tx: Tx, transcript: Transcript) -> None:
    """The first reading stays: whoever read it has acted on it."""
    await tx.run(
        """INSERT INTO transcripts (storage_key, text, confidence, language, seconds)
           VALUES (%(storage_key)s, %(text)s, %(confidence)s, %(language)s, %(seconds)s)
           ON CONFLICT (storage_key) DO NOTHING""",
        storable_row(asdict(transcript)),
    )
