"""First keep the file; only when it is safe, delete the message and tell its author once.

A file with words of staff ends in those words instead: its message stays where it is.
"""

from agents.media_keeper.context import Context, load_context
from agents.spec import Deps, Outcome
from core.commands import DeleteMessages, KeepMedia, NewCommand, Priority, SendMessage, Text, chat_destination
from core.events import Event, MediaPosted, MediaStored


async def run(event: Event[MediaPosted | MediaStored], deps: Deps) -> Outcome:
    match event.body:
        case MediaPosted() as posted:
            return Outcome(commands=(_keep(event, posted),))
        case MediaStored() as stored if deps.settings.telegram.delete_user_media:
            context = await load_context(stored, deps)
            return Outcome(commands=(_clear(event, stored), *_note(context)))
        case MediaStored():
            return Outcome(note="media stay in the chat by the settings")


def _keep(event: Event[MediaPosted | MediaStored], posted: MediaPosted) -> NewCommand:
    """Downloads come last in the chat's queue: an answer to a person does not wait for a video.

    One that belongs to words is such an answer itself.
    """
    return NewCommand(
        body=KeepMedia.model_validate(posted.model_dump()),
        destination=chat_destination(posted.chat_id),
        effect_key=f"keep:{posted.chat_id}:{posted.message_id}:{posted.file_unique_id}",
        priority=Priority.DIGEST if posted.words is None else Priority.CLIENT,
        branch=event.branch,
    )


def _clear(event: Event[MediaPosted | MediaStored], stored: MediaStored) -> NewCommand:
    return NewCommand(
        body=DeleteMessages(chat_id=stored.chat_id, message_ids=(stored.message_id,)),
        destination=chat_destination(stored.chat_id),
        effect_key=f"clear:{stored.chat_id}:{stored.message_id}",
        priority=Priority.LINE,
        branch=event.branch,
    )


def _note(context: Context) -> tuple[NewCommand, ...]:
    if context.author is None or context.was_told:
        return ()
    if context.car is None:
        text = Text(key="media-moved", args={"forum": context.forum})
    else:
        text = Text(key="media-moved-car", args={"car": context.car})
    note = NewCommand(
        body=SendMessage(chat_id=context.author.tg_user_id, text=text, language=context.author.language),
        destination=chat_destination(context.author.tg_user_id),
        effect_key=context.note_key,
        priority=Priority.LINE,
    )
    return (note,)
