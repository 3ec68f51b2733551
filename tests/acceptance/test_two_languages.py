"""Who reads what in which language: a German and a Japanese on a Spanish server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from bot.domain.guild_settings import Audience, Setting, Tongue
from bot.domain.ids import ChannelId
from bot.domain.job import JobStatus
from bot.domain.languages import Foreign
from bot.domain.quota_rule import QuotaRule
from bot.sandbox import Fault
from bot.speech import N_, _, ngettext, speaking
from bot.ui import button_rows, button_words, wording
from tests.acceptance.conftest import OpenStage
from tests.acceptance.history_page import Page
from tests.acceptance.remixes import half_white, remix
from tests.acceptance.settings_office import Office
from tests.acceptance.stage import SLOW, Stage, is_over, job_of, said
from tests.acceptance.test_places import forbid

Ask = Callable[[Stage, simcord.MemberActor], Awaitable[InteractionResult]]

GERMAN, JAPANESE, SPANISH = "de", "ja", "es-ES"


@pytest.fixture
async def stage(stage: Stage) -> Stage:
    settle_abroad(stage)
    return stage


def settle_abroad(stage: Stage) -> None:
    stage.world.speak(SPANISH)
    stage.world.speak(GERMAN, to=stage.member)
    stage.world.speak(JAPANESE, to=stage.world.newcomer)


def people(stage: Stage) -> list[tuple[simcord.MemberActor, str]]:
    return [(stage.member, GERMAN), (stage.world.newcomer, JAPANESE)]


def told(locale: str, text: str) -> str:
    """Return how a text is said in a language, which is not how it is in English."""
    with speaking(locale):
        words = _(text)
    assert words != text
    return words


def described(shown: discord.Message, locale: str) -> bool:
    """Tell whether the first picture is described in a language."""
    words = told(locale, "Generated from the prompt: {prompt}").partition("{")[0]
    return words in (shown.attachments[0].description or "")


def labels(shown: discord.Message) -> list[str]:
    """Return what stands on a message's buttons."""
    rows = [row for row in shown.components if isinstance(row, discord.ActionRow)]
    return [getattr(item, "label", None) or "" for row in rows for item in row.children]


def heard(asked: InteractionResult) -> str:
    """Return what the person alone was answered."""
    answer = said(asked)
    assert answer.ephemeral
    return answer.content


REFUSED = {
    "imagine": lambda stage, who: stage.imagine(size="1x1", by=who),
    "remix": lambda stage, who: remix(stage, size="1x1", by=who),
    "inpaint": lambda stage, who: remix(
        stage, size="1x1", by=who, command="inpaint", mask=("mask.png", half_white())
    ),
}


@pytest.mark.parametrize("ask", REFUSED.values(), ids=REFUSED.keys())
async def test_a_refusal_is_in_the_persons_own_language(stage: Stage, ask: Ask) -> None:
    for who, locale in people(stage):
        assert told(locale, "That does not work yet:") in heard(await ask(stage, who))


DRAWN = {
    "imagine": lambda stage, who: stage.imagine(by=who),
    "remix": lambda stage, who: remix(stage, by=who),
    "inpaint": lambda stage, who: remix(
        stage, by=who, command="inpaint", mask=("mask.png", half_white())
    ),
}


@pytest.mark.parametrize("ask", DRAWN.values(), ids=DRAWN.keys())
async def test_what_everybody_reads_is_in_the_servers_language(stage: Stage, ask: Ask) -> None:
    for who, _locale in people(stage):
        job = await stage.end_of(await ask(stage, who))
        await stage.app.progress.round()
        assert job.origin.locale == SPANISH
        acknowledgement = next(m for m in stage.messages() if m.id == job.acknowledgement_id)
        assert told(SPANISH, "Done") in acknowledgement.content
        shown = stage.message(job)
        assert described(shown, SPANISH)
        assert told(SPANISH, button_rows.DETAILS.label) in labels(shown)


async def test_the_wait_is_told_in_the_servers_language_and_a_restart_changes_nothing(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    settle_abroad(stage)
    stage.api.pause()
    first = job_of(await stage.imagine())
    asked = await stage.imagine()
    assert not said(asked).ephemeral
    assert told(SPANISH, "Waiting") in said(asked).content
    await stage.until_status(first, JobStatus.PROCESSING)
    await stage.restart()
    stage.api.resume()
    for job_id in (first, job_of(asked)):
        job = await stage.until(job_id, is_over)
        assert described(stage.message(job), SPANISH)


@pytest.mark.parametrize(
    ("audience", "locale"), [(Audience.EVERYONE, SPANISH), (Audience.REQUESTER, GERMAN)]
)
async def test_remarks_outlive_a_restart_in_the_language_of_the_message(
    open_with: OpenStage, audience: Audience, locale: str
) -> None:
    stage = await open_with(SLOW, max_in_flight=1)
    settle_abroad(stage)
    await stage.decide(Setting.PROGRESS, audience)
    stage.api.pause()
    asked = await stage.imagine("ein Leuchtturm im Sturm", safety_checker="no")
    with speaking(locale):
        remarks = [
            f"-# {wording.translated(Foreign('de'))}",
            f"-# {_('Safety checker: {level} ({reason})', level='*', reason='*').split('*')[0]}",
        ]
    assert all(remark in said(asked).content for remark in remarks)
    await stage.until_status(job_of(asked), JobStatus.PROCESSING)

    await stage.restart()
    await stage.app.progress.round()

    assert told(locale, "Drawing") in said(asked).content
    assert all(remark in said(asked).content for remark in remarks)
    stage.api.resume()
    await stage.end_of(asked)


async def test_a_failure_is_told_in_the_servers_language(stage: Stage) -> None:
    stage.api.script("", Fault.MODEL_NOT_FOUND)
    job = await stage.end_of(await stage.imagine())
    reason = N_("the image service does not have this model ready; try another")
    assert reason in wording.END_WORDS.values()
    assert told(SPANISH, reason) in stage.message(job).content


async def test_buttons_answer_whoever_pressed_and_mark_in_the_servers_language(
    stage: Stage,
) -> None:
    job = await stage.finished(by=stage.world.moderator)
    for who, locale in people(stage):
        label = told(SPANISH, button_rows.DETAILS.label)
        details = await who.click(stage.message(job), label=label)
        assert told(locale, "**To ask for the same again**, copy this:") in heard(details)
        favourite = await who.click(
            stage.message(job), label=told(SPANISH, button_rows.FAVOURITE.label)
        )
        there = told(SPANISH, "Again")
        with speaking(locale):
            assert button_words.not_your_favourite(there) == heard(favourite)
    again = await stage.member.click(stage.message(job), label=told(SPANISH, "Again"))
    await stage.end_of(again)
    await stage.env.settle()
    assert told(SPANISH, button_rows.DETAILS.label) in labels(stage.message(job))


async def test_in_a_direct_message_it_is_the_persons_language(stage: Stage) -> None:
    user = stage.member.user
    asked = await user.slash("imagine", prompt="a fox")
    job = await stage.until(job_of(asked), is_over)
    assert job.origin.locale == GERMAN
    *_others, shown = user.dm_channel.history()
    assert described(shown, GERMAN)


async def test_a_quota_is_refused_in_the_persons_language_with_its_plural(stage: Stage) -> None:
    await stage.decide(Setting.QUOTA, QuotaRule(daily_images=1))
    stage.world.speak("ru", to=stage.member)
    refused = heard(await stage.imagine(samples=3))
    with speaking("ru"):
        asked_for = ngettext("You asked for {count} picture.", "You asked for {count} pictures.", 3)
        for_five = ngettext("You asked for {count} picture.", "You asked for {count} pictures.", 5)
    assert asked_for in refused
    assert for_five.replace("5", "3") not in refused


async def test_a_moderators_log_is_in_the_servers_language(stage: Stage) -> None:
    general = stage.world.channel("general")
    await stage.decide(Setting.LOG_CHANNEL, ChannelId(general.id))
    job = await stage.finished()
    _channel, message_id = await stage.until_logged(job.id)
    entry = next(m for m in general.history() if m.id == message_id)
    assert f"[{told(SPANISH, 'show')}]" in entry.content


KOREAN = Tongue.KOREAN


async def decided_korean(stage: Stage) -> None:
    """Have the server's moderator choose a language that Discord knows nothing of here."""
    await stage.world.moderator.slash(stage.studio, "settings language", language=KOREAN.value)


async def test_a_server_chooses_what_everybody_reads_but_not_what_one_person_does(
    stage: Stage,
) -> None:
    await decided_korean(stage)
    for who, locale in people(stage):
        job = await stage.end_of(await stage.imagine(by=who))
        await stage.app.progress.round()
        acknowledgement = next(m for m in stage.messages() if m.id == job.acknowledgement_id)
        assert told(KOREAN, "Done") in acknowledgement.content
        shown = stage.message(job)
        assert described(shown, KOREAN)
        assert told(KOREAN, button_rows.DETAILS.label) in labels(shown)
        refused = await stage.imagine(size="1x1", by=who)
        assert told(locale, "That does not work yet:") in heard(refused)
        details = await who.click(shown, label=told(KOREAN, button_rows.DETAILS.label))
        assert told(locale, "**To ask for the same again**, copy this:") in heard(details)


async def test_a_failure_is_told_in_the_language_that_the_server_chose(stage: Stage) -> None:
    await decided_korean(stage)
    stage.api.script("", Fault.MODEL_NOT_FOUND)
    job = await stage.end_of(await stage.imagine())
    reason = "the image service does not have this model ready; try another"
    assert told(KOREAN, reason) in stage.message(job).content


async def test_what_a_server_chose_survives_a_restart_and_can_be_taken_back(stage: Stage) -> None:
    await decided_korean(stage)
    await stage.restart()
    assert described(stage.message(await stage.finished()), KOREAN)
    await stage.world.moderator.slash(stage.studio, "settings language", language="unset")
    assert described(stage.message(await stage.finished()), SPANISH)
    await stage.restart()
    assert described(stage.message(await stage.finished()), SPANISH)


async def test_what_was_asked_for_before_goes_on_in_the_language_it_began_in(
    open_with: OpenStage,
) -> None:
    stage = await open_with(SLOW)
    settle_abroad(stage)
    stage.api.pause()
    asked = await stage.imagine()
    await decided_korean(stage)
    stage.api.resume()
    assert described(stage.message(await stage.end_of(asked)), SPANISH)


async def test_english_is_a_choice_too(stage: Stage) -> None:
    await stage.decide(Setting.LANGUAGE, Tongue.ENGLISH)
    shown = stage.message(await stage.finished())
    assert button_rows.DETAILS.label in labels(shown)


async def test_another_server_and_direct_messages_stay_as_they_are(stage: Stage) -> None:
    await decided_korean(stage)
    user = stage.member.user
    await stage.until(job_of(await user.slash("imagine", prompt="a fox")), is_over)
    assert described(user.dm_channel.history()[-1], GERMAN)
    abroad = Office(stage)
    asked = await abroad.outsider.slash(abroad.abroad, "imagine", prompt="a fox")
    assert (await stage.end_of(asked)).origin.locale == "en-US"


async def test_a_picture_shared_from_a_history_is_in_the_language_that_the_server_chose(
    stage: Stage,
) -> None:
    await stage.finished("an owl")
    await decided_korean(stage)
    page = await Page.open(stage)
    await page.press(told(GERMAN, "Share"))
    await page.press(told(GERMAN, "Share"))
    *_others, shared = stage.messages()
    assert described(shared, KOREAN)
    assert told(KOREAN, button_rows.DETAILS.label) in labels(shared)
    seen = told(GERMAN, "Everybody in this channel sees it now: [look]({address})")
    assert seen.partition(":")[0] in page.text


async def test_moderators_read_log_and_reports_in_the_language_that_the_server_chose(
    stage: Stage,
) -> None:
    await decided_korean(stage)
    general = stage.world.channel("general")
    await stage.decide(Setting.LOG_CHANNEL, ChannelId(general.id))
    job = await stage.finished()
    await stage.until_logged(job.id)
    newcomer = stage.world.newcomer
    form = await newcomer.context_menu(stage.studio, "Report picture", stage.message(job))
    await newcomer.submit_modal(form, {})
    logged, reported = general.history()[-2:]
    for entry in (logged, reported):
        assert f"[{told(KOREAN, 'show')}]" in entry.content
        assert told(KOREAN, "Remove") in labels(entry)
    assert told(KOREAN, "Reported by {member}").partition("{")[0] in reported.content


async def test_progress_that_one_person_sees_is_in_their_own_language(stage: Stage) -> None:
    await stage.decide(Setting.PROGRESS, Audience.REQUESTER)
    asked = await stage.imagine()
    assert told(GERMAN, "Waiting") in heard(asked)
    job = await stage.end_of(asked)
    await stage.app.progress.round()
    await stage.env.settle()
    assert told(GERMAN, "Done") in heard(asked)
    assert described(stage.message(job), SPANISH)


async def test_a_result_that_cannot_be_posted_comes_in_the_persons_own_language(
    stage: Stage,
) -> None:
    here = f"/channels/{stage.studio.id}"
    forbid(stage, f"POST {here}/messages", f"PATCH {here}/*", "PATCH /webhooks/*")
    await stage.end_of(await stage.imagine())
    *_others, shown = stage.member.user.dm_channel.history()
    assert described(shown, GERMAN)


async def test_a_shared_picture_keeps_the_language_of_where_it_is(stage: Stage) -> None:
    asked = await stage.member.user.slash("imagine", prompt="a fox")
    await stage.until(job_of(asked), is_over)
    page = said(await stage.member.slash(stage.studio, "history"))
    for _press in range(2):
        await stage.member.click(page, label=told(GERMAN, "Share"))
    shared = stage.messages()[-1]
    for who, label in ((stage.world.newcomer, "Again"), (stage.member, "Favourite")):
        pressed = await who.click(shared, label=told(SPANISH, label))
        if label == "Again":
            await stage.end_of(pressed)
        await stage.env.settle()
        shared = next(m for m in stage.messages() if m.id == shared.id)
        assert told(SPANISH, button_rows.DETAILS.label) in labels(shared)


@pytest.mark.parametrize("locale", list(Tongue))
async def test_however_much_is_wrong_is_said(stage: Stage, locale: str) -> None:
    stage.world.speak(locale, to=stage.member)
    asked = await stage.imagine("x " + " ".join(f"--q{n}z" for n in range(240)))
    assert "--q0z" in heard(asked)
