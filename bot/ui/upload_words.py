"""What is said of pictures that had to be made smaller, or left out, to fit what Discord takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.job import Job, Picture
from bot.speech import _, ngettext
from bot.ui.uploads import Upload

_LONGEST_ADDRESS = 350
"""Four of them leave room for the prompt."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where pictures are had in full: `own` are our addresses of them, by position.

    Where we have none, it is the API's, which dies after a day (contract, section 6).
    """

    own: Mapping[int, str]
    api: Sequence[str]

    def of(self, position: int) -> str | None:
        """Return the address of a picture; None where it has none that can be shown."""
        if position in self.own:
            return self.own[position]
        link = self.api[position] if position < len(self.api) else ""
        is_fit = 0 < len(link) <= _LONGEST_ADDRESS and not set(link) & set("<>")
        return link if is_fit else None


def fitting(job: Job, upload: Upload, links: Links) -> str:
    """Return the lines below a message's text, each after a line break; none where all is whole."""
    lines = [
        *_line(job, upload.smaller, links, _("Shown smaller, to fit what Discord takes here.")),
        *_line(job, upload.left_out, links, _("Discord takes no file of this size here.")),
    ]
    return "".join(f"\n-# {line}" for line in lines)


def _line(job: Job, pictures: Sequence[Picture], links: Links, why: str) -> Iterator[str]:
    if not pictures:
        return
    found = {each.position: links.of(each.position) for each in pictures}
    named = [
        f"[{_name(position, job)}](<{link}>)"
        for position, link in found.items()
        if link is not None
    ]
    if not named:
        where = _("Whole, it waits in `/history`.")
        yield f"{why} {where}"
        return
    where = _("In full: {links}", links=" · ".join(named))
    fades = "" if set(found) <= set(links.own) else f" ({_fading(len(named))})"
    yield f"{why} {where}{fades}"


def _fading(links: int) -> str:
    return ngettext("this link works for a day", "these links work for a day", links)


def _name(position: int, job: Job) -> str:
    if job.request.samples == 1:
        return _("the picture")
    return _("picture {number}", number=position + 1)
