"""In which language something is that everybody reads.

A person's own language is opened by `privately` in `answers.py`.
"""

from __future__ import annotations

import discord

from bot.domain.guild_settings import Setting, Tongue
from bot.domain.job import Job
from bot.speech import _, speaking
from bot.ui.askers import asker_of
from bot.ui.job_button import services_of


def language_of_place(interaction: discord.Interaction, chosen: Tongue | None) -> str:
    """Return the locale in which everybody is spoken to where an interaction took place.

    That is what the server chose. Otherwise Discord says it; but only servers with Community can
    tell Discord, which has English for all others.
    """
    return str(chosen or interaction.guild_locale or interaction.locale)


async def language_shown(interaction: discord.Interaction, job: Job) -> str:
    """Return the locale of the message with a job's pictures under which something was pressed.

    It is the job's, but where the picture was shared at another place.
    """
    pressed = interaction.message
    if pressed is None or pressed.id == job.message_id or interaction.guild_locale is None:
        return job.origin.locale
    asker = asker_of(interaction)
    settings = await services_of(interaction).guild_settings.of(asker.guild_id)
    return language_of_place(interaction, settings.value(Setting.LANGUAGE, asker, None))


def label_in(label: str, locale: str) -> str:
    """Return what stands on a button in a language that is not the reader's."""
    with speaking(locale):
        return _(label)
