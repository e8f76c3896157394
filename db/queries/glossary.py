"""How the company says it: its terms in every language, and the slang of its staff."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.session import Tx


@dataclass(frozen=True, slots=True)
class Term:
    """A term of staff and its one translation into a language."""

    term: str
    language: str
    translation: str


async def terms(tx: Tx, language: str) -> list[Term]:
    rows = await tx.rows(
        "SELECT term, language, translation FROM glossary WHERE language = %s ORDER BY term", (language,)
    )
    return [Term(**row) for row in rows]


async def slang(tx: Tx) -> dict[str, str]:
    """Word of staff -> what it means."""
    rows = await tx.rows("SELECT word, meaning FROM slang ORDER BY word")
    return {row["word"]: row["meaning"] for row in rows}


async def set_term(tx: Tx, term: Term) -> None:
    await tx.run(
        """INSERT INTO glossary (term, language, translation) VALUES (%s, %s, %s)
           ON CONFLICT (term, language) DO UPDATE SET translation = EXCLUDED.translation""",
        (term.term, term.language, term.translation),
    )


async def set_slang(tx: Tx, words: Mapping[str, str]) -> None:
    for word, meaning in words.items():
        await tx.run(
            """INSERT INTO slang (word, meaning) VALUES (%s, %s)
               ON CONFLICT (word) DO UPDATE SET meaning = EXCLUDED.meaning""",
            (word, meaning),
        )


async def forget_term(tx: Tx, term: str, language: str) -> None:
    await tx.run("DELETE FROM glossary WHERE term = %s AND language = %s", (term, language))


async def forget_slang(tx: Tx, word: str) -> None:
    await tx.run("DELETE FROM slang WHERE word = %s", (word,))
