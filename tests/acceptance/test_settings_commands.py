"""The plain commands of `/settings`: they do and say what the panel does and says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from bot.domain.guild_settings import AllowList, Ceilings, Place, Scope, Setting
from bot.domain.strictness import SafetyRule, Strictness
from tests.acceptance.settings_office import Office, Panel
from tests.acceptance.stage import Stage


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


class Same(NamedTuple):
    """A command, and the presses on the panel that come to the same."""

    setting: Setting
    command: str
    options: Mapping[str, Any]
    presses: Sequence[tuple[str, Any]]


WHO, LIMITS, MODELS = ("Where & who", None), ("Defaults & limits", None), ("Models", None)
SAME = [
    Same(Setting.SAFETY, "safety", {"level": "blur"}, [("level", "blur")]),
    Same(
        Setting.SAFETY,
        "safety",
        {"level": "off", "channel": "dark"},
        [("go_channel", "dark"), ("level", "off")],
    ),
    Same(
        Setting.SAFETY,
        "safety",
        {"level": "black", "loosest": "off", "role": "artists"},
        [("go_role", "artists"), ("level", "black"), ("loosest", "off")],
    ),
    Same(Setting.FLAGGED, "flagged", {"what": "shown"}, [("flagged", "shown")]),
    Same(
        Setting.CHANNELS,
        "channels",
        {"change": "add", "channel": "dark"},
        [WHO, ("channels", "dark")],
    ),
    Same(Setting.ROLES, "roles", {"change": "add", "role": "artists"}, [WHO, ("roles", "artists")]),
    Same(
        Setting.MODERATORS,
        "moderators",
        {"change": "add", "role": "artists"},
        [WHO, ("moderators", "artists")],
    ),
    Same(
        Setting.DEFAULTS,
        "default",
        {"option": "steps", "value": "41"},
        [LIMITS, ("Another default", {"option": "steps", "value": "41"})],
    ),
    Same(
        Setting.CEILINGS,
        "ceilings",
        {"samples": 2, "upscale": 0, "channel": "dark"},
        [
            LIMITS,
            ("go_channel", "dark"),
            ("Limits", {"samples": "2", "side": "1024", "steps": "51", "upscale": "0"}),
        ],
    ),
    Same(Setting.PROGRESS, "progress", {"who": "requester"}, [LIMITS, ("progress", "requester")]),
    Same(Setting.REUSE, "reuse", {"who": "requester"}, [LIMITS, ("reuse", "requester")]),
    Same(
        Setting.MODELS,
        "models",
        {"change": "allow", "model": "sdxl"},
        [MODELS, ("Allow or block models", {"allowed": "sdxl", "blocked": ""})],
    ),
    Same(
        Setting.SCHEDULERS,
        "schedulers",
        {"change": "block", "scheduler": "LCMScheduler"},
        [MODELS, ("Allow or block schedulers", {"allowed": [], "blocked": ["LCMScheduler"]})],
    ),
    Same(
        Setting.LORAS,
        "loras",
        {"change": "block", "lora": "contrast-fix"},
        [MODELS, ("Allow or block LoRAs", {"allowed": "", "blocked": "contrast-fix"})],
    ),
    Same(
        Setting.LOG_CHANNEL,
        "log",
        {"channel": "dark"},
        [("Moderation", None), ("log_channel", "dark")],
    ),
    Same(Setting.LANGUAGE, "language", {"language": "de"}, [WHO, ("language", "de")]),
    Same(
        Setting.NAME_RULES,
        "name-rules",
        {"named": True},
        [("Prompt rules", None), ("name_rules", "True")],
    ),
]


def meant(office: Office, value: Any) -> Any:
    """Return the channel or the role that a word stands for."""
    return {"dark": office.channel("after-dark"), "artists": office.artists}.get(str(value), value)


async def press_all(office: Office, panel: Panel, presses: Sequence[tuple[str, Any]]) -> str:
    for name, value in presses:
        if value is None:
            await panel.press(name)
        elif isinstance(value, dict):
            await panel.fill_in(name, value)
        else:
            await panel.choose(name, meant(office, value))
    return panel.notice


def place_in(office: Office, options: Mapping[str, Any]) -> Place:
    if options.get("channel") and "change" not in options and len(options) > 1:
        return Place(Scope.CHANNEL, office.channel("after-dark").id)
    if options.get("role") and "change" not in options:
        return Place(Scope.ROLE, office.artists.id)
    return Place(Scope.SERVER)


def test_every_setting_has_a_command_and_a_control() -> None:
    decided_with_quota = {Setting.QUOTA, Setting.QUOTA_EXEMPT}
    assert {each.setting for each in SAME} == set(Setting) - decided_with_quota


@pytest.mark.parametrize("same", SAME, ids=lambda same: f"{same.command} {sorted(same.options)}")
async def test_a_command_and_the_panel_do_and_say_the_same(office: Office, same: Same):
    place = place_in(office, same.options)
    options = {name: meant(office, value) for name, value in same.options.items()}

    said_by_command = await office.command(same.command, **options)
    set_by_command = await office.value(same.setting, place)
    assert set_by_command is not None
    [written_by_command, *_] = await office.audit()

    where = {
        name: options[name]
        for name in ("channel", "role")
        if name in options and place.scope is not Scope.SERVER
    }
    await office.command("clear", setting=same.setting.value, **where)
    assert await office.value(same.setting, place) is None

    said_by_panel = await press_all(office, await office.panel(), same.presses)
    assert said_by_panel == said_by_command
    assert await office.value(same.setting, place) == set_by_command
    [written_by_panel, *_] = await office.audit()
    assert written_by_panel["after"] == written_by_command["after"]


async def test_left_out_the_loosest_stays_what_it_was(office: Office):
    await office.command("safety", level="pixelate", loosest="off")
    await office.command("safety", level="black")
    assert await office.value(Setting.SAFETY) == SafetyRule(
        level=Strictness.BLACK, loosest=Strictness.OFF
    )
    await office.command("safety", level="blur", loosest="locked")
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLUR)


async def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(office: Office):
    tighter = await office.command("safety", level="blur", loosest="pixelate")
    assert "what members may loosen it to must not be tighter than the rule" in tighter
    both = await office.command(
        "safety", level="blur", channel=office.stage.studio, role=office.artists
    )
    assert "a rule is for one or the other" in both
    everyone = await office.command("safety", level="blur", role=office.guild.default_role)
    assert "set it for the whole server instead" in everyone
    role = await office.command("clear", setting="channels", role=office.artists)
    assert "can be set for the server only" in role
    odd = await office.command("ceilings", side=513)
    assert "multiple of 8" in odd
    spaced = await office.command("models", change="block", model="two words @everyone")
    assert "must be an id without spaces" in spaced

    assert not (await office.stage.app.services.guild_settings.of(office.guild.id)).stored  # type: ignore[arg-type]
    assert await office.audit() == []


async def test_limits_that_are_left_out_stay_and_a_channel_starts_from_the_servers(office: Office):
    dark = office.channel("after-dark")
    await office.command("ceilings", samples=2, steps=31)
    await office.command("ceilings", upscale=1)
    assert await office.value(Setting.CEILINGS) == Ceilings(samples=2, steps=31, upscale=1)

    said = await office.command("ceilings", samples=4, channel=dark)
    here = Place(Scope.CHANNEL, dark.id)
    assert await office.value(Setting.CEILINGS, here) == Ceilings(steps=31, upscale=1)
    assert "stand in place of the server's, and are wider for samples" in said


async def test_a_default_is_taken_away_by_leaving_the_value_out(office: Office):
    await office.command("default", option="size", value="wide")
    await office.command("default", option="scheduler", value="euler discrete")
    await office.command("default", option="size")
    assert await office.value(Setting.DEFAULTS) == {"scheduler": "EulerDiscreteScheduler"}
    said = await office.command("default", option="scheduler")
    assert "no rule of its own" in said
    assert await office.value(Setting.DEFAULTS) is None


async def test_blocking_the_only_allowed_model_does_not_let_in_all_others(office: Office):
    await office.command("models", change="allow", model="sdxl")
    await office.command("models", change="block", model="SDXL")
    listed: AllowList = await office.value(Setting.MODELS)
    assert not listed.permits("sdxl")
    assert not listed.permits("midjourney")

    await office.command("models", change="allow", model="sdxl")
    assert (await office.value(Setting.MODELS)).permits("sdxl")
    await office.command("models", change="remove", model="sdxl")
    assert await office.value(Setting.MODELS) is None


async def test_show_tells_every_value_with_who_set_it_where_and_when(office: Office):
    dark = office.channel("after-dark")
    await office.command("safety", level="blur", loosest="off")
    await office.command("safety", level="off", channel=dark, by=office.owner)
    await office.command("reuse", who="requester", channel=dark)

    server = await office.command("show")
    there = await office.command("show", channel=dark)

    assert "Unsafe pictures are **blurred**; members may loosen that as far as **Off**" in server
    assert f"The server's rule, set by <@{office.moderator.id}> <t:" in server
    assert "Everybody may use the parameters" in server
    assert "Unsafe pictures are **shown as they are (off)**" in there
    assert f"The rule of <#{dark.id}>, set by <@{office.owner.id}> <t:" in there
    assert "Only the member who asked for a picture may use its parameters" in there
    assert "The usual: nobody has set this" in there


async def test_show_for_a_role_in_a_channel_gives_the_strictest_of_both(office: Office):
    dark = office.channel("after-dark")
    await office.command("safety", level="off", channel=dark)
    await office.command("safety", level="black", role=office.artists)

    shown = await office.command("show", channel=dark, role=office.artists)

    assert "replaced by a black picture" in shown
    assert f"The rule of <@&{office.artists.id}>" in shown


async def test_off_outside_an_age_restricted_channel_is_said(office: Office):
    said = await office.command("safety", level="off", channel=office.channel("general"))
    assert "is not age-restricted, so unsafe pictures are blurred there" in said
    fine = await office.command("safety", level="off", channel=office.channel("after-dark"))
    assert "⚠️" not in fine


async def test_the_operators_floor_is_said(office: Office):
    await office.stage.restart(safety_floor=Strictness.PIXELATE)
    said = await office.command("safety", level="blur")
    assert (
        "asks for **Blur**. But whoever runs this bot only lets it go down to **Pixelate**" in said
    )
    assert "Whoever runs this bot lets nobody go below **Pixelate**" in (await office.panel()).text


async def test_names_are_offered_while_one_types(office: Office):
    async def offered(command: str, typing: str, typed: str, **filled: Any) -> list[Any]:
        choices = await office.moderator.autocomplete(
            office.stage.studio, f"settings {command}", typing, typed, **filled
        )
        return [each["value"] for each in choices]

    await office.stage.app.services.catalogue.refresh()
    assert "juggernaut-xl" in await offered("models", "model", "jugger", change="allow")
    assert "contrast-fix" in await offered("loras", "lora", "contrast", change="block")
    assert await offered("schedulers", "scheduler", "lcm", change="block") == ["LCMScheduler"]
    assert await offered("default", "value", "", option="steps") == ["21", "31", "41", "51"]
    assert await offered("default", "value", "y", option="panorama") == ["yes"]
    assert "juggernaut-xl" in await offered("default", "value", "jugger", option="model")
    assert await offered("default", "value", "x", option="guidance_scale") == []


async def test_prompt_rules_have_commands(office: Office):
    assert "`dragon`" in await office.command("rule-add", kind="word", text="dragon")
    assert "would be refused" in await office.command("rule-test", prompt="a dragon")
    [choice] = await office.moderator.autocomplete(
        office.stage.studio, "settings rule-remove", "rule", "drag"
    )
    assert choice["name"] == "dragon"
    assert "No rule any more" in await office.command("rule-remove", rule=choice["value"])
    assert "No rule matches" in await office.command("rule-test", prompt="a dragon")
    assert "no longer there" in await office.command("rule-remove", rule=choice["value"])


def test_discord_takes_the_command(published: list[dict[str, Any]]):
    [command] = [each for each in published if each["name"] == "settings"]
    assert len(command["options"]) <= 25
    assert characters(command) <= 8000
    assert command["contexts"] == [0]
    assert command["integration_types"] == [0]


def characters(option: Mapping[str, Any]) -> int:
    """Count as Discord does: names, descriptions and values, all the way down."""
    own = (
        len(option["name"]) + len(option.get("description", "")) + len(str(option.get("value", "")))
    )
    below = [*option.get("options", []), *option.get("choices", [])]
    return own + sum(map(characters, below))
