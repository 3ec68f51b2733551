"""Section: what becomes of pictures that are not safe for work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.guild_settings import Flagged, Scope, Setting, StoredSetting
from bot.domain.strictness import SafetyRule, Strictness
from bot.ui.settings_panel.effects import weakness
from bot.ui.settings_panel.places import heading, picker
from bot.ui.settings_panel.press import Press, Section
from bot.ui.settings_panel.sheet import (
    UNSET,
    Block,
    Item,
    Sheet,
    choice,
    no_rule,
    option,
    select,
)
from bot.ui.settings_panel.words import (
    LEVEL_NAMES,
    LEVEL_WORDS,
    mention_of,
    rule_words,
    sentence,
    set_words,
)

_HINT = (
    "-# The safety checker looks for pictures that are not safe for work. Members may always "
    "choose something stricter for their own pictures; something looser only as far as the rule "
    "lets them."
)
_ELSEWHERE_HINT = (
    "-# They may be stricter than the server's rule, and looser only as far as that lets them. "
    "Whoever has several of these roles gets the strictest rule of them."
)
_FLAGGED_HINT = (
    "-# How a picture is posted in which the checker found something, or that came back blank."
)
_LISTED = 8

LEVEL_LABELS: Mapping[Strictness, str] = {
    Strictness.OFF: "Off: unsafe pictures are shown as they are",
    Strictness.BLUR: "Blur: unsafe pictures are blurred",
    Strictness.PIXELATE: "Pixelate: unsafe pictures are shown in coarse squares",
    Strictness.SENSITIVE_CONTENT_TEXT: "Text: unsafe pictures are hidden behind a text",
    Strictness.BLACK: "Black: unsafe pictures are replaced by a black picture",
}
_LEVEL_NOTES: Mapping[Strictness, str] = {
    Strictness.OFF: "The loosest; holds in age-restricted channels only",
    Strictness.BLACK: "The strictest",
}

FLAGGED_LABELS: Mapping[Flagged, str] = {
    Flagged.WITHHELD: "Withheld",
    Flagged.SPOILER: "Spoiler",
    Flagged.SHOWN: "Shown",
}


def _blocks(sheet: Sheet) -> Iterator[Block]:
    """Yield the section."""
    yield heading(sheet)
    yield Block(_holds(sheet), [[_levels(sheet)], [_loosening(sheet)]], _HINT)
    if sheet.place.scope is not Scope.ROLE:
        flagged = choice(sheet, Setting.FLAGGED, FLAGGED_LABELS)
        yield Block(sheet.line(Setting.FLAGGED), [[flagged]], _FLAGGED_HINT)
    yield Block(_elsewhere(sheet), picker(sheet, with_roles=True), _ELSEWHERE_HINT)


def _holds(sheet: Sheet) -> str:
    lines = [sheet.line(Setting.SAFETY)]
    here = sheet.here(Setting.SAFETY)
    if here is not None and (weak := weakness(here, sheet.settings, sheet.ground)) is not None:
        lines.append(f"⚠️ {weak}.")
    if sheet.ground.floor is not Strictness.OFF:
        floor = LEVEL_NAMES[sheet.ground.floor]
        lines.append(f"Whoever runs this bot lets nobody go below **{floor}**.")
    return "\n".join(lines)


def _elsewhere(sheet: Sheet) -> str:
    """List the rules of channels and roles, as far as there is room."""
    others = [
        each
        for each in sheet.settings.stored.values()
        if each.setting is Setting.SAFETY and each.place.scope is not Scope.SERVER
    ]
    lines = [
        f"{mention_of(each.place)}: {rule_words(each.value)}.\n-# {_remark(each, sheet)}"
        for each in others[:_LISTED]
    ]
    if len(others) > _LISTED:
        lines.append(f"… and {len(others) - _LISTED} more")
    return "\n".join(["**Rules of channels and roles:**", *(lines or ["None."])])


def _remark(rule: StoredSetting, sheet: Sheet) -> str:
    is_weak = weakness(rule, sheet.settings, sheet.ground) is not None
    weak = " ⚠️ Looser than the rules above it allow." if is_weak else ""
    return f"{sentence(set_words(rule))}{weak}"


def _levels(sheet: Sheet) -> Item:
    here = sheet.here(Setting.SAFETY)
    level = here.value.level if here else None
    options = [
        no_rule(sheet, Setting.SAFETY),
        *(
            option(each, label, _LEVEL_NOTES.get(each, ""), chosen=each is level)
            for each, label in LEVEL_LABELS.items()
        ),
    ]
    return select(
        sheet.control("level", Setting.SAFETY),
        options,
        placeholder="What happens to unsafe pictures",
    )


def _loosening(sheet: Sheet) -> Item:
    custom_id = sheet.control("loosest", Setting.SAFETY)
    here = sheet.here(Setting.SAFETY)
    if here is None:
        words = "How far members may loosen it"
        return select(custom_id, [option(UNSET, "-")], placeholder=words, disabled=True)
    rule: SafetyRule = here.value
    locked = option(
        rule.level,
        "Locked: may not be loosened",
        f"Unsafe pictures are {LEVEL_WORDS[rule.level]}, or something stricter",
        chosen=rule.is_locked,
    )
    looser = [
        option(
            each,
            f"May be loosened to {LEVEL_NAMES[each]}",
            f"Members who choose so get unsafe pictures {LEVEL_WORDS[each]}",
            chosen=each is rule.loosest,
        )
        for each in reversed(Strictness)
        if each.rank < rule.level.rank
    ]
    return select(custom_id, [locked, *looser], placeholder="How far members may loosen it")


async def _set_level(press: Press) -> str:
    chosen = press.chosen
    if chosen is None:
        return await press.put(Setting.SAFETY, None)
    level = Strictness(chosen)
    return await press.change(Setting.SAFETY, lambda rule: SafetyRule.at_level(rule, level))


async def _set_loosest(press: Press) -> str:
    return await press.change(
        Setting.SAFETY, lambda rule: {"level": rule.level, "loosest": press.chosen}
    )


async def _set_flagged(press: Press) -> str:
    return await press.put(Setting.FLAGGED, press.chosen)


SECTION = Section(
    title="Safety",
    emoji="🛡️",
    blocks=_blocks,
    actions={
        "level": _set_level,
        "loosest": _set_loosest,
        Setting.FLAGGED: _set_flagged,
    },
)
