"""What `./imagine` runs: makes the environment from the lock files, then runs the command in it.

It belongs to the source tree and needs nothing but Python. The bot never imports it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import rmtree
from typing import IO, NoReturn

TREE = Path(__file__).resolve().parent.parent
LOCKS = TREE / "requirements"
STAMP = "imagine-environment.json"

# Each holds all that those before it hold, in the same versions.
LEVELS = ("runtime", "demo", "dev")
SUPPLY_CHAIN = ("sbom", "licences", "audit")
LEVEL_OF_COMMAND = {
    "demo": "demo",
    **dict.fromkeys(("test", "lint", "bench", "translations", *SUPPLY_CHAIN), "dev"),
}

# They would make pip install somewhere else, or Python import from somewhere else.
UNWANTED = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "BOT_VENV")

LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("pyright",),
    ("lint-imports",),
)


@dataclass(frozen=True)
class Stamp:
    """What an environment holds; kept inside it and written only after a step succeeded."""

    base: (
        str  # the lock files, the place of the tree, the Python: when it differs, all is made anew
    )
    project: str  # pyproject.toml: when it differs, the project alone is installed again
    level: str


class Environment:
    """The virtual environment in a folder, used by one set-up at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "bin"
        self.variables = {k: v for k, v in os.environ.items() if k not in UNWANTED} | {
            "VIRTUAL_ENV": str(folder),
            "PATH": f"{self.programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            "PIP_USER": "0",
        }

    def prepare(self, level: str) -> None:
        """Bring the environment to at least `level`; an interrupted set-up is begun anew."""
        if self.folder.exists() and any(self.folder.iterdir()) and not self._stamp_file.is_file():
            sys.exit(f"imagine: {self.folder} was not made by this script; move it away.")
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._stamp_file.open("a+") as file:
            _lock(file)
            held = self._read(file)
            wanted = Stamp(self._base(), _digest([TREE / "pyproject.toml"]), level)
            if held and held.base == wanted.base:
                self._complete(file, held, wanted)
            else:
                self._make(file, wanted)

    @property
    def _stamp_file(self) -> Path:
        return self.folder / STAMP

    def _make(self, file: IO[str], wanted: Stamp) -> None:
        say(f"setting up {self.folder} for the first time, or anew since something changed")
        _write(file, None)
        for entry in self.folder.iterdir():
            if entry.name != STAMP:
                rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        # Where an environment is active, the interpreter that runs this may just have been removed.
        base_python = getattr(sys, "_base_executable", sys.executable)
        self._run([base_python, "-I", "-m", "venv", str(self.folder)])
        self._install_packages(wanted.level)
        self._install_project()
        _write(file, Stamp(self._base(), wanted.project, wanted.level))

    def _complete(self, file: IO[str], held: Stamp, wanted: Stamp) -> None:
        level = max(held.level, wanted.level, key=LEVELS.index)
        if level == held.level and held.project == wanted.project:
            return
        _write(file, None)
        if level != held.level:
            say(f"adding what {wanted.level} needs to {self.folder}")
            self._install_packages(level)
        self._install_project()
        _write(file, Stamp(held.base, wanted.project, level))

    def _install_packages(self, level: str) -> None:
        locks = [f"--requirement={LOCKS / name}.lock" for name in (level, "build")]
        self._pip("--require-hashes", *locks)

    def _install_project(self) -> None:
        self._pip("--no-deps", "--no-build-isolation", "--editable", str(TREE))

    def _pip(self, *arguments: str) -> None:
        self._run([str(self.programs / "python"), "-I", "-m", "pip", "install", "-q", *arguments])

    def _run(self, command: Sequence[str]) -> None:
        done = subprocess.run(
            command,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            close_fds=False,  # so that the lock is held until pip too has ended
            check=False,
        )
        if done.returncode:
            sys.exit(f"imagine: the set-up failed at: {shlex.join(command)}")

    def _base(self) -> str:
        locks = (LOCKS / f"{name}.lock" for name in (*LEVELS, "build"))
        return _digest(locks, str(TREE), str(self.folder), self._python_version())

    def _python_version(self) -> str:
        show = "import sys; print(sys.version_info[:2])"
        command = [str(self.programs / "python"), "-I", "-c", show]
        try:
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return "none"  # not there, or its base Python is gone

    @staticmethod
    def _read(file: IO[str]) -> Stamp | None:
        file.seek(0)
        try:
            return Stamp(**json.load(file))
        except (ValueError, TypeError):
            return None  # new, or a set-up that did not come to its end


def _lock(file: IO[str]) -> None:
    os.set_inheritable(file.fileno(), True)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("waiting for another set-up of the same environment")
        fcntl.flock(file, fcntl.LOCK_EX)


def _write(file: IO[str], stamp: Stamp | None) -> None:
    file.truncate(0)
    if stamp:
        json.dump(asdict(stamp), file)
    file.flush()


def _digest(files: Iterable[Path], *texts: str) -> str:
    digest = hashlib.sha256("\0".join(texts).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def say(text: str) -> None:
    """Tell the person at the terminal what takes time; standard output is the command's own."""
    print(f"imagine: {text}", file=sys.stderr, flush=True)


def lint(environment: Environment) -> int:
    """Run every linter, also after one that complained; return 1 if any did."""
    failed: list[str] = []
    for linter in LINTERS:
        say(shlex.join(linter))
        program = str(environment.programs / linter[0])
        done = subprocess.run([program, *linter[1:]], env=environment.variables, check=False)
        if done.returncode:
            failed.append(shlex.join(linter))
    say(f"failed: {', '.join(failed)}" if failed else "all linters passed")
    return 1 if failed else 0


def main(arguments: Sequence[str]) -> None:
    """Set up what the command needs, then run it."""
    command = arguments[0] if arguments else "--help"
    environment = Environment(Path(os.environ.get("BOT_VENV") or TREE / ".venv").absolute())
    environment.prepare(LEVEL_OF_COMMAND.get(command, "runtime"))
    if command == "lint":
        os.chdir(TREE)
        sys.exit(lint(environment))
    if command == "test":
        os.chdir(TREE)
        become(environment, "-m", "pytest", *arguments[1:])
    if command == "bench":
        os.chdir(TREE)
        become(environment, "-m", "tests.benchmarks", *arguments[1:])
    if command == "translations":
        become(environment, str(TREE / "tools" / "translations.py"))
    if command in SUPPLY_CHAIN:
        become(environment, str(TREE / "tools" / "supply_chain.py"), command)
    # -P: no other `bot` in the current folder is taken for ours.
    become(environment, "-P", "-m", "bot", *arguments)


def become(environment: Environment, *arguments: str) -> NoReturn:
    """Put the environment's Python in the place of this process, so that signals reach it."""
    python = str(environment.programs / "python")
    os.execve(python, [python, *arguments], environment.variables)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
