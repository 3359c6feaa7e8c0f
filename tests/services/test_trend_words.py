"""Trends in words: one plain sentence, odds that are no more exact than they are, and a search."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from insights.models import Kind
from insights.services import trend_words, trends
from insights.services.trends import TrendView
from insights.trends.life import Stage
from tests.fixtures.world import Characters
from tests.organisation import FIBRE_ONE, HEALTHCARE, SOUTHEAST, TODAY
from tests.trend_rows import kind_showing, showing


def seen(session: Session, characters: Characters, trend_id: int) -> TrendView:
    return trends.get(session, characters.owner, trend_id, on=TODAY)


class TestTheSentence:
    @pytest.mark.parametrize(
        ("about", "told", "words"),
        [
            (
                {"segment_id": HEALTHCARE},
                {},
                "Ionfield is coming up with Healthcare customers in Georgia: 9 voices in 4 weeks "
                "where 0.7 were expected; 7 people, 5 accounts.",
            ),
            (
                {"segment_id": HEALTHCARE},
                {"mostly_id": HEALTHCARE},
                "Ionfield is coming up with Healthcare customers in Georgia: 9 voices in 4 weeks "
                "where 0.7 were expected; 7 people, 5 accounts.",
            ),
            (
                {},
                {"mostly_id": HEALTHCARE},
                "Ionfield is coming up in Georgia, mostly with Healthcare customers: 9 voices in "
                "4 weeks where 0.7 were expected; 7 people, 5 accounts.",
            ),
            (
                {"phrase": "load theft", "territory_id": SOUTHEAST},
                {"count": 31.0, "expected": 12.4, "weeks": 1, "accounts": 0},
                "“load theft” is coming up in Southeast: 31 voices in 1 week where 12 were "
                "expected; 7 people.",
            ),
            (
                {"product_id": FIBRE_ONE, "territory_id": None},
                {"expected": 0.01, "reporters": 1, "accounts": 1},
                "Fibre One is coming up across the company: 9 voices in 4 weeks where under 0.1 "
                "were expected; 1 person, 1 account.",
            ),
            (
                {"kind": Kind.OPPORTUNITY},
                {"count": 1_240.0, "expected": 1.0},
                "More opportunity notes than usual in Georgia: 1,240 notes in 4 weeks where 1 was "
                "expected; 7 people, 5 accounts.",
            ),
        ],
    )
    def test_says_what_where_and_how_much(
        self,
        session: Session,
        characters: Characters,
        about: dict[str, Any],
        told: dict[str, Any],
        words: str,
    ) -> None:
        trend_id = showing(session, told=told, **about)
        assert trend_words.sentence(seen(session, characters, trend_id)) == words

    @pytest.mark.parametrize("stage", [Stage.FADING, Stage.OVER])
    def test_of_what_fades_is_in_the_past(
        self, session: Session, characters: Characters, stage: Stage
    ) -> None:
        one = replace(seen(session, characters, showing(session)), stage=stage)
        assert trend_words.lead(one) == "Ionfield was coming up in Georgia"
        kind = replace(seen(session, characters, kind_showing(session)), stage=stage)
        assert trend_words.lead(kind) == "There were more challenge notes than usual in Georgia"


class TestTheStage:
    @pytest.mark.parametrize(
        ("score", "stage", "words"),
        [
            (2.5, Stage.NEW, "New"),
            (1.0, Stage.ACTIVE, "Active"),
            (0.9, Stage.ACTIVE, "On the watch list"),
            (0.9, Stage.FADING, "Fading"),
            (2.5, Stage.OVER, "Over"),
        ],
    )
    def test_is_said_in_a_word_or_two(
        self, session: Session, characters: Characters, score: float, stage: Stage, words: str
    ) -> None:
        one = replace(seen(session, characters, showing(session)), score=score, stage=stage)
        assert trend_words.stage_words(one) == words


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (2.5, "1 in 300"),
        (1.0, "1 in 10"),
        (1.18, "1 in 15"),
        (0.3, "1 in 2"),
        (0.0, "1 in 1"),
        (-1.0, "about 10 of them"),
        (6.0, "1 in 1,000,000"),
        (9.0, "less than 1 in 1,000,000"),
    ],
)
def test_odds_are_rounded_to_what_they_are_good_for(score: float, words: str) -> None:
    assert trend_words.odds(score) == words


class TestTheSearch:
    @pytest.mark.parametrize(
        ("about", "text"),
        [
            ({}, "competitor:ionfield territory:georgia since:2026-02-18"),
            (
                {"kind": Kind.CHALLENGE, "territory_id": None, "segment_id": HEALTHCARE},
                "kind:challenge segment:healthcare since:2026-02-18",
            ),
            (
                {"product_id": FIBRE_ONE, "territory_id": SOUTHEAST},
                "product:fibre-one territory:southeast since:2026-02-18",
            ),
            (
                {"phrase": "load theft"},
                '"load theft"~3 territory:georgia since:2026-02-18',
            ),
            ({"phrase": "outage", "territory_id": None}, "outage since:2026-02-18"),
        ],
    )
    def test_is_for_the_same_notes(
        self, session: Session, characters: Characters, about: dict[str, Any], text: str
    ) -> None:
        assert trend_words.query(seen(session, characters, showing(session, **about))) == text
