"""`check`: what each line says, and that only what keeps the bot from its work fails."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.checkup import Finding, State, check_everything, machine
from bot.publishing import publish_commands
from bot.settings import Settings
from bot.storage.database import Database
from bot.webhooks.server import build_http_app, serve_http
from tests.discord_server import (
    BOT_PERMISSIONS,
    GUILD_ID,
    TOKEN,
    DiscordServer,
    Permission,
    answer_with,
)
from tests.discord_server.wiring import discord_py_pointed_at
from tests.discord_server.world import Guild
from tests.ports import free_port


@pytest.fixture
async def discord_server() -> AsyncGenerator[DiscordServer]:
    """A Discord that knows the bot."""
    async with DiscordServer() as server:
        with discord_py_pointed_at(server.address):
            yield server


def settings(tmp_path: Path, **values: Any) -> Settings:
    return Settings(data_dir=tmp_path / "data", _env_file=None, **values)  # pyright: ignore[reportCallIssue]


async def found(configured: Settings) -> Mapping[str, list[Finding]]:
    """Return what `check` finds, by what it is about."""
    by_what: dict[str, list[Finding]] = defaultdict(list)
    for finding in await check_everything(configured):
        assert len(finding.line().splitlines()) == 1
        by_what[finding.what].append(finding)
    return by_what


async def found_on_discord(tmp_path: Path) -> Mapping[str, list[Finding]]:
    return await found(settings(tmp_path, discord_token=TOKEN))


def told(findings: list[Finding]) -> tuple[State, str]:
    [finding] = findings
    return finding.state, finding.words


@pytest.mark.usefixtures("discord_server")
async def test_a_bot_as_it_should_be_is_told_so_in_every_line(tmp_path: Path) -> None:
    await publish_commands(settings(tmp_path, discord_token=TOKEN))
    findings = await found_on_discord(tmp_path)

    about = ("token", "application", "intents", "invite", "servers", "commands", "clock")
    assert {each.state for what in about for each in findings[what]} == {State.OK}
    assert told(findings["servers"])[1] == "the bot is in 1"


async def test_looking_publishes_nothing(tmp_path: Path, discord_server: DiscordServer) -> None:
    await found_on_discord(tmp_path)
    assert await discord_server.commands() == []


async def test_commands_that_discord_has_otherwise_are_named(
    tmp_path: Path, discord_server: DiscordServer
) -> None:
    await publish_commands(settings(tmp_path, discord_token=TOKEN))
    published = discord_server.core.commands[None]
    by_name = {command["name"]: command for command in published}
    by_name["queue"]["description"] = "Something that an earlier version said."
    published.remove(by_name["stats"])
    published.append({"name": "draw", "type": 1, "description": "An earlier version's."})

    state, words = told((await found_on_discord(tmp_path))["commands"])

    assert state is State.LOOK
    assert "draw, queue, stats;" in words
    assert "`sync` publishes them" in words


@pytest.mark.parametrize(
    ("fields", "what", "state", "words"),
    [
        (
            {"interactions_endpoint_url": "https://example.org/interactions"},
            *("application", State.FAIL, "empty that field"),
        ),
        (
            {"bot_require_code_grant": True},
            *("application", State.FAIL, "turn Requires OAuth2 Code Grant off"),
        ),
        ({"bot_public": False}, "application", State.OK, "only its owner may add it"),
        ({"flags": 1 << 19}, "intents", State.LOOK, "Message Content: not needed"),
        ({"flags": 1 << 14}, "intents", State.LOOK, "Server Members: not needed"),
    ],
)
async def test_what_the_developer_portal_says_is_judged(
    tmp_path: Path,
    discord_server: DiscordServer,
    fields: dict[str, Any],
    what: str,
    state: State,
    words: str,
) -> None:
    discord_server.core.world.application.update(fields)
    [finding] = (await found_on_discord(tmp_path))[what]
    assert finding.state is state
    assert words in finding.words


async def test_each_server_that_lacks_a_permission_is_named_with_it(
    tmp_path: Path, discord_server: DiscordServer
) -> None:
    world = discord_server.core.world
    few = BOT_PERMISSIONS & ~Permission.VIEW_CHANNEL & ~Permission.ATTACH_FILES
    world.guilds[GUILD_ID].permissions = few
    for number in range(1, 251):  # more than Discord tells of at once
        world.guilds[number] = Guild(number, f"server {number}")
    world.guilds[240].permissions = Permission.ADMINISTRATOR
    world.guilds[250].permissions = BOT_PERMISSIONS & ~Permission.SEND_MESSAGES_IN_THREADS

    *lacking, count = (await found_on_discord(tmp_path))["servers"]

    assert [each.words.partition(":")[0] for each in lacking] == [
        "lacks Send Messages In Threads in server 250 (250)",
        f"lacks View Channel, Attach Files in Painters ({GUILD_ID})",
    ]
    assert {each.state for each in lacking} == {State.LOOK}
    assert count.words == "the bot is in 251"


@pytest.mark.parametrize(
    ("ahead", "state", "words"),
    [
        (20.0, State.LOOK, "behind Discord's: let the machine keep its time by NTP"),
        (-600.0, State.FAIL, "before Discord's"),
    ],
)
async def test_a_clock_that_is_wrong_is_noticed(
    tmp_path: Path, discord_server: DiscordServer, ahead: float, state: State, words: str
) -> None:
    date = formatdate(time.time() + ahead, usegmt=True)
    answer = answer_with(200, body={"url": "wss://gateway"}, headers={"Date": date})
    await discord_server.inject("GET", "/gateway", answer)
    [clock] = (await found_on_discord(tmp_path))["clock"]
    assert clock.state is state
    assert words in clock.words


def image_api(**answers: Callable[[], web.Response]) -> web.Application:
    """An API that answers the list of models, and what is given by path."""
    app = web.Application()

    async def handle(request: web.Request) -> web.Response:
        return answers.get(request.path.rpartition("/")[2], lambda: web.json_response([]))()

    app.router.add_post("/api/{path:.*}", handle)
    return app


async def found_at_api(tmp_path: Path, app: web.Application) -> Mapping[str, list[Finding]]:
    async with serve_http(app, "127.0.0.1", 0) as port:
        address = f"http://127.0.0.1:{port}/api"
        return await found(settings(tmp_path, api_key="the-key", api_base_url=address))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            {"status": "success", "data": {"balance": 43.6, "currency": "USD"}},
            (State.OK, "43.6 USD left"),
        ),
        (
            {"status": "success", "data": {"balance": 0, "currency": "USD"}},
            (State.FAIL, "0 USD left: every submission will be refused; add credit"),
        ),
        ({"status": "error"}, (State.OK, "this API does not tell; see your account's page")),
        (["nonsense"], (State.OK, "this API does not tell; see your account's page")),
    ],
)
async def test_the_balance_is_shown_where_the_api_tells_it(
    tmp_path: Path, answer: Any, expected: tuple[State, str]
) -> None:
    app = image_api(wallet_balance=lambda: web.json_response(answer))
    findings = await found_at_api(tmp_path, app)
    assert told(findings["balance"]) == expected


async def test_a_base_address_that_redirects_is_named_with_where_it_leads(tmp_path: Path) -> None:
    headers = {"Location": "https://elsewhere.example.org/api"}
    app = image_api(model_list=lambda: web.Response(status=301, headers=headers))
    findings = await found_at_api(tmp_path, app)

    state, words = told(findings["api address"])
    assert state is State.FAIL
    assert words.startswith("IMAGINE_API_BASE_URL: ")
    assert "redirects to https://elsewhere.example.org/api" in words
    assert "key" not in findings


def listening(tmp_path: Path, port: int, public: int | None = None) -> Settings:
    """Settings of a bot that listens on one port and is called on another."""
    return settings(tmp_path, http_port=port, webhook_base_url=f"http://127.0.0.1:{public or port}")


async def test_the_public_address_is_tried_before_the_bot_runs(tmp_path: Path) -> None:
    port = free_port()
    assert told((await found(listening(tmp_path, port)))["webhooks"]) == (
        State.OK,
        f"the image API is told to call http://127.0.0.1:{port}/webhooks/, which leads here",
    )


async def test_the_public_address_is_tried_while_the_bot_runs(tmp_path: Path) -> None:
    receiver: Any = object()  # deliveries are nobody's business here
    app = build_http_app(readiness=lambda: (True, {}), metrics=lambda: b"", receiver=receiver)
    async with serve_http(app, "127.0.0.1", 0) as port:
        state, _ = told((await found(listening(tmp_path, port)))["webhooks"])
    assert state is State.OK


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (web.Response(text="Imagine listens here, says somebody"), "something else answers there"),
        (web.Response(status=404), "something else answers there (404)"),
        (web.Response(status=308, headers={"Location": "/"}), "it redirects"),
        (None, "nobody answers there"),
    ],
)
async def test_a_public_address_that_leads_elsewhere_fails(
    tmp_path: Path, answer: web.Response | None, words: str
) -> None:
    app, port = web.Application(), free_port()

    async def handle(_: web.Request) -> web.Response:
        assert answer is not None
        return answer

    app.router.add_get("/webhooks/", handle)
    async with contextlib.AsyncExitStack() as stack:
        elsewhere = free_port()
        if answer is not None:
            elsewhere = await stack.enter_async_context(serve_http(app, "127.0.0.1", 0))
        [finding] = (await found(listening(tmp_path, port, elsewhere)))["webhooks"]
    assert finding.is_failure
    assert words in finding.words
    assert finding.words.endswith(f"see IMAGINE_WEBHOOK_BASE_URL and the proxy before port {port}")


async def test_no_room_is_a_failure_and_too_little_for_the_pictures_wants_a_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    greedy = settings(tmp_path, image_store_megabytes=10**9)
    state, words = told((await found(greedy))["disk"])
    assert state is State.LOOK
    assert "lower IMAGINE_IMAGE_STORE_MEGABYTES" in words

    monkeypatch.setattr(machine, "LEAST_FREE_BYTES", 10**18)
    state, words = told((await found(greedy))["disk"])
    assert state is State.FAIL
    assert "make room" in words


@pytest.mark.parametrize(
    ("version", "state", "words"),
    [
        (None, State.OK, "is whole, version"),
        (3, State.OK, "the next start takes it from version 3 to"),
        (999, State.FAIL, "was written by a newer version of Imagine"),
    ],
)
async def test_the_database_is_told_with_its_version(
    tmp_path: Path, version: int | None, state: State, words: str
) -> None:
    configured = settings(tmp_path)
    configured.data_dir.mkdir()
    async with Database.open(configured.database_path):
        pass
    if version is not None:
        with contextlib.closing(sqlite3.connect(configured.database_path)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
    [database] = (await found(configured))["database"]
    assert database.state is state
    assert words in database.words


async def test_a_row_that_names_a_missing_one_is_found(tmp_path: Path) -> None:
    configured = settings(tmp_path)
    configured.data_dir.mkdir()
    async with Database.open(configured.database_path):
        pass
    with contextlib.closing(sqlite3.connect(configured.database_path)) as connection:
        connection.execute("INSERT INTO grant_uses (grant_id, job_id, images) VALUES (7, 7, 1)")
        connection.commit()
    [database] = (await found(configured))["database"]
    assert database.is_failure
    assert "names rows that are not there" in database.words


async def test_a_daily_backup_that_stays_away_is_noticed(tmp_path: Path) -> None:
    configured = settings(tmp_path, backup_dir=tmp_path)
    state, words = told((await found(configured))["backups"])
    assert (state, "the first is made" in words) == (State.OK, True)

    newest = tmp_path / "imagine-2026-11-27.db"
    newest.touch()
    state, words = told((await found(configured))["backups"])
    assert (state, words) == (State.OK, f"1 in {tmp_path}, the newest 0 h old")

    days_ago = time.time() - 3 * 86400
    os.utime(newest, (days_ago, days_ago))
    state, words = told((await found(configured))["backups"])
    assert (state, "the newest 72 h old" in words) == (State.LOOK, True)
