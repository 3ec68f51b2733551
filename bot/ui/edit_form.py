"""The form that a request is changed in before it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from bot.domain.infotext import plain_number
from bot.domain.job import Job
from bot.domain.option_texts import attributes_of
from bot.domain.request import MAX_PROMPT, GenerationRequest
from bot.jobs.service import new_seed
from bot.ui import parameter_words as words
from bot.ui.answers import privately
from bot.ui.askers import asker_of
from bot.ui.asking import ask
from bot.ui.job_button import services_of


async def open_edit_form(
    interaction: discord.Interaction, request: GenerationRequest, *, job: Job | None = None
) -> None:
    """Answer with the form, filled in with a request; `job` is the one it was taken from.

    What the form does not show is carried along.
    """
    await interaction.response.send_modal(_EditForm(request, job))


class _EditForm(discord.ui.Modal, title=words.FORM_TITLE):
    """Five fields, which is as many as a form has."""

    def __init__(self, request: GenerationRequest, job: Job | None) -> None:
        super().__init__()
        self._request = request
        self._job = job
        self._fields = dict(_fields(request))
        for option, field in self._fields.items():
            label = words.FIELD_LABELS[option]
            self.add_item(discord.ui.Label[Any](text=label, component=field))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Ask for it as if it had been typed; refusals are private."""
        async with privately(interaction):
            services, asker = services_of(interaction), asker_of(interaction)
            changes = self._changes()
            if self._job is not None:
                await services.approval.let_reuse(asker, self._job)
                # Who changes nothing wants another picture, not the same one once more.
                changes = changes or {"seed": new_seed()}
            approved = await services.approval.revise(asker, self._request, changes)
            await ask(interaction, services, approved)

    def _changes(self) -> dict[str, Any]:
        """Return the attributes that the member changed.

        Raises:
            InvalidRequest: what was typed is not understood, or goes too far.
        """
        texts = {option: field.value.strip() for option, field in self._fields.items()}
        optional = {option: text for option, text in texts.items() if text or "prompt" in option}
        typed = attributes_of(optional)
        changed = self._request.replace(**typed)
        values = {name: getattr(changed, name) for name in typed}
        return {name: v for name, v in values.items() if v != getattr(self._request, name)}


def _fields(request: GenerationRequest) -> Iterator[tuple[str, discord.ui.TextInput[Any]]]:
    for option, text in (
        ("prompt", request.prompt),
        ("negative_prompt", request.negative_prompt),
        ("size", str(request.size)),
        ("steps", str(request.num_inference_steps)),
        ("guidance_scale", plain_number(request.guidance_scale)),
    ):
        is_long = option.endswith("prompt")
        yield (
            option,
            discord.ui.TextInput(
                custom_id=option,
                style=discord.TextStyle.paragraph if is_long else discord.TextStyle.short,
                default=text,
                max_length=MAX_PROMPT if is_long else 20,
                required=option == "prompt",
            ),
        )
