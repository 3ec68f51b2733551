"""Every sentence about a job, in one place."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from bot.speech import N_, _, in_a_row, labelled, language_name, listed, ngettext, number
from bot.ui.button_words import RELOAD_MODEL
from bot.ui.escaping import as_code, plain, quoted
from bot.ui.shortening import shorten
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
    EndReason.API_FAILED: N_("the image service tried twice and failed"),
    EndReason.API_UNAVAILABLE: N_("the image service could not be reached"),
    EndReason.API_REJECTED: N_("the image service does not accept these options"),
    EndReason.MODEL_NOT_FOUND: N_("the image service does not have this model ready; try another"),
    EndReason.TIMED_OUT: N_("it took too long"),
    EndReason.PAUSED_TOO_LONG: N_(
        "the image service is not taking pictures at the moment, which is not your fault"
    ),
    EndReason.PICTURES_LOST: N_("the finished picture could not be fetched"),
    EndReason.NO_LINKS: N_("the image service says that the picture is done but not where it is"),
    EndReason.START_GONE: N_("the picture that it was to start from is no longer kept"),
    EndReason.CANCELLED: N_("it was cancelled"),
    EndReason.INTERNAL: N_("something went wrong on our side"),
}
"""To be said after a colon or beside other facts."""


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
        yield _(UNDER_A_MASK) if request.mask_image else _(FROM_A_PICTURE)
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
    lines: list[str] = []
    if options := differences(job.request, defaults):
        lines.append(f"-# {options}")
    lines.append(progress(standing))
    if job.surcharge:
        lines.append(f"-# {_surcharge(job.cost)}")
    lines += [f"-# {remark}" for remark in job.remarks]
    if missing:
        lines.append(may_not_post(missing))
    who, below = f"🎨 {mention(job.origin.user_id)} — ", "\n".join(["", *lines])
    room = MESSAGE_LIMIT - len(who) - len(below)
    return f"{who}{quoted(job.request.prompt, min(room, _PROMPT_SHOWN))}{below}"


def _surcharge(images: int) -> str:
    return ngettext(
        "Counts as {count} image, with these options.",
        "Counts as {count} images, with these options.",
        images,
    )


def left_out(options: Sequence[str]) -> str:
    """Return the remark on inherited defaults that gave way to what the member chose."""
    return _("Left out, since your other options rule it out: {options}", options=in_a_row(options))


def beyond_the_service(options: Sequence[str]) -> str:
    """Return the remark on inherited defaults that the image service cannot do."""
    return _(
        "Left out, since this image service does not know it: {options}",
        options=in_a_row(options),
    )


def misspelt(model_id: str, meant: str) -> str:
    """Return the remark on a model that the image service does not list, but one like it."""
    return _(
        "The image service lists no model {wanted}. Did you mean {meant}?",
        wanted=as_code(model_id, _VALUE_SHOWN),
        meant=as_code(meant, _VALUE_SHOWN),
    )


def translated(foreign: Foreign) -> str:
    """Return the remark on a prompt that is translated because of its language."""
    if foreign.code is None:
        return _(
            "Your prompt is not in English, so it will be translated; "
            "to keep it: `multi_lingual: no`"
        )
    return _(
        "Your prompt is in {language}, it seems, so it will be translated; "
        "to keep it: `multi_lingual: no`",
        language=language_name(foreign.code),
    )


def may_not_post(missing: Sequence[str]) -> str:
    """Return the line that names the permissions without which results go elsewhere."""
    words = _(
        "I may not post here as usual: I need the permission {permissions}.",
        permissions=listed(missing),
    )
    return f"-# {words}"


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
            words = _(
                "Cancelled. The service had already begun, so it counts; nothing will be shown."
            )
            return f"✖️ {words}"
        case Phase.WAITING if standing.is_paused:
            return f"⏸️ **{_('Waiting')}** · {_(END_WORDS[EndReason.PAUSED_TOO_LONG])}"
        case Phase.WAITING:
            return f"⏳ **{_('Waiting')}** · {_before(standing.place)} · {_when(standing)}"
        case Phase.DRAWING:
            return f"🖌️ **{_('Drawing')}** {_bar(standing.blocks)} · {_when(standing)}"
        case Phase.FETCHING:
            return f"📥 **{_('Fetching')}** · {_('drawn, and on its way here')}"
        case Phase.POSTING | Phase.OVER:
            return f"📬 **{_('Posting')}**"


def _before(place: int | None) -> str:
    if not place:
        return _("you are next")
    return ngettext("{count} before you", "{count} before you", place)


def _bar(blocks: int) -> str:
    return "▰" * blocks + "▱" * (BLOCKS - blocks)


def _when(standing: Standing) -> str:
    if standing.is_late:
        return _("taking longer than usual")
    if standing.due_at_ms is None:
        return _("ready any moment")
    return _("ready {moment}", moment=relative(standing.due_at_ms))


def closed_acknowledgement(job: Job) -> str:
    """Return what the acknowledgement shrinks to once its job is over."""
    prompt = quoted(job.request.prompt, 120)
    if job.status is JobStatus.CANCELLED:
        return f"-# ✖️ {labelled(_cancelled(job), prompt)}"
    if job.message_id is None:
        return f"-# {labelled(_('Finished, see `/history`'), prompt)}"
    end = f"✅ {_('Done')}" if job.status is JobStatus.DELIVERED else f"⚠️ {_('No picture')}"
    return f"-# {labelled(end, prompt)} · [{_('see it')}]({jump_link(job)})"


def _cancelled(job: Job) -> str:
    if job.submitted_at_ms:
        return _("Cancelled (it counts, since the service had begun)")
    return _("Cancelled (not counted)")


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
        lines.append(f"-# {_arrived(pictures, job.request.samples)}")
    if flagged:
        lines.append(f"-# 🙈 {_was_flagged(job.origin.flagged, flagged)}")
    return "\n".join(lines)


def _took(job: Job) -> str:
    if job.submitted_at_ms is None or job.ready_at_ms is None:
        return ""
    return f" · {seconds(job.ready_at_ms - job.submitted_at_ms)}"


def seconds(milliseconds: int) -> str:
    """Return how long something took."""
    return _("{seconds} s", seconds=number(max(0, milliseconds) / 1000, 1))


def _arrived(pictures: int, samples: int) -> str:
    return _("{arrived} of {asked} pictures arrived.", arrived=pictures, asked=samples)


def _was_flagged(flagged: Flagged, pictures: int) -> str:
    match flagged:
        case Flagged.WITHHELD:
            return ngettext(
                "{count} picture was flagged by the safety checker, and this server does not show "
                "such pictures. Drawn is drawn: it counts against your quota.",
                "{count} pictures were flagged by the safety checker, and this server does not "
                "show such pictures. Drawn is drawn: they count against your quota.",
                pictures,
            )
        case Flagged.SPOILER:
            return ngettext(
                "{count} picture was flagged by the safety checker and is covered.",
                "{count} pictures were flagged by the safety checker and are covered.",
                pictures,
            )
        case Flagged.SHOWN:
            return ngettext(
                "{count} picture was flagged by the safety checker.",
                "{count} pictures were flagged by the safety checker.",
                pictures,
            )


def failure(job: Job, guess: Callable[[str], str | None] = lambda _model_id: None) -> str:
    """Return what a member is told of a job without pictures.

    `guess` tells which model is meant by one that looks misspelt.
    """
    words = _(
        "⚠️ {member} — no picture this time: {reason}. It does not count against your quota.",
        member=mention(job.origin.user_id),
        reason=_(END_WORDS[job.end_reason or EndReason.INTERNAL]),
    )
    lines = [words, *_more_of_failure(job, guess), quoted(job.request.prompt, _PROMPT_SHOWN)]
    return "\n-# ".join(lines)


def _more_of_failure(job: Job, guess: Callable[[str], str | None]) -> Iterator[str]:
    said = presentable(job.end_detail) if job.end_reason is EndReason.API_REJECTED else None
    if said:
        yield _("It said: {text}", text=quoted(said, _REASON_SHOWN))
    is_missing = job.end_reason is EndReason.MODEL_NOT_FOUND
    if is_missing and (meant := guess(job.request.model_id)):
        yield misspelt(job.request.model_id, meant)
    elif job.end_reason in MAYBE_COLD:
        yield _(
            "A model that nobody used for a week has to be loaded first: **{button}** does that, "
            "and takes two minutes.",
            button=_(RELOAD_MODEL),
        )


def alt_text(job: Job, position: int, count: int) -> str:
    """Return a picture's description for people who do not see it."""
    which = _("Picture {number} of {count}.", number=position + 1, count=count)
    words = _("Generated from the prompt: {prompt}", prompt=job.request.prompt)
    return plain(f"{which} {words}" if count > 1 else words, ALT_LIMIT)


def unseen_results(count: int) -> str:
    """Return the word about results that nobody could be shown where they were asked for."""
    return ngettext(
        "{count} earlier result could not be posted, and waits for you in `/history`.",
        "{count} earlier results could not be posted, and wait for you in `/history`.",
        count,
    )


def refusal(error: UserError, room: int = MESSAGE_LIMIT) -> str:
    """Return a private answer that says what to change, in so many characters."""
    return shorten(_refusal(error), room)


def _refusal(error: UserError) -> str:
    if isinstance(error, InvalidRequest):
        problems = "\n".join(f"• `{p.option}` {p.message}" for p in error.problems)
        return f"{_('That does not work yet:')}\n{problems}"
    if isinstance(error, QuotaExceeded) and error.resets_at_ms is not None:
        moment = relative(error.resets_at_ms + 999)
        return f"{error} {_('You can ask again {moment}.', moment=moment)}"
    if isinstance(error, PromptRefused) and error.rule is not None:
        rule = as_code(error.rule, _REASON_SHOWN)
        return f"{error} {_('The rule is {rule}.', rule=rule)}"
    if isinstance(error, Blocked):
        return blocked(error)
    return str(error)


def blocked(error: Blocked) -> str:
    """Return what a blocked member is told: until when, and why."""
    words = str(error)
    if error.until_ms is not None:
        words += " " + _("It ends {moment}.", moment=relative(error.until_ms))
    if error.reason:
        words += "\n" + _("Reason: {reason}", reason=quoted(error.reason, _REASON_SHOWN))
    return words
