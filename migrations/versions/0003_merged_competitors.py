"""Competitors that were merged into others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REFERENCE = "fk_competitors_merged_into_id_competitors"


def upgrade() -> None:
    with op.batch_alter_table("competitors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f(REFERENCE), "competitors", ["merged_into_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("competitors", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(REFERENCE), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
