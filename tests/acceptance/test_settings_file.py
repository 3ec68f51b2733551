"""Settings as a file: handed out, read back, and refused in words where it makes no sense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from simcord.results import InteractionResult

from bot.domain.guild_settings import Ceilings, Place, Scope, Setting, Tongue
from bot.domain.strictness import SafetyRule, Strictness
from tests.acceptance.settings_office import Office, text_of
from tests.acceptance.stage import Stage, said


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


async def exported(office: Office, answer: InteractionResult | None = None) -> dict[str, Any]:
    if answer is None:
        answer = await office.moderator.slash(office.stage.studio, "settings export")
    message = said(answer)
    assert message.ephemeral
    [attachment] = message.attachments
    return json.loads(await attachment.read())


async def imported(office: Office, data: bytes, *, by: Any = None) -> str:
    actor = by or office.moderator
    channel = office.abroad if actor is office.outsider else office.stage.studio
    answer = await actor.slash(channel, "settings import", file=("settings.json", data))
    message = said(answer)
    assert message.ephemeral
    return text_of(message)


async def decide_much(office: Office) -> None:
    dark = office.channel("after-dark")
    await office.command("safety", level="blur", loosest="off")
    await office.command("safety", level="off", channel=dark)
    await office.command("safety", level="black", role=office.artists)
    await office.command("channels", change="add", channel=dark)
    await office.command("moderators", change="add", role=office.keepers)
    await office.command("ceilings", samples=2)
    await office.command("language", language="pt-BR")
    await office.command("default", option="lora_model", value="contrast-fix,more_details")
    await office.command("rule-add", kind="word", text="dragon „`@everyone`“")


async def test_what_was_exported_is_had_back_by_an_import(office: Office):
    await decide_much(office)
    file = await exported(office)
    guild = office.guild.id
    before = (await office.stage.app.services.guild_settings.of(guild)).stored  # type: ignore[arg-type]
    for setting in ("safety", "channels", "moderators", "ceilings", "language", "defaults"):
        await office.command("clear", setting=setting)
    await office.command("flagged", what="shown")

    report = await imported(office, json.dumps(file).encode())

    after = (await office.stage.app.services.guild_settings.of(guild)).stored  # type: ignore[arg-type]
    assert {key: each.value for key, each in after.items()} == {
        key: each.value for key, each in before.items()
    }
    assert "Settings: 8, prompt rules: 1" in report
    assert await exported(office) == file
    act = (await office.stage.app.stores.audit.page(guild, limit=1))[0]  # type: ignore[arg-type]
    assert act.act == "import"


async def test_the_file_is_readable_and_has_no_secrets(office: Office):
    await decide_much(office)
    file = await exported(office)

    assert file["imagine_settings"] == 1
    assert file["server"] == "Painters' Corner"
    dark = office.channel("after-dark")
    assert file["names"][str(dark.id)] == "#after-dark"
    assert file["names"][str(office.artists.id)] == "@Artists"
    entry = {
        "setting": "safety",
        "scope": "channel",
        "id": str(dark.id),
        "value": {"level": "off", "loosest": "off"},
    }
    assert entry in file["settings"]
    assert file["prompt_rules"] == [{"kind": "word", "text": "dragon „`@everyone`“"}]
    secrets = office.stage.app.settings.secrets()
    assert secrets
    assert not any(each in json.dumps(file) for each in secrets)


async def test_what_was_set_before_an_import_comes_back_as_a_file(office: Office):
    await office.command("safety", level="black")
    answer = await office.moderator.slash(
        office.stage.studio, "settings import", file=("s.json", b'{"imagine_settings": 1}')
    )

    assert await office.value(Setting.SAFETY) is None
    before = await exported(office, answer)
    await imported(office, json.dumps(before).encode())
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLACK)


async def test_the_panel_exports_and_imports(office: Office):
    await decide_much(office)
    panel = await office.panel()
    await panel.press("Moderation")
    file = await exported(office, await panel.press("Export"))
    await office.command("ceilings", samples=1)

    sent = await panel.fill_in("Import", {"file": ("s.json", json.dumps(file).encode())})

    assert "✅ Imported" in text_of(sent.followups[0])
    assert await office.value(Setting.CEILINGS) == Ceilings(samples=2)
    await panel.press("Defaults & limits")
    assert "at most 2 pictures at once" in panel.text.lower()


async def test_another_servers_places_are_left_out_and_named(office: Office):
    await decide_much(office)
    file = json.dumps(await exported(office)).encode()

    report = await imported(office, file, by=office.outsider)

    abroad = office.elsewhere.id
    assert "channel `#after-dark`" in report
    assert "role `@\u200bArtists`" in report
    assert "**Channels**: nothing was left of it, so: in every channel" in report
    assert await office.value(Setting.CEILINGS, guild_id=abroad) == Ceilings(samples=2)
    assert await office.value(Setting.CHANNELS, guild_id=abroad) is None
    dark = Place(Scope.CHANNEL, office.channel("after-dark").id)
    assert await office.value(Setting.SAFETY, dark, guild_id=abroad) is None


async def test_only_manage_server_imports_who_moderates(office: Office):
    await decide_much(office)
    file = await exported(office)
    for entry in file["settings"]:
        if entry["setting"] == "moderators":
            entry["value"] = [str(office.artists.id)]

    report = await imported(office, json.dumps(file).encode(), by=office.keeper)

    assert "only people with Manage Server change that" in report
    assert await office.value(Setting.MODERATORS) == (office.keepers.id,)
    await imported(office, json.dumps(file).encode())
    assert await office.value(Setting.MODERATORS) == (office.artists.id,)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "`file` is not JSON"),
        (b"\x00\xff\xfe", "`file` is not JSON"),
        (b"[" * 100_000, "`file` is not JSON"),
        (b"[]", "is not one that"),
        (b"{}", "has no version"),
        (b'{"imagine_settings": 2}', "has version 2"),
        (b'{"imagine_settings": 1, "@everyone `x`": 1}', "does not belong there"),
        (b'{"imagine_settings": 1, "settings": [{"setting": "saftey", "value": 1}]}', "settings 1"),
        (
            b'{"imagine_settings": 1, "settings": [{"setting": "safety", "value": "x"}]}',
            "settings 1, value",
        ),
        (
            b'{"imagine_settings": 1, "prompt_rules": [{"kind": "magic", "text": "x"}]}',
            "prompt_rules 1, kind",
        ),
        (b" " * 5_000_000, "must be at most 512 KB"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
async def test_nonsense_changes_nothing_and_is_named(office: Office, data: bytes, words: str):
    await office.command("safety", level="black")

    report = await imported(office, data)

    assert "The file was not used, and nothing has changed" in report
    assert words in report
    assert "@everyone" not in report
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLACK)
    assert len(await office.audit()) == 1


async def test_a_file_refused_in_the_panel_leaves_the_panel_and_the_settings_alone(office: Office):
    await office.command("safety", level="black")
    panel = await office.panel()
    await panel.press("Moderation")
    before = panel.text
    sent = await panel.fill_in("Import", {"file": ("s.json", b"{")})

    assert "nothing has changed" in text_of(sent.followups[0])
    assert sent.followups[0].ephemeral
    assert panel.text == before
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLACK)


async def test_hostile_names_in_a_file_are_shown_harmlessly(office: Office):
    file = {
        "imagine_settings": 1,
        "names": {"77": "`@everyone` <@1> \u202e" + "x" * 500},
        "settings": [{"setting": "channels", "value": ["77"]}],
    }
    report = await imported(office, json.dumps(file).encode())
    assert "Left out" in report
    assert "@everyone" not in report
    assert "<@1>" not in report
    assert len(report) < 700


async def test_one_bad_entry_among_good_ones_changes_nothing(office: Office):
    file = {
        "imagine_settings": 1,
        "settings": [
            {"setting": "flagged", "value": "shown"},
            {"setting": "ceilings", "value": {"samples": 99}},
            {"setting": "flagged", "value": "withheld"},
            {"setting": "defaults", "value": {"seed": 1, "`@everyone`": 2}},
            {"setting": "reuse", "scope": "role", "id": "5", "value": "everyone"},
            {"setting": "roles", "value": [10**30]},
        ],
    }
    report = await imported(office, json.dumps(file).encode())

    for words in (
        "settings 2, value",
        "settings 3` is there twice",
        "settings 4, value",
        "settings 5, value",
        "settings 6, value",
    ):
        assert words in report
    assert "@everyone" not in report
    assert await office.value(Setting.FLAGGED) is None


async def test_a_language_that_nobody_here_speaks_is_refused_in_words(office: Office):
    await office.command("language", language="de")
    for value in ("tlh", "Deutsch", "de @everyone", 3, None):
        file = {"imagine_settings": 1, "settings": [{"setting": "language", "value": value}]}
        report = await imported(office, json.dumps(file).encode())
        assert "`settings 1, value` language should be 'en-US', 'de', 'fr', 'es-ES'" in report
        assert "'ru' or 'tr'" in report
        assert "@everyone" not in report
    assert await office.value(Setting.LANGUAGE) is Tongue.GERMAN


async def test_rules_that_cannot_be_change_nothing_either(office: Office):
    file = {
        "imagine_settings": 1,
        "settings": [{"setting": "flagged", "value": "shown"}],
        "prompt_rules": [{"kind": "pattern", "text": "("}],
    }
    assert "is not understood" in await imported(office, json.dumps(file).encode())
    assert await office.value(Setting.FLAGGED) is None


async def test_everyone_in_a_file_is_refused_as_it_is_elsewhere(office: Office):
    everyone = str(office.guild.id)
    file = {
        "imagine_settings": 1,
        "settings": [{"setting": "roles", "value": [everyone]}],
    }
    assert "must not name" in await imported(office, json.dumps(file).encode())
    assert await office.value(Setting.ROLES) is None
