"""What is said of pictures to start from: the commands, their options, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.endpoint import Endpoint
from bot.domain.mask_area import USUAL_PERCENT
from bot.domain.request import GenerationRequest
from bot.speech import N_, _

REMIX = "Turn a picture into another one"
INPAINT = "Draw a part of a picture anew"
REMIX_THIS = "Remix this"

OPTIONS: Mapping[str, str] = {
    "image": "The picture to start from; PNG, JPEG or WebP",
    "message": "Instead of a picture: the link to a message that shows one",
    "picture": "Which picture of that message; the first where you leave it out",
    "strength": "How much it changes: 0.05 hardly, 1 wholly; 0.7 is usual",
    "mask": "White is drawn anew, black stays; else what is see-through in the picture",
    "area": "Instead of a mask: the part that is drawn anew",
    "percent": f"How much of the picture that part takes; {USUAL_PERCENT} where you leave it out",
}

ONE_OF = N_("give a picture with `image`, or the link to a message with `message`; one of them")
ONE_MASK = N_("give a mask, or name a part with `area`; one of them")
PERCENT_OF_WHAT = N_("goes with `area`")

TAKEN = N_("📥 I have the picture.")
NOT_FETCHED = N_("Discord did not hand me that picture. Give it again.")
NOT_THAT_MANY = N_("That message does not show so many pictures.")
NOT_TO_BE_READ = N_(
    "I take pictures from messages that you can read in this server, or right here."
)
CLOSED = N_("I cannot read that message: it is gone, or its channel is closed to me.")
NOT_DONE = N_("That picture is not done yet. Wait until it is.")
NO_LONGER_KEPT = N_(
    "That picture is no longer kept. Save it from the message and give it to `/remix`."
)

WHICH_PART = N_(
    "Which part shall be drawn anew? You gave no mask, and nothing in the picture is see-through."
)
CHOOSE_PART = N_("Choose the part")
PART_TITLE = N_("Draw a part anew")
AREA_LABEL = N_("Which part")
AREAS: Mapping[str, str] = {
    "left": N_("The left side"),
    "right": N_("The right side"),
    "top": N_("The top"),
    "bottom": N_("The bottom"),
    "centre": N_("The centre"),
    "border": N_("All around, but for the centre"),
}
PERCENT_LABEL = N_("How much of it, in percent")
PERCENT_HINT = N_("1 to 99: of the width, of the height, or of both")

VARIED_BY_SEED = N_(
    "I cannot start from the picture itself any more, so this is drawn from its words with the "
    "next seed."
)
FROM_A_PICTURE = N_("from a picture")
UNDER_A_MASK = N_("a part of a picture")


def no_picture_here() -> str:
    """Return what is said of a message in which we see none."""
    return _(
        "I see no picture in that message. If it is not one of mine, use its menu, "
        "**Apps → {entry}**, or give the picture itself.",
        entry=REMIX_THIS,
    )


def starts_from(request: GenerationRequest) -> str:
    """Return what a request starts from; "" where that is words alone."""
    if request.init_image is None:
        return ""
    file = request.init_image[:12]
    if request.mask_image:
        return _("a picture ({file}), of which a part is drawn anew", file=file)
    return _("a picture ({file})", file=file)


def to_give_again(request: GenerationRequest) -> str:
    """Return what the line to copy cannot hold; "" where it holds all."""
    match request.endpoint:
        case Endpoint.WORDS:
            return ""
        case Endpoint.PICTURE:
            return _("The line cannot hold the picture: give it as `image`.")
        case Endpoint.MASK:
            return _(
                "The line cannot hold the picture and its mask: give them as `image` and `mask`."
            )
