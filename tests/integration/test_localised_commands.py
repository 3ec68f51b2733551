"""What Discord shows of the commands is there in nine other languages, within its limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import discord
import pytest
from pydantic import SecretStr

from bot.publishing import publish_commands
from bot.settings import Settings
from bot.ui.localised_commands import CATALOGUES, catalogue
from bot.ui.option_words import OPTIONS
from tests.discord_server import TOKEN, DiscordServer
from tests.discord_server.wiring import discord_py_pointed_at

LANGUAGES = sorted(set(CATALOGUES.values()))

LITERAL = re.compile(
    r"""\{\w+\}           # placeholders
    | --\w+               # flags
    | /[a-z]+(?:\ export)?  # commands
    | \b(?:square|portrait|landscape)\b | (?<!:\ )no\ limit | DPMSolverMultistepScheduler
    | PNG | JPEG | WebP | UTC
    | \d+(?:[.:-]\d+)*(?:[hdw]\b)?  # numbers, days, spans""",
    re.VERBOSE | re.ASCII,
)
"""What members type as it stands there, in every language."""


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
        if not is_typed(part, choice):
            yield str(choice["name"]), choice.get("name_localizations") or {}
    for option in part.get("options") or ():
        yield from shown(option)


def is_typed(option: Mapping[str, Any], choice: Mapping[str, Any]) -> bool:
    """Tell whether a choice is a value that members type elsewhere, as after a flag."""
    name = str(choice["name"])
    return option["name"] in OPTIONS or name in OPTIONS or name in {"yes", "no"} or name.isdecimal()


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
    locales = {locale.value for locale in CATALOGUES}
    texts = [each for command in published for each in shown(command)]
    assert len(texts) > 200
    assert {text: missing for text, done in texts if (missing := locales - set(done))} == {}
    every = {text for english, done in texts for text in (english, *done.values())}
    assert {text for text in every if not 0 < len(text) <= 100} == set()


async def test_names_and_values_stay_as_they_are(published: list[Any]) -> None:
    def unchanged(part: Mapping[str, Any]) -> None:
        assert not part.get("name_localizations"), part["name"]
        for choice in part.get("choices") or ():
            assert not (is_typed(part, choice) and choice.get("name_localizations"))
        for option in part.get("options") or ():
            unchanged(option)

    for command in published:
        unchanged(command)


async def test_a_command_with_its_longest_translations_stays_within_8000_characters(
    published: list[Any],
) -> None:
    assert {c["name"]: n for c in published if (n := characters(c)) > 8000} == {}


async def test_a_catalogue_has_no_entry_that_nothing_shows(published: list[Any]) -> None:
    texts = {english for command in published for english, _ in shown(command)}
    assert {name: stale for name in LANGUAGES if (stale := set(catalogue(name)) - texts)} == {}


async def test_the_choices_of_an_option_can_be_told_apart(published: list[Any]) -> None:
    def told_apart(part: Mapping[str, Any]) -> None:
        choices = part.get("choices") or ()
        for locale in CATALOGUES:
            names = [
                (c.get("name_localizations") or {}).get(locale.value, c["name"]) for c in choices
            ]
            assert len(set(names)) == len(names), names
        for option in part.get("options") or ():
            told_apart(option)

    for command in published:
        told_apart(command)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_stays_as_it_is_typed(language: str) -> None:
    for english, text in catalogue(language).items():
        missing = Counter(LITERAL.findall(english)) - Counter(LITERAL.findall(text))
        assert not missing, (english, text)
        invented = set(re.findall(r"\{\w+\}|--\w+", text)) - set(LITERAL.findall(english))
        assert not invented, (english, text)


def test_nine_languages_beside_english_are_spoken_and_spanish_in_latin_america_too() -> None:
    assert len(LANGUAGES) == 9
    assert CATALOGUES[discord.Locale.latin_american_spanish] == "es"
