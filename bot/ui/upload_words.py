"""What is said of pictures that had to be made smaller, or left out, to fit what Discord takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.job import Job, Picture
from bot.ui.uploads import Upload

_LONGEST_ADDRESS = 400
"""Four of them leave room for the prompt."""


def fitting(job: Job, upload: Upload, own_links: Mapping[int, str]) -> str:
    """Return the lines below a message's text, each after a line break; none where all is whole.

    `own_links` are our addresses of pictures, by position. Where we have none, it is the API's own
    link, which dies after a day (contract, section 6).
    """
    lines = [
        *_line(job, upload.smaller, own_links, "Shown smaller, to fit what Discord takes here."),
        *_line(job, upload.left_out, own_links, "Discord takes no file of this size here."),
    ]
    return "".join(f"\n-# {line}" for line in lines)


def _line(
    job: Job, pictures: Sequence[Picture], own_links: Mapping[int, str], why: str
) -> Iterator[str]:
    if not pictures:
        return
    links = {each.position: _link(job, each.position, own_links) for each in pictures}
    named = [
        f"[{_name(position, job)}](<{link}>)"
        for position, link in links.items()
        if link is not None
    ]
    if not named:
        yield f"{why} Whole, it waits in `/history`."
        return
    fades = "" if set(links) <= set(own_links) else f" ({_fading(len(named))})"
    yield f"{why} In full: {' · '.join(named)}{fades}"


def _fading(links: int) -> str:
    return "this link works for a day" if links == 1 else "these links work for a day"


def _name(position: int, job: Job) -> str:
    return "the picture" if job.request.samples == 1 else f"picture {position + 1}"


def _link(job: Job, position: int, own_links: Mapping[int, str]) -> str | None:
    if position in own_links:
        return own_links[position]
    link = job.output[position] if position < len(job.output) else ""
    is_fit = 0 < len(link) <= _LONGEST_ADDRESS and not set(link) & set("<>")
    return link if is_fit else None
