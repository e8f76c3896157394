"""conversations, tasks and waits.

New tables, and columns that the predecessor does not miss.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "glossary",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("translation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("term", "language", name=op.f("pk_glossary")),
    )
    op.create_table(
        "model_accounts",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("usd", sa.Numeric(precision=14, scale=6), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", "day", name=op.f("pk_model_accounts")),
    )
    op.create_table(
        "model_reservations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("usd", sa.Numeric(precision=14, scale=6), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", "scope", name=op.f("pk_model_reservations")),
    )
    op.create_index("ix_model_reservations_account", "model_reservations", ["scope", "key", "day"], unique=False)
    op.create_table(
        "slang",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_slang")),
    )
    op.create_table(
        "transcripts",
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("storage_key", name=op.f("pk_transcripts")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_person_id", "absences", ["person_id", "until_at"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("nature", sa.Text(), server_default="task", nullable=False),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="todo", nullable=False),
        sa.Column("priority", sa.Text(), server_default="normal", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("branch", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snooze_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "nature IN ('breakdown','incident','question','task','other')", name=op.f("ck_tasks_nature")
        ),
        sa.CheckConstraint("priority IN ('low','normal','high','urgent')", name=op.f("ck_tasks_priority")),
        sa.CheckConstraint(
            "source IN ('jarvis','agent','rentprog','rentprog_history','human')", name=op.f("ck_tasks_source")
        ),
        sa.CheckConstraint(
            "status IN ('todo','in_progress','blocked','done','cancelled')", name=op.f("ck_tasks_status")
        ),
        sa.ForeignKeyConstraint(["assignee_id"], ["people.id"], name=op.f("fk_tasks_assignee_id")),
        sa.ForeignKeyConstraint(["branch"], ["branches.code"], name=op.f("fk_tasks_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("number", name=op.f("uq_tasks_number")),
    )
    op.create_index(
        "ix_tasks_assignee_id",
        "tasks",
        ["assignee_id"],
        unique=False,
        postgresql_where=sa.text("status NOT IN ('done','cancelled')"),
    )
    op.create_index(
        "ix_tasks_due_at",
        "tasks",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("status NOT IN ('done','cancelled')"),
    )
    op.create_table(
        "waits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("branch", sa.Text(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('conversation','task','approval')", name=op.f("ck_waits_kind")),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_waits_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waits")),
    )
    op.create_index(
        "ix_waits_next_at", "waits", ["next_at"], unique=False, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index("uq_waits_open", "waits", ["subject"], unique=True, postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("channel_raw", sa.Text(), nullable=True),
        sa.Column("sa_id", sa.BigInteger(), nullable=True),
        sa.Column("source_real_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("login", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("social_id", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("is_client_chosen", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("branch", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_consult", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("session_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_incoming_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_outgoing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "channel IN ('whatsapp','telegram','instagram','other')", name=op.f("ck_conversations_channel")
        ),
        sa.CheckConstraint("state IN ('open','closed')", name=op.f("ck_conversations_state")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_conversations_booking_id")),
        sa.ForeignKeyConstraint(["branch"], ["branches.code"], name=op.f("fk_conversations_branch")),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_conversations_client_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_conversations_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("account_id", "lead_id", name=op.f("uq_conversations_account_id_lead_id")),
    )
    op.create_index("ix_conversations_client_id", "conversations", ["client_id"], unique=False)
    op.create_index(
        "ix_conversations_holder_id",
        "conversations",
        ["holder_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_conversations_phone",
        "conversations",
        ["phone"],
        unique=False,
        postgresql_where=sa.text("phone IS NOT NULL"),
    )
    op.create_table(
        "task_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_changes_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_changes")),
    )
    op.create_index("ix_task_changes_task_id", "task_changes", ["task_id", "id"], unique=False)
    op.create_table(
        "task_links",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_links_task_id")),
        sa.PrimaryKeyConstraint("task_id", "subject", name=op.f("pk_task_links")),
    )
    op.create_index("ix_task_links_subject", "task_links", ["subject"], unique=False)
    op.create_table(
        "conversation_places",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_conversation_places_conversation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_conversation_places_person_id")),
        sa.PrimaryKeyConstraint("conversation_id", "chat_id", name=op.f("pk_conversation_places")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("umnico_id", sa.Text(), nullable=True),
        sa.Column("custom_id", sa.Text(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("operator_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("translation", sa.Text(), nullable=True),
        sa.Column("translated_to", sa.Text(), nullable=True),
        sa.Column("translation_state", sa.Text(), server_default="none", nullable=False),
        sa.Column("translation_note", sa.Text(), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("attachments", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("delivery_note", sa.Text(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("author IN ('client','staff','operator','jarvis')", name=op.f("ck_messages_author")),
        sa.CheckConstraint(
            "delivery IN ('received','shown','held','pending','sent','failed','unknown')",
            name=op.f("ck_messages_delivery"),
        ),
        sa.CheckConstraint("direction IN ('incoming','outgoing')", name=op.f("ck_messages_direction")),
        sa.CheckConstraint(
            "translation_state IN ('none','waiting','done','held')", name=op.f("ck_messages_translation_state")
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_messages_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("account_id", "umnico_id", name=op.f("uq_messages_account_id_umnico_id")),
        sa.UniqueConstraint("custom_id", name=op.f("uq_messages_custom_id")),
    )
    op.create_index("ix_messages_conversation_id_sent_at", "messages", ["conversation_id", "sent_at"], unique=False)
    op.create_index(
        "ix_messages_telegram",
        "messages",
        ["chat_id", "message_id"],
        unique=False,
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("translation_state = 'waiting'"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("staff_text", sa.Text(), nullable=False),
        sa.Column("client_text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why_held", sa.Text(), nullable=True),
        sa.Column("is_shadow", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('open','held','sent','edited','discarded','outdated')", name=op.f("ck_drafts_state")
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_drafts_conversation_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_drafts_decided_by")),
        sa.ForeignKeyConstraint(["question_id"], ["messages.id"], name=op.f("fk_drafts_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_conversation_id", "drafts", ["conversation_id", "created_at"], unique=False)
    op.add_column(
        "approvals",
        sa.Column("arguments", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("approvals", sa.Column("origin", sa.Text(), nullable=True))
    op.add_column("approvals", sa.Column("beneficiary_id", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_approvals_open",
        "approvals",
        ["command_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked','approved')"),
    )
    op.add_column("chats", sa.Column("person_id", sa.Uuid(), nullable=True))
    op.create_index(
        "uq_chats_personal_group",
        "chats",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("purpose = 'personal_group'"),
    )
    op.create_foreign_key(op.f("fk_chats_person_id"), "chats", "people", ["person_id"], ["id"])
