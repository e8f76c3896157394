"""What is left at the end: nobody waits, every client read exactly what was meant for them, and what it all took."""

import re

from core.settings import Settings
from db.queries import circle_state, evidence, talk_evidence
from orchestrator.check import Witness, check, limits_of
from orchestrator.demo.scenes.a_client_writes.inbox import ARAB, DIRECTOR, ENGLISHMAN, HEBREW, TURK, Inbox, text_of

RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)


async def play(inbox: Inbox) -> None:
    await inbox.stage.step("/unanswered: nobody waits")
    await _quiet(inbox)
    await _nobody_waits(inbox)
    await _screens(inbox)
    await inbox.stage.step("What it took, and whether the promises hold")
    await _figures(inbox)
    await _promises(inbox)


async def _quiet(inbox: Inbox) -> None:
    async def is_quiet() -> bool:
        return await inbox.stage.is_quiet() and await inbox.clients.all_is_told()

    await inbox.stage.comes_true("no run or command is unfinished", is_quiet)
    left = await inbox.stage.ask(evidence.unfinished)
    inbox.stage.check("nothing died", left["dead"] == 0, left["dead"])


async def _nobody_waits(inbox: Inbox) -> None:
    stage, director = inbox.stage, inbox.people[DIRECTOR]
    waits = await stage.ask(talk_evidence.open_waits)
    stage.check("no answer is owed to anybody", waits == 0, waits)
    asked = await inbox.director.say(director, director, "/unanswered")

    async def is_told() -> bool:
        return any(m["message_id"] > asked and "✅" in text_of(m) for m in await inbox.director.messages(director))

    await stage.comes_true("the director is told so", is_told)


async def _screens(inbox: Inbox) -> None:
    lines = inbox.lines
    priced = [draft["client_text"] for draft in await inbox.drafts(ENGLISHMAN) if draft["state"] == "sent"]
    wanted = {
        ARAB: [lines.arab_is_answered.read],
        HEBREW: [lines.hebrew_is_answered.read],
        ENGLISHMAN: [*priced, lines.english_is_answered.read],
        TURK: [lines.turk_is_answered.read],
    }
    for client, texts in wanted.items():
        read = await inbox.reads(client)
        inbox.stage.check(f"{inbox.names[client]} read exactly what was meant", read == texts, f"{len(read)} messages")
        inbox.stage.check("and no word of Russian", not any(RUSSIAN.search(text) for text in read))


async def _figures(inbox: Inbox) -> None:
    use = await inbox.stage.ask(circle_state.model_use)
    share, events = use["share_without_model"], use["events"]
    inbox.stage.check("most events need no model", share and share > 0.5, f"{share:.0%} of {events} without one")
    tokens = use["tokens_in"] + use["tokens_out"]
    inbox.stage.tell(
        f"{share:.0%} of {events} events were handled without a model; the others took {tokens:,} tokens"
        f" for {use['cost']:.2f} USD (a script costs nothing, and its tokens are counted roughly)."
    )


async def _promises(inbox: Inbox) -> None:
    """``jarvis check``, asked here, with the sandbox as its witness."""
    stage = inbox.stage
    async with Witness(stage.company.sandbox_url) as witness:
        assertions = await check(stage.db, limits_of(Settings()), observed=await witness.look())
    broken = [f"{assertion.invariant} {assertion.figure}" for assertion in assertions if assertion.is_broken]
    held = sum(assertion.is_held is True for assertion in assertions)
    stage.check("every promise that jarvis check looks at holds", not broken, broken or f"{held} held")
