"""What `/stats` says: numbers in words, and the chart with the same numbers as its alt text."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Mapping

import discord

from bot.domain.stats import Period, Summary
from bot.ui.answers import NO_MENTIONS
from bot.ui.chart import bucket_name, draw_chart, title_of
from bot.ui.escaping import as_code
from bot.ui.shortening import shorten
from bot.ui.wording import ALT_LIMIT, END_WORDS, MESSAGE_LIMIT, mention

_SPANS: Mapping[Period, str] = {
    Period.DAY: "the last 24 hours",
    Period.WEEK: "the last 7 days",
    Period.MONTH: "the last 30 days",
}
_NAME_SHOWN = 40
"""So that five models of the most awkward letters leave room for the rest of a message."""


async def show_stats(interaction: discord.Interaction, summary: Summary) -> None:
    """Follow a private deferral with the numbers and, where there are any, the chart."""
    if not summary.jobs:
        await interaction.followup.send(nothing_yet(summary), ephemeral=True)
        return
    chart = discord.File(
        io.BytesIO(await asyncio.to_thread(draw_chart, summary)),
        filename=f"stats-{summary.period}.png",
        description=chart_in_words(summary),
    )
    await interaction.followup.send(
        stats(summary), file=chart, ephemeral=True, allowed_mentions=NO_MENTIONS
    )


def stats(summary: Summary) -> str:
    """Return the numbers of a server where something happened."""
    return shorten("\n".join(_lines(summary)), MESSAGE_LIMIT)


def nothing_yet(summary: Summary) -> str:
    """Return the answer for a server where no job has ended in that time."""
    span = _SPANS[summary.period]
    text = f"📊 No picture was asked for here in {span}. `/imagine` makes one."
    if summary.open_jobs:
        under_way = _count(summary.open_jobs, "job")
        text = f"📊 Nothing has ended here in {span} yet; {under_way} under way."
    if summary.period is not Period.MONTH:
        text += "\n-# A longer `period` may have more to tell."
    return text


def chart_in_words(summary: Summary) -> str:
    """Return the chart's description for people who do not see it."""
    buckets = (
        f"{bucket_name(summary.window, number)} {bucket.jobs:,}"
        for number, bucket in enumerate(summary.buckets)
    )
    models = (f"{shorten(each.model_id, _NAME_SHOWN)} {each.jobs:,}" for each in summary.models)
    text = (
        f"{title_of(summary.window)} in {_SPANS[summary.period]}: "
        f"{summary.delivered:,} delivered, {summary.failed:,} without a picture, "
        f"{summary.cancelled:,} cancelled. In turn: {', '.join(buckets)}. "
        f"Models by jobs: {', '.join(models) or 'none'}."
    )
    return shorten(text, ALT_LIMIT)


def _lines(summary: Summary) -> Iterator[str]:
    under_way = f" · {summary.open_jobs:,} under way now" if summary.open_jobs else ""
    yield f"📊 **This server in {_SPANS[summary.period]}**"
    yield (
        f"**{_count(summary.jobs, 'job')}** by {_count(summary.member_count, 'member')} · "
        f"**{_count(summary.pictures, 'picture')}**{under_way}"
    )
    yield " · ".join(
        [
            f"✅ {_part(summary.delivered, summary.jobs)} delivered",
            f"⚠️ {_part(summary.failed, summary.jobs)} without a picture",
            f"✖️ {_part(summary.cancelled, summary.jobs)} cancelled",
        ]
    )
    if waits := summary.waits:
        yield (
            f"⏱️ From asking to pictures: median **{_duration(waits.median_seconds)}**, "
            f"95 % within **{_duration(waits.p95_seconds)}**"
        )
    yield from _failures(summary)
    yield from _ranking(summary)


def _failures(summary: Summary) -> Iterator[str]:
    if summary.failures:
        yield "**Without a picture, because**"
        for reason, jobs in summary.failures:
            yield f"- {jobs:,} × {END_WORDS[reason]}"


def _ranking(summary: Summary) -> Iterator[str]:
    for title, ranked in (
        ("Models", [(as_code(m.model_id, _NAME_SHOWN), m) for m in summary.models]),
        ("Members", [(mention(m.user_id), m) for m in summary.members]),
    ):
        if ranked:
            yield f"**{title}**"
        for place, (name, each) in enumerate(ranked, 1):
            yield (
                f"{place}. {name} {_count(each.jobs, 'job')}, {_count(each.pictures, 'picture')}"
            )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _part(number: int, whole: int) -> str:
    """Return a number and its share; what there is little of is not called none."""
    percent = round(100 * number / whole)
    return f"{number:,} ({'under 1' if number and not percent else percent} %)"


def _duration(seconds: float) -> str:
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
