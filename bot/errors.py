"""Every error this program raises on purpose, in one tree.

::

    ImagineError
    ├── UserError                  a member can mend it; shown to them as it is, privately
    │   ├── InvalidRequest         options that do not make a picture; one Problem each
    │   ├── QuotaExceeded          nothing left for now
    │   ├── JobNotFound            no such job, or not theirs to see
    │   ├── NotAllowed             somebody else's, or a permission is missing
    │   ├── PromptRefused          a rule does not allow what they wrote
    │   ├── ChangedMeanwhile       decided from a state that somebody else has changed since
    │   └── Blocked                a moderator of this server blocked them
    ├── ProviderError              the image API
    │   ├── ProviderUnavailable    no usable answer: network, time-out, 5xx, nonsense     try again
    │   ├── ProviderBusy           rate or queue limit                         wait, try again
    │   ├── ProviderSuspended      key, credit or monthly limit: the operator must act      pause
    │   ├── ProviderRejected       this request will never be accepted                      final
    │   │   └── ModelNotFound      … because of its model                                   final
    │   └── ProviderFailed         it tried and could not draw                   one more attempt
    ├── DownloadError              a picture could not be fetched; .retryable says which
    ├── DeliveryError              Discord would not take a post; .retryable says which
    ├── StorageError               the database or the disk
    │   └── StartGone              the picture that a job was to start from is no longer kept
    └── StartupError               cannot start; short words for the operator and an exit code
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.speech import _


class ImagineError(Exception):
    """Root of the tree; `str(error)` is a sentence without secrets."""


class UserError(ImagineError):
    """Something the member can mend; the text is shown to them as it is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one option, in words that say what to change."""

    option: str
    message: str


class InvalidRequest(UserError):
    """The options do not add up to a request."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.option}: {p.message}" for p in self.problems))


class QuotaExceeded(UserError):
    """A limit would be passed.

    `words` says which, in the language that is spoken where the error is shown: it is raised in the
    database's thread. `remaining` is in images and `resets_at_ms` in Unix milliseconds: the first
    moment at which enough comes back; None where waiting alone does not help.
    """

    def __init__(
        self, words: Callable[[], str], *, remaining: int, resets_at_ms: int | None
    ) -> None:
        super().__init__()
        self._words = words
        self.remaining = remaining
        self.resets_at_ms = resets_at_ms

    def __str__(self) -> str:
        return self._words()


class JobNotFound(UserError):
    """There is no such job for this member."""


class NotAllowed(UserError):
    """The member may not do this here."""


class PromptRefused(UserError):
    """A rule does not allow a prompt; `rule` is the moderators' text where it may be named."""

    def __init__(self, message: str, *, rule: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule


class ChangedMeanwhile(UserError):
    """The decision was taken from a state that is no longer so; nothing was changed."""


class Blocked(UserError):
    """Moderators blocked the member; `until_ms` in Unix milliseconds, None for good."""

    def __init__(self, *, until_ms: int | None, reason: str | None) -> None:
        super().__init__(_("The moderators of this server have blocked you from making pictures."))
        self.until_ms = until_ms
        self.reason = reason


class ProviderError(ImagineError):
    """The image API did not do what it was asked.

    `maybe_taken` is True when the job may have been accepted although no answer came: the API has
    no idempotency key, so sending again may pay twice (contract, sections 1 and 7).
    """

    def __init__(self, message: str, *, maybe_taken: bool = False) -> None:
        super().__init__(message)
        self.maybe_taken = maybe_taken


class ProviderUnavailable(ProviderError):
    """No usable answer; worth trying again."""


class ProviderBusy(ProviderError):
    """The account's rate or queue limit; `retry_after_seconds` holds for every job."""

    def __init__(self, message: str, *, retry_after_seconds: float = 30.0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class ProviderSuspended(ProviderError):
    """Key, credit or plan: nothing will be accepted until the operator acts."""


class ProviderRejected(ProviderError):
    """The request itself is refused; sending it again cannot help."""


class ModelNotFound(ProviderRejected):
    """The API does not know the model, or dropped it after a week of idling."""


class ProviderFailed(ProviderError):
    """The API tried and failed; such failures come in bursts (contract, section 6)."""


class DownloadError(ImagineError):
    """A picture could not be fetched, or what came is not a picture we accept."""

    def __init__(self, message: str, *, retryable: bool) -> None:
        super().__init__(message)
        self.retryable = retryable


class DeliveryError(ImagineError):
    """Discord did not take a post.

    `retryable` says whether waiting can help; `fate_unknown` that the post may stand in the
    channel although no answer came.
    """

    def __init__(self, message: str, *, retryable: bool, fate_unknown: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.fate_unknown = fate_unknown


class StorageError(ImagineError):
    """The database or the disk refused; nothing was half written."""


class StartGone(StorageError):
    """The picture that a job was to start from is no longer kept."""


class StartupError(ImagineError):
    """The program cannot start; `exit_code` is what the process ends with."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
