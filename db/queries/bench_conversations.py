"""The rows of ``bench conversation``: who answers whose clients, and how long each message took to its topic."""

from typing import Any

import psycopg
from psycopg.rows import dict_row

BRANCH = "bench"


def make_company(url: str, *, groups: list[tuple[int, int]], phones: list[str]) -> None:
    """Employees of one branch with their (Telegram id, group), and clients whose bookings are shared among them."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO branches (code, name, company_id) VALUES (%s, 'Bench', 1) ON CONFLICT DO NOTHING", (BRANCH,)
        )
        for number, (user, chat) in enumerate(groups):
            connection.execute(
                """WITH person AS (
                       INSERT INTO people (id, name, role, branch, tg_user_id, approved_by, approved_at)
                       VALUES (gen_random_uuid(), %(name)s, 'employee', %(branch)s, %(user)s, 'bench', now())
                       ON CONFLICT (tg_user_id) DO UPDATE SET role = 'employee', branch = excluded.branch RETURNING id
                   ), number AS (
                       INSERT INTO rentprog_staff (branch, rentprog_id, name, person_id)
                       SELECT %(branch)s, %(number)s, %(name)s, id FROM person
                   )
                   INSERT INTO chats (chat_id, purpose, title, person_id, is_forum)
                   SELECT %(chat)s, 'personal_group', %(name)s, id, true FROM person
                   ON CONFLICT (chat_id) DO UPDATE SET purpose = excluded.purpose, person_id = excluded.person_id""",
                {"name": f"Clerk {number}", "branch": BRANCH, "user": user, "chat": chat, "number": number + 1},
            )
        for number, phone in enumerate(phones):
            connection.execute(
                """WITH client AS (
                       INSERT INTO clients (id, rentprog_id, first_name, phone, phone_normalised, updated_by)
                       VALUES (gen_random_uuid(), %(number)s, %(name)s, %(phone)s, %(phone)s, 'fetch') RETURNING id
                   )
                   INSERT INTO bookings (id, rentprog_id, branch, number, client_id, responsible_rentprog_id, start_at,
                                         end_at, state, in_rent, technical, updated_by)
                   SELECT gen_random_uuid(), %(number)s, %(branch)s, %(number)s, id, %(clerk)s,
                          now() - interval '1 day', now() + interval '5 days', 'confirmed', true, false, 'fetch'
                   FROM client""",
                {
                    "number": number + 1,
                    "name": f"Client {number}",
                    "phone": phone,
                    "branch": BRANCH,
                    "clerk": number % len(groups) + 1,
                },
            )


def shown(url: str, first_message: str, last_message: str) -> list[dict[str, Any]]:
    """Of every message between two of Umnico's ids: the moments when its webhook was stored and its post was there."""
    with psycopg.connect(url) as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """SELECT m.umnico_id, m.conversation_id, told.received_at, min(c.sent_at) AS shown_at
               FROM messages AS m
               JOIN events AS told ON told.kind = 'umnico.delivered' AND told.payload ->> 'message_id' = m.umnico_id
               LEFT JOIN commands AS c ON c.kind = 'telegram.show_client_message' AND c.state = 'sent'
                    AND c.payload ->> 'message_id' = m.id::text
               WHERE m.umnico_id BETWEEN %s AND %s
               GROUP BY m.umnico_id, m.conversation_id, told.received_at ORDER BY m.umnico_id""",
            (first_message, last_message),
        ).fetchall()


def unfinished(url: str) -> int:
    """Runs and commands of conversations that somebody still has to do."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """SELECT (SELECT count(*) FROM runs WHERE state IN ('queued', 'running', 'waiting')
                         AND (subject LIKE 'conversation:%%' OR subject LIKE 'lead:%%'))
                      + (SELECT count(*) FROM commands WHERE state IN ('pending', 'sending'))""",
            (),
        ).fetchone()
        assert row is not None
        return int(row[0])
