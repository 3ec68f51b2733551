"""The panel: every control does one thing, says what holds now, and forgets nothing."""

from __future__ import annotations

from typing import Any

import discord
import pytest

from bot.domain.guild_settings import (
    AllowList,
    Audience,
    Ceilings,
    Flagged,
    Place,
    Scope,
    Setting,
    Tongue,
)
from bot.domain.strictness import SafetyRule, Strictness
from tests.acceptance.settings_office import Office, send
from tests.acceptance.stage import Stage, said


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


async def test_the_first_page_says_what_holds_and_why(office: Office):
    panel = await office.panel()

    assert "Unsafe pictures are **hidden behind a text**; members may not loosen" in panel.text
    assert "The usual: nobody has set this" in panel.text
    assert panel.chosen("level") == ["unset"]
    assert panel.select_of("loosest")["disabled"]


async def test_a_rule_is_set_loosened_and_taken_away_again(office: Office):
    panel = await office.panel()

    await panel.choose("level", "blur")
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLUR)
    assert panel.chosen("loosest") == ["blur"]
    assert f"set by <@{office.moderator.id}> <t:" in panel.text

    await panel.choose("loosest", "off")
    assert await office.value(Setting.SAFETY) == SafetyRule(
        level=Strictness.BLUR, loosest=Strictness.OFF
    )
    assert "Off holds in age-restricted channels only" in panel.notice

    await panel.choose("level", "black")
    assert (await office.value(Setting.SAFETY)).loosest is Strictness.OFF

    await panel.choose("level", "unset")
    assert await office.value(Setting.SAFETY) is None


async def test_a_channels_rule_that_the_servers_rule_overrules_is_said_at_once(office: Office):
    dark = office.channel("after-dark")
    panel = await office.panel()
    await panel.choose("level", "blur")
    await panel.choose("go_channel", dark)
    await panel.choose("level", "off")

    expected = (
        f"The rule of <#{dark.id}> asks for **Off**. "
        "But the server's rule only lets it go down to **Blur**"
    )
    assert expected in panel.notice
    assert expected in panel.text
    here = Place(Scope.CHANNEL, dark.id)
    assert await office.value(Setting.SAFETY, here) == SafetyRule.locked(Strictness.OFF)

    await panel.press("Back to the whole server")
    assert "Looser than the rules above it allow" in panel.text


async def test_a_role_has_a_rule_of_its_own_but_everyone_has_not(office: Office):
    panel = await office.panel()
    await panel.choose("go_role", office.artists)
    await panel.choose("level", "black")

    at_role = Place(Scope.ROLE, office.artists.id)
    assert await office.value(Setting.SAFETY, at_role) == SafetyRule.locked(Strictness.BLACK)

    await panel.choose("go_role", office.guild.default_role)
    await panel.choose("level", "off")
    assert "set it for the whole server instead" in panel.notice
    assert await office.value(Setting.SAFETY, Place(Scope.ROLE, office.guild.id)) is None


async def test_flagged_pictures_progress_and_reuse_are_chosen_for_a_channel(office: Office):
    studio = office.stage.studio
    here = Place(Scope.CHANNEL, studio.id)
    panel = await office.panel()
    await panel.choose("go_channel", studio)
    await panel.choose("flagged", "withheld")
    await panel.press("Defaults & limits")
    await panel.choose("go_channel", studio)
    await panel.choose("progress", "requester")
    await panel.choose("reuse", "requester")

    assert await office.value(Setting.FLAGGED, here) is Flagged.WITHHELD
    assert await office.value(Setting.PROGRESS, here) is Audience.REQUESTER
    assert await office.value(Setting.REUSE, here) is Audience.REQUESTER
    await panel.choose("reuse", "unset")
    assert await office.value(Setting.REUSE, here) is None


async def test_channels_roles_and_moderators_are_chosen_from_lists(office: Office):
    panel = await office.panel()
    await panel.press("Where & who")
    studio, general = office.channel("studio"), office.channel("general")
    await panel.choose("channels", studio, general)
    await panel.choose("roles", office.artists)
    await panel.choose("moderators", office.keepers)

    assert await office.value(Setting.CHANNELS) == (studio.id, general.id)
    assert await office.value(Setting.ROLES) == (office.artists.id,)
    assert await office.value(Setting.MODERATORS) == (office.keepers.id,)
    assert panel.chosen("channels") == [str(studio.id), str(general.id)]

    await panel.choose("channels")
    assert await office.value(Setting.CHANNELS) is None
    assert "In every channel" in panel.notice


async def test_a_language_is_chosen_by_its_own_name_and_discords_is_had_back(office: Office):
    panel = await office.panel()
    await panel.press("Where & who")
    assert panel.chosen("language") == ["unset"]
    assert "**Language:** As set in Discord." in panel.text
    offered = [each["label"] for each in panel.select_of("language")["options"]]
    assert offered[:4] == ["As set in Discord", "English", "Deutsch", "Français"]

    await panel.choose("language", "de")
    assert await office.value(Setting.LANGUAGE) is Tongue.GERMAN
    assert panel.chosen("language") == ["de"]
    assert "**Language** in the whole server: Deutsch." in panel.notice

    await panel.choose("language", "unset")
    assert await office.value(Setting.LANGUAGE) is None
    audit = said(await office.moderator.slash(office.stage.studio, "audit")).content
    assert "**Language** in the whole server: not set → Deutsch" in audit
    assert "**Language** in the whole server: Deutsch → not set" in audit


async def test_everyone_is_no_moderator_and_no_role_to_let_in(office: Office):
    panel = await office.panel()
    await panel.press("Where & who")
    for action in ("roles", "moderators"):
        await panel.choose(action, office.guild.default_role)
        assert "must not name @everyone" in panel.notice
    assert await office.value(Setting.MODERATORS) is None


async def test_defaults_and_limits_come_from_forms(office: Office):
    panel = await office.panel()
    await panel.press("Defaults & limits")
    common = {"model": "sdxl", "size": "768x512", "samples": "2", "steps": "unset"}
    await panel.fill_in("Common defaults", {**common, "scheduler": "LCMScheduler"})
    await panel.fill_in("Another default", {"option": "panorama", "value": "Yes"})
    limits = {"samples": "2", "side": "768", "steps": "51", "upscale": "0"}
    await panel.fill_in("Limits", limits)

    assert await office.value(Setting.DEFAULTS) == {
        "model_id": "sdxl",
        "width": 768,
        "height": 512,
        "samples": 2,
        "scheduler": "LCMScheduler",
        "panorama": True,
    }
    assert await office.value(Setting.CEILINGS) == Ceilings(samples=2, side=768, upscale=0)
    assert "at most 2 pictures at once, sides of 768 pixels, no enlarging" in panel.text.lower()

    await panel.fill_in("Another default", {"option": "panorama", "value": ""})
    assert "panorama" not in await office.value(Setting.DEFAULTS)


async def test_a_form_that_makes_no_sense_changes_nothing_and_says_what_to_change(office: Office):
    panel = await office.panel()
    await panel.press("Defaults & limits")
    await panel.fill_in("Another default", {"option": "steps", "value": "many @everyone"})

    assert "`steps` must be a whole number from 1 to 51" in panel.notice
    assert "@everyone" not in panel.text
    assert await office.value(Setting.DEFAULTS) is None


async def test_models_schedulers_and_loras_are_allowed_and_blocked(office: Office):
    panel = await office.panel()
    await panel.press("Models")
    models = {"allowed": "sdxl\n dreamshaper-v8,sdxl", "blocked": ""}
    await panel.fill_in("Allow or block models", models)
    assert await office.value(Setting.MODELS) == AllowList(allowed=("sdxl", "dreamshaper-v8"))
    assert "The default model `midjourney` is not allowed" in panel.notice

    await panel.fill_in(
        "Allow or block schedulers", {"allowed": [], "blocked": ["LCMScheduler", "DDIMScheduler"]}
    )
    assert (await office.value(Setting.SCHEDULERS)).blocked == ("LCMScheduler", "DDIMScheduler")
    await panel.fill_in("Allow or block LoRAs", {"allowed": "", "blocked": "`x`\n**y**"})
    assert "all, but not `'x'`, `**y**`" in panel.notice

    await panel.fill_in("Allow or block models", {"allowed": "", "blocked": ""})
    assert await office.value(Setting.MODELS) is None


async def test_prompt_rules_are_added_tried_and_removed(office: Office):
    panel = await office.panel()
    await panel.press("Prompt rules")
    await panel.fill_in("Add a rule", {"kind": "word", "text": "dragon"})
    assert "word or phrase `dragon`" in panel.notice
    await panel.fill_in("Try a prompt", {"text": "a dragon `@everyone`"})
    assert "would be refused: word: dragon" in panel.notice
    await panel.fill_in("Add a rule", {"kind": "pattern", "text": "("})
    assert "is not understood" in panel.notice
    await panel.choose("name_rules", "True")
    assert await office.value(Setting.NAME_RULES) is True

    [rule] = panel.options("remove_rule")
    await panel.choose("remove_rule", rule)
    assert "No rule any more: word or phrase `dragon`" in panel.notice
    assert "None of this server's own" in panel.text


async def test_the_log_channel_is_chosen_and_a_missing_permission_is_named(office: Office):
    silent: Any = {office.guild.default_role: discord.PermissionOverwrite(attach_files=False)}
    closed = office.guild.create_text_channel("closed", overwrites=silent)
    panel = await office.panel()
    await panel.press("Moderation")
    await panel.choose("log_channel", closed)
    assert f"I cannot post in <#{closed.id}>: I need the permission Attach Files" in panel.notice
    await panel.press("Where & who")
    await panel.choose("channels", closed)
    assert "I need the permission Attach Files" in panel.notice
    await panel.press("Moderation")
    general = office.channel("general")
    await panel.choose("log_channel", general)
    assert await office.value(Setting.LOG_CHANNEL) == general.id
    await panel.choose("log_channel")
    assert await office.value(Setting.LOG_CHANNEL) is None


async def test_two_moderators_do_not_undo_each_others_changes(office: Office):
    first, second = await office.panel(), await office.panel(by=office.owner)
    for panel in (first, second):
        await panel.press("Where & who")
    studio, general = office.channel("studio"), office.channel("general")
    await first.choose("channels", studio)
    await second.choose("channels", general)

    assert "Somebody changed this meanwhile" in second.notice
    assert second.chosen("channels") == [str(studio.id)]
    assert await office.value(Setting.CHANNELS) == (studio.id,)

    await second.choose("channels", studio, general)
    assert await office.value(Setting.CHANNELS) == (studio.id, general.id)
    await first.choose("roles", office.artists)
    assert await office.value(Setting.ROLES) == (office.artists.id,)


async def test_an_open_panel_and_an_open_form_work_after_a_restart(office: Office):
    panel = await office.panel()
    await panel.choose("level", "pixelate")
    await panel.press("Defaults & limits")
    form = await panel.press("Another default")

    await office.stage.restart()
    await send(panel.actor, form, {"option": "steps", "value": "41"})
    assert await office.value(Setting.DEFAULTS) == {"num_inference_steps": 41}

    await panel.press("Safety")
    assert panel.chosen("level") == ["pixelate"]
    await panel.choose("level", "black")
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLACK)


async def test_who_lost_the_right_can_no_longer_press(office: Office):
    await office.stage.decide(Setting.MODERATORS, (office.keepers.id,))
    panel = await office.panel(by=office.keeper)
    await panel.choose("level", "black")
    await office.command("clear", setting="moderators")

    before = panel.text
    for pressed in (await panel.press("Models"), await panel.choose("level", "off")):
        assert "people with Manage Server" in said_text(pressed)
    assert panel.text == before
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLACK)


def said_text(pressed: object) -> str:
    return said(pressed).content  # type: ignore[arg-type]


async def test_every_page_keeps_discords_limits_however_much_is_set(office: Office):
    long = tuple(f"{'m' * 95}{n:03}" for n in range(40))
    for setting in (Setting.MODELS, Setting.LORAS):
        await office.stage.decide(setting, AllowList(allowed=long, blocked=long))
    text = "`*_@everyone <@&1>" * 100
    await office.stage.decide(
        Setting.DEFAULTS, {"negative_prompt": text, "lora_model": list(long[:8])}
    )
    channels = [office.guild.create_text_channel(f"room-{n}") for n in range(30)]
    await office.stage.decide(Setting.CHANNELS, tuple(c.id for c in channels))
    for channel in channels:
        rule = SafetyRule.locked(Strictness.OFF)
        await office.stage.decide(Setting.SAFETY, rule, Place(Scope.CHANNEL, channel.id))
    panel = await office.panel()
    for n in range(30):
        await office.command("rule-add", kind="word", text=f"{n}" + "w" * 90)

    lists = {"allowed": "\n".join(long[:9]), "blocked": "\n".join(long[:9])}
    limits = {"samples": "2", "side": "768", "steps": "51", "upscale": "0"}
    for label, change in (
        ("Safety", lambda: panel.choose("level", "black")),
        ("Where & who", lambda: panel.choose("roles", office.artists)),
        ("Models", lambda: panel.fill_in("Allow or block models", lists)),
        ("Prompt rules", lambda: panel.choose("name_rules", "True")),
        ("Defaults & limits", lambda: panel.choose("go_channel", channels[0])),
        ("Defaults & limits", lambda: panel.fill_in("Limits", limits)),
    ):
        await panel.press(label)
        await change()
        assert len(panel.text) <= 4000
        assert panel.components <= 40
        assert "@everyone" not in panel.text
    await panel.choose("go_channel", channels[0])
    await panel.fill_in("Limits", limits)
    assert "No rule here" in panel.labels
    assert panel.components <= 40
    await office.command("show")
    await office.command("show", channel=channels[0], role=office.artists)
