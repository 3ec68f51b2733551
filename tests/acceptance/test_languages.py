"""Each person is spoken to in their own language, and everybody in that of the server."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from gettext import NullTranslations
from itertools import chain
from typing import Any

import pytest
from simcord.components import walk_components

from bot.domain.catalogue import ModelKind
from bot.domain.guild_settings import Tongue
from bot.domain.option_texts import VALUES
from bot.speech import Language, learn
from bot.translations import learn_all
from bot.ui.option_words import OPTIONS
from bot.ui.settings_panel.words import OWN_NAMES
from tests.acceptance.stage import Stage
from tests.acceptance.tour import TROUBLES, Tour
from tests.discord_server.validation import check_choices, check_message, check_modal

WORDS = re.compile(r"(\{\w+\}|`+[^`]*`+|<[^>]*>|https?://\S+|/[a-z]+)|[^\W\d_]+")
"""The words of a text, and, in a group, what is the same in every language."""

TYPED = re.compile(
    r"`+[^`]*`+|<[^>]*>|https?://\S+|\([^)]*://[^)]*\)|/[a-z]+(?: [a-z]+)?|model_id .*", re.DOTALL
)
"""What is shown as it is typed, or leads somewhere, and, in the details, what the API said."""

SEEN = frozenset({"content", "label", "placeholder", "description", "title"})


class Masked(NullTranslations):
    """A language whose every word is ж: what is not, was not translated."""

    def gettext(self, message: str) -> str:
        return WORDS.sub(lambda found: found[1] or "ж", message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture(autouse=True)
def languages() -> Generator[None]:
    """Unlearn what a test teaches."""
    yield
    learn_all()


def payloads(stage: Stage) -> Iterator[dict[str, Any]]:
    """Yield what the bot sent for people to see."""
    for entry in stage.env.http_requests:
        if isinstance(entry.json, dict) and not entry.path.endswith("/commands"):
            yield entry.json


def texts(payload: Any) -> Iterator[str]:
    """Yield every text in a payload that people read."""
    if isinstance(payload, Mapping):
        for name, part in payload.items():
            if name in SEEN and isinstance(part, str):
                yield part
            else:
                yield from texts(part)
    elif isinstance(payload, list):
        for part in payload:
            yield from texts(part)


async def take_tours(stage: Stage, published: list[dict[str, Any]], locale: str) -> set[str]:
    """Have a member and a moderator try everything, where all have Discord in one language.

    Returns what they did, by the ids of buttons and selects.
    """
    stage.world.speak(locale)
    tours = [Tour(stage, published, who) for who in (stage.member, stage.world.moderator)]
    return {act for tour in tours for act in await tour.take()}


async def test_no_text_escapes_translation(stage: Stage, published: list[dict[str, Any]]) -> None:
    learn("ja", Language("ja", Masked()))
    await take_tours(stage, published, "ja")
    seen = {text for each in payloads(stage) for text in texts(each)}
    assert len(seen) > 300
    data = same_in_every_language(stage, published)
    left = {text: words for text in seen if (words := english_in(text, data))}
    assert not left, "\n".join(f"{text!r}: {words}" for text, words in left.items())


def same_in_every_language(stage: Stage, published: list[dict[str, Any]]) -> re.Pattern[str]:
    """Return what finds names and values: of models, options, menu entries, languages, and more."""
    shelves = map(stage.app.services.catalogue.of_kind, ModelKind)
    told = ("id", "name", "description", "category", "trigger")
    values = [getattr(entry, name) for shelf in shelves for entry in shelf for name in told]
    options = [*OPTIONS, *map(str.capitalize, OPTIONS), *chain(*VALUES.values()), "strength"]
    entries = [command["name"] for command in published if command.get("type", 1) != 1]
    others = ("stable diffusion", "stable diffusion xl", "yes", "no", "none", "width", "height")
    faults = [fault.value for fault in TROUBLES]
    names = [*filter(None, values), *entries, *OWN_NAMES.values(), *options, *others, *faults]
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b")


def english_in(text: str, data: re.Pattern[str]) -> list[str]:
    """Find words that no translation touched."""
    bare = TYPED.sub("", text).replace("\\", "")
    return re.findall(r"[A-Za-z]{2,}", data.sub("", bare))


async def test_the_tour_gets_around(stage: Stage, published: list[dict[str, Any]]) -> None:
    deeds = await take_tours(stage, published, "en-US")
    for kind in (
        "again",
        "details",
        "edit",
        "history:share",
        "models:o",
        "set:level",
        "set:try_rules",
    ):
        assert any(act.startswith(f"imagine:{kind}") for act in deeds), kind


@pytest.mark.parametrize("locale", list(Tongue))
async def test_everything_fits_into_discord_in_every_language(
    stage: Stage, published: list[dict[str, Any]], locale: str
) -> None:
    await take_tours(stage, published, locale)
    for payload in payloads(stage):
        data = payload.get("data", payload)
        match payload.get("type"):
            case 8:
                check_choices(data["choices"])
            case 9:
                check_modal(data)
                check_fields(data)
            case _:
                if data.get("content") or data.get("components"):
                    files = {each["filename"] for each in data.get("attachments") or ()}
                    check_message(data, files)


def check_fields(modal: dict[str, Any]) -> None:
    """Look at the labels of a form's fields (Discord, "Label")."""
    for part in walk_components(modal["components"]):
        assert len(part.get("label") or "") <= 45, part
        assert len(part.get("description") or "") <= 100, part
        assert len(part.get("placeholder") or "") <= 100, part
