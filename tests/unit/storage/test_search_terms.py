"""The terms of the search index, and that nothing anybody types is more than terms."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.history import MAX_SEARCH, HistoryFilter
from bot.domain.ids import GuildId, UserId
from bot.domain.request import clean_text
from bot.storage.search_terms import MAX_WORDS, query_of, search_terms

ALICE, BOB = UserId(7), UserId(77)
HOSTILE = (
    '"',
    "*",
    "^",
    ":",
    "a:b",
    "terms : fox",
    "NEAR(a b)",
    "NEAR(",
    "fox OR owl",
    "NOT fox",
    "AND",
    "-fox +owl",
    "{a b}: fox",
    '"unclosed',
    "fox\x00owl",
    "\ud800fox",
    "'; DROP TABLE jobs; --",
    "🎨" * 4000,
    "👩‍👩‍👧‍👦" * 250,
    "月" * 4000,
    "Z" + "\u0301" * 3000,
    "a " * 2000,
    "x" * 4000,
    "ﷺ" * 100,
    "\u200b\u200d\ufeff",
)


class Index:
    """The index by itself: what the schema makes, with one job in it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(
            "CREATE VIRTUAL TABLE job_search USING fts5 "
            "(terms, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii')"
        )

    def holds(self, prompt: str, *, user_id: UserId = ALICE, search: str) -> bool:
        """Tell whether a search of a member's finds a job of Alice's with such a prompt."""
        self._connection.execute("INSERT INTO job_search (job_search) VALUES ('delete-all')")
        terms = search_terms(ALICE, 1, json.dumps({"prompt": prompt}), None)
        self._connection.execute("INSERT INTO job_search (rowid, terms) VALUES (1, ?)", (terms,))
        query = query_of(user_id, a_search(search))
        if query is None:
            return True
        rows = self._connection.execute("SELECT rowid FROM job_search(?)", (query,)).fetchall()
        return rows == [(1,)]


def a_search(text: str) -> HistoryFilter:
    """Return a filter that was not held to the length of Discord's option."""
    return HistoryFilter.model_construct(
        search=clean_text(text),
        model_id=None,
        guild_id=None,
        since=None,
        until=None,
        favourites=False,
    )


@pytest.fixture
def index() -> Iterator[Index]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield Index(connection)


def test_the_terms_of_a_job():
    request = json.dumps({"prompt": "A fox, a red_FOX & 月下", "model_id": "sd-1.5"})
    assert search_terms(ALICE, 5, request, 1).split() == [
        "7g5",
        "7m73642d312e35",
        "7f",
        "7wa",
        "7wfox",
        "7wred",
        "7w下",
        "7w月下",
    ]


def test_the_query_of_a_filter():
    wanted = HistoryFilter(
        search="A red, LIGHT 月下的 海", model_id="sd", guild_id=GuildId(0), favourites=True
    )
    assert query_of(ALICE, wanted) == (
        '"7g0" AND "7m7364" AND "7f" AND "7wa" AND "7wred" * AND "7wlight" * AND '
        '"7w月下" AND "7w下的" AND "7w海" *'
    )


def test_nothing_asked_needs_no_index():
    assert query_of(ALICE, HistoryFilter()) is None


@pytest.mark.parametrize("request_text", ["", "{", "[]", "7", '{"prompt": 5}', "[" * 100_000])
def test_whatever_is_stored_has_terms(request_text: str):
    assert search_terms(ALICE, 5, request_text, None) == "7g5"


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_is_a_search_like_any_other(index: Index, text: str):
    assert index.holds("some fox", search=text) in {True, False}
    assert not index.holds(text, search="elephant")


@given(prompt=st.text(max_size=200), search=st.text(max_size=MAX_SEARCH))
def test_any_text_is_a_search_and_never_an_error(prompt: str, search: str):
    with closing(sqlite3.connect(":memory:")) as connection:
        Index(connection).holds(clean_text(prompt), search=search)


words = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)


@given(st.lists(words, min_size=1, max_size=8), st.data())
@example(["ß"], None)
@example(["İstanbul"], None)
@example(["ǅungla"], None)
@example(["１２３"], None)
def test_every_word_of_a_prompt_finds_it(prompt: list[str], data: st.DataObject | None):
    sought = data.draw(st.permutations(prompt)) if data else prompt
    with closing(sqlite3.connect(":memory:")) as connection:
        assert Index(connection).holds(" ".join(prompt), search=" ".join(sought))


@given(st.text(max_size=60), st.text(max_size=60))
def test_nobody_finds_anybody_elses(prompt: str, search: str):
    with closing(sqlite3.connect(":memory:")) as connection:
        index = Index(connection)
        found = index.holds(f"{prompt} 7w{search}", user_id=BOB, search=f"{search} {prompt}")
    assert not found or not clean_text(f"{search} {prompt}")


def test_more_words_than_anybody_remembers_are_left_out():
    query = query_of(ALICE, a_search(" ".join(f"word{n}" for n in range(500))))
    assert query is not None
    assert query.count(" AND ") == MAX_WORDS - 1
