"""The picture that a request starts from, and the mask that keeps parts of it as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.domain.job import Picture

PICTURE, MASK = 0, 1
"""Their positions among what a job starts from."""

USUAL_STRENGTH = 0.7
"""The example of the endpoint's page."""

VARY_STRENGTH = 0.3


@dataclass(frozen=True, slots=True)
class Start:
    """Our kept copies of them; whoever draws takes the picture's size where nobody chose one."""

    picture: Picture
    mask: Picture | None = None

    def attributes(self) -> dict[str, Any]:
        """Return what a request has of it."""
        return {
            "init_image": self.picture.sha256,
            "mask_image": self.mask.sha256 if self.mask else None,
            "strength": USUAL_STRENGTH,
            "width": self.picture.width,
            "height": self.picture.height,
        }


@dataclass(frozen=True, slots=True)
class StartLinks:
    """Where the image API finds what a job starts from."""

    picture: str
    mask: str | None = None
