"""One process a data directory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import StartupError
from bot.storage.lock import LOCK_NAME, data_dir_lock
from tests.integration.storage.child import ROOT


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.storage.holding_process", str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_directory_in_use_is_refused_in_words(tmp_path: Path, holder: subprocess.Popen[str]):
    with (
        pytest.raises(StartupError, match=rf"process {holder.pid}\) already uses") as refused,
        data_dir_lock(tmp_path),
    ):
        pass
    assert refused.value.exit_code == 1


def test_a_killed_process_holds_nothing(tmp_path: Path, holder: subprocess.Popen[str]):
    holder.kill()
    holder.wait()
    with data_dir_lock(tmp_path):
        pass


def test_even_the_same_process_cannot_hold_it_twice(tmp_path: Path):
    with data_dir_lock(tmp_path), pytest.raises(StartupError), data_dir_lock(tmp_path):
        pass
    with data_dir_lock(tmp_path):
        pass


def test_the_directory_is_made_for_this_user_alone(tmp_path: Path):
    directory = tmp_path / "a" / "b"
    with data_dir_lock(directory):
        assert directory.stat().st_mode & 0o077 == 0
        assert (directory / LOCK_NAME).read_text().strip().isdigit()


def test_a_directory_that_cannot_be_made_is_said_in_words(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(StartupError, match="cannot be used: Not a directory"),
        data_dir_lock(tmp_path / "file" / "data"),
    ):
        pass
