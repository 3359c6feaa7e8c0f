"""Guard-rails, and up to when a person has read what became of their notes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    op.create_table(
        "guard_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", _choice("topic", "restricted", "competition"), nullable=False),
        sa.Column("word", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=160), nullable=False),
        sa.Column("match", _choice("match", "exact", "part"), nullable=False),
        sa.Column("action", _choice("action", "block", "warn"), nullable=False),
        sa.Column("advice", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_words")),
        sa.UniqueConstraint("topic", "folded", name=op.f("uq_guard_words_topic_folded")),
    )
    op.create_table(
        "guard_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=200), nullable=False),
        sa.Column("was_asked", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_guard_overrides_note_id_notes")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_guard_overrides_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_overrides")),
    )
    op.create_index(op.f("ix_guard_overrides_note_id"), "guard_overrides", ["note_id"])
    op.create_index(op.f("ix_guard_overrides_at"), "guard_overrides", ["at"])
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("news_read_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("news_read_at")
    op.drop_index(op.f("ix_guard_overrides_at"), table_name="guard_overrides")
    op.drop_index(op.f("ix_guard_overrides_note_id"), table_name="guard_overrides")
    op.drop_table("guard_overrides")
    op.drop_table("guard_words")
