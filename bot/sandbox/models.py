"""The public model list, and which models are loaded."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

COLD_PREFIX = "cold-"
"""Models so named were dropped for idling and must be reloaded first."""


@dataclass(frozen=True, slots=True)
class Model:
    """One row of the list. `subcategory` is "lora" or "embedding", or None for a whole model."""

    model_id: str
    name: str
    trigger: str = ""
    description: str = ""
    subcategory: str | None = None
    category: str = "stable_diffusion"
    is_nsfw: bool = False
    featured: bool = False


def _model(line: str) -> Model:
    model_id, name, trigger, description = (part.strip() for part in line.split("|"))
    return Model(
        model_id,
        name,
        trigger,
        description,
        is_nsfw=model_id in _NSFW,
        featured=model_id in _FEATURED,
        category="stable_diffusion_xl" if "xl" in model_id else "stable_diffusion",
    )


def _addition(line: str, subcategory: str) -> Model:
    model_id, name, trigger, description = (part.strip() for part in line.split("|"))
    return Model(model_id, name, trigger, description, subcategory, is_nsfw=model_id in _NSFW)


_FEATURED = {"midjourney", "realistic-vision-v51", "sdxl", "dreamshaper-v8", "anything-v5"}
_NSFW = {"uber-realistic", "hassaku-hentai", "bodylines-lora"}

_MODELS = """
midjourney | MidJourney V4 | mdjrny-v4 style | Painterly and dramatic, after Midjourney 4
realistic-vision-v51 | Realistic Vision V5.1 | | Photographs of people and places
dreamshaper-v8 | DreamShaper 8 | | Between photograph and painting
deliberate-v3 | Deliberate V3 | | Careful detail in any style
anything-v5 | Anything V5 | | Anime of the classic kind
counterfeit-v30 | Counterfeit V3 | | Anime with rich backgrounds
meinamix | MeinaMix | | Soft anime portraits
abyssorangemix2 | AbyssOrangeMix 2 | | Semi-real anime with strong light
protogen-3-4 | Protogen x3.4 | modelshoot style | Science fiction portraits
openjourney-v4 | OpenJourney V4 | mdjrny-v4 style | The open sister of midjourney
sdxl | Stable Diffusion XL 1.0 | | The large base model
juggernaut-xl | Juggernaut XL | | Cinematic photographs, large
animagine-xl-31 | Animagine XL 3.1 | masterpiece, best quality | Anime, large
sd-1-5 | Stable Diffusion 1.5 | | The base model everything else grew from
epicrealism | epiCRealism | | Plain light, plain skin
absolute-reality-v181 | AbsoluteReality 1.8.1 | | Photographs, sharp
cyberrealistic-33 | CyberRealistic 3.3 | | Photographs with neon in mind
lyriel-v16 | Lyriel V1.6 | | Fantasy illustration
rev-animated | ReV Animated | | Fantasy between anime and 3D
toonyou | ToonYou | | Cartoons with thick outlines
disney-pixar-cartoon | Disney Pixar Cartoon | disney pixar style | Animated film look
pixel-art-v3 | Pixel Art V3 | pixelart | Sixteen colours and proud of it
inkpunk-diffusion | Inkpunk Diffusion | nvinkpunk | Ink, punk and splashes
van-gogh-diffusion | Van Gogh Diffusion | lvngvncnt | Swirling oil paint
vintedois-diffusion | Vintedois | estilovintedois | Old masters on a budget
architecture-exterior | Architecture Exterior | | Buildings in good weather
interior-design | Interior Design | | Rooms nobody lives in
product-design | Product Design | | Objects on white ground
samaritan-3d-cartoon | Samaritan 3D Cartoon | | Rendered cartoons
arcane-diffusion | Arcane Diffusion | arcane style | Painted television
redshift-diffusion | Redshift Diffusion | redshift style | High-end rendering
synthwave-punk | Synthwave Punk | snthwve style | Sunsets with grid lines
uber-realistic | URPM | | Adults only
hassaku-hentai | Hassaku | | Adults only, anime
cold-analog-diffusion | Analog Diffusion | analog style | Film grain; asleep until reloaded
cold-papercut | Papercut Diffusion | PaperCut | Layers of paper; asleep until reloaded
"""

_LORAS = """
contrast-fix | Contrast Fix | | Deeper shadows
yae-miko-genshin | Yae Miko | yae miko | The shrine's guardian
more_details | More Details | | Adds fine texture
ganyu-lora | Ganyu | ganyu | Blue and icy
film-grain-lora | Film Grain | film grain | Analogue texture
neon-noir-lora | Neon Noir | neon noir | Rain and signs
bodylines-lora | Bodylines | | Adults only
"""

_EMBEDDINGS = """
easynegative | EasyNegative | easynegative | For the negative prompt
bad-hands-5 | Bad Hands 5 | bad-hands-5 | For the negative prompt
charturner-v2 | CharTurner V2 | charturner | Turnarounds of one figure
"""


def public_models() -> list[Model]:
    """Return the list in the order the API gives it."""
    return [
        *(_model(line) for line in _MODELS.strip().splitlines()),
        *(_addition(line, "lora") for line in _LORAS.strip().splitlines()),
        *(_addition(line, "embedding") for line in _EMBEDDINGS.strip().splitlines()),
    ]


class ModelCatalogue:
    """Knows the public models, the account's own ones, and which are awake."""

    def __init__(self, own_models: tuple[str, ...]) -> None:
        self.models = {model.model_id: model for model in public_models()}
        self._own = frozenset(own_models)
        self._awake_at: dict[str, float] = {}

    def trigger(self, model_id: str) -> str:
        """Return the phrase the API puts before prompts for this model."""
        model = self.models.get(model_id)
        return model.trigger if model else ""

    def knows(self, model_id: str) -> bool:
        """Tell whether the id exists, awake or not."""
        return model_id in self.models or model_id in self._own

    def is_awake(self, model_id: str, now: float) -> bool:
        """Tell whether the model can draw now."""
        if not self.knows(model_id):
            return False
        return not model_id.startswith(COLD_PREFIX) or self._awake_at.get(model_id, now + 1) <= now

    def reload(self, model_id: str, awake_at: float) -> None:
        """Wake a model; it can draw from the given moment on."""
        self._awake_at.setdefault(model_id, awake_at)

    def listing(self, root_url: str) -> list[dict[str, Any]]:
        """Return the bare array of `model_list` (contract, section 4.7)."""
        return [_item(model, root_url) for model in self.models.values()]


def _item(model: Model, root_url: str) -> dict[str, Any]:
    rng = random.Random(model.model_id)
    created = datetime(2023, 1, 5, tzinfo=UTC) + timedelta(hours=rng.randrange(9000))
    return {
        "model_id": model.model_id,
        "status": "model_ready",
        "created_at": created.isoformat() if rng.random() < 0.5 else None,
        "instance_prompt": model.trigger or None,
        "model_name": model.name,
        "description": model.description,
        "screenshots": f"{root_url}/models/{model.model_id}.png",
        "api_calls": str(rng.randrange(100, 900_000)),
        "model_category": model.category,
        "model_subcategory": model.subcategory,
        "model_format": "safetensors",
        "is_nsfw": "1" if model.is_nsfw else "0",
        "featured": "yes" if model.featured else "no",
        "feature": "Imagen",
    }
