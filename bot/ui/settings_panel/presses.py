"""What becomes of a press on the panel and of a form sent in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import discord

from bot.errors import UserError
from bot.ui import wording
from bot.ui.answers import NO_MENTIONS, privately
from bot.ui.job_button import services_of
from bot.ui.settings_panel.desk import Desk
from bot.ui.settings_panel.panel import FIRST, GO, SECTIONS, Layout, panel_view
from bot.ui.settings_panel.places import place_gone_to
from bot.ui.settings_panel.press import Form, Press, typed
from bot.ui.settings_panel.spot import CONTROL, FORM, Control, Spot, control_of
from bot.ui.settings_panel.transfer import export, import_uploaded
from bot.ui.shortening import shorten

_FORM_SECONDS = 15 * 60.0
"""How long discord.py remembers a form it has shown; we need no memory of it."""

_TITLE_LIMIT = 45
"""Discord's."""


class PanelControl(discord.ui.DynamicItem[discord.ui.Item[Any]], template=CONTROL):
    """Any button or select of the panel; what it does is in its id."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, item: discord.ui.Item[Any], _match: re.Match[str]
    ) -> PanelControl:
        """Take the control as it stands in the message."""
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Do what was pressed, whoever pressed it: that is looked at anew each time."""
        async with privately(interaction):
            desk, control = await _desk_and_control(interaction)
            await _pressed(interaction, desk, control)


async def open_panel(interaction: discord.Interaction, desk: Desk) -> None:
    """Answer with the panel.

    Raises:
        NotAllowed: this member does not moderate the server.
    """
    view = panel_view(await desk.sheet(FIRST))
    await interaction.response.send_message(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS)


async def form_sent(interaction: discord.Interaction) -> None:
    """Do what a form of the panel asks for; other interactions are none of our business."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    if interaction.type is not discord.InteractionType.modal_submit or not FORM.fullmatch(
        data.get("custom_id", "")
    ):
        return
    async with privately(interaction):
        desk, control = await _desk_and_control(interaction)
        press = Press(desk, control, fields=typed(data))
        if control.action == "import":
            await import_uploaded(interaction, press)
        else:
            await _act(interaction, press)


async def _desk_and_control(interaction: discord.Interaction) -> tuple[Desk, Control]:
    data = cast("Mapping[str, Any]", interaction.data or {})
    control = control_of(data["custom_id"])
    assert control is not None  # noqa: S101
    desk = Desk.of(interaction, services_of(interaction))
    await desk.settings()
    return desk, control


async def _pressed(interaction: discord.Interaction, desk: Desk, control: Control) -> None:
    data = cast("Mapping[str, Any]", interaction.data or {})
    values: list[str] = data.get("values", [])
    section = SECTIONS[control.spot.section]
    if control.action == GO:
        await _show(interaction, desk, Spot(control.spot.section))
    elif (place := place_gone_to(control.action, values)) is not None:
        await _show(interaction, desk, control.spot._replace(place=place))
    elif control.action in section.forms:
        form = section.forms[control.action](await desk.sheet(control.spot))
        await interaction.response.send_modal(_modal(form, control))
    elif control.action == "export":
        await export(interaction, desk)
    else:
        await _act(interaction, Press(desk, control, values))


async def _act(interaction: discord.Interaction, press: Press) -> None:
    """Do it, and show the panel as it is now, with what was done or why nothing was."""
    spot = press.control.spot
    act = SECTIONS[spot.section].actions[press.control.action]
    try:
        notice = await act(press)
    except UserError as error:
        notice = f"❌ {wording.refusal(error)}"
    await _show(interaction, press.desk, spot, notice)


async def _show(
    interaction: discord.Interaction, desk: Desk, spot: Spot, notice: str | None = None
) -> None:
    view: Layout = panel_view(await desk.sheet(spot), notice)
    await interaction.response.edit_message(view=view, allowed_mentions=NO_MENTIONS)


def _modal(form: Form, control: Control) -> discord.ui.Modal:
    modal = discord.ui.Modal(
        title=shorten(form.title, _TITLE_LIMIT), custom_id=control.form_id, timeout=_FORM_SECONDS
    )
    for field in form.fields:
        modal.add_item(field)
    return modal
