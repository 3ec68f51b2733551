"""What a request costs: one image a picture, and what the operator adds for dear options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.request import GenerationRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Images that count on top of the one, for each picture drawn with an option."""

    upscale: int = 0
    panorama: int = 0
    highres: int = 0

    def surcharge(self, request: GenerationRequest) -> int:
        """Return what a request costs beyond one image a picture."""
        each = (
            self.upscale * (request.upscale is not None)
            + self.panorama * request.panorama
            + self.highres * request.highres_fix
        )
        return each * request.samples

    def by_option(self) -> Mapping[str, int]:
        """Return what is added, by the option's name, where anything is."""
        costs = {
            "upscale": self.upscale,
            "panorama": self.panorama,
            "highres_fix": self.highres,
        }
        return {option: cost for option, cost in costs.items() if cost}


FREE = Costs()
"""Every picture is one image, whatever the options."""
