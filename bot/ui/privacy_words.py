"""Every sentence about what is kept of a member."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.personal import Holding
from bot.privacy import Privacy
from bot.ui.wording import MESSAGE_LIMIT

ERASING = (
    "🧹 Erasing. Open jobs are cancelled first. This may take a moment, and goes on by itself even "
    "if I am restarted."
)
ERASED = "✅ Done. What I kept about you is erased."
STILL_ERASING = "🧹 There is a lot of it: the erasing goes on, and needs nothing more from you."
NOT_ERASED = "Nothing was erased."
NOT_YOURS = "Only the person who asked for this can answer it."
DIRECT_MESSAGES_CLOSED = (
    "Discord does not let me answer any further here, and your direct messages are closed to me. "
    "Allow direct messages from a server we share, or use `/privacy export` in a server that has "
    "me, and ask again."
)
BROKE_OFF = "Sending your export broke off before its end. Use `/privacy export` again in a while."
CONTINUED = "Discord lets me answer only so often here. The other parts come as direct messages."


def about(privacy: Privacy) -> list[str]:
    """Return what `/privacy about` says, as messages."""
    return messages(
        [
            "**What I keep about you, for how long, and who sees it**",
            *(f"• **{h.what}**\n-# {h.kept} · seen by: {h.seen_by}" for h in privacy.holdings),
            (
                f"Pictures are kept for {privacy.picture_days} days at most. I do not read what "
                "people write. The people who run me can see what is kept. The image service gets "
                "your prompt and options, not your name. My log has numbers of jobs in it, no "
                "prompts."
            ),
            f"When a server removes me, what is its own goes after {privacy.grace_days} days.",
            "`/privacy export` sends you all of it. `/privacy erase` erases it.",
        ]
    )


def question(holdings: Sequence[Holding]) -> list[str]:
    """Return what `/privacy erase` asks."""
    return messages(
        [
            (
                "**Erase everything I keep about you, on every server?** Your open jobs are "
                "cancelled. It cannot be undone; `/privacy export` gives you a copy first."
            ),
            "What stays:",
            *(f"• {h.what}: {h.erased}" for h in holdings if h.stays),
            "• what I posted in channels; **Delete** under your own pictures still works for you",
            "• copies that the people who run me made before",
        ]
    )


def part(number: int, *, is_last: bool) -> str:
    """Return what stands above a part of an export."""
    if not is_last:
        return f"📦 Part {number}. There is more to come."
    return "📦 Here is all I keep about you." if number == 1 else f"📦 Part {number}, the last."


def readme(privacy: Privacy) -> str:
    """Return the text inside an export."""
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
