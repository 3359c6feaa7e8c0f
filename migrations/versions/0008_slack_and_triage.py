"""Slack's tables, the inbox of triage, and what deliveries and routes may be about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
# Columns that hold one of several words: table, column, the words; the first is the default.
CHOICES = (
    ("people", "told_by", ("page", "mail", "slack")),
    ("deliveries", "matter", ("note", "news", "trend", "summary", "test")),
    ("routes", "content", ("notes", "trends", "summary")),
)


def _allowed(column: str, words: tuple[str, ...]) -> str:
    return "{} IN ({})".format(column, ", ".join(f"'{word}'" for word in words))


def upgrade() -> None:
    for table, column, words in CHOICES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column(column, sa.String(length=20), nullable=False, server_default=words[0])
            )
            batch_op.create_check_constraint(op.f(f"ck_{table}_{column}"), _allowed(column, words))
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("guest", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("detail", sa.String(length=80), nullable=True))
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edited_at", TIME, nullable=True))
    _part_common_destinations_from_own()
    _make_triages()
    _make_slack_places()
    _make_slack_cards()
    _make_slack_traffic()


def _part_common_destinations_from_own() -> None:
    with op.batch_alter_table("destinations", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_destinations_kind_team_address"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_destinations_kind_team_address_person_id"),
            ["kind", "team", "address", "person_id"],
        )
    op.create_index(
        "uq_destinations_common",
        "destinations",
        ["kind", "team", "address"],
        unique=True,
        sqlite_where=sa.text("person_id IS NULL"),
        postgresql_where=sa.text("person_id IS NULL"),
    )


def _make_triages() -> None:
    op.create_table(
        "triages",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new", "taken", "already-known", "done",
                name="state", native_enum=False, create_constraint=True, length=20,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_triages_note_id_notes")),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territories.id"], name=op.f("fk_triages_territory_id_territories")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_triages_person_id_people")
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_triages")),
    )  # fmt: skip
    for columns in (
        ["state", "opened_at", "note_id", "territory_id"],
        ["person_id", "state", "opened_at", "note_id"],
        ["decided_at", "territory_id"],
    ):
        op.create_index(op.f("ix_triages_" + "_".join(columns)), "triages", columns)


def _make_slack_places() -> None:
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("enterprise_id", sa.String(length=20), nullable=False),
        sa.Column("team_name", sa.String(length=120), nullable=False),
        sa.Column("app_id", sa.String(length=20), nullable=False),
        sa.Column("bot_id", sa.String(length=20), nullable=False),
        sa.Column("bot_user_id", sa.String(length=20), nullable=False),
        sa.Column("bot_token", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_token", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("installed_by", sa.Integer(), nullable=True),
        sa.Column("installed_at", TIME, nullable=False),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.Column("heard_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["installed_by"], ["people.id"], name=op.f("fk_slack_installations_installed_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_installations")),
        sa.UniqueConstraint("team_id", name=op.f("uq_slack_installations_team_id")),
    )
    op.create_table(
        "slack_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("refreshed_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_slack_people_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_people")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_slack_people_team_id_user_id")),
    )
    op.create_index(op.f("ix_slack_people_person_id"), "slack_people", ["person_id"])
    op.create_table(
        "slack_channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("refreshed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_channels")),
        sa.UniqueConstraint(
            "team_id", "channel_id", name=op.f("uq_slack_channels_team_id_channel_id")
        ),
    )


def _make_slack_cards() -> None:
    op.create_table(
        "slack_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=False),
        sa.Column("ts", sa.String(length=20), nullable=False),
        sa.Column("thread_ts", sa.String(length=20), nullable=True),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("destination_id", sa.Integer(), nullable=True),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("stale_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reposted", sa.Boolean(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_slack_cards_note_id_notes")
        ),
        sa.ForeignKeyConstraint(
            ["destination_id"],
            ["destinations.id"],
            name=op.f("fk_slack_cards_destination_id_destinations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_cards")),
        sa.UniqueConstraint(
            "team_id", "channel_id", "ts", name=op.f("uq_slack_cards_team_id_channel_id_ts")
        ),
    )
    op.create_index(op.f("ix_slack_cards_note_id"), "slack_cards", ["note_id"])
    op.create_index(op.f("ix_slack_cards_stale_at"), "slack_cards", ["stale_at"])
    op.create_table(
        "slack_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("ts", sa.String(length=20), nullable=True),
        sa.Column("from_slack", sa.Boolean(), nullable=False),
        sa.Column("event_ts", sa.String(length=20), nullable=True),
        sa.Column("stale_at", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["slack_cards.id"], name=op.f("fk_slack_replies_card_id_slack_cards")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_slack_replies_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_replies")),
        sa.UniqueConstraint(
            "card_id", "comment_id", name=op.f("uq_slack_replies_card_id_comment_id")
        ),
    )
    op.create_index(op.f("ix_slack_replies_comment_id"), "slack_replies", ["comment_id"])
    op.create_index(op.f("ix_slack_replies_stale_at"), "slack_replies", ["stale_at"])


def _make_slack_traffic() -> None:
    op.create_table(
        "slack_receipts",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_slack_receipts")),
    )
    op.create_index(op.f("ix_slack_receipts_at"), "slack_receipts", ["at"])
    op.create_table(
        "slack_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("team_id", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_calls")),
        sa.UniqueConstraint("key", name=op.f("uq_slack_calls_key")),
    )
    op.create_index(op.f("ix_slack_calls_due_at_id"), "slack_calls", ["due_at", "id"])
    op.create_table(
        "slack_states",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_slack_states_person_id_people")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_slack_states")),
    )


def downgrade() -> None:
    op.drop_index("uq_destinations_common", "destinations")
    with op.batch_alter_table("destinations", schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("uq_destinations_kind_team_address_person_id"), type_="unique"
        )
        batch_op.create_unique_constraint(
            op.f("uq_destinations_kind_team_address"), ["kind", "team", "address"]
        )
    for table in (
        "slack_states",
        "slack_calls",
        "slack_receipts",
        "slack_replies",
        "slack_cards",
        "slack_channels",
        "slack_people",
        "slack_installations",
        "triages",
    ):
        op.drop_table(table)
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_column("edited_at")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_column("detail")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("guest")
    for table, column, _words in CHOICES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
            batch_op.drop_column(column)
