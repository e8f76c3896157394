"""Who waits for an answer, and who is not there: the commands of staff."""

from datetime import timedelta
from uuid import UUID

from core.ids import new_id
from db.models.chats import TopicRow
from db.queries import conversations, staff, waits
from db.queries.conversations import Conversation
from tests import make
from tests.bot.handlers.conftest import MORNING, Cast, Stage


async def person_id(stage: Stage, who) -> UUID:
    [row] = await stage.rows("SELECT id FROM people WHERE tg_user_id = %s", who.telegram_id)
    return row["id"]


async def waits_for(stage: Stage, lead: int, branch: str, holder: UUID, name: str) -> str:
    """A client of the branch who waits since yesterday."""
    row = Conversation(
        id=conversations.id_of(100500, lead),
        account_id=100500,
        lead_id=lead,
        channel="whatsapp",
        branch=branch,
        contact_name=name,
        holder_id=holder,
    )
    since = MORNING - timedelta(days=1)
    async with stage.db.transaction() as tx:
        await conversations.store(tx, row)
        wait = waits.new_wait("conversation", row.entity, branch=branch, since=since, holder_id=holder)
        await waits.open_wait(tx, wait)
    return row.entity


async def test_nobody_waits(stage: Stage, cast: Cast):
    await stage.hire(cast.head)
    assert "Nobody waits" in await stage.ask(cast.head.telegram_id, "/unanswered")


async def test_each_sees_what_is_theirs_to_see(stage: Stage, cast: Cast):
    for who in (cast.employee, cast.head, cast.batumi_employee, cast.director):
        await stage.hire(who)
    await waits_for(stage, 1, "tbilisi", await person_id(stage, cast.employee), "Anna <Sample>")
    await waits_for(stage, 2, "batumi", await person_id(stage, cast.batumi_employee), "Ben Sample")
    own = await stage.ask(cast.employee.telegram_id, "/unanswered")
    of_branch = await stage.ask(cast.head.telegram_id, "/unanswered")
    of_all = await stage.ask(cast.director.telegram_id, "/unanswered")
    assert ["Anna <Sample>" in own, "Ben" in own] == [True, False]
    assert ["Anna <Sample>" in of_branch, "Ben" in of_branch] == [True, False]
    assert ["Anna <Sample>" in of_all, "Ben" in of_all] == [True, True]


async def test_a_line_counts_working_minutes_and_leads_to_the_topic(stage: Stage, cast: Cast):
    await stage.hire(cast.employee)
    holder = await person_id(stage, cast.employee)
    entity = await waits_for(stage, 1, "tbilisi", holder, "Anna")
    async with stage.db.transaction() as tx:
        await tx.run(
            """INSERT INTO chats (chat_id, purpose, title, person_id, is_forum)
               VALUES (-1005, 'personal_group', 'Mine', %s, true)""",
            (holder,),
        )
        topic = {
            "id": new_id(),
            "chat_id": -1005,
            "entity": entity,
            "version": 1,
            "state": "live",
            "thread_id": 42,
            "name": "Anna",
        }
        await make.insert(tx, TopicRow, topic)
    await stage.ask(cast.employee.telegram_id, "/unanswered")
    told = await stage.last(cast.employee.telegram_id)
    assert "11 h 0 min" in told["text"]
    assert "t.me/c/5/42" in str(told)


async def test_who_is_away_cannot_be_asked_until_they_are_back(stage: Stage, cast: Cast):
    await stage.hire(cast.employee)
    who = await person_id(stage, cast.employee)

    async def is_here() -> bool:
        async with stage.db.transaction() as tx:
            now = MORNING
            return (await staff.chain_of(tx, "tbilisi", now)).here(who, now) is not None

    assert "until /back" in await stage.ask(cast.employee.telegram_id, "/away")
    assert not await is_here()
    assert "is back" in await stage.ask(cast.employee.telegram_id, "/back")
    assert await is_here()
    assert "was not away" in await stage.ask(cast.employee.telegram_id, "/back")


async def test_what_an_absent_person_owes_is_looked_at_at_once(stage: Stage, cast: Cast):
    await stage.hire(cast.employee)
    entity = await waits_for(stage, 1, "tbilisi", await person_id(stage, cast.employee), "Anna")
    await stage.ask(cast.employee.telegram_id, "/away tomorrow")
    [row] = await stage.rows("SELECT next_at FROM waits WHERE subject = %s", entity)
    assert row["next_at"] is not None
    [absence] = await stage.rows("SELECT until_at - from_at AS lasts FROM absences")
    assert timedelta(0) < absence["lasts"] < timedelta(days=2)


async def test_an_end_that_is_over_or_unclear_is_asked_again(stage: Stage, cast: Cast):
    await stage.hire(cast.employee)
    for words in ("/away some day", "/away 01.01.2020"):
        assert "Write until when" in await stage.ask(cast.employee.telegram_id, words)
    assert await stage.rows("SELECT 1 FROM absences") == []


async def test_a_head_tells_it_of_their_own_people_only(stage: Stage, cast: Cast):
    for who in (cast.employee, cast.head, cast.batumi_employee):
        await stage.hire(who)
    ours, theirs = f"@{cast.employee.username}", f"@{cast.batumi_employee.username}"
    assert "is away" in await stage.ask(cast.head.telegram_id, f"/away {ours} tomorrow")
    assert "no right" in await stage.ask(cast.head.telegram_id, f"/away {theirs}")
    assert "no right" in await stage.ask(cast.employee.telegram_id, f"/away @{cast.head.username}")
    assert "Nobody of the staff" in await stage.ask(cast.head.telegram_id, "/away @nobody_here")
    rows = await stage.rows("SELECT action FROM audit")
    assert [row["action"] for row in rows] == ["absence.began"]
