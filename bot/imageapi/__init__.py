"""The Stable Diffusion API's Dreambooth V4 endpoints and their successor, as the `ImageApi` port.

Knows nothing of Discord, jobs or storage; could be a library of its own.
"""

from __future__ import annotations

from bot.imageapi.client import ApiLimits, ImageApiClient
from bot.imageapi.dialects import Dialect
from bot.imageapi.downloads import DownloadLimits
from bot.imageapi.mapping import to_body
from bot.imageapi.notices import WebhookNotice, read_webhook

__all__ = [
    "ApiLimits",
    "Dialect",
    "DownloadLimits",
    "ImageApiClient",
    "WebhookNotice",
    "read_webhook",
    "to_body",
]
