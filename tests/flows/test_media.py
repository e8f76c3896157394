"""Photos and files in a branch forum are kept with the car, cleared from the chat, and their author is told why."""

from datetime import timedelta
from pathlib import Path

import pytest

from db.queries import evidence
from orchestrator.demo.pictures import picture
from sandbox.company.telegram import HEADQUARTERS_CHAT_ID
from tests.flows.company import (
    ADMIN,
    CLERK,
    ENGLISH_CLERK,
    FREE,
    GEORGIAN_CLERK,
    TBILISI,
    Company,
    text_of,
    words,
)
from tests.flows.outage import away
from tests.wait import wait_until

CAR = "AG006AG · Ford Transit"


async def is_cleared(company: Company, chat_id: int, posted: list[int]) -> None:
    async def gone() -> bool:
        return not {message["message_id"] for message in await company.director.messages(chat_id)} & set(posted)

    await wait_until(gone)


async def test_a_photo_in_a_cars_topic_is_stored_then_deleted_and_its_author_is_told_privately(
    company: Company,
) -> None:
    forum, clerk, topic = company.forums[TBILISI], company.people[CLERK], await company.topic(TBILISI, FREE)
    posted = await company.director.post_photos(clerk, forum, [picture()], thread_id=topic["thread_id"])
    await is_cleared(company, forum, posted)
    [stored] = await company.ask(evidence.media_of, forum, posted)
    kept = Path(company.servers.storage_url.removeprefix("file://")) / stored["storage_key"]
    assert kept.read_bytes() == picture()
    await company.reads(clerk, words("media-moved-car", "ru", car=CAR))


@pytest.mark.parametrize(("name", "language"), [(GEORGIAN_CLERK, "ka"), (ENGLISH_CLERK, "en")])
async def test_the_private_note_is_in_the_authors_own_language(company: Company, name: str, language: str) -> None:
    await company.let_in(name)
    topic = await company.topic(TBILISI, FREE)
    author = company.people[name]
    await company.director.post_photos(author, company.forums[TBILISI], [picture()], thread_id=topic["thread_id"])
    await company.reads(author, words("media-moved-car", language, car=CAR))


async def test_every_picture_of_an_album_is_stored_and_the_author_is_told_once(company: Company) -> None:
    forum, clerk = company.forums[TBILISI], company.people[CLERK]
    album = [picture(), picture() + b"second", picture() + b"third"]
    posted = await company.director.post_photos(clerk, forum, album, caption="царапина?")
    await is_cleared(company, forum, posted)
    await company.quiet()
    stored = await company.ask(evidence.media_of, forum, posted)
    assert len({one["sha256"] for one in stored}) == 3
    note = words("media-moved", forum="Branch Tbilisi")
    told = [text_of(message) for message in await company.director.messages(clerk)]
    assert told.count(note) == 1


async def test_a_picture_sent_as_a_file_is_kept_like_a_photo(company: Company) -> None:
    forum, topic = company.forums[TBILISI], await company.topic(TBILISI, FREE)
    posted = await company.post_file(
        company.people[CLERK], forum, "../../etc/страшное имя.png", picture(), thread_id=topic["thread_id"]
    )
    await is_cleared(company, forum, posted)
    [stored] = await company.ask(evidence.media_of, forum, posted)
    assert ".." not in stored["storage_key"]
    await company.reads(company.people[CLERK], words("media-moved-car", car=CAR))


async def test_row_39_pictures_stay_until_they_are_safe_in_storage(company: Company) -> None:
    forum = company.forums[TBILISI]
    await company.order("telegram/faults", method="getFile", error_code=502, times=1000)
    posted = await company.director.post_photos(company.people[CLERK], forum, [picture()])

    async def tried() -> bool:
        return any(not call["ok"] for call in await company.director.telegram_calls("getFile"))

    await wait_until(tried)
    assert {m["message_id"] for m in await company.director.messages(forum)} >= set(posted)
    await company.http.delete("telegram/faults")
    await is_cleared(company, forum, posted)
    assert len(await company.ask(evidence.media_of, forum, posted)) == 1


async def test_row_39_while_the_storage_is_away_texts_go_on_and_a_picture_waits_for_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.media.STORAGE_PAUSE", timedelta(seconds=0.3))
    forum, clerk = company.forums[TBILISI], company.people[CLERK]

    async def tried() -> bool:
        return bool(await company.director.telegram_calls("getFile"))

    with away(Path(company.servers.storage_url.removeprefix("file://"))):
        posted = await company.director.post_photos(clerk, forum, [picture()])
        await wait_until(tried)
        question = await company.director.say(clerk, forum, "/car AG006AG")
        await company.reads(forum, "AG006AG", after=question)
        assert {message["message_id"] for message in await company.director.messages(forum)} >= set(posted)
    await is_cleared(company, forum, posted)
    assert len(await company.ask(evidence.media_of, forum, posted)) == 1


async def test_what_people_write_what_strangers_post_and_what_stands_elsewhere_is_left_alone(company: Company) -> None:
    forum, head = company.forums[TBILISI], company.people["ნინო"]
    words_of_a_person = await company.director.say(company.people[CLERK], forum, "машина помыта")
    of_somebody_unknown = await company.director.post_photos(head, forum, [picture()])
    elsewhere = await company.director.post_photos(company.people[ADMIN], HEADQUARTERS_CHAT_ID, [picture()])
    later = await company.director.post_photos(company.people[ADMIN], forum, [picture() + b"later"])
    await is_cleared(company, forum, later)
    left = {message["message_id"] for message in await company.director.messages(forum)}
    assert {words_of_a_person, *of_somebody_unknown} <= left
    assert elsewhere[0] in {message["message_id"] for message in await company.director.messages(HEADQUARTERS_CHAT_ID)}
    assert (await company.ask(evidence.kinds))["media.posted"] == 1
