"""Who may decide what, and that no decision reaches another server."""

from __future__ import annotations

from typing import Any

import pytest
import simcord

from bot.domain.guild_settings import Setting
from bot.domain.strictness import SafetyRule, Strictness
from tests.acceptance.settings_office import Office
from tests.acceptance.stage import Stage, said

REFUSED = "people with Manage Server here, or with a role they named"


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


def every_command(office: Office) -> list[tuple[str, dict[str, Any]]]:
    studio = office.stage.studio
    return [
        ("panel", {}),
        ("show", {}),
        ("safety", {"level": "off"}),
        ("flagged", {"what": "shown"}),
        ("channels", {"change": "add", "channel": studio}),
        ("roles", {"change": "add", "role": office.artists}),
        ("moderators", {"change": "add", "role": office.artists}),
        ("default", {"option": "steps", "value": "41"}),
        ("models", {"change": "block", "model": "sdxl"}),
        ("schedulers", {"change": "block", "scheduler": "LCMScheduler"}),
        ("loras", {"change": "block", "lora": "x"}),
        ("ceilings", {"samples": 1}),
        ("progress", {"who": "requester"}),
        ("reuse", {"who": "requester"}),
        ("log", {"channel": studio}),
        ("language", {"language": "de"}),
        ("name-rules", {"named": True}),
        ("clear", {"setting": "safety"}),
        ("rule-add", {"kind": "word", "text": "x"}),
        ("rule-remove", {"rule": 1}),
        ("rule-test", {"prompt": "x"}),
        ("export", {}),
        ("import", {"file": ("s.json", b'{"imagine_settings": 1}')}),
    ]


async def give(
    office: Office, actor: simcord.MemberActor, name: str, options: dict[str, Any]
) -> str:
    answer = said(await actor.slash(office.stage.studio, f"settings {name}", **options))
    assert answer.ephemeral
    return answer.content


def test_every_command_is_looked_at(office: Office, published: list[dict[str, Any]]):
    [command] = [each for each in published if each["name"] == "settings"]
    named = {name for name, _ in every_command(office)}
    assert named == {each["name"] for each in command["options"]}


async def test_members_and_moderators_of_other_servers_decide_and_see_nothing(office: Office):
    await office.command("safety", level="black")
    before = len(await office.audit())

    for actor in (office.member, office.visitor, office.keeper):
        for name, options in every_command(office):
            assert REFUSED in await give(office, actor, name, options), name

    assert len(await office.audit()) == before
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLACK)


async def test_prompt_rules_are_not_even_offered_to_members(office: Office):
    await office.command("rule-add", kind="word", text="dragon")
    typing = ("settings rule-remove", "rule", "")
    assert await office.moderator.autocomplete(office.stage.studio, *typing)
    assert await office.member.autocomplete(office.stage.studio, *typing) == []


@pytest.mark.parametrize("who", ["moderator", "owner"])
async def test_people_with_manage_server_may_do_everything(office: Office, who: str):
    actor = getattr(office, who)
    for name, options in every_command(office):
        assert REFUSED not in await give(office, actor, name, options), name


async def test_a_named_role_moderates_but_cannot_hand_itself_on(office: Office):
    await office.command("moderators", change="add", role=office.keepers)

    for name, options in every_command(office):
        said_to_keeper = await give(office, office.keeper, name, options)
        assert REFUSED not in said_to_keeper, name
        assert ("Only people with Manage Server" in said_to_keeper) is (name == "moderators")

    cleared = await office.command("clear", setting="moderators", by=office.keeper)
    assert "Only people with Manage Server" in cleared
    panel = await office.panel(by=office.keeper)
    await panel.press("Where & who")
    assert panel.select_of("moderators")["disabled"]
    assert await office.value(Setting.MODERATORS) == (office.keepers.id,)


async def test_what_one_server_decides_is_none_of_anothers_business(office: Office):
    await office.command("safety", level="blur", by=office.outsider)
    await office.command("rule-add", kind="word", text="dragon", by=office.outsider)
    await office.command("safety", level="black")
    panel = await office.panel(by=office.outsider)

    assert panel.chosen("level") == ["blur"]
    elsewhere = office.elsewhere.id
    assert await office.value(Setting.SAFETY) == SafetyRule.locked(Strictness.BLACK)
    assert (await office.value(Setting.SAFETY, guild_id=elsewhere)).level is Strictness.BLUR
    [rule, safety] = await office.audit(elsewhere)
    assert (rule["text"], safety["after"]["level"]) == ("dragon", "blur")
    assert [each["after"]["level"] for each in await office.audit()] == ["black"]
    assert "dragon" not in await office.command("show")


async def test_every_change_is_written_down_with_what_was_before(office: Office):
    panel = await office.panel(by=office.owner)
    await panel.choose("level", "blur")
    await office.command("safety", level="black")
    await office.command("safety", level="black")
    await office.command("clear", setting="safety")

    locked = {level: {"level": level, "loosest": level} for level in ("blur", "black")}
    assert [(each["before"], each["after"]) for each in await office.audit()] == [
        (locked["black"], None),
        (locked["blur"], locked["black"]),
        (None, locked["blur"]),
    ]
    entries = await office.stage.app.stores.audit.page(office.guild.id, limit=9)  # type: ignore[arg-type]
    assert [each.actor_id for each in entries] == [
        office.moderator.id,
        office.moderator.id,
        office.owner.id,
    ]


async def test_decisions_hold_after_a_restart_and_for_the_next_picture(office: Office):
    await office.command("default", option="steps", value="41")
    await office.command("safety", level="pixelate")
    await office.stage.restart()

    await office.stage.finished()
    [body] = office.stage.bodies
    assert (body["num_inference_steps"], body["safety_checker_type"]) == ("41", "pixelate")
    assert "set by <@" in await office.command("show")
