"""Where a trend was on each day that it was shown: a story that goes on may move."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLE = "trend_showings"
COLUMNS = {"territory_id": "territories", "segment_id": "segments"}


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for column, target in COLUMNS.items():
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            name = batch_op.f(f"fk_{TABLE}_{column}_{target}")
            batch_op.create_foreign_key(name, target, [column], ["id"])
    showings, trends = _places_in(TABLE, "trend_id"), _places_in("trends", "id")
    for column in COLUMNS:
        place = sa.select(trends.c[column]).where(trends.c.id == showings.c.trend_id)
        op.execute(sa.update(showings).values({column: place.scalar_subquery()}))


def _places_in(table: str, key: str) -> sa.TableClause:
    return sa.table(table, sa.column(key), *(sa.column(column) for column in COLUMNS))


def downgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        for column, target in COLUMNS.items():
            batch_op.drop_constraint(
                batch_op.f(f"fk_{TABLE}_{column}_{target}"), type_="foreignkey"
            )
            batch_op.drop_column(column)
