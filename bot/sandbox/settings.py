"""What can be set about the local image API: every knob, with a default that suits tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

Seconds = float | tuple[float, float]
"""A fixed time, or the ends of a range from which each job takes its own."""


class Profile(StrEnum):
    """Which age of the vendor is spoken (contract, section 11)."""

    V4_2023 = "v4-2023"
    """HTTP 200 whatever happens; `messege` where the vendor misspells it."""

    V6_2026 = "v6-2026"
    """Real HTTP codes, `message` throughout, `retry_after` on limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """The knobs; the defaults suit tests, `for_people` suits somebody watching."""

    profile: Profile = Profile.V4_2023
    """How the V4 and V3 paths answer; the V6 paths always speak v6-2026."""

    api_key: str | None = "sandbox-key"
    """The only key accepted; None takes any that is not empty."""

    host: str = "127.0.0.1"
    port: int = 0
    """0 lets the system choose a free one."""

    public_url: str | None = None
    """Root of the links in replies where it is not `http://host:port`."""

    draw_seconds: Seconds = 0.0
    """How long a job takes."""

    hold_seconds: float = 22.0
    """How long a reply is held for the pictures before it says `processing`."""

    immediate_queueing: bool = False
    """Answer `processing` at once, as the vendor does when its queue is long."""

    eta_seconds: float | None = None
    """The `eta` of `processing` replies; None says what is really left, a little optimistically."""

    queue_limit: int | None = None
    """Jobs the account may have unfinished; the vendor's plans allow 5, 10 or 15."""

    spam_filter_seconds: float | None = None
    """Refuse a body identical to one accepted less than this ago and still being drawn."""

    link_delay_seconds: float = 0.0
    """How long every link stays 404 after `success`."""

    late_link_share: float = 0.0
    """Share of links that stay 404 for 5 to 15 s after `success` (contract, section 6: 2-5 %)."""

    link_lifetime_seconds: float | None = None
    """How long links with `temp` live; the vendor's last a day."""

    webhook_on_sync_success: bool = True
    """Whether a job whose pictures came in the submit's own reply also posts its webhook."""

    webhook_timeout_seconds: float = 30.0
    reload_seconds: float = 0.0
    """How long `model_reload` takes; the vendor says two minutes."""

    own_models: tuple[str, ...] = ("my-trained-model",)
    """Ids that are accepted although no list shows them, as one's own trained models are."""

    picture_scale: float = 1.0
    """Factor on both sides of every picture."""

    cheap_pictures: bool = False
    """Draw plain gradients: for benchmarks, where drawing must cost nothing."""

    keep_jobs: int = 20_000
    keep_picture_bytes: int = 512 * 1024 * 1024

    @classmethod
    def for_people(cls, **changes: Any) -> SandboxSettings:
        """Return settings under which the sandbox feels like the vendor on a good day."""
        lively = cls(
            draw_seconds=(3.0, 8.0),
            queue_limit=10,
            spam_filter_seconds=30.0,
            late_link_share=0.03,
            reload_seconds=10.0,
        )
        return replace(lively, **changes)
