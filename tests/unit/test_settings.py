"""The operator's settings: read, refused in words, and documented."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StartupError
from bot.settings import EXIT_BAD_SETTINGS, PREFIX, Settings, load_settings, variable_of

ROOT = Path(__file__).parents[2]
DEFAULTS = Settings.model_construct()


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty `.env`, and no setting in the environment."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    path = tmp_path / ".env"
    path.write_text("")
    return path


def problems(env_file: Path) -> list[str]:
    with pytest.raises(StartupError) as refused:
        load_settings(env_file)
    assert refused.value.exit_code == EXIT_BAD_SETTINGS
    heading, *lines = str(refused.value).splitlines()
    assert heading == "The settings need attention:"
    return lines


def test_nothing_has_to_be_set(env_file: Path) -> None:
    settings = load_settings(env_file)
    assert (settings.max_in_flight, settings.user_daily_images) == (5, 100)
    assert settings.database_path == Path("data/imagine.db")
    assert settings.secrets() == []


def test_the_environment_wins_over_the_file(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file.write_text("IMAGINE_MAX_IN_FLIGHT=7\nIMAGINE_HTTP_PORT=1\nSOMETHING_ELSE=x\n")
    monkeypatch.setenv("IMAGINE_HTTP_PORT", "2")
    settings = load_settings(env_file)
    assert (settings.max_in_flight, settings.http_port) == (7, 2)


def test_an_empty_value_means_not_set(env_file: Path) -> None:
    env_file.write_text("IMAGINE_API_KEY=\nIMAGINE_WEBHOOK_BASE_URL=\n")
    settings = load_settings(env_file)
    assert (settings.api_key, settings.webhook_base_url) == (None, None)


def test_every_problem_is_told_at_once_by_the_variables_name(env_file: Path) -> None:
    env_file.write_text(
        "IMAGINE_MAX_IN_FLIGHT=0\nIMAGINE_HTTP_PORT=http\nIMAGINE_LOG_LEVEL=loud\n"
        "IMAGINE_JOB_TIMEOUT_SECONDS=5\nIMAGINE_DEFAULT_MODEL=two words\n"
        "IMAGINE_API_BASE_URL=nowhere\nIMAGINE_TOKEN=x\n"
    )
    lines = problems(env_file)
    named = {re.match(r"  - (IMAGINE_\w+) ", line)[1] for line in lines}  # type: ignore[index]
    assert named == {
        "IMAGINE_MAX_IN_FLIGHT",
        "IMAGINE_HTTP_PORT",
        "IMAGINE_LOG_LEVEL",
        "IMAGINE_JOB_TIMEOUT_SECONDS",
        "IMAGINE_DEFAULT_MODEL",
        "IMAGINE_API_BASE_URL",
        "IMAGINE_TOKEN",
    }


def test_problems_never_quote_a_value(env_file: Path) -> None:
    env_file.write_text("IMAGINE_HTTP_PORT=s3cret-in-the-wrong-place\n")
    assert "s3cret" not in "\n".join(problems(env_file))


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("IMAGINE_DISCORD_TOKN", "IMAGINE_DISCORD_TOKEN"),
        ("IMAGINE_MAX_INFLIGHT", "IMAGINE_MAX_IN_FLIGHT"),
        ("IMAGINE_APIKEY", "IMAGINE_API_KEY"),
        ("imagine_log_levle", "IMAGINE_LOG_LEVEL"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, typo: str, meant: str
) -> None:
    monkeypatch.setenv(typo, "1")
    [line] = problems(env_file)
    assert line == f"  - {typo.upper()} is not a setting; did you mean {meant}?"


def test_there_are_no_low_ceilings(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAX_IN_FLIGHT", "USER_DAILY_IMAGES", "USER_MAX_ACTIVE", "JOB_TIMEOUT_SECONDS"):
        monkeypatch.setenv(PREFIX + name, "100000")
    assert load_settings(env_file).max_in_flight == 100_000


NUMBERS = [name for name, field in Settings.model_fields.items() if field.annotation is int]


@pytest.mark.parametrize("field", NUMBERS)
def test_what_nothing_could_count_is_refused_in_words(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    monkeypatch.setenv(variable_of(field), "9" * 20)
    [line] = problems(env_file)
    assert line.startswith(f"  - {variable_of(field)} should be less than or equal to ")


@pytest.mark.parametrize("field", ["image_retention_days", "guild_grace_days"])
def test_a_thousand_years_are_understood(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    monkeypatch.setenv(variable_of(field), "365000")
    assert timedelta(days=getattr(load_settings(env_file), field))


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://bot.example.org/", True),
        ("https://bot.example.org/below", True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://bot.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("https://", False),
        ("http://[", False),
        ("ftp://bot.example.org", False),
        ("https://bot.example.org/?a=b", False),
        ("https://bot.example.org/#a", False),
    ],
)
def test_webhooks_need_https_except_on_this_machine(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, address: str, taken: bool
) -> None:
    monkeypatch.setenv("IMAGINE_WEBHOOK_BASE_URL", address)
    if taken:
        assert load_settings(env_file).webhook_base_url == address.rstrip("/")
    else:
        [line] = problems(env_file)
        assert line.startswith("  - IMAGINE_WEBHOOK_BASE_URL ")


def test_secrets_do_not_show(env_file: Path) -> None:
    env_file.write_text("IMAGINE_API_KEY=k3y\nIMAGINE_DISCORD_TOKEN=t0ken\n")
    settings = load_settings(env_file)
    assert settings.secrets() == ["t0ken", "k3y"]
    assert "k3y" not in repr(settings)
    assert "t0ken" not in f"{settings}{settings.model_dump()}"


def shown_default(field: str) -> str:
    default = getattr(DEFAULTS, field)
    return "none" if default is None else f"`{default}`"


def test_the_readme_lists_every_setting_with_its_default() -> None:
    row = re.compile(r"^\| `(IMAGINE_\w+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
    rows = row.findall(_text("README.md"))
    assert [name for name, _, _ in rows] == [variable_of(f) for f in Settings.model_fields]
    assert {name: default for name, default, _ in rows} == {
        variable_of(field): shown_default(field) for field in Settings.model_fields
    }


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    lines = dict(re.findall(r"^#?(IMAGINE_\w+)=(.*)$", _text(".env.example"), re.MULTILINE))
    assert set(lines) == {variable_of(field) for field in Settings.model_fields}
    for field in Settings.model_fields:
        default = getattr(DEFAULTS, field)
        assert lines[variable_of(field)] == ("" if default is None else str(default))


def test_the_example_file_loads_as_it_is(env_file: Path) -> None:
    env_file.write_text(_text(".env.example"))
    assert load_settings(env_file) == load_settings(env_file.with_name("no-such-file"))


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
