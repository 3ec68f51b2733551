"""What the program says and how it ends, run as a process."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.acceptance.programs import run_bot


def test_demo_with_a_prompt_writes_picture_and_conversation_whatever_the_settings(
    tmp_path: Path,
) -> None:
    done = run_bot(
        tmp_path,
        *("demo", "--prompt", "a fox in the snow", "--out", "here"),
        IMAGINE_API_BASE_URL="https://unreachable.invalid/api",
        IMAGINE_MAX_IN_FLIGHT="none",
        IMAGINE_DATA_DIR="elsewhere",
    )

    assert done.returncode == 0, done.stderr
    assert "here" in done.stdout
    (picture,) = (tmp_path / "here").glob("*.png")
    with Image.open(picture) as opened:
        assert opened.size == (512, 512)
    conversation = (tmp_path / "here" / "conversation.md").read_text()
    assert "a fox in the snow" in conversation
    assert picture.name in conversation
    assert "Done" in conversation
    assert "@Mia" in conversation
    assert "<@" not in conversation
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["here"]


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("   ", "say what to draw"),
        ("a" * 2001, "at most 2000 characters"),
        ("a fox [sandbox fault=model_not_found]", "No picture came: model_not_found"),
    ],
)
def test_demo_of_a_prompt_that_does_not_work_says_why(
    tmp_path: Path, prompt: str, words: str
) -> None:
    done = run_bot(tmp_path, "demo", "--prompt", prompt, "--out", "here")

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "check", "sync"])
def test_every_bad_setting_is_named_in_one_list_without_a_traceback(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / ".env").write_text("IMAGINE_HTTP_PORT=99999\nOTHER=1\nIMAGINE_LOG_LEVEL=loud\n")

    done = run_bot(
        tmp_path,
        command,
        IMAGINE_MAX_IN_FLIGHT="0",
        IMAGINE_API_BASE_URL="ftp://x",
        IMAGINE_WEBHOOK_BASE_URL="http://bot.example.org",
        IMAGINE_DATADIR="x",
        IMAGINE_DISCORD_TOKEN="a-secret-token",
    )

    assert done.returncode == 2
    for variable in (
        "IMAGINE_HTTP_PORT",
        "IMAGINE_LOG_LEVEL",
        "IMAGINE_MAX_IN_FLIGHT",
        "IMAGINE_API_BASE_URL",
        "IMAGINE_WEBHOOK_BASE_URL",
    ):
        assert variable in done.stderr
    assert "IMAGINE_DATADIR is not a setting; did you mean IMAGINE_DATA_DIR?" in done.stderr
    assert "OTHER" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "a-secret-token" not in done.stderr + done.stdout


def test_run_without_a_token_names_the_variable_and_mentions_the_demo(tmp_path: Path) -> None:
    done = run_bot(tmp_path, "run")

    assert done.returncode == 2
    assert "IMAGINE_DISCORD_TOKEN" in done.stderr
    assert "IMAGINE_API_KEY" in done.stderr
    assert "python -m bot demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_with_only_the_key_missing_names_only_the_key(tmp_path: Path) -> None:
    done = run_bot(tmp_path, "run", IMAGINE_DISCORD_TOKEN="x")

    assert done.returncode == 2
    assert "IMAGINE_API_KEY" in done.stderr
    assert "IMAGINE_DISCORD_TOKEN" not in done.stderr


def test_an_unknown_command_is_refused_in_words(tmp_path: Path) -> None:
    done = run_bot(tmp_path, "imagine")

    assert done.returncode == 2
    assert "No such command" in done.stderr
    assert "Traceback" not in done.stderr
