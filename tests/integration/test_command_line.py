"""The command line: help for each command, `check` in one line each, errors without tracebacks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from click.testing import CliRunner

import bot.__main__ as command_line
from bot.checkup import State, check_everything
from bot.errors import StartupError
from bot.sandbox import SandboxServer, SandboxSettings
from bot.settings import PREFIX, Settings
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
COMMANDS = ("demo", "run", "sandbox", "check", "sync", "backup", "restore")


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting, no `.env`, and no logging configured for the tests that come after."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command_line, "configure_logging", lambda **_: None)


def run(*arguments: str) -> tuple[int, str, str]:
    """Run a command as a person would."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(command_line.cli, [command, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: cli {command}")
    assert len(result.output.splitlines()) > 4


def test_the_help_lists_every_command_and_no_other() -> None:
    assert set(command_line.cli.commands) == set(COMMANDS)
    result = CliRunner().invoke(command_line.cli, ["--help"])
    for command in COMMANDS:
        assert f"\n  {command} " in result.output


def test_running_without_a_token_says_what_is_missing_and_what_works_without() -> None:
    code, out, err = run("run")
    assert (code, out) == (2, "")
    assert "IMAGINE_DISCORD_TOKEN and IMAGINE_API_KEY" in err
    assert "python -m bot demo" in err


def test_bad_settings_are_one_readable_list() -> None:
    Path(".env").write_text("IMAGINE_MAX_IN_FLIGHT=many\nIMAGINE_TOKEN=abc\n")
    code, out, err = run("check")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 3


def test_an_unknown_command_is_answered_with_a_hint() -> None:
    code, _, err = run("runn")
    assert code == 2
    assert "No such command 'runn'" in err


def test_check_prints_one_line_each_and_fails_when_something_is_wrong() -> None:
    code, out, _ = run("check")
    lines = out.splitlines()
    assert code == 1
    assert len(lines) == len(Settings.model_fields) + 6
    assert all(line.startswith(("ok    ", "look  ", "FAIL  ")) for line in lines)
    assert [line.split()[1] for line in lines if line.startswith("FAIL")] == ["token", "key"]


@pytest.mark.parametrize(
    ("arguments", "asked", "words"),
    [
        ([], (None, False), "Published 3 commands everywhere."),
        (["--guild", "5"], (5, False), "twice there, until: sync --guild 5 --clear"),
        (["--guild", "5", "--clear"], (5, True), "Removed the commands of server 5"),
    ],
)
def test_sync_says_what_it_did_and_how_to_undo_it(
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    asked: tuple[int | None, bool],
    words: str,
) -> None:
    seen: list[tuple[int | None, bool]] = []

    async def publish(_: Settings, guild_id: int | None, *, clear: bool) -> int:
        seen.append((guild_id, clear))
        return 3

    monkeypatch.setattr("bot.publishing.publish_commands", publish)
    result = CliRunner().invoke(command_line.cli, ["sync", *arguments])
    assert seen == [asked]
    assert words in result.output


def test_only_a_server_can_be_cleared() -> None:
    result = CliRunner().invoke(command_line.cli, ["sync", "--clear"])
    assert result.exit_code == 2
    assert "--clear needs --guild" in result.output


def test_a_backup_of_nothing_is_refused_in_words(tmp_path: Path) -> None:
    code, _, err = run("backup", str(tmp_path / "copy.db"))
    assert code == 1
    assert err.strip()


def settings(tmp_path: Path, **values: Any) -> Settings:
    return Settings(data_dir=tmp_path / "data", _env_file=None, **values)  # pyright: ignore[reportCallIssue]


@pytest.fixture
async def findings(tmp_path: Path) -> dict[str, tuple[State, str]]:
    """What `check` finds with a key that the sandbox knows."""
    async with SandboxServer(SandboxSettings(cheap_pictures=True)) as api:
        found = await check_everything(
            settings(tmp_path, api_key="sandbox-key", api_base_url=api.base_url)
        )
    return {each.what: (each.state, each.line()) for each in found}


def test_a_key_that_the_api_takes_is_found_well(findings: dict[str, tuple[State, str]]) -> None:
    state, line = findings["key"]
    assert state is State.OK
    assert "the image API answers; it lists" in line


def test_one_failing_check_does_not_keep_the_others_from_being_made(
    findings: dict[str, tuple[State, str]],
) -> None:
    states = {what: state for what, (state, _) in findings.items()}
    assert states.pop("disk") is not State.FAIL
    assert states == {
        "setting": State.OK,
        "token": State.FAIL,
        "api address": State.OK,
        "key": State.OK,
        "balance": State.OK,
        "database": State.OK,
        "backups": State.LOOK,
        "webhooks": State.OK,
    }


def test_the_key_is_not_printed(findings: dict[str, tuple[State, str]]) -> None:
    assert not any("sandbox-key" in line for _, line in findings.values())


async def test_a_key_that_the_api_refuses_is_found_wrong(tmp_path: Path) -> None:
    async with SandboxServer(SandboxSettings(cheap_pictures=True)) as api:
        found = await check_everything(
            settings(tmp_path, api_key="another-key", api_base_url=api.base_url)
        )
    [key] = [each for each in found if each.what == "key"]
    assert key.is_failure


def answered(status: int) -> discord.HTTPException:
    response = cast("Any", SimpleNamespace(status=status, reason="Whatever"))
    return discord.HTTPException(response, {"code": 0, "message": "no"})


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (discord.LoginFailure("no"), "Discord does not accept IMAGINE_DISCORD_TOKEN"),
        (OSError(111, "Connection refused"), "Discord cannot be reached: Connection refused"),
        (answered(503), "Discord cannot be reached: it answered 503"),
        (answered(429), "Discord cannot be reached: it answered 429"),
    ],
)
async def test_a_token_that_cannot_be_checked_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    async def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(discord.Client, "login", fail)
    found = await check_everything(settings(tmp_path, discord_token="t"))
    [token] = [each for each in found if each.what == "token"]
    assert token.is_failure
    assert words in token.line()


async def test_a_damaged_database_is_found_wrong(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "imagine.db").write_bytes(b"this is no database" * 500)
    found = await check_everything(settings(tmp_path))
    [database] = [each for each in found if each.what == "database"]
    assert database.is_failure
    assert len(database.line().splitlines()) == 1


@pytest.fixture
def raising(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Let the command line's work raise."""

    def prepare(error: BaseException) -> None:
        def fail(**_: Any) -> None:
            raise error

        monkeypatch.setattr(command_line, "cli", fail)

    return prepare


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (StartupError("no disk", exit_code=7), 7, "no disk\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_expected_errors_are_a_message_and_an_exit_code(
    raising: Callable[[BaseException], None],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    words: str,
) -> None:
    raising(error)
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert (ended.value.code, capsys.readouterr().err) == (code, words)
