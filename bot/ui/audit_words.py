"""Every sentence of `/audit`: settings and rules are named as the panel names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.audit import Act, StoredAuditEntry
from bot.domain.guild_settings import KINDS, Place, Scope, Setting
from bot.errors import InvalidRequest
from bot.ui.escaping import as_code, quoted
from bot.ui.settings_panel.words import TITLES, place_words, prompt_rule_words, value_words
from bot.ui.wording import mention, relative

_ACT_WORDS: Mapping[Act, str] = {
    Act.SET: "changed",
    Act.IMPORT: "imported all settings from a file",
    Act.RULE_ADDED: "added a prompt rule",
    Act.RULE_REMOVED: "removed a prompt rule",
    Act.PRESET_SAVED: "saved a preset",
    Act.PRESET_DELETED: "deleted a preset",
    Act.REMOVED: "removed a picture of",
    Act.BLOCKED: "blocked",
    Act.UNBLOCKED: "unblocked",
    Act.QUOTA_GRANTED: "granted images to",
    Act.QUOTA_RESET: "reset the quota of",
}


def audit_line(entry: StoredAuditEntry) -> str:
    """Return one act of `/audit`."""
    what = _ACT_WORDS[entry.act]
    whom = f" {mention(entry.user_id)}" if entry.user_id else ""
    why = f" — {quoted(entry.reason, 120)}" if entry.reason else ""
    return f"{relative(entry.at_ms)} {mention(entry.actor_id)} {what}{_more(entry)}{whom}{why}"


def _more(entry: StoredAuditEntry) -> str:
    details = entry.details
    if entry.act is Act.SET and "setting" in details:
        return f" {_change(details)}"
    if entry.act in {Act.RULE_ADDED, Act.RULE_REMOVED} and "text" in details:
        return f", the {prompt_rule_words(details['kind'], details['text'])}"
    if entry.act in {Act.PRESET_SAVED, Act.PRESET_DELETED} and "name" in details:
        return f", {as_code(details['name'], 60)}: {as_code(details.get('text', ''), 120)}"
    if entry.act is Act.IMPORT:
        return f" ({len(details.get('settings', ()))} changed)"
    return ""


def _change(details: Mapping[str, Any]) -> str:
    """Return which setting changed where, from what to what."""
    place = Place(Scope(details["scope"]), details["place_id"])
    name = details["setting"]
    before, after = (_value(name, details[when]) for when in ("before", "after"))
    title = TITLES[Setting(name)] if name in set(Setting) else name
    return f"**{title}** {place_words(place)}: {before} → {after}"


def _value(name: str, value: Any) -> str:
    """Return a value in the panel's words; as it was written where it is no longer understood."""
    if value is None:
        return "not set"
    try:
        setting = Setting(name)
        return value_words(setting, KINDS[setting].adapter.validate_python(value))
    except (ValueError, InvalidRequest):
        return quoted(str(value), 150)
