"""The command line: `python -m bot <command>`, also installed as `imagine-bot`."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click

from bot import __version__
from bot.error_reports import report_errors
from bot.errors import ImagineError, StartupError
from bot.log import configure_logging
from bot.settings import Settings, load_settings
from bot.translations import CATALOGUES


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Imagine: a Discord bot that turns words into pictures."""


@cli.command()
@click.option("--prompt", help="Do one /imagine without a browser.")
@click.option("--out", type=click.Path(path_type=Path), help="Where --prompt writes its files.")
@click.option(
    "--channel",
    type=click.Choice(("studio", "general", "after-dark")),
    default="studio",
    show_default=True,
    help="What the page shows; after-dark is age-restricted.",
)
@click.option(
    "--dialect",
    type=click.Choice(("v4", "v6")),
    default="v4",
    show_default=True,
    help="How the image API is spoken to.",
)
@click.option(
    "--locale",
    type=click.Choice(("en-US", *CATALOGUES)),
    default="en-US",
    show_default=True,
    help="The language that everybody has Discord in.",
)
@click.option("--port", default=0, show_default="a free one", help="Port of the page.")
@click.option(
    "--open/--no-open", "open_browser", default=True, help="Open a browser if there is one."
)
def demo(
    prompt: str | None,
    out: Path | None,
    channel: str,
    dialect: str,
    locale: str,
    port: int,
    open_browser: bool,
) -> None:
    """The real bot on a simulated Discord: no token, no key, no network."""
    try:
        from bot.demo import browser, once  # noqa: PLC0415 - an extra that `run` does not need
    except ImportError as error:
        raise StartupError(
            f"The demo needs the package {error.name}: pip install 'imagine-bot[demo]'"
        ) from None
    configure_logging(level="warning")
    if prompt is not None:
        folder = out or Path("demo-output")
        asyncio.run(once.imagine_once(prompt, folder, dialect=dialect, locale=locale))
    else:
        page = browser.serve_page(
            channel=channel,
            port=port,
            open_browser=open_browser,
            dialect=dialect,
            locale=locale,
        )
        asyncio.run(page)


@cli.command()
def run() -> None:
    """Run the bot on Discord."""
    settings = _settings()
    if settings.sentry_dsn is not None:
        report_errors(
            settings.sentry_dsn.get_secret_value(), release=__version__, secrets=settings.secrets()
        )
    from bot.process import run_bot  # noqa: PLC0415 - discord.py is slow to import

    _run(run_bot(settings))


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8090, show_default=True)
@click.option("--seconds", default=6.0, show_default=True, help="How long a picture takes.")
def sandbox(host: str, port: int, seconds: float) -> None:
    """Only the local image API, to try a real Discord bot without a paid key."""
    from bot.sandbox.server import serve  # noqa: PLC0415
    from bot.sandbox.settings import SandboxSettings  # noqa: PLC0415

    configure_logging()
    print(f"Image API on http://{host}:{port}/api (stop with Ctrl-C). Run the bot with:")
    print(f"  IMAGINE_API_BASE_URL=http://{host}:{port}/api IMAGINE_API_KEY=sandbox-key")
    _run(serve(SandboxSettings.for_people(host=host, port=port, draw_seconds=seconds)))


@cli.command()
def check() -> None:
    """Look at everything the bot needs: Discord, the image API, this machine; say what to do."""
    settings = _settings()
    from bot.checkup import check_everything  # noqa: PLC0415

    findings = asyncio.run(check_everything(settings))
    for finding in findings:
        print(finding.line())
    sys.exit(any(finding.is_failure for finding in findings))


@cli.command()
@click.option("--guild", type=int, metavar="ID", help="Only for one server.")
@click.option("--clear", is_flag=True, help="Remove what --guild published there.")
def sync(guild: int | None, clear: bool) -> None:
    """Publish the slash commands; needs the token alone, and no stop of a bot that runs."""
    if clear and guild is None:
        raise click.UsageError("--clear needs --guild: the other commands are the bot's own")
    settings = _settings()
    from bot import publishing  # noqa: PLC0415 - discord.py is slow to import

    published = _run(publishing.publish_commands(settings, guild, clear=clear))
    if guild is None:
        print(f"Published {published} commands everywhere.")
    elif clear:
        print(f"Removed the commands of server {guild}; those published everywhere remain.")
    else:
        print(
            f"Published {published} commands in server {guild}. Beside those published everywhere "
            f"they show twice there, until: sync --guild {guild} --clear"
        )


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of the database to FILE, also while the bot runs."""
    settings = _settings()
    from bot.storage.backup import backup as copy_database  # noqa: PLC0415

    _run(copy_database(settings.database_path, file))
    print(f"Saved {settings.database_path} to {file}.")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in the database's place; the bot must not run."""
    settings = _settings()
    from bot.storage.restore import restore as put_back  # noqa: PLC0415

    done = _run(put_back(file, settings.database_path))
    print(f"Restored {file}; {done.open_jobs} unfinished jobs go on at the next start.")
    if done.set_aside is not None:
        print(f"What was there before is kept as {done.set_aside}.")


def _settings() -> Settings:
    settings = load_settings()
    configure_logging(
        level=settings.log_level, log_format=settings.log_format, secrets=settings.secrets()
    )
    return settings


SWITCH_SECONDS = 0.0001
"""How long the event loop may keep the database's thread from its next statement.

Each SQL statement lets go of the interpreter several times and must get it back; at Python's 5 ms
a transaction that starts amid a burst of commands would wait that long again and again.
"""


YOUNG_OBJECTS = 10_000
"""How many new objects the cycle collector lets come together before it looks at them.

Nearly everything here dies without it. At Python's 700 it looked twenty times during a burst of
commands, and at times at all that was ever imported, 70 ms long: so that is frozen, and it waits.
"""


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end on the fastest event loop there is."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        import uvloop  # noqa: PLC0415 - not on Windows
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


def main() -> None:
    """Run a command; expected errors are one clear message and an exit code, never a traceback."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ImagineError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code if isinstance(error, StartupError) else 1)


if __name__ == "__main__":
    main()
