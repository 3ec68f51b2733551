"""Members' text in our messages: shown as typed, cut without breaking it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.escaping import harmless, quoted, shorten

WHOLE = [
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "❤️",
    "👍🏽",
    "👩🏿‍🚀",
    "🇩🇪",
    "1️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "é",
    "🦊",
]
"""What a reader sees as one sign."""


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("**bold** _it_ ~~no~~", r"\*\*bold\*\* \_it\_ \~\~no\~\~"),
        ("||spoiler|| `code`", r"\|\|spoiler\|\| \`code\`"),
        ("[link](https://x.test)", r"\[link\](https://x.test)"),
        ("# big", r"\# big"),
        ("> quote", r"\> quote"),
        ("back\\slash", r"back\\slash"),
        ("((weight:1.2))", "((weight:1.2))"),
    ],
)
def test_markdown_shows_as_it_was_typed(typed: str, sent: str) -> None:
    assert harmless(typed) == sent


@pytest.mark.parametrize("text", ["@everyone", "@here", "<@123>", "<@&1>", "<#5>", "<t:1:R>"])
def test_nothing_pings_links_or_counts(text: str) -> None:
    sent = harmless(f"look {text} look").replace("\\", "")
    assert text not in sent
    assert sent.replace("\u200b", "") == f"look {text} look"


@given(st.text())
def test_only_signs_that_do_not_show_are_added(text: str) -> None:
    plain = text.replace("\\", "").replace("\u200b", "")
    assert harmless(plain).replace("\\", "").replace("\u200b", "") == plain


def test_short_text_stays() -> None:
    assert shorten("a fox", 5) == "a fox"


def test_text_is_cut_at_a_space_where_one_is_near() -> None:
    assert shorten("the quick brown fox", 14) == "the quick…"
    assert shorten("x" * 50, 10) == "x" * 9 + "…"


Signs = st.lists(st.sampled_from([*WHOLE, "a", " ", "ж", "狐"]), max_size=60)


@given(Signs, st.integers(2, 80))
def test_a_cut_never_goes_through_a_sign(signs: list[str], limit: int) -> None:
    text = "".join(signs)
    cut = shorten(text, limit)
    assert len(cut) <= max(limit, 1)
    if cut == text:
        return
    kept = cut.removesuffix("…")
    ends = {"".join(signs[:n]).rstrip() for n in range(len(signs) + 1)}
    assert kept in ends


@given(st.text(max_size=400), st.integers(2, 200))
def test_quoted_text_is_within_the_limit_as_sent(text: str, limit: int) -> None:
    assert len(quoted(text, limit)) <= limit


def test_the_worst_prompt_is_still_shown_in_part() -> None:
    sent = quoted("*_~|`" * 400, 700)
    assert 600 < len(sent) <= 700
