"""The first words: asking for access, greeting, help, one's own data and language."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message, User

from bot.callbacks import screen_button
from bot.desk import Desk, telegram_language
from bot.filters import IsPrivate, IsStaff
from core.commands import Text
from core.events import AccessRequested
from core.roles import LANGUAGES, Role
from db.queries import fleet_views, people
from db.queries.people import Asked
from db.session import Tx

ANSWERS = {Asked.OPENED: "access-asked", Asked.WAITING: "access-waiting", Asked.TOO_SOON: "access-too-soon"}


def strangers() -> Router:
    """The only door for somebody unknown; what follows ``/start`` is ignored."""
    made = Router(name="strangers")
    made.message.register(
        ask_for_access, CommandStart(ignore_mention=True), IsPrivate(), ~IsStaff(), F.from_user.as_("user")
    )
    return made


def router() -> Router:
    made = Router(name="start")
    made.message.filter(IsStaff())
    made.message.register(greet, CommandStart(), F.from_user.as_("user"))
    made.message.register(show_help, Command("help"))
    made.message.register(show_my_info, Command("myinfo"))
    made.message.register(choose_language, Command("language"))
    return made


async def ask_for_access(message: Message, desk: Desk, user: User) -> None:
    del message
    async with desk.work() as tx:
        asked = await people.ask_access(
            tx,
            user.id,
            name=user.full_name,
            username=user.username,
            language=desk.language,
            now=desk.office.clock.now(),
        )
        if asked is Asked.OPENED:
            body = AccessRequested(
                tg_user_id=user.id, name=user.full_name, username=user.username, language=desk.language
            )
            desk.record(body, subject=f"person:tg:{user.id}")
        desk.reply(Text(key=ANSWERS[asked]), merge_key=f"access-answer:{user.id}")


async def greet(message: Message, desk: Desk, user: User) -> None:
    del message
    async with desk.work() as tx:
        await people.meet(
            tx, user.id, name=user.full_name, username=user.username, language=telegram_language(user.language_code)
        )
        known = await people.by_telegram(tx, user.id)
        desk.language = known.language if known else desk.language
        name = known.name if known else desk.person.name
        desk.reply(Text(key="greeting", args={"name": name}, parts=help_parts(desk)))


async def show_help(message: Message, desk: Desk) -> None:
    del message
    desk.reply(Text(key="help-title", parts=help_parts(desk)))


def help_parts(desk: Desk) -> tuple[Text, ...]:
    managers = (Text(key="help-managers"),) if desk.may(Role.BRANCH_HEAD) else ()
    divisions = (Text(key="help-divisions"),) if desk.may(Role.DIVISION_HEAD) else ()
    return (Text(key="help-clients"), Text(key="help-everybody"), *managers, *divisions)


async def show_my_info(message: Message, desk: Desk) -> None:
    del message
    person = desk.person
    async with desk.work() as tx:
        names = await fleet_views.branch_names(tx)
    about: dict[str, str | int] = {
        "name": person.name,
        "role": str(person.role),
        "branch": names[person.branch],
        "language": person.language,
        "id": str(person.tg_user_id),
    }
    desk.reply(Text(key="my-info", args=about))


async def choose_language(message: Message, desk: Desk, command: CommandObject) -> None:
    del message
    wanted = (command.args or "").strip().lower()
    if wanted in LANGUAGES:
        async with desk.work() as tx:
            await set_language(desk, tx, {"language": wanted})
        return
    choices = tuple(screen_button(Text(key=f"language-{code}"), "language", language=code) for code in LANGUAGES)
    desk.reply(Text(key="language-choose"), (choices,))


async def set_language(desk: Desk, tx: Tx, payload: dict[str, str]) -> None:
    """The screen behind the language buttons: everybody sets only their own."""
    desk.language = payload["language"]
    await people.set_language(tx, desk.person.id, desk.language)
    desk.reply(Text(key="language-set"))
