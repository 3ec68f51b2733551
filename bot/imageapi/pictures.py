"""Decides by decoding what downloaded bytes are; runs in a thread."""

from __future__ import annotations

import io
from typing import cast

from PIL import Image, UnidentifiedImageError

from bot.domain.ports import PictureData
from bot.errors import DownloadError
from bot.picture_metadata import inscribe

MAX_PIXELS = 4096 * 4096
_BLANK_SPREAD = 4
"""How far a channel may vary in a picture of one colour; JPEG and WEBP round."""

_MEDIA_TYPES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "WEBP": "image/webp",
}
_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")


def decode(data: bytes) -> PictureData:
    """Return the picture, decoded to its last pixel, without what the API wrote of itself.

    Raises:
        DownloadError: not a picture we accept (final), or a piece of one (worth another try).
    """
    if not data:
        raise DownloadError("the link gave nothing", retryable=True)
    problem: DownloadError
    try:
        return _decode(data)
    except DownloadError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        problem = _too_many_pixels()
    except UnidentifiedImageError:
        problem = _undecodable(data)
    except Exception as error:  # noqa: BLE001 - broken files make Pillow raise nearly anything
        problem = DownloadError(f"a damaged picture: {type(error).__name__}", retryable=True)
    raise problem


def _decode(data: bytes) -> PictureData:
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels()
        image.load()
        media_type = _MEDIA_TYPES[image.format or ""]
        bare = inscribe(data, None)
        return PictureData(bare, media_type, image.width, image.height, is_blank(image))


def is_blank(image: Image.Image) -> bool:
    """Tell whether a picture shows nothing: one colour, or wholly transparent.

    That is what a safety checker leaves (contract, section 4.5).
    """
    bands = _extrema(image)
    is_clear = len(bands) == 4 and bands[3][1] == 0
    return is_clear or all(high - low <= _BLANK_SPREAD for low, high in bands)


def _extrema(image: Image.Image) -> list[tuple[float, float]]:
    """Return the lowest and highest value of every channel."""
    if image.mode not in {"RGB", "RGBA"}:
        has_alpha = "transparency" in image.info or image.mode in {"LA", "PA"}
        image = image.convert("RGBA" if has_alpha else "RGB")
    return cast("list[tuple[float, float]]", list(image.getextrema()))


def _too_many_pixels() -> DownloadError:
    return DownloadError(f"a picture of more than {MAX_PIXELS} pixels", retryable=False)


def _undecodable(data: bytes) -> DownloadError:
    """Tell a cut-off picture, which may be whole later, from something else."""
    begins_well = data.startswith(_BEGINNINGS)
    words = "the beginning of a picture" if begins_well else "no PNG, JPEG or WEBP"
    return DownloadError(f"the link gave {words}", retryable=begins_well)
