"""Pictures as other programs write them, and texts as they write those."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

INFOTEXT = """\
masterpiece, ((a red fox)), <lora:epi_noise:0.8>
by a lake
Negative prompt: blurry, (deformed:1.2)
text
Steps: 60, Sampler: DPM++ 2M SDE Karras, CFG scale: 6.5, Seed: 965400086, Size: 1536x1024, \
Model hash: 45dee52b, Model: dreamshaper_8, Denoising strength: 0.4, Clip skip: 2, \
Hires upscaler: "4x, Ultra: sharp", Version: v1.9.4"""

GRAPH: Mapping[str, Any] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 156680208700286,
            "steps": 20,
            "cfg": 8,
            "sampler_name": "dpmpp_2m",
            "scheduler": "karras",
            "denoise": 1,
            "model": ["4", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd/v1-5.safetensors"}},
    "5": {
        "class_type": "EmptyLatentImage",
        "inputs": {"width": 512, "height": 768, "batch_size": 1},
    },
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a glass bottle", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "watermark", "clip": ["4", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "C", "images": ["8", 0]}},
}

WORKFLOW: Mapping[str, Any] = {
    "last_node_id": 9,
    "nodes": [
        {
            "id": 3,
            "type": "KSampler",
            "inputs": [
                {"name": "model", "type": "MODEL", "link": 1},
                {"name": "positive", "type": "CONDITIONING", "link": 4},
                {"name": "negative", "type": "CONDITIONING", "link": 6},
                {"name": "latent_image", "type": "LATENT", "link": 2},
            ],
            "widgets_values": [42, "randomize", 20, 8, "euler", "normal", 1],
        },
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["v1-5.safetensors"]},
        {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 768, 1]},
        {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["a glass bottle"]},
        {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["watermark"]},
    ],
    "links": [
        [1, 4, 0, 3, 0, "MODEL"],
        [2, 5, 0, 3, 3, "LATENT"],
        [4, 6, 0, 3, 1, "CONDITIONING"],
        [6, 7, 0, 3, 2, "CONDITIONING"],
    ],
}


def a_picture() -> Image.Image:
    return Image.linear_gradient("L").resize((64, 48)).convert("RGB")


def png_with(*, packed: bool = False, **texts: str) -> bytes:
    """Return a PNG with texts, as both programs write them: through Pillow."""
    info = PngInfo()
    for key, text in texts.items():
        info.add_text(key, text, zip=packed)
    buffer = io.BytesIO()
    a_picture().save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def comfy_png(graph: Mapping[str, Any] = GRAPH) -> bytes:
    return png_with(prompt=json.dumps(graph), workflow=json.dumps(WORKFLOW))


def comfy_webp(graph: Mapping[str, Any] = GRAPH) -> bytes:
    exif = Image.Exif()
    exif[0x0110] = f"prompt:{json.dumps(graph)}"
    exif[0x010F] = f"workflow:{json.dumps(WORKFLOW)}"
    return _saved("WEBP", exif)


def with_comment(comment: bytes, form: str = "JPEG") -> bytes:
    """Return a picture whose EXIF has this comment."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment
    return _saved(form, exif)


def _saved(form: str, exif: Image.Exif) -> bytes:
    buffer = io.BytesIO()
    a_picture().save(buffer, form, exif=exif.tobytes())
    return buffer.getvalue()
