"""The operator's settings, from the environment or `.env`, all with the prefix `IMAGINE_`.

Read only by the command line and the composition root, which hand on what each part needs.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.costs import Costs
from bot.domain.strictness import Strictness
from bot.errors import StartupError

PREFIX = "IMAGINE_"
EXIT_BAD_SETTINGS = 2

MOST = 1_000_000_000
"""More of anything cannot be meant, and neither the database nor the calendar could count it."""

Count = Annotated[int, Field(ge=1, le=MOST)]
Days = Annotated[int, Field(ge=1, le=1_000_000)]
Surcharge = Annotated[int, Field(ge=0, le=MOST)]


class Settings(BaseSettings):
    """Every setting, its default and its lower bound; there are no low ceilings."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    discord_token: SecretStr | None = None
    api_key: SecretStr | None = None
    api_base_url: str = "https://stablediffusionapi.com/api"
    api_dialect: Literal["v4", "v6"] = "v4"
    data_dir: Path = Path("data")
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    webhook_base_url: str | None = None
    max_in_flight: Count = 5
    user_daily_images: Count = 100
    user_max_active: Count = 5
    cost_upscale: Surcharge = 0
    cost_panorama: Surcharge = 0
    cost_highres: Surcharge = 0
    default_model: Annotated[str, Field(pattern=r"^[^\s,]{1,100}$")] = "midjourney"
    job_timeout_seconds: Annotated[int, Field(ge=30, le=MOST)] = 1200
    safety_floor: Strictness = Strictness.OFF
    dm_safety_floor: Strictness = Strictness.BLUR
    image_retention_days: Days = 30
    image_store_megabytes: Annotated[int, Field(ge=10, le=MOST)] = 5000
    guild_grace_days: Days = 30
    backup_dir: Path | None = None
    backup_keep: Count = 7
    shard_count: Count = 1
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "pretty", "json"] = "auto"
    sentry_dsn: SecretStr | None = None

    @field_validator("api_base_url", "webhook_base_url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be a web address such as https://bot.example.org")
        if parts.query or parts.fragment:
            raise ValueError("must be an address without ? and #")
        return value.rstrip("/")

    @field_validator("webhook_base_url")
    @classmethod
    def _is_safe_for_secrets(cls, value: str | None) -> str | None:
        if value and urlsplit(value).scheme == "http" and not is_loopback(urlsplit(value).hostname):
            raise ValueError("must begin with https:// (http:// is allowed on this machine only)")
        return value

    @property
    def database_path(self) -> Path:
        """Where the database file lies."""
        return self.data_dir / "imagine.db"

    @property
    def costs(self) -> Costs:
        """What options cost besides the images they are for."""
        return Costs(
            upscale=self.cost_upscale,
            panorama=self.cost_panorama,
            highres=self.cost_highres,
        )

    def secrets(self) -> list[str]:
        """Return the values that must never be written out."""
        secrets = (self.discord_token, self.api_key, self.sentry_dsn)
        return [s.get_secret_value() for s in secrets if s]


def is_loopback(host: str | None) -> bool:
    """Tell whether a host name means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def variable_of(field: str) -> str:
    """Return the environment variable that sets a field."""
    return PREFIX + field.upper()


def load_settings(env_file: Path = Path(".env")) -> Settings:
    """Read the settings from the environment, and from `env_file` where that says nothing.

    Raises:
        StartupError: naming every problem at once, each with the variable and what to change.
    """
    names = [*os.environ, *(dotenv_values(env_file) if env_file.is_file() else ())]
    problems = list(_unknown_names(names))
    try:
        settings = Settings(_env_file=env_file)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        problems += [_problem(e["loc"], e["msg"]) for e in error.errors(include_input=False)]
        settings = None
    if problems or settings is None:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise StartupError(f"The settings need attention:\n{lines}", exit_code=EXIT_BAD_SETTINGS)
    return settings


def _unknown_names(names: Iterable[str]) -> Iterable[str]:
    known = [variable_of(field) for field in Settings.model_fields]
    for name in dict.fromkeys(n.upper() for n in names if n.upper().startswith(PREFIX)):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)
            yield f"{name} is not a setting; did you mean {near[0]}?"


def _problem(location: tuple[int | str, ...], message: str) -> str:
    text = message.removeprefix("Value error, ").replace("Input should", "should")
    return f"{variable_of(str(location[0]))} {text}"
