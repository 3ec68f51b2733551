"""What is wrong with a picture that somebody gave, in words that say what to give instead."""

from __future__ import annotations

from bot.speech import N_, _

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 4096 * 4096

NO_PICTURE = N_("is no picture that I can read: give a PNG, JPEG or WebP")
MOVING = N_("is a moving picture: give one that stands still, as PNG, JPEG or WebP")
DAMAGED = N_("is damaged or cut off: save it anew and give it again")
TOO_LONG = N_("is too long and narrow: give one that is at most four times as long as wide")
KEEPS_ALL = N_(
    "keeps all of the picture: make white, or see-through in a PNG, what is to be drawn anew"
)
GONE = N_("The picture that this started from is no longer kept. Give it again to `/remix`.")


def too_many_bytes() -> str:
    """Return what is wrong with a large file."""
    return _("is too large: give one of at most {most} MB", most=MAX_BYTES // 1024 // 1024)


def too_many_pixels() -> str:
    """Return what is wrong with a large picture."""
    return _(
        "has too many pixels: give one of at most {most} megapixels, such as 4096 by 4096",
        most=MAX_PIXELS // 1_000_000,
    )
