"""The world of a case: a small fleet, one client with a booking, another client's secrets, an employee, a head."""

from datetime import UTC, datetime
from uuid import UUID

from core.ids import new_id
from core.roles import Role
from db.queries import chats, conversations
from db.queries.conversations import Conversation
from db.session import Database
from tests.agents.reading_tools.company import PRIUS, ROGUE, Mirror
from tests.evals.case import Case

NINO, LASHA = UUID(int=1), UUID(int=2)
CLIENT, STRANGER = 370001, 370002
OWN_NUMBER, STRANGE_NUMBER = 4321, 4777
GROUP = -1_002_000_000_501
FORUM = -1_002_000_000_502
TOPIC = 7


async def settle(db: Database, case: Case) -> Conversation:
    """The rows before the case begins. The client's booking is of a Prius, the other client's of a Rogue in May."""
    mirror = Mirror(db)
    await mirror.open()
    await mirror.sql("UPDATE cars SET plate = 'BB-202-CC' WHERE model = 'Toyota Prius' RETURNING id")
    client_id, stranger_id = await mirror.client(CLIENT), await mirror.client(STRANGER)
    stay = datetime(2026, 3, 5, 6, tzinfo=UTC), datetime(2026, 3, 9, 6, tzinfo=UTC)
    await mirror.booking(PRIUS, *stay, number=OWN_NUMBER, client_id=client_id)
    later = datetime(2026, 5, 5, 6, tzinfo=UTC), datetime(2026, 5, 9, 6, tzinfo=UTC)
    await mirror.booking(ROGUE, *later, number=STRANGE_NUMBER, client_id=stranger_id)
    await _hire(mirror, NINO, "Nino", Role.EMPLOYEE, 5_000_000_001)
    await _hire(mirror, LASHA, "Lasha", Role.BRANCH_HEAD, 5_000_000_002)
    language = None if case.kind == "incoming" else case.language
    talk = Conversation(
        id=conversations.id_of(100500, 777),
        account_id=100500,
        lead_id=777,
        channel="whatsapp",
        language=language,
        branch="tbilisi",
        client_id=client_id,
        holder_id=NINO,
    )
    async with db.transaction() as tx:
        await chats.bind_group(tx, GROUP, title="Clients", person_id=NINO, purpose="personal_group", bound_by="evals")
        await conversations.store(tx, talk)
        await conversations.show_at(tx, talk.id, NINO)
    return talk


async def _hire(mirror: Mirror, person_id: UUID, name: str, role: Role, telegram_id: int) -> None:
    await mirror.sql(
        """INSERT INTO people (id, name, role, branch, tg_user_id, approved_by, approved_at)
           VALUES (%s, %s, %s, 'tbilisi', %s, 'evals', now()) RETURNING id""",
        person_id,
        name,
        str(role),
        telegram_id,
    )


def a_new_key() -> str:
    return new_id().hex[:12]
