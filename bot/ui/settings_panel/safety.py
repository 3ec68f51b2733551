"""Section: what becomes of pictures that are not safe for work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.guild_settings import Flagged, Scope, Setting, StoredSetting
from bot.domain.strictness import SafetyRule, Strictness
from bot.speech import N_, _, capitalised
from bot.ui.settings_panel.amendments import LOCKED
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
    mention_of,
    more_words,
    rule_words,
    sentence,
    set_words,
)

_HINT = N_(
    "-# The safety checker looks for pictures that are not safe for work. Members may always "
    "choose something stricter for their own pictures; something looser only as far as the rule "
    "lets them."
)
_ELSEWHERE_HINT = N_(
    "-# They may be stricter than the server's rule, and looser only as far as that lets them. "
    "Whoever has several of these roles gets the strictest rule of them."
)
_FLAGGED_HINT = N_(
    "-# How a picture is posted in which the checker found something, or that came back blank."
)
_LISTED = 8

LEVEL_LABELS: Mapping[Strictness, str] = {
    Strictness.OFF: N_("Off: unsafe pictures are shown as they are"),
    Strictness.BLUR: N_("Blur: unsafe pictures are blurred"),
    Strictness.PIXELATE: N_("Pixelate: unsafe pictures are shown in coarse squares"),
    Strictness.SENSITIVE_CONTENT_TEXT: N_("Text: unsafe pictures are hidden behind a text"),
    Strictness.BLACK: N_("Black: unsafe pictures are replaced by a black picture"),
}
LOOSENING_LABELS: Mapping[str, str] = {
    LOCKED: N_("locked: may not be loosened"),
    Strictness.OFF: N_("may be loosened to off"),
    Strictness.BLUR: N_("may be loosened to blur"),
    Strictness.PIXELATE: N_("may be loosened to pixelate"),
    Strictness.SENSITIVE_CONTENT_TEXT: N_("may be loosened to text"),
}
"""How far; nothing is looser than black but what is named here."""

_LEVEL_NOTES: Mapping[Strictness, str] = {
    Strictness.OFF: N_("The loosest; holds in age-restricted channels only"),
    Strictness.BLACK: N_("The strictest"),
}

FLAGGED_LABELS: Mapping[Flagged, str] = {
    Flagged.WITHHELD: N_("Withheld"),
    Flagged.SPOILER: N_("Spoiler"),
    Flagged.SHOWN: N_("Shown"),
}


def _blocks(sheet: Sheet) -> Iterator[Block]:
    """Yield the section."""
    yield heading(sheet)
    yield Block(_holds(sheet), [[_levels(sheet)], [_loosening(sheet)]], _(_HINT))
    if sheet.place.scope is not Scope.ROLE:
        flagged = choice(sheet, Setting.FLAGGED, FLAGGED_LABELS)
        yield Block(sheet.line(Setting.FLAGGED), [[flagged]], _(_FLAGGED_HINT))
    yield Block(_elsewhere(sheet), picker(sheet, with_roles=True), _(_ELSEWHERE_HINT))


def _holds(sheet: Sheet) -> str:
    lines = [sheet.line(Setting.SAFETY)]
    here = sheet.here(Setting.SAFETY)
    if here is not None and (weak := weakness(here, sheet.settings, sheet.ground)) is not None:
        lines.append(f"⚠️ {weak}")
    if sheet.ground.floor is not Strictness.OFF:
        floor = _(LEVEL_NAMES[sheet.ground.floor])
        words = _("Whoever runs this bot lets nobody go below **{level}**.", level=floor)
        lines.append(words)
    return "\n".join(lines)


def _elsewhere(sheet: Sheet) -> str:
    """List the rules of channels and roles, as far as there is room."""
    others = [
        each
        for each in sheet.settings.stored.values()
        if each.setting is Setting.SAFETY and each.place.scope is not Scope.SERVER
    ]
    lines = [
        _("{place}: {rule}.", place=mention_of(each.place), rule=rule_words(each.value))
        + f"\n-# {_remark(each, sheet)}"
        for each in others[:_LISTED]
    ]
    if len(others) > _LISTED:
        lines.append(more_words(len(others) - _LISTED))
    if not lines:
        return _("**Rules of channels and roles:** None.")
    return "\n".join([_("**Rules of channels and roles:**"), *lines])


def _remark(rule: StoredSetting, sheet: Sheet) -> str:
    is_weak = weakness(rule, sheet.settings, sheet.ground) is not None
    said = sentence(set_words(rule))
    return f"{said} {_('⚠️ Looser than the rules above it allow.')}" if is_weak else said


def _levels(sheet: Sheet) -> Item:
    here = sheet.here(Setting.SAFETY)
    level = here.value.level if here else None
    options = [
        no_rule(sheet, Setting.SAFETY),
        *(
            option(each, _(label), _note(each), chosen=each is level)
            for each, label in LEVEL_LABELS.items()
        ),
    ]
    return select(
        sheet.control("level", Setting.SAFETY),
        options,
        placeholder=_("What happens to unsafe pictures"),
    )


def _note(level: Strictness) -> str:
    return _(_LEVEL_NOTES[level]) if level in _LEVEL_NOTES else ""


def _loosening(sheet: Sheet) -> Item:
    custom_id = sheet.control("loosest", Setting.SAFETY)
    here = sheet.here(Setting.SAFETY)
    placeholder = _("How far members may loosen it")
    if here is None:
        return select(custom_id, [option(UNSET, "-")], placeholder=placeholder, disabled=True)
    rule: SafetyRule = here.value
    locked = option(
        rule.level,
        capitalised(_(LOOSENING_LABELS[LOCKED])),
        _("Members may only choose something stricter"),
        chosen=rule.is_locked,
    )
    looser = [
        option(
            each,
            capitalised(_(LOOSENING_LABELS[each])),
            _(LEVEL_LABELS[each]),
            chosen=each is rule.loosest,
        )
        for each in reversed(Strictness)
        if each.rank < rule.level.rank
    ]
    return select(custom_id, [locked, *looser], placeholder=placeholder)


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
    title=N_("Safety"),
    emoji="🛡️",
    blocks=_blocks,
    actions={
        "level": _set_level,
        "loosest": _set_loosest,
        Setting.FLAGGED: _set_flagged,
    },
)
