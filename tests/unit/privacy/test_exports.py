"""An export is whole, in parts that fit, one at a time, and never all in memory."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.ids import JobId, UserId
from bot.domain.inscription import Inscription
from bot.domain.job import Job
from bot.domain.personal import ExportedRows, presented
from bot.domain.personal_ports import PersonalStore
from bot.domain.ports import JobStore, PictureStore
from bot.errors import NotAllowed, StorageError
from bot.privacy.exports import Exports, Fit
from tests.factories.jobs import ALICE, BOB
from tests.fakes.clock import FakeClock
from tests.traces import unpacked

LIMIT = 200_000
README = "What this is."


class Kept:
    """A PersonalStore, a PictureStore and a JobStore without jobs, as exports need them."""

    def __init__(self, rows: Sequence[ExportedRows] = (), pictures: Sequence[int] = ()) -> None:
        """Hold these rows, and pictures of these sizes."""
        self.rows = list(rows)
        self.sizes = list(pictures)
        self.read_so_far = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def rows_of(self, user_id: UserId) -> AsyncGenerator[ExportedRows]:
        await self.gate.wait()
        for page in self.rows:
            yield page
        if self.sizes:
            yield ExportedRows("pictures", [picture_row(n) for n in range(len(self.sizes))])
        del user_id

    async def get(self, _job_id: JobId) -> Job | None:
        return None

    async def read(self, sha256: str) -> bytes:
        size = self.sizes[int(sha256)]
        self.read_so_far += 1
        if size < 0:
            raise StorageError("gone")
        return picture_bytes(int(sha256), size)


def picture_row(number: int) -> dict[str, Any]:
    return {"job_id": number, "position": 0, "sha256": str(number), "media_type": "image/png"}


def picture_bytes(number: int, size: int) -> bytes:
    return bytes([number % 251]) * size


def fit(
    data: bytes, media_type: str, limit: int, inscription: Inscription | None
) -> tuple[bytes, str]:
    assert media_type == "image/png"
    assert inscription is None
    return (data, "png") if len(data) <= limit else (data[: limit // 2], "jpg")


def exports_of(kept: Kept, folder: Path, fit: Fit = fit) -> Exports:
    return Exports(
        store=cast("PersonalStore", kept),
        pictures=cast("PictureStore", kept),
        clock=FakeClock(),
        folder=folder,
        jobs=cast("JobStore", kept),
        fit=fit,
    )


async def parts_of(kept: Kept, folder: Path, limit: int = LIMIT) -> list[bytes]:
    found: list[bytes] = []
    exports = exports_of(kept, folder)
    async for part in exports.parts(ALICE, limit_bytes=limit, readme=README):
        data = part.file.read()
        found.append(data)
        assert part.number == len(found)
        assert len(data) <= limit
        assert not part.is_last or found
    return found


def a_row(number: int, text: str) -> dict[str, Any]:
    return {"id": number, "end_detail": text}


async def test_an_export_of_nothing_explains_itself(tmp_path: Path):
    (part,) = await parts_of(Kept(), tmp_path)
    assert unpacked([part]) == {"README.txt": README.encode()}


rows_strategy = st.lists(st.text(max_size=2000), max_size=60)
sizes_strategy = st.lists(
    st.integers(0, 30_000) | st.just(-1) | st.integers(150_000, 400_000), max_size=12
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=rows_strategy, sizes=sizes_strategy, pages=st.integers(1, 4))
async def test_whatever_there_is_comes_once_in_parts_that_fit(
    tmp_path: Path, texts: list[str], sizes: list[int], pages: int
):
    rows = [a_row(number, text) for number, text in enumerate(texts)]
    each = max(1, math.ceil(len(rows) / pages))
    kept = Kept(
        [ExportedRows("jobs", rows[start : start + each]) for start in range(0, len(rows), each)],
        sizes,
    )

    files = unpacked(await parts_of(kept, tmp_path))

    numbered = sorted(name for name in files if name.startswith("jobs-"))
    exported = [record for name in numbered for record in json.loads(files[name])]
    assert exported == [presented(row) for row in rows]
    records = json.loads(files["pictures-001.json"]) if sizes else []
    for size, record in zip(sizes, records, strict=True):
        number = int(record["job_id"])
        if size < 0:
            assert record["file"] is None
        elif record["file"].endswith("-smaller.jpg"):
            assert size > LIMIT - 1000
            assert files[record["file"]]
        else:
            assert files[record["file"]] == picture_bytes(number, size)


async def test_a_picture_that_cannot_be_made_to_fit_keeps_nothing_else_back(tmp_path: Path):
    exports = exports_of(Kept(pictures=[400_000]), tmp_path, fit=lambda *_: None)
    parts = [each.file.read() async for each in exports.parts(ALICE, limit_bytes=LIMIT, readme="")]
    (record,) = json.loads(unpacked(parts)["pictures-001.json"])
    assert record["file"] is None


async def test_half_a_character_does_not_break_the_file(tmp_path: Path):
    """JSON can name half a surrogate pair, and UTF-8 cannot."""
    kept = Kept([ExportedRows("jobs", [{"id": 1, "output": '["\\ud800 \U0001f3a8"]'}])])
    files = unpacked(await parts_of(kept, tmp_path))
    (record,) = json.loads(files["jobs-001.json"])
    assert record["output"] == ["\ud800 \U0001f3a8"]


async def test_only_as_many_pictures_are_read_as_the_part_being_sent_takes(tmp_path: Path):
    kept = Kept(pictures=[50_000] * 100)
    exports = exports_of(kept, tmp_path)
    parts = exports.parts(ALICE, limit_bytes=LIMIT, readme=README)
    seen = [kept.read_so_far async for _ in parts]
    assert seen[:3] == [4, 7, 10]
    assert list(tmp_path.iterdir()) == []


async def test_a_member_has_one_export_under_way(tmp_path: Path):
    exports = exports_of(Kept(pictures=[150_000] * 3), tmp_path)
    first = exports.parts(ALICE, limit_bytes=LIMIT, readme=README)
    async with contextlib.aclosing(first):
        await anext(first)
        with pytest.raises(NotAllowed, match="made already"):
            await anext(exports.parts(ALICE, limit_bytes=LIMIT, readme=README))
        async with contextlib.aclosing(
            exports.parts(BOB, limit_bytes=LIMIT, readme=README)
        ) as others:
            assert (await anext(others)).number == 1
    again = exports.parts(ALICE, limit_bytes=LIMIT, readme=README)
    async with contextlib.aclosing(again):
        assert (await anext(again)).number == 1


async def test_many_exports_at_once_wait_for_each_other(tmp_path: Path):
    kept = Kept()
    kept.gate.clear()
    exports = exports_of(kept, tmp_path)

    async def whole(user_id: int) -> int:
        return len([p async for p in exports.parts(UserId(user_id), limit_bytes=LIMIT, readme="")])

    tasks = [asyncio.create_task(whole(user_id)) for user_id in range(10)]
    await asyncio.sleep(0)
    kept.gate.set()
    assert await asyncio.gather(*tasks) == [1] * 10


async def test_an_export_broken_off_leaves_no_file_open(tmp_path: Path):
    exports = exports_of(Kept(pictures=[150_000] * 3), tmp_path)
    async with contextlib.aclosing(exports.parts(ALICE, limit_bytes=LIMIT, readme=README)) as parts:
        part = await anext(parts)
    assert part.file.closed
