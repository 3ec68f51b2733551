"""Texts in picture files: found as other programs write them, and no hostile file does harm."""

from __future__ import annotations

import io
import json
import random
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from bot.domain.inscription import Inscription
from bot.picture_metadata import inscribe, texts_in
from bot.picture_metadata.keys import MAX_TEXT_BYTES
from tests.factories.foreign import (
    GRAPH,
    INFOTEXT,
    WORKFLOW,
    a_picture,
    comfy_png,
    comfy_webp,
    png_with,
    with_comment,
)
from tests.unit.picture_metadata.chunks import png_chunk as chunk

SIGNATURE = b"\x89PNG\r\n\x1a\n"
OTHERS = "ein Fuchs, лиса, 狐, 🦊\nSteps: 20"


def plain(form: str) -> bytes:
    buffer = io.BytesIO()
    a_picture().save(buffer, form)
    return buffer.getvalue()


@pytest.mark.parametrize("text", [INFOTEXT, OTHERS, "é"])
@pytest.mark.parametrize("packed", [False, True])
def test_every_kind_of_text_chunk_is_read(text: str, packed: bool):
    assert texts_in(png_with(parameters=text, packed=packed)) == {"parameters": text}


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + OTHERS.encode("utf-16-be"),
        b"UNICODE\0" + OTHERS.encode("utf-16-le"),
        b"UNICODE\0" + OTHERS.encode("utf-16"),
        b"ASCII\0\0\0" + OTHERS.encode(),
        b"\0" * 8 + OTHERS.encode(),
        OTHERS.encode(),
    ],
    ids=["big-endian", "little-endian", "marked", "ascii", "undefined", "bare"],
)
def test_a_comment_is_read_however_it_is_encoded(form: str, comment: bytes):
    assert texts_in(with_comment(comment, form)) == {"parameters": OTHERS}


@pytest.mark.parametrize("write", [comfy_png, comfy_webp])
def test_a_graph_is_read_where_comfyui_writes_it(write: Callable[[], bytes]):
    texts = texts_in(write())
    assert json.loads(texts["prompt"]) == GRAPH
    assert json.loads(texts["workflow"]) == WORKFLOW


def test_keys_that_tell_nothing_are_left_alone():
    assert texts_in(png_with(Software="a program", Comment="hello")) == {}


@given(prompt=st.text(max_size=500), record=st.text(max_size=500))
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_what_is_written_is_read_again(form: str, prompt: str, record: str):
    wanted = {"parameters": f"{prompt}\nSteps: 20", "imagine": f"{{{record}}}"}
    data = inscribe(plain(form), Inscription(*wanted.values()))
    picture = Image.open(io.BytesIO(data))
    assert texts_in(data) == wanted
    assert not isinstance(picture, PngImageFile) or picture.text == wanted


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_the_picture_itself_stays_as_it_was(form: str):
    before = plain(form)
    after = inscribe(before, Inscription(INFOTEXT, "{}"))
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(before)).tobytes()
    assert inscribe(after, None) == before


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_texts_take_the_place_of_earlier_ones(form: str):
    first = inscribe(plain(form), Inscription("first " * 100, "1" * 10))
    second = inscribe(first, Inscription("second", "2" * 10))
    assert texts_in(second) == {"parameters": "second", "imagine": "2" * 10}
    assert b"first" not in second
    assert "first".encode("utf-16-be") not in second


def test_what_the_api_wrote_of_itself_does_not_travel():
    theirs = png_with(parameters="theirs", prompt='{"server": "gpu-7"}', Software="gpu-7")
    ours = inscribe(theirs, Inscription("ours", "{}"))
    assert texts_in(ours) == {"parameters": "ours", "imagine": "{}"}
    assert b"gpu-7" not in ours


def test_more_than_a_jpeg_can_hold_is_left_out():
    data = plain("JPEG")
    assert inscribe(data, Inscription("x" * 40_000, "{}")) == data


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_a_text_that_unpacks_to_gigabytes_is_not_unpacked(kind: bytes):
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(b"x" * 1_000_000) for _ in range(200)) + packer.flush()
    head = b"parameters\0" + (b"\0" if kind == b"zTXt" else b"\1\0\0\0")
    data = SIGNATURE + chunk(b"IHDR", bytes(13)) + chunk(kind, head + bomb) + chunk(b"IEND", b"")
    assert texts_in(data) == {}


def test_after_a_broken_text_no_other_of_its_key_is_unpacked():
    good = zlib.compress(b"x" * 100)
    bombs = chunk(b"zTXt", b"parameters\0\0broken") + chunk(b"zTXt", b"parameters\0\0" + good)
    data = SIGNATURE + chunk(b"IHDR", bytes(13)) + bombs + chunk(b"IEND", b"")
    assert texts_in(data) == {}


def test_a_text_larger_than_anybody_needs_is_not_read():
    assert texts_in(png_with(parameters="x" * (MAX_TEXT_BYTES + 1))) == {}


WHOLE = [
    png_with(parameters=INFOTEXT, packed=True),
    png_with(parameters=OTHERS),
    comfy_png(),
    comfy_webp(),
    with_comment(b"UNICODE\0" + INFOTEXT.encode("utf-16-be")),
    inscribe(plain("JPEG"), Inscription(INFOTEXT, "{}")),
]


@given(whole=st.sampled_from(WHOLE), share=st.floats(0, 1))
def test_a_file_that_is_cut_off_anywhere_breaks_nothing(whole: bytes, share: float):
    part = whole[: int(len(whole) * share)]
    texts_in(part)
    inscribe(part, Inscription("x", "y"))


@given(whole=st.sampled_from(WHOLE), seed=st.integers(0, 2**32), times=st.integers(1, 40))
def test_a_file_damaged_anywhere_breaks_nothing(whole: bytes, seed: int, times: int):
    chance = random.Random(seed)
    damaged = bytearray(whole)
    for _ in range(times):
        damaged[chance.randrange(min(600, len(damaged)))] = chance.randrange(256)
    texts_in(bytes(damaged))
    inscribe(bytes(damaged), Inscription("x", "y"))


@given(st.binary(max_size=300), st.sampled_from([b"", SIGNATURE, b"\xff\xd8\xff", b"RIFFxxxxWEBP"]))
def test_what_is_no_picture_has_no_texts(data: bytes, beginning: bytes):
    texts_in(beginning + data)
    assert texts_in(b"GIF89a" + data) == {}


def test_a_million_empty_chunks_are_not_all_looked_at():
    data = SIGNATURE + chunk(b"IHDR", bytes(13)) + chunk(b"abCd", b"") * 800_000
    late = data + chunk(b"tEXt", b"parameters\0late") + chunk(b"IEND", b"")
    assert texts_in(late) == {}
