"""Texts inside picture files, written and read without touching a pixel.

Works on bytes alone and decodes nothing, so that a hostile file costs no more than its size: what
is packed is unpacked up to a limit, what is cut off or nonsense is as good as not there. Large
files are for a thread.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.inscription import INFOTEXT_KEY, RECORD_KEY, Inscription
from bot.picture_metadata import exif, jpeg, png, webp


def inscribe(data: bytes, inscription: Inscription | None) -> bytes:
    """Return the file with these texts in place of all words it had; or with none.

    WEBP, which the API does not give, never gets any.
    """
    if data.startswith(png.SIGNATURE):
        return png.with_texts(data, _texts(inscription) if inscription else {})
    if data.startswith(jpeg.SIGNATURE):
        return jpeg.with_exif(data, exif.packed(inscription) if inscription else b"")
    return webp.without_words(data) if webp.is_webp(data) else data


def _texts(inscription: Inscription) -> Mapping[str, str]:
    return {INFOTEXT_KEY: inscription.infotext, RECORD_KEY: inscription.record}


def texts_in(data: bytes) -> Mapping[str, str]:
    """Return the texts that tell how a picture was made, by the keys that PNG files have them."""
    if data.startswith(png.SIGNATURE):
        return png.texts_in(data)
    if data.startswith(jpeg.SIGNATURE):
        return exif.texts_in(jpeg.exif_in(data))
    return exif.texts_in(webp.exif_in(data)) if webp.is_webp(data) else {}
