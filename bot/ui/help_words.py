"""What `/help` says. Each example is a command that works as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.speech import N_, _
from bot.ui.parameter_words import SHOW, USE
from bot.ui.source_words import REMIX_THIS

HEADING = N_("Say what you want to see, and I draw it")
COMMANDS = N_("What else there is")
MODERATORS = N_("For moderators")

EXAMPLES: Sequence[tuple[str, Mapping[str, str]]] = (
    (N_("Only the prompt is needed"), {"prompt": "a lighthouse at dusk, oil painting"}),
    (
        N_("Choose a model and a size; typing errors are forgiven"),
        {"prompt": "a fox in a scarf", "model": "{model}", "size": "portrait"},
    ),
    (
        N_("Keep things out of it, and get four at once"),
        {"prompt": "a street in the rain", "negative_prompt": "people, cars", "samples": "4"},
    ),
    (
        N_("Stress a part, and take more time"),
        {"prompt": "a ((red)) balloon over a grey city", "size": "768x512", "steps": "41"},
    ),
    (
        N_("The same seed and options give the same picture again"),
        {"prompt": "a glass teapot", "seed": "1234", "guidance_scale": "9"},
    ),
    (
        N_("Write in your own language"),
        {"prompt": "ein Leuchtturm im Sturm"},
    ),
)
"""Words, and the options of `/imagine`; `{model}` is the model where nobody chose one."""

FOR_MEMBERS: Mapping[str, str] = {
    "imagine": N_("makes pictures; its options explain themselves"),
    "remix": N_("turns a picture into another one"),
    "inpaint": N_("draws a part of a picture anew"),
    "models": N_("what there is to draw with, with pictures"),
    "loras": N_("what to add to a model: styles, people, details"),
    "queue": N_("what you wait for, and when it should be there"),
    "cancel": N_("takes back what you asked for; free as long as it waits"),
    "history": N_("your own pictures: search, favourites, share, delete"),
    "preset use": N_("asks with a preset: options and words under a name"),
    "preset save": N_("keeps flags, or your newest picture's options, as one"),
    "preset list": N_("your presets and this server's"),
    "preset delete": N_("forgets one"),
    "defaults show": N_("what stands in for options that you leave out"),
    "defaults set": N_("decides it once for an option"),
    "defaults clear": N_("takes that back"),
    "quota mine": N_("how many images you have left, and when more come back"),
    "privacy about": N_("what I keep about you, for how long, and who sees it"),
    "privacy export": N_("all of it as a file"),
    "privacy erase": N_("erases it, after asking once"),
    "help": N_("this page"),
}
FOR_MODERATORS: Mapping[str, str] = {
    "settings panel": N_("everything this server decides"),
    "quota set": N_("how much members may order here"),
    "quota show": N_("the rules and the use, or a member's"),
    "quota grant": N_("extra images for a member"),
    "quota reset": N_("a new beginning for a member"),
    "quota exempt": N_("frees a role of this server's limits"),
    "block": N_("keeps a member from making pictures here"),
    "unblock": N_("lets them again"),
    "reload": N_("has a model loaded that nobody used for a week"),
    "audit": N_("what moderators did, newest first"),
    "stats": N_("how this server uses me"),
}
REPORT = "Report picture"


def on_a_picture() -> str:
    """Return what can be done with a picture that is there."""
    return _(
        "The buttons below a picture make it again, change or enlarge it, show what went into it, "
        "keep or delete it. In the menu of any message with a picture, **Apps → {remix}** draws "
        "another one from it; **{show}** and **{use}** read what its file says of how it was made. "
        "**Apps → {report}** tells this server's moderators of one of mine.",
        remix=REMIX_THIS,
        show=SHOW,
        use=USE,
        report=REPORT,
    )


def example(options: Mapping[str, str], model: str) -> str:
    """Return a command as it is typed."""
    typed = (f"{name}:{value.replace('{model}', model)}" for name, value in options.items())
    return f"/imagine {' '.join(typed)}"


def examples(model: str) -> str:
    """Return the examples, each below what it shows."""
    lines = (f"{_(words)}:\n`{example(options, model)}`" for words, options in EXAMPLES)
    return "\n".join([f"## {_(HEADING)}", *lines])


def commands(heading: str, named: Mapping[str, str], mention: Callable[[str], str]) -> str:
    """Return a list of commands; `mention` makes them ones that can be clicked."""
    return "\n".join([f"### {_(heading)}", *_lines(named, mention)])


def _lines(named: Mapping[str, str], mention: Callable[[str], str]) -> Iterator[str]:
    for name, words in named.items():
        yield f"{mention(name)} {_(words)}"
