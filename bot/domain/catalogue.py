"""What the API offers to draw with: models, LoRAs and embeddings."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ModelKind(StrEnum):
    """Which option an entry fits."""

    MODEL = "model"
    LORA = "lora"
    EMBEDDING = "embedding"


class CatalogueEntry(BaseModel):
    """One line of the API's model list."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: ModelKind = ModelKind.MODEL
    name: str
    category: str | None = None
    description: str | None = None
    trigger: str | None = None
    """The model's instance prompt; the API prepends it by itself."""
    screenshot: str | None = None
    nsfw: bool = False
    uses: int = 0
    """How often the API says it was called."""
