"""What is wrong with a picture that somebody gave, in words that say what to give instead."""

from __future__ import annotations

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 4096 * 4096

TOO_MANY_BYTES = f"is too large: give one of at most {MAX_BYTES // 1024 // 1024} MB"
TOO_MANY_PIXELS = (
    f"has too many pixels: give one of at most {MAX_PIXELS // 1_000_000} megapixels, such as 4096 "
    "by 4096"
)
NO_PICTURE = "is no picture that I can read: give a PNG, JPEG or WebP"
MOVING = "is a moving picture: give one that stands still, as PNG, JPEG or WebP"
DAMAGED = "is damaged or cut off: save it anew and give it again"
TOO_LONG = "is too long and narrow: give one that is at most four times as long as wide"
KEEPS_ALL = (
    "keeps all of the picture: make white, or see-through in a PNG, what is to be drawn anew"
)
GONE = "The picture that this started from is no longer kept. Give it again to `/remix`."
