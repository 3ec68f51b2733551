"""Every sentence about a job, in one place."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.endpoint import OF_PICTURES
from bot.domain.guild_settings import Flagged
from bot.domain.job import Job, JobStatus
from bot.domain.languages import Foreign
from bot.domain.option_texts import option_of, shown
from bot.domain.outcome import MAYBE_COLD, EndReason
from bot.domain.request import GenerationRequest
from bot.domain.reuse import as_drawn
from bot.domain.standing import BLOCKS, Phase, Standing
from bot.errors import Blocked, InvalidRequest, PromptRefused, QuotaExceeded, UserError
from bot.ui.escaping import as_code, plain, quoted
from bot.ui.source_words import FROM_A_PICTURE, UNDER_A_MASK
from bot.ui.vendor_words import presentable

MESSAGE_LIMIT = 2000
_PROMPT_SHOWN = 700
_REASON_SHOWN = 200
_VALUE_SHOWN = 80
"""So that eight LoRA ids of 100 characters leave room for the rest of a message."""

ALT_LIMIT = 1024
_SHOWN_ANYWAY = OF_PICTURES | {"prompt", "negative_prompt", "model_id", "width", "height", "seed"}
"""Fields that are private or have words of their own."""

END_WORDS: Mapping[EndReason, str] = {
    EndReason.API_FAILED: "the image service tried twice and failed",
    EndReason.API_UNAVAILABLE: "the image service could not be reached",
    EndReason.API_REJECTED: "the image service does not accept these options",
    EndReason.MODEL_NOT_FOUND: "the image service does not have this model ready; try another",
    EndReason.TIMED_OUT: "it took too long",
    EndReason.PAUSED_TOO_LONG: (
        "the image service is not taking pictures at the moment, which is not your fault"
    ),
    EndReason.PICTURES_LOST: "the finished picture could not be fetched",
    EndReason.NO_LINKS: ("the image service says that the picture is done but not where it is"),
    EndReason.START_GONE: "the picture that it was to start from is no longer kept",
    EndReason.CANCELLED: "it was cancelled",
    EndReason.INTERNAL: "something went wrong on our side",
}

_RELOAD_HINT = (
    "\n-# A model that nobody used for a week has to be loaded first: **Reload model** does that, "
    "and takes two minutes."
)

_FLAGGED_WORDS: Mapping[Flagged, str] = {
    Flagged.WITHHELD: (
        "was flagged by the safety checker, and this server does not show such pictures. "
        "Drawn is drawn: it counts against your quota."
    ),
    Flagged.SPOILER: "was flagged by the safety checker and is covered.",
    Flagged.SHOWN: "was flagged by the safety checker.",
}


def mention(user_id: int) -> str:
    """Return what pings a member."""
    return f"<@{user_id}>"


def relative(moment_ms: int) -> str:
    """Return a moment that Discord counts down to by itself."""
    return f"<t:{moment_ms // 1000}:R>"


def differences(request: GenerationRequest, defaults: Mapping[str, Any]) -> str:
    """Name the options that differ from the program's defaults, as one short line or none."""
    usual = _usual(tuple(defaults.items()))
    parts = [_model(request)] if request.model_id != usual.model_id else []
    if request.size != usual.size:
        parts.append(str(request.size))
    return " · ".join([*parts, *_other_differences(request, usual)])


def summary(request: GenerationRequest, defaults: Mapping[str, Any]) -> str:
    """Name the model, the size, and the other options that differ from the program's defaults."""
    usual = _usual(tuple(defaults.items()))
    parts = [_model(request), str(request.size), *_other_differences(request, usual)]
    return " · ".join(parts)


def _model(request: GenerationRequest) -> str:
    return f"model {quoted(request.model_id, _VALUE_SHOWN)}"


def _other_differences(request: GenerationRequest, usual: GenerationRequest) -> Iterator[str]:
    if request.init_image is not None:
        yield UNDER_A_MASK if request.mask_image else FROM_A_PICTURE
        yield f"strength {shown(request.strength)}"
    for field, value in request:
        if field not in _SHOWN_ANYWAY and value != getattr(usual, field):
            yield f"{option_of(field)} {quoted(shown(value), _VALUE_SHOWN)}"


@functools.lru_cache(maxsize=64)
def _usual(defaults: tuple[tuple[str, Any], ...]) -> GenerationRequest:
    return GenerationRequest.model_validate({"prompt": "-", "seed": 0, **dict(defaults)})


def acknowledgement(
    job: Job,
    standing: Standing,
    *,
    defaults: Mapping[str, Any],
    missing: Sequence[str] = (),
) -> str:
    """Return what stands in the channel while a job is open."""
    lines = [f"🎨 {mention(job.origin.user_id)} — {quoted(job.request.prompt, _PROMPT_SHOWN)}"]
    if options := differences(job.request, defaults):
        lines.append(f"-# {options}")
    lines.append(progress(standing))
    if job.surcharge:
        lines.append(f"-# Counts as {job.cost} images, with these options.")
    lines += [f"-# {remark}" for remark in standing.remarks]
    if missing:
        lines.append(may_not_post(missing))
    return "\n".join(lines)


def left_out(options: Sequence[str]) -> str:
    """Return the remark on inherited defaults that gave way to what the member chose."""
    return f"Left out, since your other options rule it out: {', '.join(options)}"


def beyond_the_service(options: Sequence[str]) -> str:
    """Return the remark on inherited defaults that the image service cannot do."""
    return f"Left out, since this image service does not know it: {', '.join(options)}"


def translated(foreign: Foreign) -> str:
    """Return the remark on a prompt that is translated because of its language."""
    looks = f"in {foreign.name}, it seems" if foreign.name else "not in English"
    return f"Your prompt is {looks}, so it will be translated; to keep it: `multi_lingual: no`"


def may_not_post(missing: Sequence[str]) -> str:
    """Return the line that names the permissions without which results go elsewhere."""
    return f"-# I may not post here as usual: I need the permission {' and '.join(missing)}."


def suspended(reason: str) -> str:
    """Return what the people who run the bot are told when the image API shuts them out."""
    return (
        f"⛔ Nothing is sent to the image service for now. It said: {quoted(reason, 300)}\n"
        "Members who wait are told that it is not their fault; whoever waits too long gets the "
        "quota back. I try again every ten minutes. Once the cause is gone, mention me with "
        "`resume` and everything goes out at once; `status` says how things stand."
    )


def progress(standing: Standing) -> str:
    """Return where an open job stands, and when it should be done."""
    match standing.phase:
        case Phase.TAKEN_BACK:
            return (
                "✖️ Cancelled. The service had already begun, so it counts; nothing will be shown."
            )
        case Phase.WAITING if standing.is_paused:
            return f"⏸️ **Waiting** · {END_WORDS[EndReason.PAUSED_TOO_LONG]}"
        case Phase.WAITING:
            before = f"{standing.place} before you" if standing.place else "you are next"
            return f"⏳ **Waiting** · {before} · {_when(standing)}"
        case Phase.DRAWING:
            return f"🖌️ **Drawing** {_bar(standing.blocks)} · {_when(standing)}"
        case Phase.FETCHING:
            return "📥 **Fetching** · drawn, and on its way here"
        case Phase.POSTING | Phase.OVER:
            return "📬 **Posting**"


def _bar(blocks: int) -> str:
    return "▰" * blocks + "▱" * (BLOCKS - blocks)


def _when(standing: Standing) -> str:
    if standing.is_late:
        return "taking longer than usual"
    if standing.due_at_ms is None:
        return "ready any moment"
    return f"ready {relative(standing.due_at_ms)}"


def closed_acknowledgement(job: Job) -> str:
    """Return what the acknowledgement shrinks to once its job is over."""
    prompt = quoted(job.request.prompt, 120)
    if job.status is JobStatus.CANCELLED:
        charged = "it counts, since the service had begun" if job.submitted_at_ms else "not counted"
        return f"-# ✖️ Cancelled ({charged}): {prompt}"
    if job.message_id is None:
        return f"-# Finished, see `/history`: {prompt}"
    verb = "✅ Done" if job.status is JobStatus.DELIVERED else "⚠️ No picture"
    return f"-# {verb}: {prompt} · [see it]({jump_link(job)})"


def jump_link(job: Job) -> str:
    """Return the address of the message that shows a job's end."""
    guild, channel = job.origin.guild_id or "@me", job.origin.channel_id
    if job.message_channel_id is not None:  # a direct message
        guild, channel = "@me", job.message_channel_id
    return _message_link(guild, channel, job.message_id)


def acknowledgement_link(job: Job) -> str:
    """Return the address of the message that said "waiting"."""
    origin = job.origin
    return _message_link(origin.guild_id or "@me", origin.channel_id, job.acknowledgement_id)


def _message_link(guild: int | str, channel: int, message: int | None) -> str:
    return f"https://discord.com/channels/{guild}/{channel}/{message}"


def result(job: Job, pictures: int, defaults: Mapping[str, Any], *, flagged: int = 0) -> str:
    """Return the text above the finished pictures, `flagged` of which the checker flagged."""
    who = mention(job.origin.user_id)
    lines = [
        f"{who} — {quoted(job.request.prompt, _PROMPT_SHOWN)}",
        f"-# {summary(job.request, defaults)} · seed {as_drawn(job).seed}{_took(job)}",
    ]
    if pictures < job.request.samples:
        lines.append(f"-# {pictures} of {job.request.samples} pictures arrived.")
    if flagged:
        which = "It" if pictures == 1 else f"{flagged} of {pictures} pictures"
        lines.append(f"-# 🙈 {which} {_FLAGGED_WORDS[job.origin.flagged]}")
    return "\n".join(lines)


def _took(job: Job) -> str:
    if job.submitted_at_ms is None or job.ready_at_ms is None:
        return ""
    return f" · {(job.ready_at_ms - job.submitted_at_ms) / 1000:.1f} s"


def failure(job: Job) -> str:
    """Return what a member is told of a job without pictures."""
    reason = END_WORDS[job.end_reason or EndReason.INTERNAL]
    said = presentable(job.end_detail) if job.end_reason is EndReason.API_REJECTED else None
    detail = f"\n-# It said: {quoted(said, _REASON_SHOWN)}" if said else ""
    if job.end_reason in MAYBE_COLD:
        detail += _RELOAD_HINT
    return (
        f"⚠️ {mention(job.origin.user_id)} — no picture this time: {reason}. "
        f"It does not count against your quota.{detail}\n"
        f"-# {quoted(job.request.prompt, _PROMPT_SHOWN)}"
    )


def alt_text(job: Job, position: int, count: int) -> str:
    """Return a picture's description for people who do not see it."""
    which = f"Picture {position + 1} of {count}. " if count > 1 else ""
    return plain(f"{which}Generated from the prompt: {job.request.prompt}", ALT_LIMIT)


def unseen_results(count: int) -> str:
    """Return the word about results that nobody could be shown where they were asked for."""
    which = "An earlier result" if count == 1 else f"{count} earlier results"
    return f"{which} could not be posted, and waits for you in `/history`."


def refusal(error: UserError) -> str:
    """Return a private answer that says what to change."""
    if isinstance(error, InvalidRequest):
        problems = "\n".join(f"• `{p.option}` {p.message}" for p in error.problems)
        return f"That does not work yet:\n{problems}"
    if isinstance(error, QuotaExceeded) and error.resets_at_ms is not None:
        return f"{error} You can ask again {relative(error.resets_at_ms + 999)}."
    if isinstance(error, PromptRefused) and error.rule is not None:
        return f"{error} The rule is {as_code(error.rule, _REASON_SHOWN)}."
    if isinstance(error, Blocked):
        return blocked(error)
    return str(error)


def blocked(error: Blocked) -> str:
    """Return what a blocked member is told: until when, and why."""
    until = "" if error.until_ms is None else f" It ends {relative(error.until_ms)}."
    reason = f"\nReason: {quoted(error.reason, _REASON_SHOWN)}" if error.reason else ""
    return f"{error}{until}{reason}"
