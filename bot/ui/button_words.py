"""What the buttons under finished pictures say, and the forms behind them."""

from __future__ import annotations

from bot.domain.job import Job
from bot.domain.request import GenerationRequest
from bot.domain.reuse import WHOLE_SET, as_drawn

WHICH_PICTURE = "Which picture?"
NOT_YOUR_FAVOURITE = (
    "Favourites are kept in `/history`, which holds your own pictures. This one is somebody "
    "else's: press Again for one of your own."
)
EDIT_TITLE = "Edit and draw"
REMIX_TITLE = "Draw from this picture"
EDIT_AGAIN = "Go on editing"
NOT_LOST = "-# What you typed is kept for a week."
DRAFT_LOST = "I no longer know what this form was about. Open it again at the picture."

PROMPT_LABEL = "Prompt"
NEGATIVE_LABEL = "What it should not show"
SIZE_LABEL = "Size"
SIZE_HINT = "square, portrait, landscape, wide, or WIDTHxHEIGHT (256 to 1024, steps of 8)"
STEPS_LABEL = "Steps"
STEPS_HINT = "1 to 51; more steps, more detail, more time"
STRENGTH_LABEL = "Strength"
STRENGTH_HINT = "0.05 to 1: how much the picture changes; 0.7 is usual"
GUIDANCE_LABEL = "Guidance"
GUIDANCE_HINT = "1 to 20: how closely it follows the prompt"


def which_picture(job: Job, deed: str) -> str:
    """Return the question which picture of a set is meant, and what the answer entails."""
    return (
        f"**{deed}**: which of the {job.request.samples} pictures?\n"
        f"-# The image service tells one seed for the whole set, {as_drawn(job).seed}. The set "
        "drawn again with it is the same set; a picture alone is drawn with the seed that many "
        "places further, and the service does not promise that it comes out the same."
    )


def which_to_start_from(job: Job, deed: str) -> str:
    """Return the question which picture of a set another one is to be drawn from."""
    return f"**{deed}**: from which of the {job.request.samples} pictures?"


def picture_named(job: Job, number: int) -> str:
    """Return what stands for a picture of a set in the list."""
    return f"All {job.request.samples}" if number == WHOLE_SET else f"Picture {number}"


def picture_costs(request: GenerationRequest, images: int) -> str:
    """Return how it would be drawn, and what that takes of the quota."""
    return f"seed {request.seed} · {costs(images)}"


def costs(images: int) -> str:
    """Return what something takes of the quota."""
    return f"counts as {images} image{'' if images == 1 else 's'}"
