"""Every sentence of `/quota`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.costs import Costs
from bot.domain.ids import RoleId, UserId
from bot.domain.quota import Grant, Limit, QuotaStatus, Spent
from bot.domain.quota_rule import NO_LIMIT, QuotaRule
from bot.quotas import ServerQuota
from bot.speech import N_, _, in_a_row, labelled, ngettext, number
from bot.ui.shortening import shorten
from bot.ui.wording import MESSAGE_LIMIT, mention, relative

_BAR = 10
_GRANTS_SHOWN = 5
_ROLES_SHOWN = 20

_UNLIMITED: Mapping[str, str] = {
    "daily_images": N_("unlimited images a member"),
    "server_images": N_("unlimited images for everybody together"),
    "max_active": N_("unlimited unfinished jobs a member"),
    "cooldown_seconds": N_("no pause between two requests of a member"),
}


def own(status: QuotaStatus, costs: Costs) -> str:
    """Return what a member reads about their own quota."""
    limits, usage = status.limits, status.usage
    caps = limits.caps()
    lines = [_left(status, limit, is_only=len(caps) == 1) for limit in caps]
    if Limit.HERE in caps:
        lines += _grants(usage.grants)
    if len(lines) > 1:
        remaining = number(status.remaining)
        lines.append(_("Together that lets you order **{images}** now.", images=remaining))
    lines.append(
        _(
            "Unfinished jobs: {jobs} of {most} at once",
            jobs=number(usage.active_jobs),
            most=number(limits.max_active),
        )
    )
    lines += _here(status)
    lines += _costs(costs)
    return "\n".join(lines)


def of_member(user_id: UserId, status: QuotaStatus) -> str:
    """Return what moderators read about a member: nothing of other servers."""
    lines = [_("**Quota of {member} in this server**", member=mention(user_id))]
    if Limit.HERE in status.limits.caps():
        lines.append(_left(status, Limit.HERE, is_only=True))
        lines += _grants(status.usage.grants)
    else:
        lines.append(
            ngettext(
                "No daily limit holds for them here; {count} image in the last 24 hours.",
                "No daily limit holds for them here; {count} images in the last 24 hours.",
                status.usage.here.images,
            )
        )
    return "\n".join([*lines, *_here(status)])


def of_server(quota: ServerQuota) -> str:
    """Return a server's rules and what was used."""
    rule, used = rule_words(quota.rule), quota.used.images
    lines = [
        _("**Quotas of this server**"),
        ngettext(
            "Used in the last 24 hours: {count} image",
            "Used in the last 24 hours: {count} images",
            used,
        ),
        _("Everybody: {limits}", limits=rule) if rule else _("Everybody: no limit"),
    ]
    if quota.exempt:
        lines.append(_free(quota.exempt))
    lines += [labelled(_role(role), rule_words(rule)) for role, rule in quota.roles]
    return shorten("\n".join(lines), MESSAGE_LIMIT)


def rule_changed(role_id: RoleId | None, rule: QuotaRule) -> str:
    """Return what a moderator reads after setting limits."""
    limits = rule_words(rule)
    if role_id is None:
        if not limits:
            return _("For everybody in this server now: no limit.")
        return _("For everybody in this server now: {limits}.", limits=limits)
    if not limits:
        return _("For {role} now: as the server has it.", role=_role(role_id))
    return _("For {role} now: {limits}.", role=_role(role_id), limits=limits)


def exempted(role_id: RoleId, *, exempt: bool) -> str:
    """Return what a moderator reads after exempting a role, or taking that back."""
    if not exempt:
        return _("This server's limits hold for {role} again.", role=_role(role_id))
    return _(
        "{role} is free of this server's limits now. The limits of the bot's operator still hold.",
        role=_role(role_id),
    )


def granted(user_id: UserId, grant: Grant) -> str:
    """Return what a moderator reads after a grant."""
    return ngettext(
        "{member} may order {count} image beyond the daily limit of this server. What is not used "
        "ends {when}.",
        "{member} may order {count} images beyond the daily limit of this server. What is not used "
        "ends {when}.",
        grant.left,
        member=mention(user_id),
        when=relative(grant.expires_at_ms),
    )


def was_reset(user_id: UserId, images: int) -> str:
    """Return what a moderator reads after a reset."""
    if not images:
        return _("Nothing counted against {member} in this server.", member=mention(user_id))
    return ngettext(
        "{count} image of {member} no longer counts in this server.",
        "{count} images of {member} no longer count in this server.",
        images,
        member=mention(user_id),
    )


def _left(status: QuotaStatus, limit: Limit, *, is_only: bool) -> str:
    cap, spent = status.limits.caps()[limit], status.usage.spent(limit)
    images = max(0, cap - spent.images)
    left = number(images)
    words = _left_of(cap, left) if is_only else _left_of_several(limit, cap, left)
    return f"`{_bar(images, cap)}` {words}{_back(spent)}"


def _left_of(cap: int, left: str) -> str:
    return ngettext(
        "**{left}** of {count} image left", "**{left}** of {count} images left", cap, left=left
    )


def _left_of_several(limit: Limit, cap: int, left: str) -> str:
    match limit:
        case Limit.HERE:
            return ngettext(
                "**{left}** of {count} image left in this server",
                "**{left}** of {count} images left in this server",
                cap,
                left=left,
            )
        case Limit.SERVER:
            return ngettext(
                "**{left}** of {count} image left for everybody in this server together",
                "**{left}** of {count} images left for everybody in this server together",
                cap,
                left=left,
            )
        case _:
            return ngettext(
                "**{left}** of {count} image left over all servers",
                "**{left}** of {count} images left over all servers",
                cap,
                left=left,
            )


def _back(spent: Spent) -> str:
    if spent.more_at_ms is None:
        return ""
    return f" · {_('the first come back {when}', when=relative(spent.more_at_ms))}"


def _bar(left: int, cap: int) -> str:
    """Draw what is left, as the words beside it say; empty only where that is nothing."""
    filled = math.ceil(left * _BAR / cap) if left else 0
    return "█" * filled + "░" * (_BAR - filled)


def _grants(grants: Sequence[Grant]) -> Iterator[str]:
    shown = [
        _("{images} until {when}", images=number(each.left), when=relative(each.expires_at_ms))
        for each in grants[:_GRANTS_SHOWN]
    ]
    if len(grants) > _GRANTS_SHOWN:
        yield _("Extra images from moderators: {grants} and more", grants=in_a_row(shown))
    elif shown:
        yield _("Extra images from moderators: {grants}", grants=in_a_row(shown))


def _here(status: QuotaStatus) -> Iterator[str]:
    """Yield what else this server asks of a member."""
    allowed = status.limits.server.max_active
    if allowed is not None:
        active = number(status.usage.active_here)
        yield _("In this server: {jobs} of {most} at once", jobs=active, most=number(allowed))
    if pause := status.limits.server.cooldown_seconds:
        until = status.rests_until_ms
        yield _pause(pause) if until is None else _pause_until(pause, until + 999)


def _pause(seconds: int) -> str:
    return ngettext(
        "Pause between two requests: {count} second",
        "Pause between two requests: {count} seconds",
        seconds,
    )


def _pause_until(seconds: int, moment_ms: int) -> str:
    return ngettext(
        "Pause between two requests: {count} second · over {when}",
        "Pause between two requests: {count} seconds · over {when}",
        seconds,
        when=relative(moment_ms),
    )


def _costs(costs: Costs) -> Iterator[str]:
    extra = [f"`{option}` +{number(cost)}" for option, cost in costs.by_option().items()]
    if extra:
        words = _(
            "A picture counts as 1 image, and as more with some options: {extra}.",
            extra=in_a_row(extra),
        )
        yield f"-# {words}"


def rule_words(rule: QuotaRule) -> str:
    """Return the limits that a rule sets; "" where it sets none."""
    said = rule.model_dump(exclude_none=True)
    return " · ".join(
        _(_UNLIMITED[name]) if amount == NO_LIMIT else _limited(name, amount)
        for name, amount in said.items()
    )


def _limited(name: str, amount: int) -> str:
    match name:
        case "daily_images":
            return ngettext(
                "{count} image a member in 24 hours",
                "{count} images a member in 24 hours",
                amount,
            )
        case "server_images":
            return ngettext(
                "{count} image for everybody together in 24 hours",
                "{count} images for everybody together in 24 hours",
                amount,
            )
        case "max_active":
            return ngettext(
                "{count} unfinished job at once a member",
                "{count} unfinished jobs at once a member",
                amount,
            )
        case _:
            return ngettext(
                "{count} second between two requests of a member",
                "{count} seconds between two requests of a member",
                amount,
            )


def _free(role_ids: Sequence[RoleId]) -> str:
    roles = in_a_row(map(_role, role_ids[:_ROLES_SHOWN]))
    if len(role_ids) <= _ROLES_SHOWN:
        return _("Free of these limits: {roles}", roles=roles)
    more = number(len(role_ids) - _ROLES_SHOWN)
    return _("Free of these limits: {roles} and {count} more", roles=roles, count=more)


def _role(role_id: RoleId) -> str:
    return f"<@&{role_id}>"
