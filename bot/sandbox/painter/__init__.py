"""Pictures out of prompts and seeds, with Pillow alone."""

from __future__ import annotations

from bot.sandbox.painter.picture import Finish, model_screenshot, paint_pictures

__all__ = ["Finish", "model_screenshot", "paint_pictures"]
