"""Makes of whatever somebody gave a picture that the image API takes, and nothing else.

Checked by decoding it to the last pixel; the right way up, free of everything but its pixels, and
within the API's limits of size. Everything here decodes and encodes, and belongs into a thread.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.domain.ports import PictureData
from bot.domain.size import MAX_SIDE, Size, within_limits
from bot.errors import InvalidRequest, Problem
from bot.sources import words
from bot.speech import _

_MOVING_BEGINNINGS = (b"GIF87a", b"GIF89a")
_OPAQUE = 255


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture, and the mask that its see-through parts make, if it has such."""

    picture: PictureData
    mask: PictureData | None = None


def prepare(data: bytes, option: str = "image") -> Prepared:
    """Return the picture as the image API takes it.

    Raises:
        InvalidRequest: it is none that can be used; `option` is what brought it.
    """
    picture = _decoded(data, option)
    size = within_limits(Size(*picture.size))
    if size is None:
        raise _refused(option, _(words.TOO_LONG))
    picture = ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    if picture.mode != "RGBA":
        return Prepared(_encoded(picture))
    see_through = ImageOps.invert(picture.getchannel("A"))
    background = Image.new("RGB", size, "white")
    background.paste(picture, mask=picture.getchannel("A"))
    return Prepared(_encoded(background), _encoded(see_through))


def prepare_mask(data: bytes, size: Size) -> PictureData:
    """Return a mask of that size: white is drawn anew, and so is what is see-through.

    Raises:
        InvalidRequest: it is no picture, or keeps everything.
    """
    given = _decoded(data, "mask")
    mask = given.convert("L")
    if given.mode == "RGBA":
        mask.paste(_OPAQUE, mask=ImageOps.invert(given.getchannel("A")))
    mask = mask.resize(size, Image.Resampling.BILINEAR)
    if mask.getextrema() == (0, 0):
        raise _refused("mask", _(words.KEEPS_ALL))
    return _encoded(mask)


def upright(picture: Image.Image) -> Image.Image:
    """Return a picture the right way up in eight bits a colour, see-through only where it is."""
    turned = ImageOps.exif_transpose(picture)
    if turned.mode.startswith("I"):  # sixteen bits of grey, which Pillow would clip
        turned = turned.convert("I").point(lambda grey: grey / 256).convert("L")
    if turned.has_transparency_data:
        clear = turned.convert("RGBA")
        if clear.getchannel("A").getextrema() != (_OPAQUE, _OPAQUE):
            return clear
    return turned.convert("RGB")


def encoded_mask(mask: Image.Image) -> PictureData:
    """Return a drawn mask as it is kept."""
    return _encoded(mask)


def _decoded(data: bytes, option: str) -> Image.Image:
    if len(data) > words.MAX_BYTES:
        raise _refused(option, words.too_many_bytes())
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            problem = _problem(picture)
            if not problem:
                picture.draft(None, (MAX_SIDE, MAX_SIDE))  # a JPEG is not decoded any larger
                picture.load()
                return upright(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        problem = words.too_many_pixels()
    except UnidentifiedImageError:
        is_moving = data.startswith(_MOVING_BEGINNINGS)
        problem = _(words.MOVING if is_moving else words.NO_PICTURE)
    except Exception:  # noqa: BLE001 - broken files make Pillow raise nearly anything
        problem = _(words.DAMAGED)
    raise _refused(option, problem)


def _problem(picture: Image.Image) -> str:
    """Return what is wrong with a picture as far as its beginning tells; "" where nothing is."""
    if picture.width * picture.height > words.MAX_PIXELS:
        return words.too_many_pixels()
    is_moving = getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO"
    return _(words.MOVING) if is_moving else ""


def _refused(option: str, problem: str) -> InvalidRequest:
    return InvalidRequest([Problem(option, problem)])


def _encoded(picture: Image.Image) -> PictureData:
    """Encode the pixels, and nothing of what else the file had."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    buffer = io.BytesIO()
    bare.save(buffer, "PNG")
    return PictureData(buffer.getvalue(), "image/png", picture.width, picture.height)
