"""The form to change a request in, and what becomes of it once it is sent.

`open_edit_form` shows it for any request. What cannot be had as typed is kept, and offered again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import discord

from bot.domain.draft import Draft
from bot.domain.ids import JobId, UserId
from bot.domain.job import Job
from bot.domain.request import GenerationRequest
from bot.domain.reuse import as_drawn
from bot.errors import JobNotFound, UserError
from bot.jobs.service import new_seed
from bot.services import Services
from bot.speech import _
from bot.ui import button_words as words
from bot.ui import wording
from bot.ui.answers import answer_with, privately
from bot.ui.askers import asker_of
from bot.ui.asking import ask
from bot.ui.asking_more import ask_for_more
from bot.ui.button_rows import EDIT
from bot.ui.job_button import PREFIX, services_of
from bot.ui.lasting import NumberedButton, lasting_view
from bot.ui.settings_panel.fields import Field, text_field
from bot.ui.settings_panel.press import typed
from bot.ui.wording import MESSAGE_LIMIT

_OF_JOB, _OF_DRAFT = "job", "draft"
_FORM = re.compile(rf"{PREFIX}:form:(?P<kind>{_OF_JOB}|{_OF_DRAFT}):(?P<id>\d+)")
_FORM_SECONDS = 15 * 60.0
"""How long discord.py remembers a form it has shown; we need no memory of it."""


async def open_edit_form(
    interaction: discord.Interaction, request: GenerationRequest, *, job: Job | None = None
) -> None:
    """Answer with the form, filled in with a request; `job` is the one it was taken from.

    Without a job the request is kept meanwhile, since a form's id has no room for it.
    """
    draft = Draft(request=request)
    if job is None:
        await _keep(interaction, draft)
    kind, form_id = (_OF_DRAFT, interaction.id) if job is None else (_OF_JOB, job.id)
    await interaction.response.send_modal(_form(draft, kind, form_id))


async def edit_form_sent(interaction: discord.Interaction) -> None:
    """Draw what the form asks for; other interactions are none of our business."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    match = _FORM.fullmatch(data.get("custom_id", ""))
    if interaction.type is not discord.InteractionType.modal_submit or match is None:
        return
    async with privately(interaction):
        await _wait_for_picture(interaction, int(match["id"]))
        before = await _draft_behind(interaction, match["kind"], int(match["id"]))
        texts = {option: texts[0] for option, texts in typed(data).items()}
        draft = before.model_copy(update={"typed": texts})
        try:
            await _draw(interaction, services_of(interaction), draft)
        except UserError as error:
            await _offer_again(interaction, draft, error)


class DraftButton(NumberedButton, template=rf"{PREFIX}:draft:open:(\d+)"):
    """Opens the form again with what was typed."""

    def __init__(self, draft_id: int) -> None:
        self._draft_id = draft_id
        custom_id = f"{PREFIX}:draft:open:{draft_id}"
        super().__init__(
            discord.ui.Button(label=_(words.EDIT_AGAIN), emoji=EDIT.emoji, custom_id=custom_id)
        )

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Open it."""
        async with privately(interaction):
            draft = await _draft_behind(interaction, _OF_DRAFT, self._draft_id)
            await interaction.response.send_modal(_form(draft, _OF_DRAFT, self._draft_id))


async def _wait_for_picture(interaction: discord.Interaction, form_id: int) -> None:
    """Wait for what the form is about, should it still be on its way."""
    arrival = services_of(interaction).sources.arrival(form_id)
    if arrival is not None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await arrival.wait()


async def _draft_behind(interaction: discord.Interaction, kind: str, form_id: int) -> Draft:
    services = services_of(interaction)
    if kind == _OF_JOB:
        job = await services.jobs.get(JobId(form_id))
        return Draft(request=as_drawn(job), job_id=job.id)
    draft = await services.drafts.get(form_id, UserId(interaction.user.id))
    if draft is None:
        raise JobNotFound(_(words.DRAFT_LOST))
    return draft


async def _draw(interaction: discord.Interaction, services: Services, draft: Draft) -> None:
    asker, changes = asker_of(interaction), draft.changes()
    if draft.job_id is None:
        await ask(
            interaction, services, await services.approval.revise(asker, draft.request, changes)
        )
        return
    job = await services.jobs.get(draft.job_id)
    await services.approval.let_reuse(asker, job)
    # Who changes nothing wants another picture, not the same one once more.
    approved = await services.approval.revise(asker, draft.request, changes or {"seed": new_seed()})
    await ask_for_more(interaction, job, EDIT, approved)


async def _offer_again(interaction: discord.Interaction, draft: Draft, error: UserError) -> None:
    """Say what is wrong, and keep what was typed for another try."""
    await _keep(interaction, draft)
    note = f"\n{_(words.NOT_LOST)}"
    await answer_with(
        interaction,
        wording.refusal(error, MESSAGE_LIMIT - len(note)) + note,
        lasting_view(DraftButton(interaction.id)),
    )


async def _keep(interaction: discord.Interaction, draft: Draft) -> None:
    drafts = services_of(interaction).drafts
    await drafts.keep(interaction.id, UserId(interaction.user.id), draft)


def form_to_come(texts: Mapping[str, str], form_id: int) -> discord.ui.Modal:
    """Return a form whose draft is not kept yet, and has to be once it is sent."""
    return _form_of(texts, _OF_DRAFT, form_id)


def _form(draft: Draft, kind: str, form_id: int) -> discord.ui.Modal:
    return _form_of(draft.texts, kind, form_id)


def _form_of(texts: Mapping[str, str], kind: str, form_id: int) -> discord.ui.Modal:
    modal = discord.ui.Modal(
        title=_(words.REMIX_TITLE if texts["strength"] else words.EDIT_TITLE),
        custom_id=f"{PREFIX}:form:{kind}:{form_id}",
        timeout=_FORM_SECONDS,
    )
    for field in _fields(texts):
        modal.add_item(field)
    return modal


def _fields(texts: Mapping[str, str]) -> Iterator[Field]:
    """Yield the fields, none with a limit below Discord's own.

    Discord counts otherwise than we do, and refuses a form that is filled in beyond its limit.
    """
    yield text_field(
        "prompt", _(words.PROMPT_LABEL), value=texts["prompt"], long=True, required=True
    )
    yield text_field(
        "negative_prompt", _(words.NEGATIVE_LABEL), value=texts["negative_prompt"], long=True
    )
    last = (
        ("strength", words.STRENGTH_LABEL, words.STRENGTH_HINT)
        if texts["strength"]
        else ("guidance_scale", words.GUIDANCE_LABEL, words.GUIDANCE_HINT)
    )
    for name, label, hint in (
        ("size", words.SIZE_LABEL, words.SIZE_HINT),
        ("steps", words.STEPS_LABEL, words.STEPS_HINT),
        last,
    ):
        yield text_field(name, _(label), _(hint), value=texts[name])
