"""Topics, questions, battlecards, merges, reassignments, handovers, promises and tellings."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
MATTERS = ("note", "news", "trend", "summary", "test")
# Days that lines of a battlecard hold without news, to begin with.
SHELF_LIVES = {"price": 30, "people": 180, "product": 90, "other": 120}
# In the order in which they can go.
TABLES = (
    "search_misses",
    "question_territories",
    "question_segments",
    "question_answers",
    "topic_revisions",
    "topic_notes",
    "topic_comments",
    "questions",
    "topics",
    "reassigned_promises",
    "promises",
    "must_knows",
    "merged_notes",
    "battlecard_citations",
    "reassigned_assignments",
    "reassigned_accounts",
    "handover_reads",
    "battlecard_revisions",
    "battlecard_checks",
    "territory_rules",
    "tellings",
    "reassignments",
    "name_proposals",
    "merges",
    "handovers",
    "business_figures",
    "battlecard_lines",
    "shelf_lives",
)


def upgrade() -> None:
    _make_tellings()
    _make_topics()
    _make_questions()
    _make_battlecards()
    _make_merges()
    _make_reassignments()
    _make_handovers()
    _widen_what_is_there()
    _fill_shelf_lives()


def _make_tellings() -> None:
    op.create_table(
        "business_figures",
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("quota", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("revenue", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("deal_size", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("win_rate", sa.Double(), nullable=True),
        sa.Column("imported_at", TIME, nullable=False),
        sa.CheckConstraint("win_rate BETWEEN 0 AND 1", name=op.f("ck_business_figures_win_rate")),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_business_figures_territory_id_territories"),
        ),
        sa.PrimaryKeyConstraint("territory_id", "month", name=op.f("pk_business_figures")),
    )
    op.create_table(
        "tellings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "matter",
            sa.Enum(
                "outcome",
                "question",
                "question-summary",
                "check",
                "handover",
                "handover-interview",
                "topic",
                name="matter",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("cause", sa.String(length=120), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_tellings_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
        sa.UniqueConstraint("cause", name=op.f("uq_tellings_cause")),
    )
    with op.batch_alter_table("tellings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tellings_person_id_at_id"), ["person_id", "at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_tellings_person_id_read_at"), ["person_id", "read_at"], unique=False
        )


def _make_topics() -> None:
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "in-progress",
                "answered",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "audience",
            sa.Enum(
                "everyone",
                "sealed",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("trend_id", sa.Integer(), nullable=True),
        sa.Column("query", sa.String(length=1000), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("creator_id", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["people.id"], name=op.f("fk_topics_creator_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["topics.id"], name=op.f("fk_topics_merged_into_id_topics")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_topics_owner_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["trend_id"], ["trends.id"], name=op.f("fk_topics_trend_id_trends")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
    )
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_topics_owner_id_state"), ["owner_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_topics_state_due_id"), ["state", "due", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_topics_trend_id"), ["trend_id"], unique=False)
    op.create_table(
        "topic_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("edited_at", TIME, nullable=True),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_topic_comments_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_comments_topic_id_topics")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_comments")),
    )
    with op.batch_alter_table("topic_comments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_topic_comments_topic_id_at"), ["topic_id", "at"], unique=False
        )
    op.create_table(
        "topic_notes",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column(
            "gathering",
            sa.Enum(
                "proposed",
                "gathered",
                "dismissed",
                name="gathering",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "used",
                "already-known",
                "not-now",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("outcome_text", sa.String(length=500), nullable=False),
        sa.Column("known_note_id", sa.Uuid(), nullable=True),
        sa.Column("outcome_by", sa.Integer(), nullable=True),
        sa.Column("outcome_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_topic_notes_added_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["known_note_id"], ["notes.id"], name=op.f("fk_topic_notes_known_note_id_notes")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_topic_notes_note_id_notes")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_by"], ["people.id"], name=op.f("fk_topic_notes_outcome_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_notes_topic_id_topics")
        ),
        sa.PrimaryKeyConstraint("topic_id", "note_id", name=op.f("pk_topic_notes")),
    )
    with op.batch_alter_table("topic_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_notes_note_id"), ["note_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topic_notes_outcome_at"), ["outcome_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_topic_notes_topic_id_gathering_added_at"),
            ["topic_id", "gathering", "added_at"],
            unique=False,
        )
    op.create_table(
        "topic_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["people.id"], name=op.f("fk_topic_revisions_editor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_revisions_topic_id_topics")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_revisions")),
    )
    with op.batch_alter_table("topic_revisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_topic_revisions_topic_id_version"), ["topic_id", "version"], unique=True
        )


def _make_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["people.id"], name=op.f("fk_questions_asker_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["people.id"], name=op.f("fk_questions_closed_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_questions_topic_id_topics")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_questions_closed_at_until_id"),
            ["closed_at", "until", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_questions_topic_id"), ["topic_id"], unique=False)
    op.create_table(
        "question_answers",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_question_answers_note_id_notes")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_answers_question_id_questions"),
        ),
        sa.PrimaryKeyConstraint("question_id", "note_id", name=op.f("pk_question_answers")),
    )
    with op.batch_alter_table("question_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_answers_note_id"), ["note_id"], unique=False)
    op.create_table(
        "question_segments",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_segments_question_id_questions"),
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segments.id"], name=op.f("fk_question_segments_segment_id_segments")
        ),
        sa.PrimaryKeyConstraint("question_id", "segment_id", name=op.f("pk_question_segments")),
    )
    op.create_table(
        "question_territories",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_territories_question_id_questions"),
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_question_territories_territory_id_territories"),
        ),
        sa.PrimaryKeyConstraint(
            "question_id", "territory_id", name=op.f("pk_question_territories")
        ),
    )
    op.create_table(
        "search_misses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_search_misses_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_search_misses_question_id_questions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_misses")),
    )
    with op.batch_alter_table("search_misses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_misses_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_search_misses_folded_at"), ["folded", "at"], unique=False
        )


def _make_battlecards() -> None:
    op.create_table(
        "shelf_lives",
        sa.Column(
            "type",
            sa.Enum(
                "price",
                "people",
                "product",
                "other",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 3650", name=op.f("ck_shelf_lives_days")),
        sa.PrimaryKeyConstraint("type", name=op.f("pk_shelf_lives")),
    )
    op.create_table(
        "battlecard_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competitor_id", sa.Integer(), nullable=False),
        sa.Column(
            "section",
            sa.Enum(
                "facts",
                "how-we-win",
                "objections",
                "pricing",
                name="section",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "type",
            sa.Enum(
                "price",
                "people",
                "product",
                "other",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shelf_days", sa.Integer(), nullable=True),
        sa.Column("creator_id", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("archived_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competitor_id"],
            ["competitors.id"],
            name=op.f("fk_battlecard_lines_competitor_id_competitors"),
        ),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["people.id"], name=op.f("fk_battlecard_lines_creator_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_battlecard_lines")),
    )
    with op.batch_alter_table("battlecard_lines", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_battlecard_lines_competitor_id_section_position"),
            ["competitor_id", "section", "position"],
            unique=False,
        )
    op.create_table(
        "name_proposals",
        sa.Column("folded", sa.String(length=160), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("dismissed_at", TIME, nullable=True),
        sa.Column("dismissed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dismissed_by"], ["people.id"], name=op.f("fk_name_proposals_dismissed_by_people")
        ),
        sa.PrimaryKeyConstraint("folded", name=op.f("pk_name_proposals")),
    )
    op.create_table(
        "battlecard_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "still-true",
                "no-longer",
                "do-not-know",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["battlecard_lines.id"],
            name=op.f("fk_battlecard_checks_line_id_battlecard_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_battlecard_checks_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_battlecard_checks_territory_id_territories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_battlecard_checks")),
    )
    with op.batch_alter_table("battlecard_checks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_battlecard_checks_line_id_answered_at"),
            ["line_id", "answered_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_battlecard_checks_person_id_answered_at"),
            ["person_id", "answered_at"],
            unique=False,
        )
    op.create_table(
        "battlecard_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["people.id"], name=op.f("fk_battlecard_revisions_editor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["battlecard_lines.id"],
            name=op.f("fk_battlecard_revisions_line_id_battlecard_lines"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_battlecard_revisions")),
    )
    with op.batch_alter_table("battlecard_revisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_battlecard_revisions_line_id_version"),
            ["line_id", "version"],
            unique=True,
        )
    op.create_table(
        "battlecard_citations",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_battlecard_citations_added_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["battlecard_lines.id"],
            name=op.f("fk_battlecard_citations_line_id_battlecard_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_battlecard_citations_note_id_notes")
        ),
        sa.PrimaryKeyConstraint("line_id", "note_id", name=op.f("pk_battlecard_citations")),
    )
    with op.batch_alter_table("battlecard_citations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_battlecard_citations_note_id"), ["note_id"], unique=False
        )


def _make_merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "competitor",
                "product",
                "topic",
                "topic-split",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", TIME, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_merges_actor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["people.id"], name=op.f("fk_merges_undone_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    with op.batch_alter_table("merges", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_merges_kind_source_id"), ["kind", "source_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_merges_kind_target_id"), ["kind", "target_id"], unique=False
        )
    op.create_table(
        "merged_notes",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("had_both", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["merges.id"], name=op.f("fk_merged_notes_merge_id_merges")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_merged_notes_note_id_notes")
        ),
        sa.PrimaryKeyConstraint("merge_id", "note_id", name=op.f("pk_merged_notes")),
    )


def _make_reassignments() -> None:
    op.create_table(
        "reassignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("territories", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("undone_at", TIME, nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_reassignments_actor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["people.id"], name=op.f("fk_reassignments_undone_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reassignments")),
    )
    with op.batch_alter_table("reassignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reassignments_at"), ["at"], unique=False)
    op.create_table(
        "territory_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column(
            "attribute",
            sa.Enum(
                "state",
                "dimension-1",
                "dimension-2",
                "team-type",
                name="attribute",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column(
            "other_attribute",
            sa.Enum(
                "state",
                "dimension-1",
                "dimension-2",
                "team-type",
                name="other_attribute",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("other_value", sa.String(length=40), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_territory_rules_territory_id_territories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory_rules")),
    )
    with op.batch_alter_table("territory_rules", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f(
                "ix_territory_rules_territory_id_attribute_value_other_attribute_other_value"
            ),
            ["territory_id", "attribute", "value", "other_attribute", "other_value"],
            unique=True,
        )
    op.create_table(
        "reassigned_accounts",
        sa.Column("reassignment_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=True),
        sa.Column("territory_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_reassigned_accounts_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["former_id"],
            ["territories.id"],
            name=op.f("fk_reassigned_accounts_former_id_territories"),
        ),
        sa.ForeignKeyConstraint(
            ["reassignment_id"],
            ["reassignments.id"],
            name=op.f("fk_reassigned_accounts_reassignment_id_reassignments"),
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_reassigned_accounts_territory_id_territories"),
        ),
        sa.PrimaryKeyConstraint(
            "reassignment_id", "account_id", name=op.f("pk_reassigned_accounts")
        ),
    )
    op.create_table(
        "reassigned_assignments",
        sa.Column("reassignment_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until_before", sa.Date(), nullable=True),
        sa.Column("existed_before", sa.Boolean(), nullable=False),
        sa.Column("until_after", sa.Date(), nullable=True),
        sa.Column("exists_after", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_reassigned_assignments_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["reassignment_id"],
            ["reassignments.id"],
            name=op.f("fk_reassigned_assignments_reassignment_id_reassignments"),
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_reassigned_assignments_territory_id_territories"),
        ),
        sa.PrimaryKeyConstraint(
            "reassignment_id", "assignment_id", name=op.f("pk_reassigned_assignments")
        ),
    )


def _make_handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("interim", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "prepared",
                "done",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("creator_id", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("interviewed_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["people.id"], name=op.f("fk_handovers_creator_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["people.id"], name=op.f("fk_handovers_from_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territories.id"], name=op.f("fk_handovers_territory_id_territories")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_handovers_to_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_handovers_from_id_state"), ["from_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_handovers_territory_id_state"), ["territory_id", "state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_handovers_to_id_state"), ["to_id", "state"], unique=False
        )
    op.create_table(
        "handover_reads",
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=60), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handovers.id"], name=op.f("fk_handover_reads_handover_id_handovers")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_handover_reads_person_id_people")
        ),
        sa.PrimaryKeyConstraint("handover_id", "person_id", "line", name=op.f("pk_handover_reads")),
    )
    op.create_table(
        "must_knows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("prompt", sa.String(length=40), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("edited_at", TIME, nullable=True),
        sa.Column("retired_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_must_knows_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_must_knows_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["notes.id"], name=op.f("fk_must_knows_note_id_notes")
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_must_knows_territory_id_territories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_must_knows")),
    )
    with op.batch_alter_table("must_knows", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_must_knows_territory_id_retired_at"),
            ["territory_id", "retired_at"],
            unique=False,
        )
    op.create_table(
        "promises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("note_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("settled_at", TIME, nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_promises_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["maker_id"], ["people.id"], name=op.f("fk_promises_maker_id_people")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_promises_note_id_notes")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["people.id"], name=op.f("fk_promises_settled_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["territories.id"], name=op.f("fk_promises_territory_id_territories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_table(
        "reassigned_promises",
        sa.Column("reassignment_id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Uuid(), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.Column("territory_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["former_id"],
            ["territories.id"],
            name=op.f("fk_reassigned_promises_former_id_territories"),
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promises.id"], name=op.f("fk_reassigned_promises_promise_id_promises")
        ),
        sa.ForeignKeyConstraint(
            ["reassignment_id"],
            ["reassignments.id"],
            name=op.f("fk_reassigned_promises_reassignment_id_reassignments"),
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"],
            ["territories.id"],
            name=op.f("fk_reassigned_promises_territory_id_territories"),
        ),
        sa.PrimaryKeyConstraint(
            "reassignment_id", "promise_id", name=op.f("pk_reassigned_promises")
        ),
    )
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_promises_account_id_settled_at"),
            ["account_id", "settled_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_promises_territory_id_settled_at"),
            ["territory_id", "settled_at"],
            unique=False,
        )


def _widen_what_is_there() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("team_type", sa.String(length=20), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_accounts_team_type"), "team_type IN ('field', 'inside', 'named')"
        )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pseudonymised_at", TIME, nullable=True))
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_products_merged_into_id_products"),
            "products",
            ["merged_into_id"],
            ["id"],
        )
    _allow_matters(*MATTERS, "telling")


def _allow_matters(*words: str) -> None:
    """What a delivery may tell of."""
    allowed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_deliveries_matter"), type_="check")
        batch_op.create_check_constraint(op.f("ck_deliveries_matter"), f"matter IN ({allowed})")


def _fill_shelf_lives() -> None:
    lives = sa.table("shelf_lives", sa.column("type"), sa.column("days"))
    op.bulk_insert(lives, [{"type": word, "days": days} for word, days in SHELF_LIVES.items()])


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE matter = 'telling'")
    _allow_matters(*MATTERS)
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_products_merged_into_id_products"), type_="foreignkey"
        )
        batch_op.drop_column("merged_into_id")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_column("pseudonymised_at")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_accounts_team_type"), type_="check")
        batch_op.drop_column("team_type")
        batch_op.drop_column("state")
    for table in TABLES:
        op.drop_table(table)
