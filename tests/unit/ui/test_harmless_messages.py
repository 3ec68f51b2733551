"""Whatever members, models and the image service are called, every message says it harmlessly."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
import regex

from bot.domain.audit import Act, StoredAuditEntry
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.guild_settings import SERVER, AllowList, Setting
from bot.domain.history import HistoryFilter
from bot.domain.ids import GuildId, UserId
from bot.domain.job import Job, JobStatus
from bot.domain.outcome import EndReason, UsedSettings
from bot.domain.standing import Phase, Standing
from bot.errors import Blocked, InvalidRequest, Problem, PromptRefused
from bot.services import Services
from bot.ui import history_words, moderation, stats, wording
from bot.ui.audit_words import audit_line
from bot.ui.details import details
from bot.ui.settings_panel import transfer
from bot.ui.settings_panel.words import default_words, prompt_rule_words, value_words
from bot.ui.suggestions import all_fitting
from tests.factories.jobs import a_job, a_request
from tests.factories.stats import a_summary

USUAL = {"model_id": "midjourney"}
USUAL_REQUEST = a_request()

HOSTILE: dict[str, tuple[str, str]] = {
    "everyone": ("@everyone @here", r"@(everyone|here)"),
    "members": ("<@123456789> <@!123456789>", r"<@!?123456"),
    "roles": ("<@&123456789>", r"<@&\d"),
    "channels": ("<#123456789>", r"<#123456"),
    "commands": ("</imagine:123>", r"</imagine"),
    "moments": ("<t:12345:R>", r"<t:12345"),
    "emoji": ("<a:x:123> <:x:123>", r"<a?:x"),
    "bold": ("**loud**", r"(?<!\\)\*\*loud"),
    "italics": ("*loud* _loud_", r"(?<!\\)[*_]loud"),
    "underline": ("__under__", r"(?<!\\)__under"),
    "strikethrough": ("~~gone~~", r"(?<!\\)~~gone"),
    "spoiler": ("||hidden||", r"(?<!\\)\|\|hidden"),
    "code": ("`code` ```block", r"(?<!\\)`(code|block)"),
    "heading": ("# heading", r"(?m)^(?:[-+] )?#{1,3} heading"),
    "small": ("-# small", r"(?m)^-# small"),
    "quote": ("> quote >>> quotes", r"(?m)^>+ quote"),
    "list": ("- item", r"(?m)^- item"),
    "numbers": ("1. item", r"(?m)^1\. item"),
    "lines": ("one\n# two\n> three\n- four", r"(?m)^[#>-] (two|three|four)"),
    "lines of other kinds": ("one\u2028# two\u2029> three", "[\u2028\u2029]"),
    "masked link": ("[click](https://evil.example)", r"(?<!\\)\]\(https?:\S*evil"),
    "link": ("https://evil.example/x", r"https?://evil"),
    "program": ("discord://-/evil", r"discord://"),
    "invitation": ("discord.gg/evil discord.com/invite/evil", r"discord\.(gg|com/invite)"),
    "turned": ("a\u202eb\u2066c\u2069", "[\u202a-\u202e\u2066-\u2069]"),
    "control characters": ("a\x00b\x1b[31mc\r", r"[\x00-\x09\x0b-\x1f]"),
    "heaped": ("Z" + "\u0301" * 900, r"\p{M}{5}"),
    "a wall of emoji": ("🎨" * 2000, "never"),
    "a wall of stars": ("*" * 2000, r"(?<!\\)\*\*\*\*"),
    "a wall of joined emoji": ("👩‍👩‍👧‍👦" * 285, "never"),
}


def drawn(text: str, status: JobStatus = JobStatus.DELIVERED) -> Job:
    job = a_job(status=status, prompt=text, negative_prompt=text, used=UsedSettings(prompt=text))
    return job.model_copy(update={"end_reason": EndReason.API_REJECTED, "end_detail": text})


def by_model(text: str) -> Job:
    name = re.sub(r"[\s,\x00-\x1f\u2028\u2029]", "_", text)[:100]
    request = a_job().request.model_copy(
        update={"model_id": name, "vae": name, "lora_model": (name, name)}
    )
    used = UsedSettings(model_id=name, scheduler=name)
    return a_job(used=used).model_copy(update={"request": request})


def audited(reason: str, act: Act, **details: object) -> StoredAuditEntry:
    return StoredAuditEntry(
        id=1,
        guild_id=GuildId(1),
        actor_id=UserId(2),
        act=act,
        at_ms=1,
        reason=reason,
        details=details,
    )


def change(text: str) -> StoredAuditEntry:
    where = {"scope": SERVER.scope, "place_id": 0, "before": text, "after": {"prompt": text}}
    return audited(text, Act.SET, setting="no longer known", **where)


def acknowledged(job: Job) -> str:
    return wording.acknowledgement(job, Standing(phase=Phase.WAITING, place=1), defaults=USUAL)


MESSAGES: dict[str, Callable[[str], str]] = {
    "acknowledgement": lambda text: acknowledged(drawn(text, JobStatus.QUEUED)),
    "acknowledgement of a model": lambda text: acknowledged(by_model(text)),
    "closed acknowledgement": lambda text: wording.closed_acknowledgement(drawn(text)),
    "cancelled": lambda text: wording.closed_acknowledgement(drawn(text, JobStatus.CANCELLED)),
    "result": lambda text: wording.result(drawn(text), 1, USUAL),
    "result of a model": lambda text: wording.result(by_model(text), 1, USUAL),
    "failure": lambda text: wording.failure(drawn(text, JobStatus.FAILED)),
    "details": lambda text: details(drawn(text), USUAL_REQUEST).text,
    "details of a model": lambda text: details(by_model(text), USUAL_REQUEST).text,
    "suspended": wording.suspended,
    "broken rule": lambda text: wording.refusal(PromptRefused("No.", rule=text)),
    "blocked": lambda text: wording.refusal(Blocked(until_ms=None, reason=text)),
    "history": lambda text: history_words.entry(drawn(text), 1),
    "history of a model": lambda text: history_words.entry(by_model(text), 1),
    "before sharing": lambda text: history_words.before_sharing(drawn(text), 1),
    "before deleting": lambda text: history_words.before_deleting(drawn(text)),
    "shared": lambda text: history_words.shared(drawn(text), USUAL),
    "search": lambda text: history_words.heading(_filter(text), GuildId(1)),
    "nothing found": lambda text: history_words.nothing_matches(_filter(text), GuildId(1)),
    "moderators' log": lambda text: moderation.log_entry(drawn(text)),
    "moderators' log of a model": lambda text: moderation.log_entry(by_model(text)),
    "report": lambda text: moderation.report_entry(drawn(text[:900]), 5, text[:500]),
    "removal": lambda text: moderation.removed_by(5, text),
    "audit: block": lambda text: audit_line(audited(text, Act.BLOCKED)),
    "audit: prompt rule": lambda text: audit_line(
        audited(text, Act.RULE_ADDED, kind="word", text=text)
    ),
    "audit: old setting": lambda text: audit_line(change(text)),
    "prompt rule": lambda text: prompt_rule_words("pattern", text),
    "defaults": lambda text: default_words({"negative_prompt": text, "model_id": text}),
    "settings file": lambda text: transfer._refusal(InvalidRequest([Problem(text, text)])),
    "statistics": lambda text: stats.stats(a_summary([(3, 0, 0)], models=[(text[:100], 3)])),
}


def _filter(text: str) -> HistoryFilter:
    return HistoryFilter.model_construct(
        search=text[:100], model_id=text[:100], since=None, until=None
    )


def outside_of_code(text: str) -> str:
    """Return what Discord looks at for markdown."""
    return re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text)


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize(("typed", "acts"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_message_is_harmless_and_fits(name: str, typed: str, acts: str) -> None:
    message = MESSAGES[name](typed)
    assert not regex.search(acts, outside_of_code(message)), message
    assert len(message) <= 2000


@pytest.mark.parametrize("typed", [each for each, _ in HOSTILE.values()], ids=HOSTILE.keys())
def test_alt_texts_and_choices_are_legible_and_fit(typed: str) -> None:
    texts = [wording.alt_text(drawn(typed), 0, 4)]
    assert len(texts[0]) <= 1024
    entry = CatalogueEntry(id="fox", kind=ModelKind.MODEL, name=typed)
    services = SimpleNamespace(catalogue=_Catalogue(entry))
    [choice] = all_fitting(cast("Services", services), ModelKind.MODEL, "")
    assert 1 <= len(choice.name) <= 100
    for text in (*texts, choice.name):
        assert len(text.splitlines()) == 1
        assert not regex.search("[\u202a-\u202e\u2066-\u2069]|\\p{M}{5}", text)


class _Catalogue:
    def __init__(self, *entries: CatalogueEntry) -> None:
        self._entries = entries

    def suggest(self, _kind: ModelKind, _typed: str) -> tuple[CatalogueEntry, ...]:
        return self._entries


def test_lists_of_ids_in_settings_hold_hostile_ones() -> None:
    words = value_words(Setting.MODELS, AllowList(blocked=("**x**`<@1>`",)))
    assert "x" in words
    assert not regex.search(r"\*\*x|<@\d", outside_of_code(words))
