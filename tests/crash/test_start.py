"""A data directory that cannot be written: the real `python -m bot run` says so and ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.bot import ROOT
from tests.patience import PATIENCE_SECONDS

FAILED = 1
MOUNT = (
    'mount -t tmpfs -o "size=$SIZE,nr_inodes=$INODES" tmpfs "$IMAGINE_DATA_DIR" && '
    'if [ -n "$FILLER" ]; then head -c "$FILLER" /dev/zero >"$IMAGINE_DATA_DIR/filler"; fi && '
    'mount -o "remount,$MODE" "$IMAGINE_DATA_DIR" && exec "$@"'
)
"""A file system of its own, in a name space of its own, which ends with the process."""
NAME_SPACE = ("unshare", "--map-root-user", "--mount")


def _can_mount() -> bool:
    if shutil.which(NAME_SPACE[0]) is None:
        return False
    tried = subprocess.run(
        [*NAME_SPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not _can_mount(), reason="needs name spaces to mount a full disk"
)


def start_on(data_dir: Path, *, size: str, filler: str = "", inodes: int = 50, mode: str = "rw"):
    """Run the bot where the data directory is a small file system."""
    data_dir.mkdir()
    environment = {name: v for name, v in os.environ.items() if not name.startswith("IMAGINE_")}
    return subprocess.run(
        [*NAME_SPACE, "sh", "-c", MOUNT, "sh", sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env={
            **environment,
            "IMAGINE_DISCORD_TOKEN": "none",
            "IMAGINE_API_KEY": "none",
            "IMAGINE_API_BASE_URL": "http://127.0.0.1:9/api",
            "IMAGINE_DATA_DIR": str(data_dir),
            "IMAGINE_HTTP_PORT": "0",
            "SIZE": size,
            "FILLER": filler,
            "INODES": str(inodes),
            "MODE": mode,
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@pytest.mark.parametrize(
    ("size", "filler", "inodes"),
    [("8k", "8192", 50), ("16k", "", 50), ("64k", "", 50), ("8M", "", 1)],
    ids=["not a byte left", "room for the lock", "room for half a database", "no file left"],
)
def test_a_full_disk_is_said_in_words(tmp_path: Path, size: str, filler: str, inodes: int):
    ended = start_on(tmp_path / "data", size=size, filler=filler, inodes=inodes)

    assert ended.returncode == FAILED, ended.stderr
    assert "Traceback" not in ended.stderr
    said = ended.stderr.splitlines()[-1].lower()
    assert "full" in said or "no space left" in said, ended.stderr


def test_a_read_only_directory_is_said_in_words(tmp_path: Path):
    ended = start_on(tmp_path / "data", size="8M", mode="ro")

    assert ended.returncode == FAILED, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "IMAGINE_DATA_DIR" in ended.stderr
    assert "read-only" in ended.stderr.lower()
