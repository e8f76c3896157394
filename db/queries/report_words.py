"""Words of the report that a model translated: the same ones are paid for once."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.session import Tx
from db.storable import storable_json


@dataclass(frozen=True, slots=True)
class TranslatedWords:
    """``texts`` in the order of the English lines that ``source_hash`` stands for."""

    language: str
    source_hash: str
    texts: tuple[str, ...]


async def find(tx: Tx, language: str, hashes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Those that were translated already, by their hash."""
    rows = await tx.rows(
        "SELECT source_hash, texts FROM report_words WHERE language = %s AND source_hash = ANY(%s)",
        (language, list(hashes)),
    )
    return {row["source_hash"]: tuple(row["texts"]) for row in rows}


async def put(tx: Tx, words: Sequence[TranslatedWords]) -> None:
    """The first translation stays: two reports of one car read alike."""
    for one in words:
        await tx.run(
            """INSERT INTO report_words (language, source_hash, texts) VALUES (%s, %s, %s)
               ON CONFLICT (language, source_hash) DO NOTHING""",
            (one.language, one.source_hash, storable_json(list(one.texts))),
        )
