"""Routes and destinations; deliveries belong to a destination and know when they were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
STATES = ("waiting", "sending", "sent", "dead")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def _states(*values: str) -> str:
    return "state IN ({})".format(", ".join(f"'{value}'" for value in values))


def _allow_states(*values: str) -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_deliveries_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_deliveries_state"), _states(*values))


def upgrade() -> None:
    op.create_table(
        "destinations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _choice("kind", "slack-channel", "slack-person", "mail", "webhook"),
            nullable=False,
        ),
        sa.Column("team", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("takes_sealed", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_secret", sa.LargeBinary(), nullable=True),
        sa.Column("former_until", TIME, nullable=True),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("ready_at", TIME, nullable=True),
        sa.Column("next_at", TIME, nullable=True),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_destinations_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destinations")),
        sa.UniqueConstraint(
            "kind", "team", "address", name=op.f("uq_destinations_kind_team_address")
        ),
    )
    op.create_index(op.f("ix_destinations_next_at"), "destinations", ["next_at"])
    op.create_table(
        "routes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folded", sa.String(length=160), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("destination_id", sa.Integer(), nullable=False),
        sa.Column("cadence", _choice("cadence", "at-once", "daily", "weekly"), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("send_at", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("threaded", sa.Boolean(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint("send_at BETWEEN 0 AND 1439", name=op.f("ck_routes_send_at")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_routes_weekday")),
        sa.ForeignKeyConstraint(
            ["destination_id"],
            ["destinations.id"],
            name=op.f("fk_routes_destination_id_destinations"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_routes_owner_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routes")),
        sa.UniqueConstraint("owner_id", "folded", name=op.f("uq_routes_owner_id_folded")),
    )
    op.create_index(op.f("ix_routes_destination_id"), "routes", ["destination_id"])
    _give_deliveries_a_destination()


def _give_deliveries_a_destination() -> None:
    """Until now it was a text; each becomes an address that nobody has set up yet."""
    op.execute(
        "INSERT INTO destinations"
        " (kind, team, address, label, takes_sealed, trouble, failures, created_at)"
        " SELECT 'webhook', '', destination, substr(destination, 1, 120), false,"
        " 'Set this destination up again.', 0, min(created_at)"
        " FROM deliveries GROUP BY destination"
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("destination_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("route_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sent_at", TIME, nullable=True))
        batch_op.drop_index(op.f("ix_deliveries_state_due_at"))
    op.execute(
        "UPDATE deliveries SET destination_id ="
        " (SELECT id FROM destinations WHERE address = deliveries.destination)"
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.alter_column("destination_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("destination")
        batch_op.drop_column("leased_until")
        batch_op.create_foreign_key(
            op.f("fk_deliveries_destination_id_destinations"),
            "destinations",
            ["destination_id"],
            ["id"],
        )
        batch_op.create_index(
            op.f("ix_deliveries_destination_id_state_due_at_id"),
            ["destination_id", "state", "due_at", "id"],
        )
    _allow_states(*STATES, "withheld")


def downgrade() -> None:
    op.execute("UPDATE deliveries SET state = 'dead' WHERE state = 'withheld'")
    _allow_states(*STATES)
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("destination", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("leased_until", TIME, nullable=True))
        batch_op.drop_index(op.f("ix_deliveries_destination_id_state_due_at_id"))
    op.execute(
        "UPDATE deliveries SET destination ="
        " (SELECT address FROM destinations WHERE id = deliveries.destination_id)"
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("fk_deliveries_destination_id_destinations"), type_="foreignkey"
        )
        batch_op.alter_column("destination", existing_type=sa.String(length=300), nullable=False)
        batch_op.drop_column("destination_id")
        batch_op.drop_column("route_id")
        batch_op.drop_column("sent_at")
        batch_op.create_index(op.f("ix_deliveries_state_due_at"), ["state", "due_at"])
    op.drop_table("routes")
    op.drop_table("destinations")
