"""Trends: packed weeks, what was shown each day, follows, mutes and verdicts; jobs and cursors."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
KINDS = ("competitor", "preference", "challenge", "opportunity")
ONE_SUBJECT = (
    "(CASE WHEN competitor_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN product_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN kind IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN phrase IS NULL THEN 0 ELSE 1 END) = 1"
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def _reach() -> sa.Column[str]:
    return sa.Column("reach", _choice("reach", "everyone", "all"), nullable=False)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _of_a_person(table: str, *columns: sa.Column[object]) -> None:
    """A table of what people said of trends."""
    op.create_table(
        table,
        sa.Column("trend_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("at", TIME, nullable=False),
        _foreign(table, "person_id", "people"),
        _foreign(table, "trend_id", "trends"),
        sa.PrimaryKeyConstraint("trend_id", "person_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def upgrade() -> None:
    # Trends read the sightings of a week.
    op.create_index(op.f("ix_sightings_at"), "sightings", ["at"])
    op.create_table(
        "journal_cursors",
        sa.Column("reader", sa.String(length=40), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_journal_cursors")),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=True),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("wanted_at", TIME, nullable=True),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_jobs")),
    )
    op.create_table(
        "trend_weeks",
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=True),
        sa.Column("texts", sa.LargeBinary(), nullable=True),
        sa.Column("voices", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("monday", name=op.f("pk_trend_weeks")),
    )
    op.create_index(op.f("ix_trend_weeks_stale"), "trend_weeks", ["stale"])
    op.create_table(
        "trend_priors",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("learned", sa.JSON(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_trend_priors")),
    )
    op.create_table(
        "trend_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        _reach(),
        sa.Column("as_of", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column("packed", sa.Integer(), nullable=False),
        sa.Column("history", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_runs")),
    )
    op.create_index(op.f("ix_trend_runs_reach_day"), "trend_runs", ["reach", "day"], unique=True)
    op.create_table(
        "trends",
        sa.Column("id", sa.Integer(), nullable=False),
        _reach(),
        sa.Column(
            "sort", _choice("sort", "competitor", "product", "kind", "phrase"), nullable=False
        ),
        sa.Column("competitor_id", sa.Integer(), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("kind", _choice("kind", *KINDS), nullable=True),
        sa.Column("phrase", sa.String(length=200), nullable=True),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("peak", sa.Double(), nullable=False),
        sa.Column("announced_at", TIME, nullable=True),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_trends_one_subject")),
        _foreign("trends", "competitor_id", "competitors"),
        _foreign("trends", "product_id", "products"),
        _foreign("trends", "territory_id", "territories"),
        _foreign("trends", "segment_id", "segments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trends")),
    )
    op.create_index(op.f("ix_trends_reach_shown_on"), "trends", ["reach", "shown_on"])
    op.create_index(op.f("ix_trends_territory_id_shown_on"), "trends", ["territory_id", "shown_on"])
    op.create_table(
        "trend_showings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("trend_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("count", sa.Double(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("mostly_id", sa.Integer(), nullable=True),
        sa.Column("series", sa.JSON(), nullable=False),
        sa.Column("arithmetic", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("evidence_count", sa.Integer(), nullable=False),
        _foreign("trend_showings", "mostly_id", "segments"),
        _foreign("trend_showings", "run_id", "trend_runs"),
        _foreign("trend_showings", "trend_id", "trends"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trend_showings")),
    )
    op.create_index(
        op.f("ix_trend_showings_run_id_trend_id"),
        "trend_showings",
        ["run_id", "trend_id"],
        unique=True,
    )
    op.create_index(op.f("ix_trend_showings_trend_id"), "trend_showings", ["trend_id"])
    _of_a_person("trend_follows")
    _of_a_person(
        "trend_mutes",
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("for_everyone", sa.Boolean(), nullable=False),
    )
    _of_a_person("trend_verdicts", sa.Column("useful", sa.Boolean(), nullable=False))


def downgrade() -> None:
    for table in ("trend_verdicts", "trend_mutes", "trend_follows"):
        op.drop_table(table)
    op.drop_table("trend_showings")
    op.drop_table("trends")
    op.drop_table("trend_runs")
    op.drop_table("trend_priors")
    op.drop_table("trend_weeks")
    op.drop_table("jobs")
    op.drop_table("journal_cursors")
    op.drop_index(op.f("ix_sightings_at"), "sightings")
