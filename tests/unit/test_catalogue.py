"""What other programs name is found by its exact id or name."""

from __future__ import annotations

from typing import cast

import pytest

from bot.catalogue import Catalogue
from bot.domain.catalogue import CatalogueEntry, ModelKind
from bot.domain.ports import CatalogueStore, ImageApi

LISTED = (
    CatalogueEntry(id="dark-art", name="Dark Art", uses=5),
    CatalogueEntry(id="dark-art-2", name="DARK ART", uses=90),
    CatalogueEntry(id="anime", name="dark-art", uses=900),
    CatalogueEntry(id="detail", name="More Detail", kind=ModelKind.LORA),
)


class Kept:
    """A CatalogueStore with a list in it."""

    async def load(self) -> tuple[CatalogueEntry, ...]:
        return LISTED


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (ModelKind.MODEL, "Dark-Art", "dark-art"),  # an id comes before a name
        (ModelKind.MODEL, "dark ART", "dark-art-2"),  # of two with one name the more used
        (ModelKind.MODEL, "dark", None),
        (ModelKind.MODEL, "detail", None),
        (ModelKind.LORA, "more detail", "detail"),
        (ModelKind.EMBEDDING, "", None),
    ],
)
async def test_names_are_known_in_any_capitals(
    kind: ModelKind, name: str, expected: str | None
) -> None:
    catalogue = Catalogue(store=cast("CatalogueStore", Kept()), api=cast("ImageApi", None))
    assert catalogue.known(kind, name) is None
    await catalogue.load()
    assert catalogue.known(kind, name) == expected
