"""Which fault hits which submission."""

from __future__ import annotations

import pytest

from bot.sandbox.faults import RULES, Fault, FaultScript, Plan, Stage, split_prompt


def submit(script: FaultScript, raw_prompt: str) -> Plan:
    _, directives = split_prompt(raw_prompt)
    return script.plan(raw_prompt, directives)


def test_every_fault_has_a_rule_that_says_what_it_does() -> None:
    assert set(RULES) == set(Fault)
    assert all(rule.meaning for rule in RULES.values())


def test_a_directive_is_cut_out_of_the_prompt() -> None:
    prompt, directives = split_prompt("a fox [sandbox fault=failed times=1] at night")
    assert prompt == "a fox at night"
    assert directives[0].faults == (Fault.FAILED,)
    assert directives[0].times == 1


def test_other_brackets_stay_in_the_prompt() -> None:
    assert split_prompt("a [red] ((fox)) [sand]")[0] == "a [red] ((fox)) [sand]"


@pytest.mark.parametrize(
    "directive", ["fault=nonsense", "speed=3", "fault", "times=many", "fault=failed seconds=x"]
)
def test_a_misspelt_directive_is_refused(directive: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        split_prompt(f"a fox [sandbox {directive}]")


def test_times_counts_submissions_of_the_same_prompt() -> None:
    script, prompt = FaultScript(), "a fox [sandbox fault=failed times=2]"
    hits = [submit(script, prompt).has(Fault.FAILED) for _ in range(4)]
    assert hits == [True, True, False, False]
    assert submit(script, "a cat [sandbox fault=failed times=2]").has(Fault.FAILED)


def test_without_times_every_submission_is_hit() -> None:
    script = FaultScript()
    assert all(submit(script, "[sandbox fault=slow]").has(Fault.SLOW) for _ in range(3))


def test_several_faults_act_at_their_own_stages() -> None:
    plan = submit(FaultScript(), "x [sandbox fault=link_404,webhook_late seconds=0.5 count=7]")
    link, webhook = plan.at(Stage.LINK), plan.at(Stage.WEBHOOK)
    assert link is not None
    assert webhook is not None
    assert (link.fault, link.count) == (Fault.LINK_404, 7)
    assert (webhook.fault, webhook.seconds) == (Fault.WEBHOOK_LATE, 0.5)


def test_lengths_and_numbers_have_defaults() -> None:
    injection = submit(FaultScript(), "[sandbox fault=slow]").at(Stage.REPLY)
    assert injection is not None
    assert injection.seconds == RULES[Fault.SLOW].seconds


def test_a_delay_needs_no_fault() -> None:
    plan = submit(FaultScript(), "a fox [sandbox delay=3]")
    assert plan.delay_seconds == 3
    assert plan.injections == {}


def test_a_script_hits_prompts_that_contain_its_text() -> None:
    script = FaultScript()
    script.add("fox", Fault.NO_CREDIT, times=1)
    assert not submit(script, "a cat").has(Fault.NO_CREDIT)
    assert submit(script, "a fox").has(Fault.NO_CREDIT)
    assert not submit(script, "a fox").has(Fault.NO_CREDIT)


def test_a_cleared_script_hits_nothing() -> None:
    script = FaultScript()
    script.add("fox", Fault.NO_CREDIT)
    script.clear()
    assert submit(script, "a fox") == Plan()


def test_a_burst_hits_whoever_comes_next() -> None:
    script = FaultScript()
    script.add("storm", Fault.FAILED_BURST, times=1, count=3)
    prompts = ["calm", "storm", "calm", "calm", "calm"]
    hits = [submit(script, prompt).has(Fault.FAILED) for prompt in prompts]
    assert hits == [False, True, True, True, False]
