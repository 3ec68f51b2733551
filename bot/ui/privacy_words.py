"""Every sentence about what is kept of a member."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.personal import FATES, Ending, Holding
from bot.privacy import Privacy
from bot.speech import N_, _, labelled, ngettext
from bot.ui.wording import MESSAGE_LIMIT

ERASING = N_(
    "🧹 Erasing. Open jobs are cancelled first. This may take a moment, and goes on by itself even "
    "if I am restarted."
)
ERASED = N_("✅ Done. What I kept about you is erased.")
STILL_ERASING = N_("🧹 There is a lot of it: the erasing goes on, and needs nothing more from you.")
NOT_ERASED = N_("Nothing was erased.")
NOT_YOURS = N_("Only the person who asked for this can answer it.")
DIRECT_MESSAGES_CLOSED = N_(
    "Discord does not let me answer any further here, and your direct messages are closed to me. "
    "Allow direct messages from a server we share, or use `/privacy export` in a server that has "
    "me, and ask again."
)
BROKE_OFF = N_(
    "Sending your export broke off before its end. Use `/privacy export` again in a while."
)
CONTINUED = N_(
    "Discord lets me answer only so often here. The other parts come as direct messages."
)

_ABOUT = N_("What I keep about you, for how long, and who sees it")
_READERS = N_(
    "I do not read what people write. The people who run me can see what is kept. The image "
    "service gets your prompt and options, not your name. My log has numbers of jobs in it, no "
    "prompts."
)
_QUESTION = N_("Erase everything I keep about you, on every server?")
_CONSEQUENCES = N_(
    "Your open jobs are cancelled. It cannot be undone; `/privacy export` gives you a copy first."
)
_COPIES = N_("copies that the people who run me made before")


def about(privacy: Privacy) -> list[str]:
    """Return what `/privacy about` says, as messages."""
    return messages(
        [
            f"**{_(_ABOUT)}**",
            *map(_told, privacy.holdings),
            f"{_pictures_go(privacy.picture_days)} {_(_READERS)}",
            ngettext(
                "When a server removes me, what is its own goes after {count} day.",
                "When a server removes me, what is its own goes after {count} days.",
                privacy.grace_days,
            ),
            _("`/privacy export` sends you all of it. `/privacy erase` erases it."),
        ]
    )


def question(holdings: Sequence[Holding]) -> list[str]:
    """Return what `/privacy erase` asks."""
    return messages(
        [
            f"**{_(_QUESTION)}** {_(_CONSEQUENCES)}",
            _("What stays:"),
            *(
                f"• {labelled(_(h.what), '; '.join(map(ending, h.erased)))}"
                for h in holdings
                if h.stays
            ),
            f"• {_what_stands_in_channels()}",
            f"• {_(_COPIES)}",
        ]
    )


def ending(told: Ending) -> str:
    """Say what becomes of a kind of record."""
    fate = _(FATES[told.fate])
    return labelled(fate, _(told.because)) if told.because else fate


def part(number: int, *, is_last: bool) -> str:
    """Return what stands above a part of an export."""
    if not is_last:
        text = _("Part {number}. There is more to come.", number=number)
    elif number == 1:
        text = _("Here is all I keep about you.")
    else:
        text = _("Part {number}, the last.", number=number)
    return f"📦 {text}"


def readme(privacy: Privacy) -> str:
    """Return the text inside an export, in English as all of that is."""
    lines = [
        "Everything that Imagine keeps about you.",
        "",
        "There may be several parts; each opens by itself, and all fit into one folder.",
        "Each JSON file is a list of records of one kind. Ids are Discord's. Moments are in UTC.",
        "Your pictures lie in the folder `pictures`, named by the job and their number in it.",
        "What you gave to start from, and masks, lies in the folder `sources`, named alike.",
        "One too large to be sent comes smaller, with `-smaller` in its name.",
        "Where `file` is null, the picture is no longer kept, or broken.",
        "",
        *(f"{h.name}: {h.what}; kept {h.kept}; seen by {h.seen_by}" for h in privacy.holdings),
    ]
    return "\n".join(lines) + "\n"


def messages(lines: Iterable[str]) -> list[str]:
    """Put lines into as few messages as hold them."""
    found = [""]
    for line in lines:
        if len(found[-1]) + 1 + len(line) > MESSAGE_LIMIT:
            found.append("")
        found[-1] = f"{found[-1]}\n{line}".strip("\n")
    return found


def _told(holding: Holding) -> str:
    seen = _("seen by: {people}", people=_(holding.seen_by))
    return f"• **{_(holding.what)}**\n-# {_(holding.kept)} · {seen}"


def _pictures_go(days: int) -> str:
    return ngettext(
        "Pictures are kept for {count} day at most.",
        "Pictures are kept for {count} days at most.",
        days,
    )


def _what_stands_in_channels() -> str:
    return _(
        "what I posted in channels; **{delete}** under your own pictures still works for you",
        delete=f"🗑️ {_('Delete')}",
    )
