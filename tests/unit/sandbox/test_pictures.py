"""What the painter promises: repeatable, sized as asked, every parameter leaving a trace."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.sandbox.painter import Finish, paint_pictures
from bot.sandbox.painter.lexicon import translated
from bot.sandbox.parameters import CensorStyle, Kind, Parameters, read_parameters
from bot.sandbox.sources import Sources

SMALL = Finish(scale=0.25)


def parameters(kind: Kind = Kind.TEXT2IMG, **fields: Any) -> Parameters:
    body = {"model_id": "midjourney", "prompt": "a fox by a mountain lake", "seed": 7}
    return read_parameters(kind, {"width": 256, "height": 256, **body, **fields})


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def painted(finish: Finish = SMALL, sources: Sources | None = None, **fields: Any) -> Image.Image:
    return opened(paint_pictures(parameters(**fields), sources or Sources(), finish)[0])


def as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def is_one_colour(picture: Image.Image) -> bool:
    return all(low == high for low, high in ImageStat.Stat(picture).extrema)


def test_the_same_request_gives_the_same_bytes() -> None:
    first, again = (paint_pictures(parameters(samples=2), Sources(), SMALL) for _ in range(2))
    assert first == again


def test_samples_differ() -> None:
    assert len(set(paint_pictures(parameters(samples=4), Sources(), SMALL))) == 4


def test_cheap_pictures_are_repeatable_and_differ_too() -> None:
    cheap = Finish(scale=0.1, cheap=True)
    first, again = (paint_pictures(parameters(samples=4), Sources(), cheap) for _ in range(2))
    assert first == again
    assert len(set(first)) == 4


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"width": 512, "height": 256}, (512, 256)),
        ({"panorama": "yes"}, (512, 256)),
        ({"upscale": "1"}, (256, 256)),
        ({"upscale": "3"}, (768, 768)),
        ({"panorama": "yes", "upscale": "2"}, (1024, 512)),
        ({"highres_fix": "yes"}, (256, 256)),
    ],
)
def test_the_size_is_what_was_asked_for(fields: dict[str, Any], size: tuple[int, int]) -> None:
    assert painted(Finish(cheap=True), **fields).size == size


def test_a_painted_panorama_is_twice_as_wide() -> None:
    assert painted(panorama="yes").size == (128, 64)


@pytest.mark.parametrize(
    "changed",
    [
        {"prompt": "a fox by a mountain lake, night"},
        {"negative_prompt": "trees"},
        {"seed": 8},
        {"model_id": "sdxl"},
        {"num_inference_steps": 10},
        {"guidance_scale": 15},
        {"scheduler": "LCMScheduler"},
        {"algorithm_type": "dpmsolver+++"},
        {"use_karras_sigmas": "no"},
        {"tomesd": "no"},
        {"clip_skip": 4},
        {"vae": "some-vae"},
        {"lora_model": "ganyu-lora"},
        {"lora_model": "ganyu-lora", "lora_strength": "0.3"},
        {"embeddings_model": "charturner-v2"},
        {"enhance_prompt": "no"},
        {"multi_lingual": "yes"},
        {"self_attention": "yes"},
        {"highres_fix": "yes"},
    ],
)
def test_every_parameter_changes_what_is_seen(changed: dict[str, Any]) -> None:
    plain = painted(lora_strength=1) if "lora_strength" in changed else painted()
    assert ImageChops.difference(plain, painted(**changed)).getbbox() is not None


def test_the_parameters_travel_inside_the_picture() -> None:
    text = painted(scheduler="LCMScheduler", track_id="secret", webhook="http://x").info["sandbox"]
    inside = json.loads(text)
    assert inside["scheduler"] == "LCMScheduler"
    assert inside["sample"] == 0
    assert "secret" not in text
    assert "webhook" not in inside


def test_a_prompt_in_any_script_travels_inside_the_picture() -> None:
    assert json.loads(painted(prompt="森の猫 🦊").info["sandbox"])["prompt"] == "森の猫 🦊"


@pytest.mark.parametrize("style", CensorStyle)
def test_each_censor_style_hides_a_flagged_picture_in_its_own_way(style: CensorStyle) -> None:
    flagged: dict[str, Any] = {"prompt": "a nude fox", "safety_checker": "yes"}
    plain = painted(prompt="a nude fox", safety_checker="no")
    hidden = painted(**flagged, safety_checker_type=style)
    others = [painted(**flagged, safety_checker_type=other) for other in CensorStyle]
    assert plain.tobytes() != hidden.tobytes()
    assert [other.tobytes() for other in others].count(hidden.tobytes()) == 1
    assert is_one_colour(hidden) == (style is CensorStyle.BLACK)


def test_the_checker_leaves_harmless_pictures_alone() -> None:
    assert not is_one_colour(painted(safety_checker="yes", safety_checker_type="black"))


def test_a_silently_censored_picture_is_blank() -> None:
    (data,) = paint_pictures(parameters(), Sources(), SMALL, blank=True)
    assert is_one_colour(opened(data))


def test_strength_says_how_much_of_the_init_image_is_left() -> None:
    red = Sources(init=as_png(Image.new("RGB", (64, 64), (255, 0, 0))))
    image: dict[str, Any] = {"kind": Kind.IMG2IMG, "init_image": "http://x"}
    kept = painted(sources=red, **image, strength=0)
    half = painted(sources=red, **image, strength=0.5)
    gone = painted(sources=red, **image, strength=1)
    assert kept.getpixel((5, 5)) == (255, 0, 0)
    assert len({kept.tobytes(), half.tobytes(), gone.tobytes()}) == 3


def test_inpainting_changes_the_white_part_of_the_mask_only() -> None:
    red = Image.new("RGB", (64, 64), (255, 0, 0))
    mask = Image.new("L", (64, 64))
    mask.paste(255, (0, 0, 32, 64))
    sources = Sources(init=as_png(red), mask=as_png(mask))
    fields: dict[str, Any] = {
        "kind": Kind.INPAINT,
        "init_image": "http://x",
        "mask_image": "http://y",
    }
    changed = ImageChops.difference(painted(sources=sources, **fields), red)
    assert changed.crop((0, 0, 26, 64)).getbbox() is not None
    assert changed.crop((40, 0, 64, 64)).getbbox() is None


@pytest.mark.parametrize("prompt", ["Ein Katze im Wald", "夜晚的森林里的猫", "кошка, ночь", "قطة"])
def test_multi_lingual_understands_a_few_words(prompt: str) -> None:
    assert "cat" in translated(prompt) or "forest" in translated(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "a mountain landscape, sunny day, birds",
        "stormy ocean with a lighthouse and a boat, lightning",
        "cyberpunk city at night, rain",
        "desert dunes with a robot",
        "galaxy with planets",
        "meadow with red poppies and a stag",
        "coral reef",
        "portrait of a woman, golden evening",
        "aurora over a lake, cabin, snow",
        "hot air balloons, castle, wolf, watercolor",
        "forest, person, fox, oil painting",
        "pixel art cat, mist",
        "city, pencil sketch",
        "monochrome anime",
    ],
)
@pytest.mark.parametrize("size", [(1024, 256), (256, 1024)])
def test_every_setting_can_be_painted_in_every_format(prompt: str, size: tuple[int, int]) -> None:
    picture = painted(Finish(scale=0.2), prompt=prompt, width=size[0], height=size[1])
    assert not is_one_colour(picture)
