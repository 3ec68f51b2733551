"""Section: words and patterns that no prompt may contain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from discord.app_commands import Choice

from bot.domain.guild_settings import Setting
from bot.domain.prompt_rules.rule import MAX_PATTERN
from bot.speech import N_, _, number
from bot.ui.escaping import as_code, plain, quoted
from bot.ui.settings_panel.desk import Desk
from bot.ui.settings_panel.fields import choice_field, text_field
from bot.ui.settings_panel.press import Form, Press, Section
from bot.ui.settings_panel.sheet import Block, Item, Sheet, button, choice, option, select
from bot.ui.settings_panel.words import RULE_KINDS, more_words, prompt_rule_words, some

NAMING_LABELS = {True: N_("Name the rule"), False: N_("Do not name it")}
_HINT = N_(
    "A prompt that a rule matches is refused; negative prompts and the names of models and LoRAs "
    "are looked at too. Sexual content involving minors is always refused: that rule is built in."
)
_LISTED = 12
_IN_SELECT = 25
"""Discord's limit."""


def _blocks(sheet: Sheet) -> Iterator[Block]:
    rows: list[Sequence[Item]] = [
        [
            button(sheet.control("add_rule"), _("Add a rule"), emoji="➕"),
            button(sheet.control("try_rules"), _("Try a prompt"), emoji="🧪"),
        ]
    ]
    if sheet.prompt_rules:
        rows.append([_removal(sheet)])
    yield Block(_list(sheet), rows, _(_HINT))
    naming = choice(sheet, Setting.NAME_RULES, NAMING_LABELS)
    yield Block(sheet.line(Setting.NAME_RULES), [[naming]])


def _list(sheet: Sheet) -> str:
    rules = sheet.prompt_rules
    if not rules:
        return _("**Prompt rules:** None of this server's own.")
    lines = [f"• {prompt_rule_words(rule.kind, rule.text)}" for rule in rules[:_LISTED]]
    if len(rules) > _LISTED:
        lines.append(more_words(len(rules) - _LISTED))
    return "\n".join([_("**Prompt rules:** {count}", count=number(len(rules))), *lines])


def _removal(sheet: Sheet) -> Item:
    options = [
        option(str(rule.id), rule.text, _(RULE_KINDS[rule.kind]))
        for rule in sheet.prompt_rules[:_IN_SELECT]
    ]
    return select(sheet.control("remove_rule"), options, placeholder=_("Remove a rule"))


def _add_form(_sheet: Sheet) -> Form:
    kinds = [option(kind, _(label), chosen=kind == "word") for kind, label in RULE_KINDS.items()]
    return Form(
        _("Add a prompt rule"),
        [
            choice_field("kind", _("What it is"), kinds),
            text_field("text", _("Word or pattern"), required=True, limit=MAX_PATTERN),
        ],
    )


def _try_form(_sheet: Sheet) -> Form:
    words = _("Nothing is drawn, and nobody else sees it")
    prompt = text_field("text", _("Prompt"), words, required=True, long=True, limit=2000)
    return Form(_("Try a prompt"), [prompt])


async def add_rule(desk: Desk, kind: str, text: str) -> str:
    """Add a rule, and say so."""
    rule = await desk.services.prompt_rules.add(desk.asker, kind, text)
    words = prompt_rule_words(rule.kind, rule.text)
    return _("✅ From now on prompts are refused for this rule: {rule}.", rule=words)


async def remove_rule(desk: Desk, rule_id: int) -> str:
    """Take a rule away, and say which it was."""
    await desk.settings()
    found = [rule for rule in await desk.prompt_rules() if rule.id == rule_id]
    if not await desk.services.prompt_rules.remove(desk.asker, rule_id):
        return _("This rule was no longer there.")
    names = some(prompt_rule_words(rule.kind, rule.text) for rule in found)
    return _("✅ No rule any more: {rule}.", rule=names)


async def try_rules(desk: Desk, text: str) -> str:
    """Say what the rules make of a prompt."""
    await desk.settings()
    broken = await desk.services.prompt_rules.test(desk.asker.guild_id, text)
    shown = as_code(text, 100)
    if not broken:
        return _("🧪 No rule matches {prompt}.", prompt=shown)
    rules = some(quoted(each, 120) for each in broken)
    return _("🧪 {prompt} would be refused: {rules}", prompt=shown, rules=rules)


async def offer_rules(desk: Desk, typed: str) -> list[Choice[int]]:
    """Return the rules that contain what was typed so far; none to whoever does not moderate."""
    if not (await desk.services.guild_settings.of(desk.asker.guild_id)).is_moderator(desk.asker):
        return []
    wanted = typed.strip().casefold()
    found = [rule for rule in await desk.prompt_rules() if wanted in rule.text.casefold()]
    return [Choice(name=plain(rule.text, 100), value=rule.id) for rule in found[:_IN_SELECT]]


async def _add(press: Press) -> str:
    return await add_rule(press.desk, press.text("kind"), press.text("text"))


async def _remove(press: Press) -> str:
    return await remove_rule(press.desk, int(press.values[0]))


async def _try(press: Press) -> str:
    return await try_rules(press.desk, press.text("text"))


async def _name(press: Press) -> str:
    chosen = press.chosen
    return await press.put(Setting.NAME_RULES, None if chosen is None else chosen == str(True))


SECTION = Section(
    title=N_("Prompt rules"),
    emoji="🚫",
    blocks=_blocks,
    actions={
        "add_rule": _add,
        "remove_rule": _remove,
        "try_rules": _try,
        Setting.NAME_RULES: _name,
    },
    forms={"add_rule": _add_form, "try_rules": _try_form},
)
