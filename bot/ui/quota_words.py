"""Every sentence of `/quota`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.costs import Costs
from bot.domain.ids import RoleId, UserId
from bot.domain.quota import Grant, Limit, QuotaStatus, Spent
from bot.domain.quota_rule import NO_LIMIT, Amount, QuotaRule
from bot.quotas import ServerQuota
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT, mention, relative

_BAR = 10
_GRANTS_SHOWN = 5
_ROLES_SHOWN = 20

_WHOSE = {
    Limit.HERE: "in this server",
    Limit.SERVER: "for everybody in this server together",
    Limit.EVERYWHERE: "over all servers",
}

_AMOUNTS = {
    "daily_images": "{} a member in 24 hours",
    "server_images": "{} for everybody together in 24 hours",
    "max_active": "{} at once a member",
    "cooldown_seconds": "{} between two requests of a member",
}

_UNITS: Mapping[str, tuple[str, str]] = {
    "daily_images": ("image", "images"),
    "server_images": ("image", "images"),
    "max_active": ("unfinished job", "unfinished jobs"),
    "cooldown_seconds": ("second", "seconds"),
}


def own(status: QuotaStatus, costs: Costs) -> str:
    """Return what a member reads about their own quota."""
    limits, usage = status.limits, status.usage
    caps = limits.caps()
    lines = [_left(status, limit, "" if len(caps) == 1 else _WHOSE[limit]) for limit in caps]
    if Limit.HERE in caps:
        lines += _grants(usage.grants)
    if len(lines) > 1:
        lines.append(f"Together that lets you order **{status.remaining}** now.")
    lines.append(f"Unfinished jobs: {usage.active_jobs} of {limits.max_active} at once")
    lines += _here(status)
    lines += _costs(costs)
    return "\n".join(lines)


def of_member(user_id: UserId, status: QuotaStatus) -> str:
    """Return what moderators read about a member: nothing of other servers."""
    lines = [f"**Quota of {mention(user_id)} in this server**"]
    if Limit.HERE in status.limits.caps():
        lines.append(_left(status, Limit.HERE, ""))
        lines += _grants(status.usage.grants)
    else:
        used = _counted("daily_images", status.usage.here.images)
        lines.append(f"No daily limit holds for them here; {used} in the last 24 hours.")
    return "\n".join([*lines, *_here(status)])


def of_server(quota: ServerQuota) -> str:
    """Return a server's rules and what was used."""
    lines = [
        "**Quotas of this server**",
        f"Used in the last 24 hours: {_counted('daily_images', quota.used.images)}",
        f"Everybody: {rule_words(quota.rule) or NO_LIMIT}",
    ]
    if quota.exempt:
        lines.append(f"Free of these limits: {_roles(quota.exempt)}")
    lines += [f"{_role(role)}: {rule_words(rule)}" for role, rule in quota.roles]
    return shorten("\n".join(lines), MESSAGE_LIMIT)


def rule_changed(role_id: RoleId | None, rule: QuotaRule) -> str:
    """Return what a moderator reads after setting limits."""
    if role_id is None:
        return f"For everybody in this server now: {rule_words(rule) or NO_LIMIT}."
    return f"For {_role(role_id)} now: {rule_words(rule) or 'as the server has it'}."


def exempted(role_id: RoleId, *, exempt: bool) -> str:
    """Return what a moderator reads after exempting a role, or taking that back."""
    if exempt:
        return (
            f"{_role(role_id)} is free of this server's limits now. The limits of the bot's "
            "operator still hold."
        )
    return f"This server's limits hold for {_role(role_id)} again."


def granted(user_id: UserId, grant: Grant) -> str:
    """Return what a moderator reads after a grant."""
    return (
        f"{mention(user_id)} may order {_counted('daily_images', grant.left)} beyond the daily "
        f"limit of this server. What is not used ends {relative(grant.expires_at_ms)}."
    )


def was_reset(user_id: UserId, images: int) -> str:
    """Return what a moderator reads after a reset."""
    if not images:
        return f"Nothing counted against {mention(user_id)} in this server."
    used = _counted("daily_images", images)
    return f"{used} of {mention(user_id)} no longer count in this server."


def _left(status: QuotaStatus, limit: Limit, whose: str) -> str:
    cap, spent = status.limits.caps()[limit], status.usage.spent(limit)
    left = max(0, cap - spent.images)
    words = f"`{_bar(spent.images, cap)}` **{left}** of {cap} images left {whose}".rstrip()
    return words + _back(spent)


def _back(spent: Spent) -> str:
    if spent.more_at_ms is None:
        return ""
    return f" · the first come back {relative(spent.more_at_ms)}"


def _bar(used: int, cap: int) -> str:
    filled = _BAR if used >= cap else used * _BAR // cap
    return "█" * filled + "░" * (_BAR - filled)


def _grants(grants: Sequence[Grant]) -> Iterator[str]:
    shown = [f"{each.left} until {relative(each.expires_at_ms)}" for each in grants]
    if shown:
        more = " and more" if len(shown) > _GRANTS_SHOWN else ""
        yield f"Extra images from moderators: {', '.join(shown[:_GRANTS_SHOWN])}{more}"


def _here(status: QuotaStatus) -> Iterator[str]:
    """Yield what else this server asks of a member."""
    allowed = status.limits.server.max_active
    if allowed is not None:
        yield f"In this server: {status.usage.active_here} of {allowed} at once"
    if pause := status.limits.server.cooldown_seconds:
        until = status.rests_until_ms
        yield f"Pause between two requests: {_counted('cooldown_seconds', pause)}" + (
            "" if until is None else f" · over {relative(until + 999)}"
        )


def _costs(costs: Costs) -> Iterator[str]:
    extra = [f"{cost} more with `{option}`" for option, cost in costs.by_option().items()]
    if extra:
        yield f"-# A picture counts as 1 image, and {', '.join(extra)}."


def rule_words(rule: QuotaRule) -> str:
    """Return the limits that a rule sets; "" where it sets none."""
    said = rule.model_dump(exclude_none=True)
    return " · ".join(_AMOUNTS[name].format(_counted(name, said[name])) for name in said)


def _counted(name: str, amount: Amount) -> str:
    one, many = _UNITS[name]
    if amount == NO_LIMIT:
        return f"no limit of {many}"
    return f"{amount} {one if amount == 1 else many}"


def _roles(role_ids: Sequence[RoleId]) -> str:
    more = f" and {len(role_ids) - _ROLES_SHOWN} more" if len(role_ids) > _ROLES_SHOWN else ""
    return ", ".join(map(_role, role_ids[:_ROLES_SHOWN])) + more


def _role(role_id: RoleId) -> str:
    return f"<@&{role_id}>"
