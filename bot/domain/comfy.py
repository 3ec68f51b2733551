"""What a ComfyUI graph says of a picture.

ComfyUI writes two: `prompt`, the nodes as they ran, by id, where an input is a value or a link
`["id", slot]`; and `workflow`, the drawing of them. From the sampler, links lead back to all else,
whatever nodes stand between; so nothing here depends on a node's exact type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from bot.domain.infotext import NEGATIVE, PROMPT

Nodes = Mapping[str, Mapping[str, Any]]
"""The inputs of each node."""

MAX_NODES = 2000
_MAX_SAMPLERS = 10

_TEXT_INPUTS = ("text", "text_g", "value", "string", "prompt")
_SEED_INPUTS = ("seed", "noise_seed")
_MODEL_INPUTS = ("ckpt_name", "unet_name")
_VALUES: Mapping[str, tuple[str, ...]] = {
    "Steps": ("steps",),
    "Sampler": ("sampler_name",),
    "Schedule type": ("scheduler",),
    "CFG scale": ("cfg",),
    "Seed": _SEED_INPUTS,
    "Denoising strength": ("denoise",),
}
"""Inputs of the sampler, or of what is linked to it in newer graphs."""

_WIDGETS: Mapping[str, tuple[str, ...]] = {
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": ("", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"),
    "CLIPTextEncode": ("text",),
    "EmptyLatentImage": ("width", "height"),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "LoraLoader": ("lora_name", "strength_model"),
    "CLIPSetLastLayer": ("stop_at_clip_layer",),
}
"""What the drawing has in a list, in order; inputs without a name matter to nobody here."""


def graph_values(graph: object) -> dict[str, str] | None:
    """Return a graph's values by the web UI's names; None: nothing in it makes a picture."""
    nodes = _nodes(graph)
    sampler = _first_sampler(nodes)
    if sampler is None:
        return None
    found = {name: _first(nodes, sampler, inputs) for name, inputs in _VALUES.items()}
    found |= _prompts(nodes, sampler) | _loaders(nodes, sampler) | _size(nodes, sampler)
    return {name: str(value) for name, value in found.items() if value is not None}


def _nodes(graph: object) -> Nodes:
    """Read either form; what is not as expected is left out."""
    known = _fields(graph)
    if drawn := _items(known.get("nodes")):
        return dict(_drawn(drawn[:MAX_NODES], known.get("links")))
    inputs = {key: _fields(_fields(node).get("inputs")) for key, node in known.items()}
    return {key: each for key, each in [*inputs.items()][:MAX_NODES] if each}


def _drawn(nodes: list[Any], links: object) -> Iterator[tuple[str, dict[str, Any]]]:
    sources = dict(_sources(links))
    for node in map(_fields, nodes):
        names = _WIDGETS.get(str(node.get("type")), ())
        inputs = dict(zip(names, _items(node.get("widgets_values")), strict=False))
        for each in map(_fields, _items(node.get("inputs"))):
            if (source := sources.get(str(each.get("link")))) is not None:
                inputs[str(each.get("name"))] = source
        yield str(node.get("id")), inputs


def _sources(links: object) -> Iterator[tuple[str, list[Any]]]:
    """Yield each link's id, and the node and slot it begins at."""
    for link in map(_items, _items(links)):
        if len(link) > 2:
            yield str(link[0]), link[1:3]


def _items(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _fields(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _first_sampler(nodes: Nodes) -> str | None:
    """Find the sampler of the first pass: what it starts from comes from no other one."""
    samplers = [key for key, inputs in nodes.items() if _samples(inputs)][:_MAX_SAMPLERS]
    for key in samplers:
        before = set(_upstream(nodes, nodes[key].get("latent_image")))
        if before.isdisjoint(samplers):
            return key
    return next(iter(samplers), None)


def _samples(inputs: Mapping[str, Any]) -> bool:
    return "latent_image" in inputs and ("positive" in inputs or "guider" in inputs)


def _upstream(nodes: Nodes, start: object) -> Iterator[str]:
    """Yield the nodes that a link leads back to, each once, along the first inputs first."""
    waiting = [*_target(start)]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key in seen or key not in nodes:
            continue
        seen.add(key)
        yield key
        targets = [target for value in nodes[key].values() for target in _target(value)]
        waiting += reversed(targets)


def _target(value: object) -> Iterator[str]:
    link = _items(value)
    if len(link) == 2:
        yield str(link[0])


def _first(nodes: Nodes, start: str, names: tuple[str, ...]) -> object:
    """Return the first value of such a name, at a node or before it."""
    return next(_scalars(nodes, _upstream(nodes, [start, 0]), names), None)


def _scalars(nodes: Nodes, keys: Iterator[str], names: tuple[str, ...]) -> Iterator[object]:
    for key in keys:
        for name in names:
            value = nodes[key].get(name)
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                yield value


def _prompts(nodes: Nodes, sampler: str) -> dict[str, object]:
    inputs = _conditioning(nodes, sampler)
    found = {PROMPT: inputs.get("positive"), NEGATIVE: inputs.get("negative")}
    return {
        name: next((t for t in _texts(nodes, link) if isinstance(t, str)), None)
        for name, link in found.items()
    }


def _conditioning(nodes: Nodes, sampler: str) -> Mapping[str, Any]:
    """Return the inputs that say what to draw: the sampler's, or its guider's."""
    inputs = nodes[sampler]
    if "positive" in inputs:
        return inputs
    guider = next(_upstream(nodes, inputs.get("guider")), None)
    found = nodes[guider] if guider is not None else dict[str, Any]()
    return found if "positive" in found else {"positive": found.get("conditioning")}


def _texts(nodes: Nodes, link: object) -> Iterator[object]:
    return _scalars(nodes, _upstream(nodes, _past_pairs(nodes, link)), _TEXT_INPUTS)


def _past_pairs(nodes: Nodes, link: object) -> object:
    """Follow a link through nodes that take both prompts and give both on, as ControlNet's do."""
    for _ in range(MAX_NODES):
        inputs = nodes.get(next(_target(link), ""), {})
        if "positive" not in inputs or "negative" not in inputs:
            break
        link = inputs["negative" if _items(link)[1] == 1 else "positive"]
    return link


def _loaders(nodes: Nodes, sampler: str) -> dict[str, object]:
    layer = _first(nodes, sampler, ("stop_at_clip_layer",))
    return {
        "Model": _first(nodes, sampler, _MODEL_INPUTS),
        "VAE": _first(nodes, sampler, ("vae_name",)),
        "Clip skip": abs(layer) if isinstance(layer, int) else None,
        "Loras": " ".join(_loras(nodes, sampler)) or None,
    }


def _loras(nodes: Nodes, sampler: str) -> Iterator[str]:
    """Yield LoRAs as the web UI writes them into prompts."""
    for key in _upstream(nodes, [sampler, 0]):
        name, strength = nodes[key].get("lora_name"), nodes[key].get("strength_model", 1)
        if isinstance(name, str) and isinstance(strength, int | float):
            yield f"<lora:{name}:{strength}>"


def _size(nodes: Nodes, sampler: str) -> dict[str, object]:
    for key in _upstream(nodes, nodes[sampler].get("latent_image")):
        width, height = nodes[key].get("width"), nodes[key].get("height")
        if isinstance(width, int) and isinstance(height, int):
            return {"Size": f"{width}x{height}"}
    return {}
