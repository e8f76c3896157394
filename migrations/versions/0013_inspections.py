"""inspections.

Forms, photos with their proofs, readings, findings, damages, holds and reports; waits for inspections and reviews.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "inspections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("car_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("branch", sa.Text(), nullable=True),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("notice", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("before_id", sa.Uuid(), nullable=True),
        sa.Column("mileage_km", sa.BigInteger(), nullable=True),
        sa.Column("fuel_percent", sa.Double(), nullable=True),
        sa.Column("is_seen_by_machine", sa.Boolean(), nullable=True),
        sa.Column("worst", sa.SmallInteger(), nullable=True),
        sa.Column("chain_hash", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("examined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("occasion IN ('hand_over','return')", name=op.f("ck_inspections_occasion")),
        sa.CheckConstraint(
            "state IN ('open','paused','submitted','examined','reviewed','cancelled')",
            name=op.f("ck_inspections_state"),
        ),
        sa.ForeignKeyConstraint(["before_id"], ["inspections.id"], name=op.f("fk_inspections_before_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_inspections_booking_id")),
        sa.ForeignKeyConstraint(["branch"], ["branches.code"], name=op.f("fk_inspections_branch")),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_inspections_car_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_inspections_opened_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inspections_person_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["people.id"], name=op.f("fk_inspections_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint("number", name=op.f("uq_inspections_number")),
    )
    op.create_index("ix_inspections_booking_id", "inspections", ["booking_id", "occasion"], unique=False)
    op.create_index("ix_inspections_car_id", "inspections", ["car_id", "opened_at"], unique=False)
    op.create_index(
        "ix_inspections_state",
        "inspections",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state IN ('open','paused','submitted')"),
    )
    op.create_index(
        "uq_inspections_in_hand", "inspections", ["person_id"], unique=True, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index(
        "uq_inspections_in_work",
        "inspections",
        ["car_id", "occasion"],
        unique=True,
        postgresql_where=sa.text("state IN ('open','paused')"),
    )
    op.create_table(
        "car_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("car_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('proposed','held','released')", name=op.f("ck_car_holds_state")),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_car_holds_car_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_car_holds_decided_by")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_car_holds_inspection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_car_holds")),
    )
    op.create_index(
        "uq_car_holds_open",
        "car_holds",
        ["car_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('proposed','held')"),
    )
    op.create_table(
        "inspection_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("skipped_why", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), server_default="person", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_answers_inspection_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inspection_answers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_answers")),
    )
    op.create_index("ix_inspection_answers_inspection_id", "inspection_answers", ["inspection_id", "id"], unique=False)
    op.create_table(
        "inspection_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("viewpoint", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("working_key", sa.Text(), nullable=True),
        sa.Column("overlay_key", sa.Text(), nullable=True),
        sa.Column("pair_key", sa.Text(), nullable=True),
        sa.Column("before_photo_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("phash64", sa.Text(), nullable=True),
        sa.Column("phash256", sa.Text(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("exif", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("verdict", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("flags", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("seen", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chain_hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('accepted','retake','refused','replaced','extra')", name=op.f("ck_inspection_photos_state")
        ),
        sa.ForeignKeyConstraint(
            ["before_photo_id"], ["inspection_photos.id"], name=op.f("fk_inspection_photos_before_photo_id")
        ),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_photos_inspection_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inspection_photos_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_photos")),
        sa.UniqueConstraint(
            "inspection_id",
            "chat_id",
            "message_id",
            "sha256",
            name=op.f("uq_inspection_photos_inspection_id_chat_id_message_id_sha256"),
        ),
        sa.UniqueConstraint("inspection_id", "ordinal", name=op.f("uq_inspection_photos_inspection_id_ordinal")),
    )
    op.create_index("ix_inspection_photos_phash64", "inspection_photos", ["phash64"], unique=False)
    op.create_index("ix_inspection_photos_received_at", "inspection_photos", ["received_at"], unique=False)
    op.create_index("ix_inspection_photos_sha256", "inspection_photos", ["sha256"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("html_key", sa.Text(), nullable=False),
        sa.Column("pdf_key", sa.Text(), nullable=True),
        sa.Column("chain_hash", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_reports_inspection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_inspection_id", "reports", ["inspection_id", "made_at"], unique=False)
    op.create_table(
        "damages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("car_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("cost_gel", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("first_inspection_id", sa.Uuid(), nullable=False),
        sa.Column("first_photo_id", sa.Uuid(), nullable=True),
        sa.Column("last_clean_photo_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open','repaired')", name=op.f("ck_damages_state")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_damages_booking_id")),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_damages_car_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=op.f("fk_damages_confirmed_by")),
        sa.ForeignKeyConstraint(
            ["first_inspection_id"], ["inspections.id"], name=op.f("fk_damages_first_inspection_id")
        ),
        sa.ForeignKeyConstraint(["first_photo_id"], ["inspection_photos.id"], name=op.f("fk_damages_first_photo_id")),
        sa.ForeignKeyConstraint(
            ["last_clean_photo_id"], ["inspection_photos.id"], name=op.f("fk_damages_last_clean_photo_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_damages")),
    )
    op.create_index(
        "ix_damages_car_id", "damages", ["car_id"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "topic IN ('mileage','fuel','kit','wash','fluids','document')", name=op.f("ck_readings_topic")
        ),
        sa.CheckConstraint("verdict IN ('ok','problem','unclear')", name=op.f("ck_readings_verdict")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_readings_inspection_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["inspection_photos.id"], name=op.f("fk_readings_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("inspection_id", "topic", name=op.f("uq_readings_inspection_id_topic")),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("cost_gel", sa.BigInteger(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("box", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("polygon", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("views", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("opinion", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("crop_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_kind", sa.Text(), nullable=True),
        sa.Column("decided_part", sa.Text(), nullable=True),
        sa.Column("decided_severity", sa.SmallInteger(), nullable=True),
        sa.Column("decided_cost_gel", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("damage_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("source IN ('model','person')", name=op.f("ck_findings_source")),
        sa.CheckConstraint(
            "state IN ('proposed','new','known','not_damage','need_photo')", name=op.f("ck_findings_state")
        ),
        sa.ForeignKeyConstraint(["damage_id"], ["damages.id"], name=op.f("fk_findings_damage_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_findings_decided_by")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_findings_inspection_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["inspection_photos.id"], name=op.f("fk_findings_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("inspection_id", "ordinal", name=op.f("uq_findings_inspection_id_ordinal")),
    )
    op.create_index(
        "ix_findings_decided_at",
        "findings",
        ["decided_at"],
        unique=False,
        postgresql_where=sa.text("decided_at IS NOT NULL"),
    )
    # A wider list of kinds: what the predecessor writes still fits.
    op.drop_constraint(op.f("ck_waits_kind"), "waits", type_="check")
    op.create_check_constraint(
        op.f("ck_waits_kind"), "waits", "kind IN ('conversation','task','approval','inspection','review')"
    )
