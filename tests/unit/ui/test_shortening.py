"""Text is cut to a limit, and nothing that a reader or Discord sees in it is cut through."""

from __future__ import annotations

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from bot.ui.shortening import shorten

SIGNS = [
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
    "각",
    "नि",
    "狐",
    "ж",
]
"""What a reader sees as one."""

TOKENS = [
    "<@123456789012345678>",
    "<@!1>",
    "<@&5>",
    "<#77>",
    "<t:1700000000:R>",
    "</imagine pictures:123456789>",
    "<:fox:123456789>",
    "<a:dance:123456789>",
    "<https://example.org/a?b=c>",
    "[a page](https://example.org/a_(b))",
    "[other page](<https://example.org>)",
    "https://example.org/some_path?x=1",
    r"\*",
    r"\_",
]
"""What Discord makes into something else."""

MARKS = ["**", "__", "~~", "||", "*", "_", "***", "`", "``", "```"]

words = st.text(st.sampled_from("abcdeijklmABCDжзий0123"), min_size=1, max_size=9)
pieces = st.one_of(words, st.sampled_from([*SIGNS, *TOKENS]))
sentences = st.lists(pieces, min_size=1, max_size=8).map(" ".join)


def in_marks(insides: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(MARKS), insides).map(lambda each: each[0] + each[1] + each[0])


paired = in_marks(sentences)
plainly_paired = in_marks(st.lists(words, min_size=1, max_size=8).map(" ".join))
texts = st.lists(st.one_of(pieces, paired), min_size=1, max_size=12)


def kept_of(cut: str) -> str:
    """Return what is left of the text, without the sign of omission."""
    return cut.partition("…")[0].rstrip()


def test_short_text_stays() -> None:
    assert shorten("a fox", 5) == "a fox"


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("the quick brown fox", 14, "the quick…"),
        ("the quick brown fox", 16, "the quick brown…"),
        ("x" * 50, 10, "x" * 9 + "…"),
        ("a " + "x" * 50, 10, "a " + "x" * 7 + "…"),
        ("a sentence with an unquestionable word", 25, "a sentence with an…"),
        ("狐狸在森林裡跑得很快", 6, "狐狸在森林…"),
        ("🎨" * 50, 10, "🎨" * 9 + "…"),
        ("Z" + "\u0301" * 50, 10, "…"),
        ("ping <@123456789> you", 17, "ping…"),
        ("ping <@123456789> you", 18, "ping <@123456789>…"),
        ("see [the page](https://x.test) now", 31, "see [the page](https://x.test)…"),
        ("see [the page](https://x.test) now", 30, "see…"),
        ("see https://x.test/a and b", 22, "see https://x.test/a …"),
        ("see https://x.test/a and b", 21, "see…"),
        ("it is **very bold** indeed", 14, "it is…"),
        ("it is **very bold** indeed", 20, "it is **very bold**…"),
        ("**all of this is bold**", 14, "**all of…**"),
        ("||all of this is **a secret** to keep||", 20, "||all of this is…||"),
        ("||a **long and bold secret to be kept**||", 20, "||a **long and…**||"),
        ("a `piece of code` here", 12, "a `piece…`"),
        ("a `piece of code` here", 18, "a `piece of code`…"),
        ("a `piece of code` here", 17, "a…"),
        ("```py\nprint(1)\nprint(2)\n```", 20, "```py\nprint(1)…```"),
        ("`<https://example.org/a?b=c>`", 12, "`<https://…`"),
        ("2 * 3 * 4 * 5", 9, "2 * 3 *…"),
        ("a_name_with_lines and more", 20, "a_name_with_lines…"),
        (r"\*\*not bold\*\* at all", 12, r"\*\*not…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
    ],
)
def test_examples(text: str, limit: int, cut: str) -> None:
    assert shorten(text, limit) == cut


@given(st.text(max_size=400), st.integers(0, 200))
def test_any_text_is_within_the_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit or shorten(text, limit) == text


@given(texts, st.integers(1, 200))
def test_what_is_kept_is_the_beginning_of_the_text(parts: list[str], limit: int) -> None:
    text = " ".join(parts)
    cut = shorten(text, limit)
    assert len(cut) <= max(limit, 1)
    assert text.startswith(kept_of(cut))


@given(st.lists(pieces, min_size=1, max_size=20), st.integers(1, 120))
def test_words_and_tokens_stay_whole_or_go(parts: list[str], limit: int) -> None:
    text = " ".join(parts)
    cut = shorten(text, limit)
    if cut == text:
        return
    kept = kept_of(cut).split(" ") if kept_of(cut) else []
    last_is_too_long = any(len(part) >= limit for part in parts)
    whole = " ".join(parts).split(" ")[: len(kept)]
    assert kept == whole or (kept[:-1] == whole[:-1] and last_is_too_long)
    token = next((each for each in TOKENS if kept and each.startswith(kept[-1])), None)
    assert token is None or last_is_too_long or kept[-1] in {*TOKENS, "[a", "[other", "</imagine"}


@given(st.lists(st.sampled_from([*SIGNS, *TOKENS, "a", " "]), max_size=60), st.integers(1, 80))
@example(signs=["https://example.org/some_path?x=1", "[a page](https://x.test)"], limit=37)
def test_a_cut_never_goes_through_a_sign_or_token(signs: list[str], limit: int) -> None:
    """An address ends where there is a space: to Discord, too, what follows belongs to it."""
    signs = [f"{sign} " if sign.startswith("http") else sign for sign in signs]
    text = "".join(signs)
    cut = shorten(text, limit)
    if cut != text:
        ends = {"".join(signs[:n]).rstrip() for n in range(len(signs) + 1)}
        assert kept_of(cut) in ends


@given(st.lists(st.one_of(words, plainly_paired), min_size=1, max_size=10), st.integers(1, 120))
def test_pairs_are_never_left_open(parts: list[str], limit: int) -> None:
    assert not _left_open(shorten(" ".join(parts), limit))


@given(
    st.lists(st.sampled_from([*MARKS, "a", "狐", " ", "\\", "<", "[", "](", ")", ">"]), max_size=60)
)
def test_no_mixture_of_signs_is_an_error(signs: list[str]) -> None:
    text = "".join(signs)
    for limit in range(len(text) + 2):
        assert len(shorten(text, limit)) <= max(limit, 0)


def _left_open(text: str) -> list[str]:
    """Return the marks that begin something and do not end it, read in the simplest way."""
    found = regex.findall(r"`+|\*+|__?|~~|\|\|", regex.sub(r"(`{1,3})(?!`).*?(?<!`)\1", "", text))
    waiting: list[str] = []
    for mark in found:
        if waiting and waiting[-1] == mark:
            waiting.pop()
        else:
            waiting.append(mark)
    return waiting
