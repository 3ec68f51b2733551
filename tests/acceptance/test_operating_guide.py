"""docs/operating.md, command by command, as an operator would run it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from bot.sandbox import SandboxServer, SandboxSettings
from bot.settings import Settings, variable_of
from bot.webhooks.addresses import PATH as WEBHOOK_PATH
from bot.webhooks.picture_addresses import PATH as PICTURE_PATH
from bot.webhooks.server import GREETING_PATH
from tests.discord_server import ADDRESS_VARIABLE, TOKEN, spawned_discord
from tests.guide import GUIDE, KINDS, ROOT, blocks, text_of
from tests.patience import PATIENCE_SECONDS
from tests.ports import free_port

DEPLOY = ROOT / "docs" / "deploy"
PROGRAM = f'#!/bin/sh\nexec "{sys.executable}" -m tests.discord_server.wiring bot "$@"\n'
STAND_IN = '#!/bin/sh\necho "$(basename "$0") $*" >>"$CALLS"\n'


class Operator:
    """Somebody at a shell, with the bot's program on the path."""

    def __init__(self, home: Path, variables: dict[str, str]) -> None:
        self.home = home
        programs = home / "programs"
        programs.mkdir()
        write_program(programs / "imagine-bot", PROGRAM)
        kept = {name: text for name, text in os.environ.items() if not name.startswith("IMAGINE_")}
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        self.variables = {**kept, "PATH": path, "PYTHONPATH": str(ROOT), **variables}

    async def run(self, text: str, folder: Path | None = None) -> str:
        """Run commands; every one must succeed."""
        text = text.replace("127.0.0.1:8080", f"127.0.0.1:{self.variables['IMAGINE_HTTP_PORT']}")
        done = await asyncio.to_thread(
            subprocess.run,
            ["sh", "-eux", "-c", text],
            cwd=folder or self.home,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @asynccontextmanager
    async def running(self, text: str) -> AsyncGenerator[None]:
        """Have the bot run, and stop it as an operator does."""
        process = await asyncio.create_subprocess_exec(
            *("sh", "-eu", "-c", f"exec {text}"), cwd=self.home, env=self.variables
        )
        try:
            await self._until_ready()
            yield
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _until_ready(self) -> None:
        address = f"http://127.0.0.1:{self.variables['IMAGINE_HTTP_PORT']}/readyz"
        async with ClientSession() as http, asyncio.timeout(PATIENCE_SECONDS):
            while True:
                with suppress(ClientError):  # nobody listens there yet
                    async with http.get(address) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.1)


def named_in(file: Path) -> set[str]:
    """Return the metrics that a document names, as their families are called."""
    names = re.findall(r"\bimagine_[a-z_]+\b", file.read_text())
    return {re.sub("_(bucket|count|sum)$", "", name) for name in names}


def write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
async def operator(tmp_path: Path) -> AsyncGenerator[Operator]:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(spawned_discord())
        api = await stack.enter_async_context(SandboxServer(SandboxSettings(cheap_pictures=True)))
        home = tmp_path / "imagine"
        home.mkdir()
        shutil.copy(ROOT / ".env.example", home)
        yield Operator(
            home,
            {
                ADDRESS_VARIABLE: discord.address,
                "IMAGINE_DISCORD_TOKEN": TOKEN,
                "IMAGINE_API_KEY": "sandbox-key",
                "IMAGINE_API_BASE_URL": api.base_url,
                "IMAGINE_HTTP_PORT": str(free_port()),
            },
        )


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide's commands need curl")
async def test_the_commands_work_in_their_order(operator: Operator) -> None:
    in_order = [block for block in blocks() if block.kind in {"run", "start", "stopped", "moved"}]
    [start] = [number for number, block in enumerate(in_order) if block.kind == "start"]
    later = in_order[start + 1 :]

    checked = ""
    for block in in_order[:start]:
        checked += await operator.run(block.text)
    assert "add it to a server: https://discord.com/oauth2/authorize?" in checked
    async with operator.running(in_order[start].text):
        shown = [await operator.run(block.text) for block in later if block.kind == "run"]
    assert "Published" in shown[0]
    assert '"discord": "connected"' in shown[1]
    measured = re.findall("^# TYPE (imagine_\\w+)", shown[1], re.MULTILINE)
    assert named_in(GUIDE) | named_in(DEPLOY / "grafana.json") <= set(measured)
    stopped = [await operator.run(block.text) for block in later if block.kind == "stopped"]
    assert "What was there before is kept as" in stopped[0]

    elsewhere = operator.home.parent / "another host"
    elsewhere.mkdir()
    shutil.copy(operator.home / "imagine.tar.gz", elsewhere)
    assert "is whole, version" in await operator.run(text_of("moved"), elsewhere)


def test_the_unit_is_installed_by_commands_that_name_it(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for folder in ("etc/systemd/system", "programs"):
        (root / folder).mkdir(parents=True)
    for name in ("systemctl", "journalctl"):
        write_program(root / "programs" / name, STAND_IN)
    (tmp_path / ".env").write_text("IMAGINE_LOG_LEVEL=info\n")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    done = subprocess.run(
        ["sh", "-eu", "-c", text_of("systemd").replace(" /etc/", f" {root}/etc/")],
        cwd=tmp_path,
        env={"PATH": f"{root}/programs:{os.environ['PATH']}", "CALLS": str(root / "calls")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (root / "etc/imagine.env").stat().st_mode & 0o777 == 0o600
    assert (root / "etc/systemd/system/imagine.service").is_file()
    assert (root / "calls").read_text().splitlines() == [
        "systemctl daemon-reload",
        "systemctl enable --now imagine",
        "journalctl --unit imagine --lines 20 --no-pager",
    ]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    program = tmp_path / "imagine-bot"
    write_program(program, "#!/bin/sh\n")
    unit = (DEPLOY / "imagine.service").read_text()
    (tmp_path / "imagine.service").write_text(
        unit.replace("/opt/imagine/bin/imagine-bot", str(program))
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "imagine.service"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_says_how_it_is_run() -> None:
    assert {(block.language, block.kind) for block in blocks()} == {("sh", kind) for kind in KINDS}
    ci = (ROOT / ".ci" / "run").read_text()
    assert {"install", "docker"} <= set(re.findall(r"tests\.guide (\w+)", ci))


def test_what_the_guide_leads_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)", GUIDE.read_text()):
        assert (GUIDE.parent / target).exists(), target


def test_the_proxy_lets_through_what_must_be_public_and_nothing_else() -> None:
    [public] = re.findall(r"@public path (.*)", (DEPLOY / "Caddyfile").read_text())
    served = (WEBHOOK_PATH, GREETING_PATH, PICTURE_PATH)
    assert set(public.split()) == {f"/{path.split('/')[1]}/*" for path in served}


def test_the_files_name_the_programs_own_settings() -> None:
    known = {variable_of(field) for field in Settings.model_fields} | {"IMAGINE_HOST"}
    for file in ("compose.yaml", "imagine.service"):
        named = re.findall(r"\bIMAGINE_[A-Z_]+\b", (DEPLOY / file).read_text())
        assert set(named) <= known
