"""Every sentence of `/audit`: settings and rules are named as the panel names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from bot.domain.audit import Act, StoredAuditEntry
from bot.domain.guild_settings import KINDS, Place, Scope, Setting
from bot.domain.option_texts import shown
from bot.errors import InvalidRequest
from bot.speech import N_, _, in_a_row, labelled, ngettext
from bot.ui.escaping import as_code, quoted
from bot.ui.settings_panel.words import TITLES, place_words, prompt_rule_words, value_words
from bot.ui.wording import mention, relative

_ACT_WORDS: Mapping[Act, str] = {
    Act.SET: N_("{moderator} changed {what}"),
    Act.IMPORT: N_("{moderator} imported all settings from a file ({what})"),
    Act.RULE_ADDED: N_("{moderator} added a prompt rule: {what}"),
    Act.RULE_REMOVED: N_("{moderator} removed a prompt rule: {what}"),
    Act.PRESET_SAVED: N_("{moderator} saved a preset: {what}"),
    Act.PRESET_DELETED: N_("{moderator} deleted a preset: {what}"),
    Act.REMOVED: N_("{moderator} removed a picture of {member}"),
    Act.BLOCKED: N_("{moderator} blocked {member}"),
    Act.UNBLOCKED: N_("{moderator} unblocked {member}"),
    Act.QUOTA_GRANTED: N_("{moderator} granted images to {member}"),
    Act.QUOTA_RESET: N_("{moderator} reset the quota of {member}"),
}


def audit_line(entry: StoredAuditEntry) -> str:
    """Return one act of `/audit`."""
    act = _(
        _ACT_WORDS[entry.act],
        moderator=mention(entry.actor_id),
        member=mention(entry.user_id) if entry.user_id else "",
        what=_what(entry),
    )
    why = f" — {quoted(entry.reason, 120)}" if entry.reason else ""
    return f"{relative(entry.at_ms)} {act}{why}"


def _what(entry: StoredAuditEntry) -> str:
    details = entry.details
    if entry.act is Act.SET and "setting" in details:
        return _change(details)
    if entry.act in {Act.RULE_ADDED, Act.RULE_REMOVED} and "text" in details:
        return prompt_rule_words(details["kind"], details["text"])
    if entry.act in {Act.PRESET_SAVED, Act.PRESET_DELETED} and "name" in details:
        return f"{as_code(details['name'], 60)} · {as_code(details.get('text', ''), 120)}"
    if entry.act is Act.IMPORT:
        changed = len(details.get("settings", ()))
        return ngettext("{count} changed", "{count} changed", changed)
    return ""


def _change(details: Mapping[str, Any]) -> str:
    """Return which setting changed where, from what to what."""
    place = Place(Scope(details["scope"]), details["place_id"])
    name = details["setting"]
    before, after = (_value(name, details[when]) for when in ("before", "after"))
    title = _(TITLES[Setting(name)]) if name in set(Setting) else quoted(name, 60)
    return labelled(f"**{title}** {place_words(place)}", f"{before} → {after}")


def _value(name: str, value: Any) -> str:
    """Return a value in the panel's words; its parts where it is no longer understood."""
    if value is None:
        return _("not set")
    try:
        setting = Setting(name)
        return value_words(setting, KINDS[setting].adapter.validate_python(value))
    except (ValueError, InvalidRequest):
        return quoted(_parts(value), 150) or "–"


def _parts(value: object) -> str:
    """Return what a stored value consists of, as one would type it."""
    match value:
        case None:
            return _("not set")
        case dict():
            named = cast("dict[str, object]", value).items()
            return " · ".join(f"{name} {_parts(each)}" for name, each in named)
        case list():
            return in_a_row(map(_parts, cast("list[object]", value)))
        case _:
            return shown(value)
