"""What the buttons under finished pictures say, and the forms behind them."""

from __future__ import annotations

from bot.domain.job import Job
from bot.domain.request import GenerationRequest
from bot.domain.reuse import WHOLE_SET, as_drawn
from bot.speech import N_, _, ngettext

AGAIN = N_("Again")
EDIT = N_("Edit")
RELOAD_MODEL = N_("Reload model")

WHICH_PICTURE = N_("Which picture?")
EDIT_TITLE = N_("Edit and draw")
REMIX_TITLE = N_("Draw from this picture")
EDIT_AGAIN = N_("Go on editing")
NOT_LOST = N_("-# What you typed is kept for a week.")
DRAFT_LOST = N_("I no longer know what this form was about. Open it again at the picture.")

PROMPT_LABEL = N_("Prompt")
NEGATIVE_LABEL = N_("What it should not show")
SIZE_LABEL = N_("Size")
SIZE_HINT = N_("square, portrait, landscape, wide, or WIDTHxHEIGHT (256 to 1024, steps of 8)")
STEPS_LABEL = N_("Steps")
STEPS_HINT = N_("1 to 51; more steps, more detail, more time")
STRENGTH_LABEL = N_("Strength")
STRENGTH_HINT = N_("0.05 to 1: how much the picture changes; 0.7 is usual")
GUIDANCE_LABEL = N_("Guidance")
GUIDANCE_HINT = N_("1 to 20: how closely it follows the prompt")


def not_your_favourite(again: str) -> str:
    """Return why somebody else's picture becomes no favourite, and what does.

    `again` is what stands on the button, in the language of the message.
    """
    return _(
        "Favourites are kept in `/history`, which holds your own pictures. This one is somebody "
        "else's: press {again} for one of your own.",
        again=again,
    )


def which_picture(job: Job, deed: str) -> str:
    """Return the question which picture of a set is meant, and what the answer entails."""
    question = _("which of the {count} pictures?", count=job.request.samples)
    note = _(
        "The image service tells one seed for the whole set, {seed}. The set drawn again with it "
        "is the same set; a picture alone is drawn with the seed that many places further, and the "
        "service does not promise that it comes out the same.",
        seed=as_drawn(job).seed,
    )
    return f"**{deed}**: {question}\n-# {note}"


def which_to_start_from(job: Job, deed: str) -> str:
    """Return the question which picture of a set another one is to be drawn from."""
    question = _("from which of the {count} pictures?", count=job.request.samples)
    return f"**{deed}**: {question}"


def picture_named(job: Job, number: int) -> str:
    """Return what stands for a picture of a set in the list."""
    if number == WHOLE_SET:
        return _("All {count}", count=job.request.samples)
    return _("Picture {number}", number=number)


def picture_costs(request: GenerationRequest, images: int) -> str:
    """Return how it would be drawn, and what that takes of the quota."""
    return f"seed {request.seed} · {costs(images)}"


def costs(images: int) -> str:
    """Return what something takes of the quota."""
    return ngettext("counts as {count} image", "counts as {count} images", images)
