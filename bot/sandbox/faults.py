"""What can be made to go wrong, by a test or by a directive inside a prompt.

A directive is a bracket anywhere in the prompt; it is cut out before drawing and from every reply::

    [sandbox fault=NAME[,NAME…] times=N seconds=X count=N delay=X]

`fault`    names from `Fault`; several in one submission must act at different stages
`times`    how many submissions of this very prompt are hit; without it, all of them
`seconds`  the fault's length where it has one; without it, the default in `RULES`
`count`    the fault's number where it has one; without it, the default in `RULES`
`delay`    how long this job takes, instead of the settings' `draw_seconds`; works without a fault

A prompt may carry several directives. One that cannot be read is answered as a validation error of
the prompt.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Stage(StrEnum):
    """Where in a submission's life a fault acts; one fault a stage."""

    REFUSAL = "refusal"
    """Instead of taking the job."""

    REPLY = "reply"
    """The job is taken and runs, the submit's own reply is spoilt."""

    JOB = "job"
    """The job itself goes another way."""

    LINK = "link"
    """The pictures' links misbehave."""

    WEBHOOK = "webhook"
    """The webhook delivery misbehaves."""


class Fault(StrEnum):
    """Everything that can be injected; `RULES` says what each does."""

    FAILED = "failed"
    FAILED_BURST = "failed_burst"
    EMPTY_MESSAGE = "empty_message"
    MISSING_STATUS = "missing_status"
    UNKNOWN_STATUS = "unknown_status"
    RATE_LIMIT = "rate_limit"
    MONTHLY_LIMIT = "monthly_limit"
    NO_CREDIT = "no_credit"
    INVALID_KEY = "invalid_key"
    MODEL_NOT_FOUND = "model_not_found"
    VALIDATION = "validation"
    HTML_502 = "html_502"
    HTML_200 = "html_200"
    INVALID_JSON = "invalid_json"
    REDIRECT = "redirect"
    DROP_BEFORE = "drop_before"

    DROP_AFTER = "drop_after"
    SLOW = "slow"
    SUCCESS_LATE_OUTPUT = "success_late_output"
    OUTPUT_STRING = "output_string"
    WRONG_TYPES = "wrong_types"
    WRONG_ENCODING = "wrong_encoding"
    HUGE_BODY = "huge_body"

    NEVER_READY = "never_ready"
    FETCH_FAILED = "fetch_failed"
    SUCCESS_EMPTY_OUTPUT = "success_empty_output"
    CENSORED = "censored"
    NSFW_FLAG = "nsfw_flag"

    LINK_404 = "link_404"
    LINK_403 = "link_403"
    LINK_TRICKLE = "link_trickle"
    LINK_LIES_TYPE = "link_lies_type"
    LINK_NOT_IMAGE = "link_not_image"
    LINK_TRUNCATED = "link_truncated"
    LINK_CUT = "link_cut"
    LINK_BOMB = "link_bomb"
    LINK_HUGE = "link_huge"
    LINK_MOVED = "link_moved"
    LINK_REDIRECT = "link_redirect"
    LINK_PRIVATE = "link_private"
    LINK_FILE = "link_file"

    WEBHOOK_DUPLICATE = "webhook_duplicate"
    WEBHOOK_EARLY = "webhook_early"
    WEBHOOK_LATE = "webhook_late"
    WEBHOOK_MISSING = "webhook_missing"
    WEBHOOK_NO_META = "webhook_no_meta"
    WEBHOOK_TEXT_ID = "webhook_text_id"
    WEBHOOK_PROCESSING_FIRST = "webhook_processing_first"
    WEBHOOK_EMPTY_OUTPUT = "webhook_empty_output"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a fault acts, what it does in words, and its default length and number."""

    stage: Stage
    meaning: str
    seconds: float = 0.0
    count: int = 0


def _refusal(meaning: str, *, count: int = 0) -> Rule:
    return Rule(Stage.REFUSAL, meaning, count=count)


def _reply(meaning: str, *, seconds: float = 0.0, count: int = 0) -> Rule:
    return Rule(Stage.REPLY, meaning, seconds, count)


def _job(meaning: str) -> Rule:
    return Rule(Stage.JOB, meaning)


def _link(meaning: str, *, seconds: float = 0.0, count: int = 0) -> Rule:
    return Rule(Stage.LINK, meaning, seconds, count)


def _webhook(meaning: str, *, seconds: float = 0.0, count: int = 0) -> Rule:
    return Rule(Stage.WEBHOOK, meaning, seconds, count)


RULES: dict[Fault, Rule] = {
    Fault.FAILED: _refusal("`failed`, Failed, Try Again; no job is taken"),
    Fault.FAILED_BURST: _refusal("this and the next submissions, `count` in all, fail", count=5),
    Fault.EMPTY_MESSAGE: _refusal("`error` with an empty message"),
    Fault.MISSING_STATUS: _refusal("a JSON object without `status`"),
    Fault.UNKNOWN_STATUS: _refusal("a status that no document knows"),
    Fault.RATE_LIMIT: _refusal("Rate limit exceeded"),
    Fault.MONTHLY_LIMIT: _refusal("Your monthly limit exceeded"),
    Fault.NO_CREDIT: _refusal("Insufficient credits"),
    Fault.INVALID_KEY: _refusal("Invalid Api Key, although the key is right"),
    Fault.MODEL_NOT_FOUND: _refusal("Model not found, although it is listed"),
    Fault.VALIDATION: _refusal("a validation error of the prompt"),
    Fault.HTML_502: _refusal("a gateway's HTML page with code 502"),
    Fault.HTML_200: _refusal("an HTML page with code 200"),
    Fault.INVALID_JSON: _refusal("JSON cut in the middle"),
    Fault.REDIRECT: _refusal("307 to /elsewhere, which records what is sent on"),
    Fault.DROP_BEFORE: _refusal("the connection is dropped, no job is taken"),
    Fault.DROP_AFTER: _reply("the connection is dropped, the job is taken and runs"),
    Fault.SLOW: _reply("the reply comes `seconds` after the job ended", seconds=31),
    Fault.SUCCESS_LATE_OUTPUT: _reply("`success` with no output; a fetch has the links"),
    Fault.OUTPUT_STRING: _reply("`output` is one address as text"),
    Fault.WRONG_TYPES: _reply("every field has another type than documented"),
    Fault.WRONG_ENCODING: _reply("the body is Latin-1 where UTF-8 is announced"),
    Fault.HUGE_BODY: _reply("a reply of `count` megabytes", count=50),
    Fault.NEVER_READY: _job("`processing` for ever; the job keeps its place in the queue"),
    Fault.FETCH_FAILED: _job("`processing` at once, then fetch and webhook say `failed`"),
    Fault.SUCCESS_EMPTY_OUTPUT: _job("`success` with `output: []`, in fetch and webhook too"),
    Fault.CENSORED: _job("`success`, and every picture is blank"),
    Fault.NSFW_FLAG: _job("`success` with `nsfw_content_detected: true`"),
    Fault.LINK_404: _link("the first `count` requests of each link are 404", count=2),
    Fault.LINK_403: _link("403 for ever"),
    Fault.LINK_TRICKLE: _link("64 bytes every `seconds`", seconds=0.5),
    Fault.LINK_LIES_TYPE: _link("a good picture served as text/plain"),
    Fault.LINK_NOT_IMAGE: _link("an HTML page served as image/png"),
    Fault.LINK_TRUNCATED: _link("a whole reply with half a picture"),
    Fault.LINK_CUT: _link("the connection is dropped in the middle of the picture"),
    Fault.LINK_BOMB: _link("a small PNG of 30,000 by 30,000 pixels"),
    Fault.LINK_HUGE: _link("`count` megabytes without a Content-Length", count=60),
    Fault.LINK_MOVED: _link("302 to the picture's true address on this host"),
    Fault.LINK_REDIRECT: _link("302 to a link-local address"),
    Fault.LINK_PRIVATE: _link("`output` names a link-local address"),
    Fault.LINK_FILE: _link("`output` names file:///etc/passwd"),
    Fault.WEBHOOK_DUPLICATE: _webhook("posted `count` times at once", count=2),
    Fault.WEBHOOK_EARLY: _webhook("posted and answered before the submit's own reply"),
    Fault.WEBHOOK_LATE: _webhook("posted `seconds` after the job ended", seconds=5),
    Fault.WEBHOOK_MISSING: _webhook("never posted"),
    Fault.WEBHOOK_NO_META: _webhook("posted without `meta`"),
    Fault.WEBHOOK_TEXT_ID: _webhook("`id` is text"),
    Fault.WEBHOOK_PROCESSING_FIRST: _webhook("`processing` is posted before the result"),
    Fault.WEBHOOK_EMPTY_OUTPUT: _webhook("`success` with `output: []`; a fetch has the links"),
}
"""The one table of faults."""


@dataclass(frozen=True, slots=True)
class Injection:
    """One fault with its length and number settled."""

    fault: Fault
    seconds: float
    count: int

    @property
    def stage(self) -> Stage:
        """Where it acts."""
        return RULES[self.fault].stage


@dataclass(frozen=True, slots=True)
class Plan:
    """What will go wrong with one submission: at most one fault a stage."""

    injections: dict[Stage, Injection] = field(default_factory=dict[Stage, Injection])
    delay_seconds: float | None = None

    def at(self, stage: Stage) -> Injection | None:
        """Return what happens at this stage, if anything."""
        return self.injections.get(stage)

    def has(self, fault: Fault) -> bool:
        """Tell whether this very fault is planned."""
        return any(injection.fault is fault for injection in self.injections.values())


@dataclass(frozen=True, slots=True)
class Directive:
    """One bracket of a prompt."""

    faults: tuple[Fault, ...] = ()
    times: int | None = None
    seconds: float | None = None
    count: int | None = None
    delay: float | None = None


_BRACKET = re.compile(r"\s*\[sandbox\b([^\]]*)\]", re.IGNORECASE)


def split_prompt(raw: str) -> tuple[str, list[Directive]]:
    """Return the prompt as it is drawn and the directives that were in it.

    Raises:
        ValueError: a directive has an unknown word; the text says which.
    """
    directives = [_parse(match[1]) for match in _BRACKET.finditer(raw)]
    return _BRACKET.sub("", raw).strip(), directives


def _parse(words: str) -> Directive:
    given = dict(_pair(word) for word in words.split())
    try:
        return Directive(
            faults=tuple(Fault(name) for name in given.pop("fault", "").split(",") if name),
            times=_number(given.pop("times", None)),
            count=_number(given.pop("count", None)),
            seconds=_decimal(given.pop("seconds", None)),
            delay=_decimal(given.pop("delay", None)),
        )
    finally:
        if given:
            raise ValueError(f"unknown word {next(iter(given))!r} in the sandbox directive")


def _pair(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise ValueError(f"{word!r} in the sandbox directive is not name=value")
    return name.lower(), value.lower()


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _decimal(text: str | None) -> float | None:
    return None if text is None else float(text)


@dataclass(slots=True)
class _Scripted:
    substring: str
    injection: Injection
    left: int | None


class FaultScript:
    """Decides, submission by submission, what goes wrong."""

    def __init__(self) -> None:
        self._scripted: list[_Scripted] = []
        self._fired: Counter[tuple[str, Fault]] = Counter()
        self._burst_left = 0

    def add(
        self,
        substring: str,
        fault: Fault,
        *,
        times: int | None = None,
        seconds: float | None = None,
        count: int | None = None,
    ) -> None:
        """Hit submissions whose prompt contains the text, `times` of them or all."""
        self._scripted.append(_Scripted(substring, _inject(fault, seconds, count), times))

    def clear(self) -> None:
        """Forget everything scripted so far."""
        self._scripted.clear()
        self._fired.clear()
        self._burst_left = 0

    def plan(self, raw_prompt: str, directives: list[Directive]) -> Plan:
        """Settle one submission, using up what is limited by `times`."""
        due = [*self._from_script(raw_prompt), *self._from_directives(raw_prompt, directives)]
        injections = {injection.stage: injection for injection in due}
        self._apply_burst(injections)
        delays = [d.delay for d in directives if d.delay is not None]
        return Plan(injections, delays[-1] if delays else None)

    def _from_script(self, raw_prompt: str) -> list[Injection]:
        due = [s for s in self._scripted if s.substring in raw_prompt and s.left != 0]
        for scripted in due:
            scripted.left = None if scripted.left is None else scripted.left - 1
        return [scripted.injection for scripted in due]

    def _from_directives(self, raw_prompt: str, directives: list[Directive]) -> list[Injection]:
        return [
            _inject(fault, directive.seconds, directive.count)
            for directive in directives
            for fault in directive.faults
            if self._fires(raw_prompt, fault, directive.times)
        ]

    def _fires(self, raw_prompt: str, fault: Fault, times: int | None) -> bool:
        self._fired[raw_prompt, fault] += 1
        return times is None or self._fired[raw_prompt, fault] <= times

    def _apply_burst(self, injections: dict[Stage, Injection]) -> None:
        refusal = injections.get(Stage.REFUSAL)
        if self._burst_left == 0 and refusal and refusal.fault is Fault.FAILED_BURST:
            self._burst_left = refusal.count
        if self._burst_left > 0:
            self._burst_left -= 1
            injections[Stage.REFUSAL] = _inject(Fault.FAILED, None, None)


def _inject(fault: Fault, seconds: float | None, count: int | None) -> Injection:
    rule = RULES[fault]
    return Injection(
        fault,
        rule.seconds if seconds is None else seconds,
        rule.count if count is None else count,
    )
