"""The story: load, look whether it is worth a draft, ask the model with reading tools, hold its answer to the facts."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

from agents.kit.question import Degraded, Limits, Question
from agents.reading_tools import ReadingTools
from agents.reply_drafter.answer import DraftAnswer
from agents.reply_drafter.context import Context, load
from agents.reply_drafter.decide import MAX_CHARS, Languages, Night, why_held, why_not
from agents.reply_drafter.proposal import Proposal, Thought
from agents.spec import Deps, Outcome
from core.clock import LOCAL_ZONE
from core.events import ClientWrote, DraftDecided, Event, MessageTranslated
from core.masking import mask
from core.settings import Settings, TranslationSettings

Handled = ClientWrote | MessageTranslated | DraftDecided

PROMPT = Path(__file__).with_name("prompt.md").read_text(encoding="utf-8")
LIMITS = Limits(requests=8, tool_calls=12, seconds=60.0)
LONGEST_SHOWN = 2000
"""Of one message; what stands behind that is not read."""


async def run(event: Event[Handled], deps: Deps) -> Outcome:
    body = event.body
    now, staff = deps.clock.now(), deps.settings.translation.staff_language
    if isinstance(body, DraftDecided):
        return Outcome(changes=Thought(now, staff))
    async with deps.db.transaction() as tx:
        context = await load(tx, body.conversation_id, body.message_id)
    if context is None:
        return Outcome(changes=Thought(now, staff), note="the conversation is not known")
    night = Night.at(now, deps.settings.night, _zone(context, deps.settings))
    skip = why_not(context, is_late=isinstance(body, MessageTranslated))
    if skip is None and night.is_on and deps.settings.night.mode == "off":
        skip = "nothing is drafted at night"
    if skip is not None:
        return Outcome(changes=Thought(now, staff), note=skip)
    return await _drafted(context, deps, night)


async def _drafted(context: Context, deps: Deps, night: Night) -> Outcome:
    now, staff = deps.clock.now(), deps.settings.translation.staff_language
    conversation, settings = context.conversation, deps.settings
    tools = ReadingTools(deps.db, settings, deps.rentprog, now, conversation.client_id, conversation.branch)
    languages = _languages(context, settings.translation)
    found = await deps.thinker.ask(
        Question(
            agent="reply_drafter",
            prompt=_prompt(context, languages, settings, now.astimezone(_zone(context, settings)).isoformat(" ")),
            content=_content(context),
            output=DraftAnswer,
            tools=tools.tools(),
            limits=LIMITS,
            object=conversation.entity,
            branch=conversation.branch,
        )
    )
    if isinstance(found, Degraded):
        return Outcome(changes=Thought(now, staff), note=f"no draft: {found.reason}", records=(found.record,))
    answer = found.output
    if answer.kind != "answer":
        return Outcome(changes=Thought(now, staff), note=f"{answer.kind}: {answer.intent}", records=(found.record,))
    facts = tuple(tools.facts)
    proposal = Proposal(
        answer=answer,
        facts=facts,
        languages=languages,
        asked="\n".join(message.words for message in context.unanswered),
        why_held=why_held(answer, facts, languages),
        night=night,
        night_settings=settings.night,
    )
    return Outcome(changes=Thought(now, staff, proposal), note=proposal.why_held, records=(found.record,))


def _content(context: Context) -> str:
    """The talk without names, phones, e-mails and documents: what a model need not know does not leave."""
    said = [
        {
            "from": "client" if message.direction == "incoming" else "company",
            "at": message.sent_at.astimezone(LOCAL_ZONE).isoformat(" ", "minutes"),
            "text": mask(message.words[:LONGEST_SHOWN]).text,
            "files": [attachment.kind for attachment in message.attachments],
        }
        for message in context.last
    ]
    return json.dumps(said, ensure_ascii=False)


def _prompt(context: Context, languages: Languages, settings: Settings, now: str) -> str:
    own = settings.rentprog.branch(context.conversation.branch or "")
    return PROMPT.format(
        client_language=languages.client,
        staff_language=languages.staff,
        max_chars=MAX_CHARS,
        now=now,
        branch=own.name if own else "which is not known: ask for it in the tools by what the client says",
    )


def _languages(context: Context, settings: TranslationSettings) -> Languages:
    known = context.question.language or context.conversation.language
    return Languages(settings.staff_language, known if known in settings.languages else settings.fallback)


def _zone(context: Context, settings: Settings) -> ZoneInfo:
    own = settings.rentprog.branch(context.conversation.branch or "")
    return ZoneInfo(own.timezone) if own else LOCAL_ZONE
