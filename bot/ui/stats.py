"""What `/stats` says: numbers in words, and the chart with the same numbers as its alt text."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Mapping

import discord

from bot.domain.stats import Period, Summary
from bot.speech import N_, _, in_a_row, labelled, ngettext, number
from bot.ui.answers import NO_MENTIONS
from bot.ui.chart import draw_chart, has_words, words_around
from bot.ui.escaping import as_code
from bot.ui.shortening import shorten
from bot.ui.wording import ALT_LIMIT, END_WORDS, MESSAGE_LIMIT, mention

_TITLES: Mapping[Period, str] = {
    Period.DAY: N_("This server in the last 24 hours"),
    Period.WEEK: N_("This server in the last 7 days"),
    Period.MONTH: N_("This server in the last 30 days"),
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
    lines = [_heading(summary), _("No picture was asked for. `/imagine` makes one.")]
    if summary.open_jobs:
        lines[1:] = [_("Nothing has ended yet."), _under_way(summary.open_jobs)]
    if summary.period is not Period.MONTH:
        lines.append(f"-# {_('A longer `period` may have more to tell.')}")
    return "\n".join(lines)


def chart_in_words(summary: Summary) -> str:
    """Return the chart's description for people who do not see it."""
    words = words_around(summary.window)
    ends = in_a_row(
        [
            _delivered(number(summary.delivered)),
            _without_a_picture(number(summary.failed)),
            _cancelled(number(summary.cancelled)),
        ]
    )
    buckets = in_a_row(
        labelled(name, number(bucket.jobs))
        for name, bucket in zip(words.buckets, summary.buckets, strict=True)
    )
    title = labelled(_(_TITLES[summary.period]), ends)
    text = f"{title}. {labelled(words.title, buckets)}. {_by_jobs(summary)}"
    return shorten(text, ALT_LIMIT)


def _by_jobs(summary: Summary) -> str:
    if not summary.models:
        return _("Models by jobs: none.")
    models = (
        labelled(shorten(each.model_id, _NAME_SHOWN), number(each.jobs)) for each in summary.models
    )
    return _("Models by jobs: {models}.", models=in_a_row(models))


def _lines(summary: Summary) -> Iterator[str]:
    yield _heading(summary)
    yield " · ".join(_totals(summary))
    yield " · ".join(
        [
            f"✅ {_delivered(_part(summary.delivered, summary.jobs))}",
            f"⚠️ {_without_a_picture(_part(summary.failed, summary.jobs))}",
            f"✖️ {_cancelled(_part(summary.cancelled, summary.jobs))}",
        ]
    )
    if not has_words(summary.window):
        looks = _("filled: delivered · striped: without a picture · hollow: cancelled")
        yield f"-# {words_around(summary.window).title} · {looks}"
    if waits := summary.waits:
        words = _(
            "From asking to pictures: median **{median}**, 95 % within **{most}**",
            median=_duration(waits.median_seconds),
            most=_duration(waits.p95_seconds),
        )
        yield f"⏱️ {words}"
    yield from _failures(summary)
    yield from _ranking(summary)


def _heading(summary: Summary) -> str:
    return f"📊 **{_(_TITLES[summary.period])}**"


def _totals(summary: Summary) -> Iterator[str]:
    yield f"**{_jobs(summary.jobs)}**"
    yield ngettext("{count} member", "{count} members", summary.member_count)
    yield f"**{_pictures(summary.pictures)}**"
    if summary.open_jobs:
        yield _under_way(summary.open_jobs)


def _failures(summary: Summary) -> Iterator[str]:
    if summary.failures:
        yield f"**{_('Without a picture, because')}**"
        for reason, jobs in summary.failures:
            yield f"- {number(jobs)} × {_(END_WORDS[reason])}"


def _ranking(summary: Summary) -> Iterator[str]:
    for title, ranked in (
        (_("Models"), [(as_code(m.model_id, _NAME_SHOWN), m) for m in summary.models]),
        (_("Members"), [(mention(m.user_id), m) for m in summary.members]),
    ):
        if ranked:
            yield f"**{title}**"
        for place, (name, each) in enumerate(ranked, 1):
            yield f"{place}. {name} {_jobs(each.jobs)}, {_pictures(each.pictures)}"


def _jobs(count: int) -> str:
    return ngettext("{count} job", "{count} jobs", count)


def _pictures(count: int) -> str:
    return ngettext("{count} picture", "{count} pictures", count)


def _under_way(jobs: int) -> str:
    return ngettext("{count} under way now", "{count} under way now", jobs)


def _delivered(jobs: str) -> str:
    return _("{jobs} delivered", jobs=jobs)


def _without_a_picture(jobs: str) -> str:
    return _("{jobs} without a picture", jobs=jobs)


def _cancelled(jobs: str) -> str:
    return _("{jobs} cancelled", jobs=jobs)


def _part(count: int, whole: int) -> str:
    """Return a number and its share; what there is little of is not called none."""
    percent = round(100 * count / whole)
    if count and not percent:
        return _("{jobs} (under 1 %)", jobs=number(count))
    return _("{jobs} ({percent} %)", jobs=number(count), percent=percent)


def _duration(seconds: float) -> str:
    if seconds < 10:
        return _("{seconds} s", seconds=number(max(0.0, seconds), 1))
    minutes, rest = divmod(round(seconds), 60)
    if minutes:
        return _("{minutes} min {seconds} s", minutes=number(minutes), seconds=rest)
    return _("{seconds} s", seconds=rest)
