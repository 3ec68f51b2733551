"""Draws simple masks; belongs into a thread."""

from __future__ import annotations

from PIL import Image

from bot.domain.mask_area import Area, MaskArea
from bot.domain.ports import PictureData
from bot.domain.size import Size
from bot.sources.preparing import encoded_mask

_KEPT, _ANEW = 0, 255


def draw_mask(part: MaskArea, size: Size) -> PictureData:
    """Return the mask of a part: white is drawn anew."""
    around, inside = (_ANEW, _KEPT) if part.area is Area.BORDER else (_KEPT, _ANEW)
    mask = Image.new("L", size, around)
    mask.paste(inside, part.box(size))
    return encoded_mask(mask)
