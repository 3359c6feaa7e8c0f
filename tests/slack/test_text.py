"""Text to and from Slack: nothing in it is live but what we made."""

import re
from datetime import UTC, datetime
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.slack import text
from tests.slack_server.messages import Message
from tests.slack_server.rendering import live_mentions

HOSTILE = "<!channel> <@U1> <#C1|x> &lt;!here&gt; <https://evil.test|acme.test> & <!subteam^S1>"
MADE_OF = st.text(alphabet=st.sampled_from("ab &<>|!@#;\n*_“é\u0301👍🏽🇩🇪👨‍👩‍👧\u202e"))
SHOWN_AS_ONE = ("é\u0301", "👍🏽", "🇩🇪", "👨‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "각", "नि", "❤️", "1️⃣")


def posted(words: str) -> Message:
    return Message(ts="1.0", channel="C1", team="T1", user="U1", text=words, blocks=[])


@pytest.mark.slack_rule(20)
@pytest.mark.slack_rule(23)
@given(MADE_OF)
def test_what_was_escaped_reads_as_it_was_written(typed: str) -> None:
    """No mention, no link, and each letter as it was."""
    escaped = text.escape(typed)
    assert not set("<>") & set(escaped)
    assert live_mentions(posted(escaped)) == []
    assert text.plain(escaped) == typed


@pytest.mark.slack_rule(23)
@pytest.mark.slack_rule(59)
def test_hostile_text_calls_nobody() -> None:
    assert live_mentions(posted(text.escape(HOSTILE))) == []
    assert text.plain(text.escape(HOSTILE)) == HOSTILE


@pytest.mark.slack_rule(26)
@example(";;;;;;<🏽;", 11, "")
@given(MADE_OF, st.integers(0, 60), st.sampled_from(["", " <https://a.test/1|more>"]))
def test_cut_text_is_never_longer_and_never_broken(typed: str, limit: int, more: str) -> None:
    """Cut after escaping, between what is seen as one character, entities whole."""
    escaped = text.escape(typed)
    cut = text.cut(escaped, limit, more)
    assert len(cut) <= limit
    if len(escaped) <= limit:
        assert cut == escaped
        return
    kept = cut.removesuffix(more).removesuffix("…")
    assert escaped.startswith(kept)
    assert not re.search(r"&(?!amp;|lt;|gt;)", kept)
    starts = list(accumulate(map(len, text.clusters(typed)), initial=0))
    assert any(typed[:start].rstrip() == text.unescape(kept) for start in starts)


@given(st.text(alphabet=st.sampled_from("a👍🏽🇩🇪é\u0301"), min_size=1))
def test_the_pieces_make_up_the_whole(typed: str) -> None:
    assert "".join(text.clusters(typed)) == typed


@pytest.mark.slack_rule(26)
@pytest.mark.parametrize("seen", SHOWN_AS_ONE, ids=ascii)
def test_what_is_seen_as_one_stays_whole(seen: str) -> None:
    assert list(text.clusters(f"a{seen}{seen}b")) == ["a", seen, seen, "b"]
    assert text.cut(f"ab{seen}cd", len(seen) + 2) == "ab…"
    assert text.cut(f"ab{seen}cdefgh", len(seen) + 3) == f"ab{seen}…"


@pytest.mark.slack_rule(26)
def test_a_link_of_ours_is_never_cut_in_two() -> None:
    whole = f"see {text.link('https://a.test/notes/1', 'the note')} for more"
    assert text.cut(whole, 20) == "see…"
    assert text.cut(whole, len(whole)) == whole


@pytest.mark.slack_rule(24)
def test_links_lead_only_where_they_say() -> None:
    """Addresses of the web only, and nothing that ends the link early."""
    assert text.link("https://a.test/?q=a|b> c&d", "A <b>") == (
        "<https://a.test/?q=a%7Cb%3E%20c&amp;d|A &lt;b&gt;>"
    )
    assert text.link("javascript:alert(1)", "click <me>") == "click &lt;me&gt;"
    assert text.link("https://a.test/é", "two\nlines") == "<https://a.test/%C3%A9|two lines>"


def test_moments_are_told_in_the_zone_of_the_reader() -> None:
    moment = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    told = text.date(moment)
    assert told == "<!date^1772460300^{date_short_pretty} at {time}|2 March 2026, 14:05 UTC>"
    assert text.plain(told) == "2 March 2026, 14:05 UTC"


@pytest.mark.slack_rule(20)
@pytest.mark.slack_rule(21)
def test_people_and_channels_are_named_by_what_we_know_of_them() -> None:
    """The label inside may be false."""
    said = "<@U1|ann> told <@W2> in <#C1|board>, see <https://a.test/x|a.test/x>, <!here|x>"
    names = {"U1": "Rita", "C1": "deals"}
    assert text.plain(said, names) == "@Rita told @someone in #deals, see https://a.test/x, @here"
    assert text.mentioned(said) == {"U1", "W2"}
    assert text.ids_in(said) == {"U1", "W2", "C1"}


@pytest.mark.slack_rule(20)
@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("<https://a.test>", "https://a.test"),
        ("<https://a.test|our page>", "our page (https://a.test)"),
        ("<mailto:a@a.test|a@a.test>", "a@a.test"),
        ("<tel:+1555|+1555>", "+1555"),
        ("<!subteam^S1|@sales>", "@group"),
        ("<!date^1^{date}|2 March>", "2 March"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_text_from_slack_reads_as_its_readers_saw_it(said: str, read: str) -> None:
    assert text.plain(said) == read


def test_a_name_cannot_bring_in_a_mention() -> None:
    assert text.plain("<@U1>", {"U1": "<!channel>"}) == "@<!channel>"
