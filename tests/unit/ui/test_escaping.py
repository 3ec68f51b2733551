"""Members' text in our messages: shown as typed, cut without breaking it."""

from __future__ import annotations

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.request import clean_text
from bot.ui.escaping import as_code, harmless, plain, quoted


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("**bold** _it_ ~~no~~", r"\*\*bold\*\* \_it\_ \~\~no\~\~"),
        ("||spoiler|| `code`", r"\|\|spoiler\|\| \`code\`"),
        ("[link](here)", r"\[link\](here)"),
        ("# big", r"\# big"),
        ("> quote", r"\> quote"),
        ("back\\slash", r"back\\slash"),
        ("- a list", r"\- a list"),
        ("1. a list", r"1\. a list"),
        ("-# small", r"-\# small"),
        ("-dashing, 1.5 times", "-dashing, 1.5 times"),
        ("((weight:1.2))", "((weight:1.2))"),
        ("two\nlines\u2028of\u2029text", "two lines of text"),
        ("turned \u202earound\u202c", "turned  around"),
    ],
)
def test_markdown_shows_as_it_was_typed(typed: str, sent: str) -> None:
    assert harmless(typed) == sent


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "@here",
        "<@123>",
        "<@&1>",
        "<#5>",
        "<t:1:R>",
        "</imagine:5>",
        "<a:dance:5>",
        "<id:browse>",
        "https://x.test/y",
        "discord://-/channels/1",
        "discord.gg/abc",
        "DISCORD.com/invite/abc",
        "discordapp.com/invite/abc",
    ],
)
def test_nothing_pings_links_or_counts(text: str) -> None:
    sent = harmless(f"look {text} look").replace("\\", "")
    assert text not in sent
    assert sent.replace("\u200b", "") == f"look {text} look"


@given(st.text())
def test_only_signs_that_do_not_show_are_added(text: str) -> None:
    typed = clean_text(text.replace("\\", "").replace("\u200b", ""))
    assume(not regex.search(r"\p{M}{5}|[\u2028\u2029]", typed))
    assert harmless(typed).replace("\\", "").replace("\u200b", "") == typed


@given(st.text(max_size=400), st.integers(2, 200))
def test_quoted_text_is_within_the_limit_as_sent(text: str, limit: int) -> None:
    assert len(quoted(text, limit)) <= limit


def test_the_worst_prompt_is_still_shown_in_part() -> None:
    sent = quoted("*_~|`" * 400, 700)
    assert 600 < len(sent) <= 700


def test_marks_heaped_on_a_letter_do_not_run_over_other_lines() -> None:
    heaped = "Z" + "\u0301\u0335" * 500
    assert harmless(heaped) == "Z" + "\u0301\u0335" * 2
    assert plain(heaped, 100) == "Z" + "\u0301\u0335" * 2
    assert harmless("Thuỳ việt สวัสดีน้ำ שָׁלוֹם") == "Thuỳ việt สวัสดีน้ำ שָׁלוֹם"


def test_code_is_not_left_by_what_is_in_it() -> None:
    assert as_code("a`b``c```d", 50) == "`a'b''c'''d`"
    assert as_code("\n", 50) == "` `"
    assert as_code("two\nlines <@1> @here", 50) == "`two lines <\u200b@\u200b1> @\u200bhere`"


@given(st.text(max_size=400), st.integers(1, 200))
def test_plain_text_is_within_the_limit_and_in_one_line(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert len(shown.splitlines()) <= 1
