"""Section: which models, schedulers and LoRAs may be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.guild_settings import AllowList, Setting
from bot.domain.parameters import Scheduler
from bot.speech import N_, _
from bot.ui.settings_panel.fields import TEXT_LIMIT, Field, choice_field, text_field
from bot.ui.settings_panel.press import Form, Opener, Press, Section
from bot.ui.settings_panel.sheet import Block, Sheet, button, option

_LABELS: Mapping[Setting, str] = {
    Setting.MODELS: N_("Allow or block models"),
    Setting.SCHEDULERS: N_("Allow or block schedulers"),
    Setting.LORAS: N_("Allow or block LoRAs"),
}
_HINT = N_(
    "Once you allow some, only those may be used; what you block may never be. "
    "`/settings models`, `/settings schedulers` and `/settings loras` find names while you type."
)
_ALLOWED, _BLOCKED = "allowed", "blocked"


def _blocks(sheet: Sheet) -> Iterator[Block]:
    """Yield the section."""
    yield Block("", hint=_(_HINT))
    for setting, label in _LABELS.items():
        too_long = _is_too_long(sheet, setting)
        change = button(sheet.control(setting, setting), _(label), emoji="✏️", disabled=too_long)
        command = f"`/settings {setting}`"
        hint = _("-# Too long for a form: use {command}.", command=command) if too_long else ""
        yield Block(sheet.line(setting), [[change]], hint)


def _is_too_long(sheet: Sheet, setting: Setting) -> bool:
    listed = _list(sheet, setting)
    return any(len("\n".join(ids)) > TEXT_LIMIT for ids in (listed.allowed, listed.blocked))


def _list(sheet: Sheet, setting: Setting) -> AllowList:
    stored = sheet.settings.at(setting)
    return stored.value if stored else AllowList()


def _form(setting: Setting, sheet: Sheet) -> Form:
    listed = _list(sheet, setting)
    field = _scheduler_field if setting is Setting.SCHEDULERS else _ids_field
    return Form(
        _(_LABELS[setting]),
        [
            field(
                _ALLOWED,
                _("Only these may be used"),
                listed.allowed,
                _("Empty: all but the blocked"),
            ),
            field(_BLOCKED, _("These may not be used"), listed.blocked, _("Empty: none")),
        ],
    )


def _ids_field(name: str, label: str, ids: Sequence[str], words: str) -> Field:
    words = f"{_('One id a line.')} {words}"
    return text_field(name, label, words, value="\n".join(ids), long=True)


def _scheduler_field(name: str, label: str, ids: Sequence[str], words: str) -> Field:
    options = [option(each, each, chosen=each in ids) for each in Scheduler]
    return choice_field(name, label, options, words, several=True)


async def _set(press: Press) -> str:
    setting = Setting(press.control.action)
    listed = {name: _ids(press.fields.get(name, ())) for name in (_ALLOWED, _BLOCKED)}
    return await press.put(setting, listed if any(listed.values()) else None)


def _ids(values: Sequence[str]) -> tuple[str, ...]:
    """Return what was listed, each once, however it was separated."""
    ids = (each for value in values for each in value.replace(",", " ").split())
    return tuple(dict.fromkeys(ids))


def _opener(setting: Setting) -> Opener:
    return lambda sheet: _form(setting, sheet)


SECTION = Section(
    title=N_("Models"),
    emoji="🧩",
    blocks=_blocks,
    actions=dict.fromkeys(_LABELS, _set),
    forms={setting: _opener(setting) for setting in _LABELS},
)
