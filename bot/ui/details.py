"""Everything that went into a picture, privately, and the line that asks for it again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple

import discord

from bot.domain.endpoint import OF_PICTURES, not_taken
from bot.domain.job import Job
from bot.domain.option_texts import option_of, shown
from bot.domain.request import GenerationRequest
from bot.domain.reuse import as_drawn
from bot.speech import N_, _, in_a_row, labelled, ngettext
from bot.ui import source_words
from bot.ui.answers import NO_MENTIONS
from bot.ui.askers import asker_of
from bot.ui.button_words import EDIT
from bot.ui.escaping import as_code, harmless, quoted
from bot.ui.imagine_line import ImagineLine, imagine_line
from bot.ui.job_button import services_of
from bot.ui.locales import label_in
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT, jump_link, seconds

_WHOLE = 2 * MESSAGE_LIMIT
"""Room for any prompt; a message that becomes too long by it is made shorter."""

_SHORT = 350
_VALUE_SHOWN = 80
_TEXTS = frozenset({"prompt", "negative_prompt"})
_NOT_LISTED = OF_PICTURES - {"strength"} | _TEXTS
_SIDES = frozenset({"width", "height"})
_FENCE = "```"

_PROMPT = N_("Prompt")
_NEGATIVE_PROMPT = N_("Negative prompt")
_STARTS_FROM = N_("Starts from")
_USED = N_("The service used")
_COPY = N_("**To ask for the same again**, copy this:")
_IN_FILE = N_(
    "-# All of it in full, and the line to copy that asks for the same again, is in the file."
)


class Details(NamedTuple):
    """A message, and a text file where the message cannot hold all of it."""

    text: str
    file: str | None


async def show_details(interaction: discord.Interaction, job: Job) -> None:
    """Answer privately with all that is known of how a job's pictures came about."""
    usual = await services_of(interaction).approval.inherited(asker_of(interaction))
    found = details(job, usual)
    files: list[discord.File] = []
    if found.file is not None:
        data = io.BytesIO(found.file.encode(errors="replace"))
        files.append(discord.File(data, filename=f"imagine-{job.id}.txt"))
    await interaction.response.send_message(
        found.text, files=files, ephemeral=True, allowed_mentions=NO_MENTIONS, suppress_embeds=True
    )


def details(job: Job, usual: GenerationRequest) -> Details:
    """Return them; `usual` is what options amount to here that a member leaves out."""
    line = imagine_line(as_drawn(job), usual)
    notes = list(_notes(job, line))
    ending = "\n".join([*notes, _(_COPY), f"{_FENCE}\n{line.text}\n{_FENCE}"])
    whole = f"{_facts(job, _WHOLE)}\n{ending}"
    if len(whole) <= MESSAGE_LIMIT and _FENCE not in line.text:
        return Details(whole, None)
    ending = "\n".join([*notes, _(_IN_FILE)])
    facts = shorten(_facts(job, _SHORT), MESSAGE_LIMIT - len(ending) - 1)
    return Details(f"{facts}\n{ending}", _file(job, line))


def _facts(job: Job, longest: int) -> str:
    request, used = job.request, job.used
    options = " · ".join(
        f"{name} {as_code(value, _VALUE_SHOWN)}" for name, value in _options(request)
    )
    lines = [f"**{_(_PROMPT)}** {quoted(request.prompt, longest)}"]
    if request.negative_prompt:
        lines.append(f"**{_(_NEGATIVE_PROMPT)}** {quoted(request.negative_prompt, longest)}")
    if start := source_words.starts_from(request):
        lines.append(f"**{_(_STARTS_FROM)}** {start}")
    lines.append(options)
    if used:
        words = (f"{name} {harmless(shorten(value, _VALUE_SHOWN))}" for name, value in _used(job))
        lines.append(f"**{_(_USED)}** {', '.join(words)}")
        if used.prompt:
            lines.append(f"**{_('Its prompt')}** {quoted(used.prompt, longest)}")
        if used.negative_prompt:
            lines.append(f"**{_('Its negative prompt')}** {quoted(used.negative_prompt, longest)}")
    return "\n".join(lines)


def _options(request: GenerationRequest) -> Iterator[tuple[str, str]]:
    """Yield what was asked for but the texts, by the names of the options."""
    left_out = {*_NOT_LISTED, *not_taken(type(request).model_fields, request.endpoint)}
    for name, value in request:
        if name not in left_out and value is not None and value != ():
            yield name if name in _SIDES else option_of(name), shown(value)


def _used(job: Job) -> Iterator[tuple[str, str]]:
    for name, value in job.used or ():
        if name not in _TEXTS and value is not None:
            yield name, shown(round(value, 2) if name == "generation_seconds" else value)


def _notes(job: Job, line: ImagineLine) -> Iterator[str]:
    yield f"-# {' · '.join(_course(job))}"
    if again := source_words.to_give_again(job.request):
        yield f"-# {again}"
    if job.request.samples > 1:
        words = _(
            "The service tells one seed for all {count} pictures, and not how those of the others "
            "follow from it.",
            count=job.request.samples,
        )
        yield f"-# {words}"
    if line.unsaid:
        words = _(
            "`/imagine` does not offer this value of {options}; {edit} does.",
            options=in_a_row(line.unsaid),
            edit=label_in(EDIT, job.origin.locale),
        )
        yield f"-# {words}"
    if line.ambiguous:
        words = _(
            "The prompt has “{option}:” in it, which Discord may take for an option.",
            option=line.ambiguous[0],
        )
        yield f"-# {words}"


def _course(job: Job) -> Iterator[str]:
    """Yield how it went: how long it waited and was drawn, what it cost, where it stands."""
    if job.submitted_at_ms is not None:
        waited = seconds(job.submitted_at_ms - job.created_at_ms)
        yield _("waited {duration}", duration=waited)
        if job.ready_at_ms is not None:
            drawn_in = seconds(job.ready_at_ms - job.submitted_at_ms)
            yield _("drawn in {duration}", duration=drawn_in)
    yield ngettext("cost {count} image", "cost {count} images", job.cost)
    if job.message_id is not None and job.message_deleted_at_ms is None:
        yield f"[{_('show')}]({jump_link(job)})"


def _file(job: Job, line: ImagineLine) -> str:
    """Return all of it as plain text."""
    request, used = job.request, job.used
    lines = [
        labelled(_(_PROMPT), request.prompt),
        labelled(_(_NEGATIVE_PROMPT), request.negative_prompt),
        "",
    ]
    if start := source_words.starts_from(request):
        lines += [labelled(_(_STARTS_FROM), start)]
    lines += [labelled(name, value) for name, value in _options(request)]
    if used:
        lines += ["", labelled(_(_USED), "").rstrip()]
        lines += [labelled(name, value) for name, value in _used(job)]
        lines += [labelled("prompt", used.prompt or "")]
        lines += [labelled("negative prompt", used.negative_prompt or "")]
    again = _("The line that asks for the same again:")
    return "\n".join([*lines, "", again, line.text, ""])
