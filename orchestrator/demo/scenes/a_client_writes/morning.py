"""The branch is open: answers in both directions, a voice message, an album, words that stay inside, a price."""

from orchestrator.demo.pictures import BLUE, RED, picture
from orchestrator.demo.scenes.a_client_writes.inbox import ARAB, CLERK, ENGLISHMAN, HEBREW, Inbox, Json

INTERNAL = "между нами: он всегда опаздывает, машину раньше не греем"


async def play(inbox: Inbox) -> None:
    await _arabic_is_answered(inbox)
    await _hebrew_speaks(inbox)
    await _words_stay_inside(inbox)
    await _price(inbox)


async def _arabic_is_answered(inbox: Inbox) -> None:
    stage, line = inbox.stage, inbox.lines.arab_is_answered
    await stage.step(f"{CLERK} answers in slang, with a slip of the fingers: {line.said}")
    await inbox.answers(line)

    async def is_over() -> bool:
        return (await inbox.wait(ARAB)).get("ended_why") == "answered"

    await stage.comes_true("nothing is owed to the client any more", is_over)


async def _hebrew_speaks(inbox: Inbox) -> None:
    stage, lines = inbox.stage, inbox.lines
    await stage.step("A Hebrew client sends a voice message, then an album")
    await inbox.clients.speaks(HEBREW, lines.hebrew_speaks.said)
    await stage.comes_true(
        "the voice is written down and translated", inbox.shows(HEBREW, "🎤", lines.hebrew_speaks.read)
    )
    await stage.comes_true("the recording itself is one tap away", lambda: _files(inbox, "voice", "audio"))
    shots = [picture(RED), picture(BLUE)]
    await inbox.clients.sends_album(HEBREW, shots, lines.hebrew_shows.said)

    async def is_album() -> bool:
        photos = await _files(inbox, "photo")
        return len(photos) == len(shots) and len({photo.get("media_group_id") for photo in photos}) == 1

    await stage.comes_true("two photos came as one album", is_album)
    await stage.comes_true("its words are translated", inbox.shows(HEBREW, lines.hebrew_shows.read))


async def _files(inbox: Inbox, *kinds: str) -> list[Json]:
    return [message for message in await inbox.in_topic(HEBREW) if any(message.get(kind) for kind in kinds)]


async def _words_stay_inside(inbox: Inbox) -> None:
    stage = inbox.stage
    await stage.step(f"/consult: {CLERK} writes what is no client's business, then answers the client")
    await inbox.says(HEBREW, "/consult")
    await stage.comes_true("the client is cut off", lambda: _is_consult(inbox))
    await inbox.says(HEBREW, INTERNAL)
    await inbox.says(HEBREW, "/consult")

    async def is_back() -> bool:
        return not await _is_consult(inbox)

    await stage.comes_true("the client is back", is_back)
    await inbox.answers(inbox.lines.hebrew_is_answered)
    stage.check("the client read the answer and nothing else", len(await inbox.reads(HEBREW)) == 1)
    kept = [message["original"] for message in await inbox.messages(HEBREW, "outgoing")]
    stage.check("the inner words are no message to anybody", INTERNAL not in kept)


async def _is_consult(inbox: Inbox) -> bool:
    return (await inbox.conversation(HEBREW)).get("is_consult", False)


async def _price(inbox: Inbox) -> None:
    stage, line = inbox.stage, inbox.lines.price_question
    await stage.step("An English client asks for a price; the draft has it from RentProg, computed by code")
    await inbox.clients.writes(ENGLISHMAN, line.said)
    await stage.comes_true(f"{CLERK} reads the question in Russian", inbox.shows(ENGLISHMAN, line.read))
    draft = await inbox.draft(ENGLISHMAN)
    what = "every figure of it is a tool's"
    stage.check(what, draft["state"] == "open", draft["why_held"] or draft["staff_text"])
    sources = [fact["tool"] for fact in draft["facts"] if fact.get("is_used")]
    stage.check("it rests on availability and price", sources == ["availability", "price"], sources)
    cards = await stage.comes_true(
        "the draft lies in the topic with its buttons", inbox.shows(ENGLISHMAN, "💡", draft["staff_text"])
    )
    if not cards:
        return
    stage.check("nothing was sent before somebody pressed", await inbox.reads(ENGLISHMAN) == [])
    await stage.step(f"{CLERK} presses Send")
    await inbox.director.press(inbox.people[CLERK], inbox.groups[CLERK], cards[0], "Отправить")
    await inbox.is_read(ENGLISHMAN, draft["client_text"])
