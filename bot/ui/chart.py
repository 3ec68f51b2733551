"""Draws a server's statistics as one PNG, on a card that is legible on dark and light alike.

Nothing is told by colour alone: delivered jobs are filled, failed ones striped, cancelled ones
hollow. The font that comes with Pillow has the letters of English only and shows boxes for other
signs. So each model is known by its number too, under which the message names it in full; and where
the language needs other letters, the picture has numbers only and the message says what they are.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from bot.domain.stats import HOUR_MS, Bucket, ModelCount, Summary, Window
from bot.speech import _, day_of_month, day_of_week, number
from bot.ui.shortening import shorten

WIDTH = 1200
"""Discord shows it 550 points wide, a phone 350; hence the large letters."""

_CARD, _GRID, _TEXT, _QUIET = "#23252e", "#454856", "#f2f3f5", "#c3c7d0"
_BLUE, _AMBER, _STRIPE, _PLAIN = "#6aa5ff", "#ffb84d", "#6b4100", "#98a2b8"

_LEFT, _RIGHT = 44, WIDTH - 44
_TITLE_SIZE, _LABEL_SIZE = 46, 32
_TITLE_Y, _LEGEND_Y = 56, 116
_PLOT_LEFT, _PLOT_TOP, _PLOT_BOTTOM = 160, 174, 450
_MODELS_Y, _FIRST_MODEL_Y, _ROW = 540, 588, 42
_BARS_LEFT, _BARS_RIGHT = 520, _RIGHT - 150

_MOST_TICKS = 4
_LABEL_EVERY = {7: 1, 24: 4, 30: 5}
_LONGEST_NAME = 60
"""More could not be seen anyway, and measuring takes time."""

Box = tuple[int, int, int, int]
Look = Literal["filled", "striped", "hollow", "plain"]


@dataclass(frozen=True, slots=True)
class _Series:
    look: Look
    of: Callable[[Bucket], int]


_SERIES = (
    _Series("filled", lambda bucket: bucket.delivered),
    _Series("striped", lambda bucket: bucket.failed),
    _Series("hollow", lambda bucket: bucket.cancelled),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands around the bars."""

    title: str
    """The units of both axes."""
    series: tuple[str, str, str]
    buckets: Sequence[str]
    models: str

    @property
    def can_be_drawn(self) -> bool:
        """True where the font has their letters."""
        return all(map(str.isascii, (self.title, *self.series, *self.buckets, self.models)))


def words_around(window: Window) -> Words:
    """Say in the language what stands around the bars."""
    by_hour = window.bucket_ms == HOUR_MS
    return Words(
        title=_("Jobs per hour (UTC)") if by_hour else _("Jobs per day (UTC)"),
        series=(_("delivered"), _("no picture"), _("cancelled")),
        buckets=[bucket_name(window, place) for place in range(window.buckets)],
        models=_("Models by jobs"),
    )


def has_words(window: Window) -> bool:
    """Tell whether the picture itself says what it shows."""
    return words_around(window).can_be_drawn


def _numbers_around(window: Window) -> Words:
    moments = [datetime.fromtimestamp(start_ms / 1000, UTC) for start_ms in window.starts_ms]
    pattern = "%H:%M" if window.bucket_ms == HOUR_MS else "%m-%d"
    return Words(
        title=f"{moments[0]:%Y-%m-%d} ... {moments[-1]:%Y-%m-%d} UTC",
        series=("", "", ""),
        buckets=[moment.strftime(pattern) for moment in moments],
        models="",
    )


def draw_chart(summary: Summary) -> bytes:
    """Return the chart as a PNG; takes some hundredths of a second, so call it in a thread."""
    words = words_around(summary.window)
    if not words.can_be_drawn:
        words = _numbers_around(summary.window)
    card = _Card(_height(len(summary.models)))
    card.title(_LEFT, _TITLE_Y, words.title)
    _draw_legend(card, words, summary.buckets)
    _draw_buckets(card, words, summary.buckets)
    if summary.models:
        _draw_models(card, words, summary.models)
    return card.png()


def _height(models: int) -> int:
    return _FIRST_MODEL_Y + models * _ROW if models else _MODELS_Y


class _Card:
    """The picture, and how a text or a box gets onto it."""

    def __init__(self, height: int) -> None:
        self._image = Image.new("RGB", (WIDTH, height), _CARD)
        self._draw = ImageDraw.Draw(self._image)
        self._title_font = ImageFont.load_default(_TITLE_SIZE)
        self._font = ImageFont.load_default(_LABEL_SIZE)

    def title(self, x: float, y: float, text: str) -> None:
        """Write large, beginning at x, in a line whose middle is y."""
        self._draw.text((x, y), text, fill=_TEXT, font=self._title_font, anchor="lm")

    def text(self, x: float, y: float, text: str, *, align: str = "l", fill: str = _TEXT) -> None:
        """Write; `align` says whether x is the left end, the middle or the right end."""
        self._draw.text((x, y), text, fill=fill, font=self._font, anchor=f"{align}m")

    def width_of(self, text: str) -> float:
        """Return how much room a text takes."""
        return self._font.getlength(text)

    def line(self, y: int) -> None:
        """Draw a line of the grid."""
        self._draw.line((_PLOT_LEFT, y, _RIGHT, y), fill=_GRID, width=2)

    def box(self, box: Box, look: Look) -> None:
        """Draw a bar, or a piece of one."""
        left, top, right, bottom = box
        inside = (left, top, right - 1, bottom - 1)
        match look:
            case "filled":
                self._draw.rectangle(inside, fill=_BLUE)
            case "plain":
                self._draw.rectangle(inside, fill=_PLAIN)
            case "hollow":
                self._draw.rectangle(inside, outline=_QUIET, width=3)
            case "striped":
                self._image.paste(_stripes(right - left, bottom - top), (left, top))

    def png(self) -> bytes:
        """Encode the picture."""
        buffer = io.BytesIO()
        self._image.save(buffer, "PNG")
        return buffer.getvalue()


def _stripes(width: int, height: int) -> Image.Image:
    tile = Image.new("RGB", (width, height), _AMBER)
    draw = ImageDraw.Draw(tile)
    for x in range(-height, width, 12):
        draw.line((x, height, x + height, 0), fill=_STRIPE, width=4)
    return tile


def _figure(value: int) -> str:
    """Write a number, with a plain space for any other that a language has between thousands."""
    return "".join(sign if sign.isascii() else " " for sign in number(value))


def _draw_legend(card: _Card, words: Words, buckets: Sequence[Bucket]) -> None:
    x = float(_LEFT)
    for series, name in zip(_SERIES, words.series, strict=True):
        card.box((int(x), _LEGEND_Y - 15, int(x) + 44, _LEGEND_Y + 15), series.look)
        text = f"{name} {_figure(sum(map(series.of, buckets)))}".lstrip()
        card.text(x + 58, _LEGEND_Y, text)
        x += 58 + card.width_of(text) + 50


def _draw_buckets(card: _Card, words: Words, buckets: Sequence[Bucket]) -> None:
    ticks = ticks_up_to(max(bucket.jobs for bucket in buckets))
    per_job = (_PLOT_BOTTOM - _PLOT_TOP) / ticks[-1]
    for tick in ticks:
        y = round(_PLOT_BOTTOM - tick * per_job)
        card.line(y)
        card.text(_PLOT_LEFT - 16, y, _figure(tick), align="r", fill=_QUIET)
    slot = (_RIGHT - _PLOT_LEFT) / len(buckets)
    every = _LABEL_EVERY[len(buckets)]
    for place, bucket in enumerate(buckets):
        middle = _PLOT_LEFT + (place + 0.5) * slot
        for box, look in _stack(bucket, middle, slot * 0.36, per_job):
            card.box(box, look)
        if (len(buckets) - 1 - place) % every == 0:
            name = words.buckets[place]
            x = min(middle, _RIGHT - card.width_of(name) / 2)
            card.text(x, _PLOT_BOTTOM + 34, name, align="m", fill=_QUIET)


def _stack(
    bucket: Bucket, middle: float, half: float, per_job: float
) -> Iterator[tuple[Box, Look]]:
    """Yield the pieces of a bar from the bottom up; even one job among thousands is seen."""
    bottom = _PLOT_BOTTOM
    for series in _SERIES:
        if jobs := series.of(bucket):
            top = bottom - max(4, round(jobs * per_job))
            yield (round(middle - half), top, round(middle + half), bottom), series.look
            bottom = top


def bucket_name(window: Window, place: int) -> str:
    """Return what the axis calls a bucket; the last one is not over yet."""
    by_hour = window.bucket_ms == HOUR_MS
    if place == window.buckets - 1:
        return _("now") if by_hour else _("today")
    moment = datetime.fromtimestamp(window.starts_ms[place] / 1000, UTC)
    if by_hour:
        return f"{moment:%H:%M}"
    return day_of_week(moment.date()) if window.buckets == 7 else day_of_month(moment.date())


def ticks_up_to(most: int) -> Sequence[int]:
    """Return round numbers from 0 to at least `most`, few enough to read."""
    round_numbers = (digit * 10**zeros for zeros in itertools.count() for digit in (1, 2, 5))
    step = next(each for each in round_numbers if each * _MOST_TICKS >= most)
    return range(0, max(most, 1) + step, step)


def _draw_models(card: _Card, words: Words, models: Sequence[ModelCount]) -> None:
    card.text(_LEFT, _MODELS_Y, words.models)
    per_job = (_BARS_RIGHT - _BARS_LEFT) / max(model.jobs for model in models)
    for place, model in enumerate(models):
        y = _FIRST_MODEL_Y + place * _ROW
        right = _BARS_LEFT + max(4, round(model.jobs * per_job))
        card.text(_LEFT, y, f"{place + 1}.", fill=_QUIET)
        card.text(_LEFT + 44, y, _fitting(card, model.model_id, _BARS_LEFT - _LEFT - 64))
        card.box((_BARS_LEFT, y - 14, right, y + 14), "plain")
        card.text(right + 12, y, _figure(model.jobs))


def _fitting(card: _Card, name: str, room: float) -> str:
    shown = shorten(name, _LONGEST_NAME)
    while card.width_of(shown) > room:
        shown = shorten(name, len(shown) - 1)
    return shown
