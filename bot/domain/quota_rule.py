"""What a server's moderators may say about quotas, at the server or for a role."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo

from bot.domain.quota import ServerLimits
from bot.speech import _

NO_LIMIT: Literal["no limit"] = "no limit"
MAX_AMOUNT = 1_000_000
MAX_COOLDOWN_SECONDS = 24 * 60 * 60
"""What is older than the ledger's window is not looked at."""

Amount = int | Literal["no limit"]

BOUNDS = {
    "daily_images": (0, MAX_AMOUNT),
    "server_images": (0, MAX_AMOUNT),
    "max_active": (1, MAX_AMOUNT),
    "cooldown_seconds": (1, MAX_COOLDOWN_SECONDS),
}
"""The least and the most that can be set; no images at all is a rule too."""


def _within_bounds(amount: Amount | None, info: ValidationInfo) -> Amount | None:
    least, most = BOUNDS[str(info.field_name)]
    if isinstance(amount, int) and not least <= amount <= most:
        raise ValueError(_("must be from {least} to {most}", least=least, most=most))
    return amount


_Bounded = Annotated[Amount | None, AfterValidator(_within_bounds)]


class QuotaRule(BaseModel):
    """One place's limits; None says nothing, which for a role means: as the server has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    daily_images: _Bounded = None
    server_images: _Bounded = None
    """For everybody together; roles have no say in it."""
    max_active: _Bounded = None
    cooldown_seconds: _Bounded = None


def limits_of(server: QuotaRule, roles: Sequence[QuotaRule]) -> ServerLimits:
    """Return what holds for a member: what their roles say, the most generous, else the server's.

    A role's rule stands in the place of the server's, so that a role can also have less.
    """
    return ServerLimits(
        daily_images=_decided(server.daily_images, [r.daily_images for r in roles], max),
        server_images=_decided(server.server_images, (), max),
        max_active=_decided(server.max_active, [r.max_active for r in roles], max),
        cooldown_seconds=_decided(
            server.cooldown_seconds, [r.cooldown_seconds for r in roles], min
        ),
    )


def _decided(
    server: Amount | None,
    roles: Iterable[Amount | None],
    most_generous: Callable[[Iterable[int]], int],
) -> int | None:
    said = [amount for amount in roles if amount is not None] or [server]
    amounts = [amount for amount in said if isinstance(amount, int)]
    return most_generous(amounts) if len(amounts) == len(said) else None
