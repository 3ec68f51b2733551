"""Section: what members get where they choose nothing, how much they may ask for, who sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.guild_settings import Audience, Ceilings, Place, Setting
from bot.domain.option_texts import VALUES
from bot.domain.request import MAX_SAMPLES, MAX_STEPS
from bot.domain.size import MAX_SIDE
from bot.speech import N_, _
from bot.ui.settings_panel.defaults import OPTIONS, default_of, with_default
from bot.ui.settings_panel.desk import Desk
from bot.ui.settings_panel.fields import Field, choice_field, text_field
from bot.ui.settings_panel.places import heading, picker
from bot.ui.settings_panel.press import Form, Press, Section
from bot.ui.settings_panel.sheet import UNSET, Block, Sheet, button, choice, option
from bot.ui.settings_panel.words import default_words, sentence, source_words, titled

PROGRESS_LABELS = {Audience.EVERYONE: N_("Public"), Audience.REQUESTER: N_("Private")}
REUSE_LABELS = {
    Audience.EVERYONE: N_("Everybody"),
    Audience.REQUESTER: N_("Only who asked for it"),
}
_DEFAULTS_HINT = N_("-# What `/imagine` takes for an option that a member leaves out.")
_CEILINGS_HINT = N_("-# The most that one request may ask for.")
_ELSEWHERE_HINT = N_(
    "**Rules of channels**\n-# All of this can be set for one channel or category too."
)
_QUOTAS_HINT = N_(
    "-# `/quota set` and `/quota exempt` change these; `/quota show` has those of roles."
)
_COMMON = ("model", "size", "samples", "steps", "scheduler")
_MOST: Mapping[str, int] = {
    "samples": MAX_SAMPLES,
    "side": MAX_SIDE,
    "steps": MAX_STEPS,
    "upscale": 3,
}
"""Where a limit is no limit."""

_CEILING_FIELDS: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "samples": (N_("Pictures at once"), (1, 2, 3)),
    "side": (N_("Longest side, in pixels"), (512, 640, 768, 896)),
    "steps": (N_("Steps"), (21, 31, 41)),
    "upscale": (N_("Enlarging (0: none at all)"), (0, 1, 2)),
}


def _blocks(sheet: Sheet) -> Iterator[Block]:
    """Yield the section."""
    yield heading(sheet)
    buttons = [
        button(sheet.control("common", Setting.DEFAULTS), _("Common defaults"), emoji="✏️"),
        button(sheet.control("default", Setting.DEFAULTS), _("Another default"), emoji="✏️"),
    ]
    yield Block(_defaults(sheet), [buttons], _(_DEFAULTS_HINT))
    limits = [button(sheet.control("ceilings", Setting.CEILINGS), _("Limits"), emoji="✏️")]
    if sheet.here(Setting.CEILINGS) is not None:
        limits.append(button(sheet.control("no_ceilings", Setting.CEILINGS), _("No rule here")))
    yield Block(sheet.line(Setting.CEILINGS), [limits], _(_CEILINGS_HINT))
    quotas = "\n".join(map(sheet.line, (Setting.QUOTA, Setting.QUOTA_EXEMPT)))
    yield Block(quotas, hint=_(_QUOTAS_HINT))
    progress = choice(sheet, Setting.PROGRESS, PROGRESS_LABELS)
    yield Block(sheet.line(Setting.PROGRESS), [[progress]])
    reuse = choice(sheet, Setting.REUSE, REUSE_LABELS)
    yield Block(sheet.line(Setting.REUSE), [[reuse]])
    yield Block("", picker(sheet, with_roles=False), _(_ELSEWHERE_HINT))


def _defaults(sheet: Sheet) -> str:
    """Show every layer, nearest first: each is laid over the next, option by option."""
    lines = list[str]()
    for stored in sheet.settings.along(Setting.DEFAULTS, sheet.asker.channel_ids):
        lines += [f"{default_words(stored.value)}", f"-# {sentence(source_words(stored))}"]
    own = default_words(sheet.ground.program_defaults)
    whose = _("Otherwise, the bot's own.") if lines else _("The bot's own.")
    lines += [own, f"-# {whose}"]
    return titled(Setting.DEFAULTS, "\n".join(lines))


def _common_form(sheet: Sheet) -> Form:
    here = sheet.here(Setting.DEFAULTS)
    defaults: Mapping[str, Any] = here.value if here else {}
    return Form(_("Common defaults"), [_default_field(each, defaults) for each in _COMMON])


def _default_field(name: str, defaults: Mapping[str, Any]) -> Field:
    current = default_of(defaults, name)
    if name in {"model", "size"}:
        words = {
            "model": _("Its id; empty: no default here"),
            "size": _("square, portrait, landscape, wide or 768x512; empty: no default here"),
        }
        return text_field(name, name.capitalize(), words[name], value=current, limit=100)
    values = [*VALUES[name], *([current] if current and current not in VALUES[name] else [])]
    options = [
        option(UNSET, _("No default here"), chosen=not current),
        *(option(each, each, chosen=each == current) for each in values),
    ]
    return choice_field(name, name.capitalize(), options)


def _another_form(sheet: Sheet) -> Form:
    here = sheet.here(Setting.DEFAULTS)
    defaults: Mapping[str, Any] = here.value if here else {}
    knows = sheet.ground.abilities.knows
    offered = [each for each in OPTIONS if knows(each) or default_of(defaults, each)]
    return Form(
        _("Set a default"),
        [
            choice_field("option", _("Option"), [option(each, each) for each in offered]),
            text_field(
                "value",
                _("Value"),
                _("As you would give it to /imagine, such as 7.5; empty: no default"),
                limit=2000,
            ),
        ],
    )


def _ceilings_form(sheet: Sheet) -> Form:
    holding: Ceilings = sheet.value(Setting.CEILINGS) or Ceilings()
    return Form(
        _("Limits of one request"),
        [
            _ceiling_field(name, _(label), values, getattr(holding, name))
            for name, (label, values) in _CEILING_FIELDS.items()
        ],
    )


def _ceiling_field(name: str, label: str, usual: tuple[int, ...], current: int | None) -> Field:
    most = _MOST[name]
    values = sorted({*usual, most, *([] if current is None else [current])})
    options = [
        option(
            str(each),
            _("{amount}: no limit", amount=each) if each == most else str(each),
            chosen=each == (most if current is None else current),
        )
        for each in values
    ]
    return choice_field(name, label, options)


def with_ceilings(ceilings: Ceilings, changes: Mapping[str, int]) -> Ceilings:
    """Return limits with some changed; the most there is means no limit."""
    limits = {n: None if most >= _MOST[n] else most for n, most in changes.items()}
    return ceilings.model_copy(update=limits)


async def limit(desk: Desk, changes: Mapping[str, int], place: Place) -> str:
    """Change some limits at a place; one without limits of its own starts from those above it."""
    above = (await desk.settings()).value(Setting.CEILINGS, desk.ground.asker_at(place), Ceilings())
    return await desk.change(
        Setting.CEILINGS, lambda ceilings: with_ceilings(ceilings or above, changes), place
    )


async def _set_common(press: Press) -> str:
    def amend(defaults: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        for name in _COMMON:
            text = press.text(name)
            defaults = with_default(defaults, name, "" if text == UNSET else text)
        return defaults

    return await press.change(Setting.DEFAULTS, amend)


async def _set_default(press: Press) -> str:
    return await press.change(
        Setting.DEFAULTS,
        lambda defaults: with_default(defaults, press.text("option"), press.text("value")),
    )


async def _set_ceilings(press: Press) -> str:
    changes = {name: int(press.text(name)) for name in _CEILING_FIELDS}
    return await press.put(Setting.CEILINGS, with_ceilings(Ceilings(), changes))


async def _clear_ceilings(press: Press) -> str:
    return await press.put(Setting.CEILINGS, None)


async def _set_audience(press: Press) -> str:
    return await press.put(Setting(press.control.action), press.chosen)


SECTION = Section(
    title=N_("Defaults & limits"),
    emoji="🎚️",
    blocks=_blocks,
    actions={
        "common": _set_common,
        "default": _set_default,
        "ceilings": _set_ceilings,
        "no_ceilings": _clear_ceilings,
        Setting.PROGRESS: _set_audience,
        Setting.REUSE: _set_audience,
    },
    forms={
        "common": _common_form,
        "default": _another_form,
        "ceilings": _ceilings_form,
    },
)
