"""What Discord shows of the commands is there in nine other languages, within its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.publishing import publish_commands
from bot.settings import Settings
from bot.translations import CATALOGUES, catalogue
from tests.discord_server import TOKEN, DiscordServer
from tests.discord_server.wiring import discord_py_pointed_at
from tools.translations import is_same_everywhere


@pytest.fixture
async def published(tmp_path: Path) -> list[Any]:
    """The commands as Discord was told of them."""
    settings = Settings(
        data_dir=tmp_path / "data",
        discord_token=SecretStr(TOKEN),
        _env_file=None,  # pyright: ignore[reportCallIssue]
    )
    async with DiscordServer() as server:
        with discord_py_pointed_at(server.address):
            await publish_commands(settings)
            return await server.commands()


def shown(part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield every text of a command that members read and do not type, with its translations."""
    if part.get("description"):
        yield part["description"], part.get("description_localizations") or {}
    for choice in part.get("choices") or ():
        if not is_same_everywhere(part, choice):
            yield str(choice["name"]), choice.get("name_localizations") or {}
    for option in part.get("options") or ():
        yield from shown(option)


def characters(part: Mapping[str, Any]) -> int:
    """Count as Discord does: names, descriptions and values, each in its longest language."""

    def longest(key: str) -> int:
        return max(
            map(len, [str(part.get(key, "")), *(part.get(f"{key}_localizations") or {}).values()])
        )

    below = [*(part.get("options") or ()), *(part.get("choices") or ())]
    own = longest("name") + longest("description") + len(str(part.get("value", "")))
    return own + sum(map(characters, below))


async def test_everything_that_discord_shows_is_translated(published: list[Any]) -> None:
    locales = set(CATALOGUES)
    texts = [each for command in published for each in shown(command)]
    assert len(texts) > 200
    same = {
        locale: {entry.msgid for entry in catalogue(name) if entry.msgid == entry.msgstr}
        for locale, name in CATALOGUES.items()
    }
    missing = {
        text: [each for each in locales - set(done) if text not in same[each]]
        for text, done in texts
    }
    assert {text: where for text, where in missing.items() if where} == {}
    every = {text for english, done in texts for text in (english, *done.values())}
    assert {text for text in every if not 0 < len(text) <= 100} == set()


async def test_names_and_values_stay_as_they_are(published: list[Any]) -> None:
    def unchanged(part: Mapping[str, Any]) -> None:
        assert not part.get("name_localizations"), part["name"]
        for choice in part.get("choices") or ():
            assert not (is_same_everywhere(part, choice) and choice.get("name_localizations"))
        for option in part.get("options") or ():
            unchanged(option)

    for command in published:
        unchanged(command)


async def test_a_command_with_its_longest_translations_stays_within_8000_characters(
    published: list[Any],
) -> None:
    assert {c["name"]: n for c in published if (n := characters(c)) > 8000} == {}


async def test_the_choices_of_an_option_can_be_told_apart(published: list[Any]) -> None:
    def told_apart(part: Mapping[str, Any]) -> None:
        choices = part.get("choices") or ()
        for locale in CATALOGUES:
            names = [(c.get("name_localizations") or {}).get(locale, c["name"]) for c in choices]
            assert len(set(names)) == len(names), names
        for option in part.get("options") or ():
            told_apart(option)

    for command in published:
        told_apart(command)
