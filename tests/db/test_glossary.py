"""The words of the company: terms by language, slang by word."""

from db.queries import glossary
from db.queries.glossary import Term
from db.session import Database

DEPOSIT = Term("залог", "en", "deposit")


async def test_a_language_has_its_own_terms_and_the_newest_translation_of_each(db: Database):
    async with db.transaction() as tx:
        await glossary.set_term(tx, Term("залог", "de", "Kaution"))
        await glossary.set_term(tx, Term("залог", "en", "pledge"))
        await glossary.set_term(tx, DEPOSIT)
        assert await glossary.terms(tx, "en") == [DEPOSIT]
        await glossary.forget_term(tx, "залог", "en")
        assert await glossary.terms(tx, "en") == []


async def test_slang_is_a_word_and_its_meaning(db: Database):
    async with db.transaction() as tx:
        await glossary.set_slang(tx, {"вебасто": "автономный обогреватель", "ласточка": "машина"})
        await glossary.set_slang(tx, {"ласточка": "исправная машина"})
        await glossary.forget_slang(tx, "вебасто")
        assert await glossary.slang(tx) == {"ласточка": "исправная машина"}
