"""Bring the catalogues in `bot/locale/` up to date with the texts in the source.

What is new stands in them without a translation, what nothing says any more is taken out. A test
fails until all is translated. Run it as `./imagine translations`.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polib

from bot.client import COGS
from bot.publishing import bot_without_data
from bot.settings import Settings
from bot.ui.option_words import OPTIONS
from bot.ui.settings_panel.words import OWN_NAMES

TREE = Path(__file__).resolve().parent.parent
SAYING = frozenset({"_", "N_", "ngettext"})

Said = tuple[str, str]
"""An English text and its plural, or ""."""


def texts() -> dict[Said, str]:
    """Return every text that is to be translated, with the file that says it."""
    said = {(text, ""): "commands" for text in asyncio.run(_texts_of_commands())}
    return {**said, **dict(_texts_of_source())}


def _texts_of_source() -> Iterator[tuple[Said, str]]:
    for call, file in calls():
        constants = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
        if constants:
            one, many = constants[:2] if name_of(call) == "ngettext" else (constants[0], "")
            yield (one, many), file


def calls() -> Iterator[tuple[ast.Call, str]]:
    """Yield where something is said, with the file, in the order of the source.

    Babel would look for it too, but finds what stands in f-strings in newer Pythons only.
    """
    for package in ("bot", "cogs"):
        for file in sorted((TREE / package).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            found = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and name_of(n) in SAYING]
            for call in sorted(found, key=lambda each: each.lineno):
                yield call, file.relative_to(TREE).as_posix()


def name_of(call: ast.Call) -> str:
    """Return the function that is called, "" where it is not called by a bare name."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


async def _texts_of_commands() -> list[str]:
    """Return what Discord shows of the commands and nobody types."""
    async with bot_without_data(Settings()) as bot:
        for cog in COGS:
            await bot.load_extension(cog)
        return [text for each in bot.tree.get_commands() for text in shown(each.to_dict(bot.tree))]


def shown(part: Mapping[str, Any]) -> Iterator[str]:
    """Yield every text of a published command that members read and do not type."""
    if part.get("description"):
        yield part["description"]
    for choice in part.get("choices") or ():
        if not is_same_everywhere(part, choice):
            yield str(choice["name"])
    for option in part.get("options") or ():
        yield from shown(option)


def is_same_everywhere(option: Mapping[str, Any], choice: Mapping[str, Any]) -> bool:
    """Tell whether a choice is the same in every language.

    That is a value that members type elsewhere, as after a flag, or what a language calls itself.
    """
    name = str(choice["name"])
    same = {*OPTIONS, *OWN_NAMES.values(), "yes", "no"}
    return option["name"] in OPTIONS or name in same or name.isdecimal()


def update(catalogue: polib.POFile, wanted: Mapping[Said, str]) -> polib.POFile:
    """Return a catalogue with an entry for each text, in the order of the files that say them."""
    known = {(entry.msgid, entry.msgid_plural): entry for entry in catalogue}
    forms = int(catalogue.metadata["Plural-Forms"].partition("nplurals=")[2][0])
    new = polib.POFile(wrapwidth=110)
    new.metadata = catalogue.metadata
    for said, _file in sorted(wanted.items(), key=lambda each: each[1]):
        new.append(known.get(said) or _empty(*said, forms))
    return new


def _empty(one: str, many: str, forms: int) -> polib.POEntry:
    if not many:
        return polib.POEntry(msgid=one)
    return polib.POEntry(
        msgid=one, msgid_plural=many, msgstr_plural=dict.fromkeys(range(forms), "")
    )


def main() -> None:
    """Update every catalogue, and say what is missing in it."""
    wanted = texts()
    for file in sorted((TREE / "bot" / "locale").glob("*/LC_MESSAGES/imagine.po")):
        catalogue = update(polib.pofile(str(file)), wanted)
        catalogue.save(str(file), newline="\n")
        missing = len(catalogue.untranslated_entries())
        print(f"{file.parent.parent.name}: {len(catalogue)} texts, {missing} to be translated")


if __name__ == "__main__":
    main()
