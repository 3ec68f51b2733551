"""What `/help` says. Each example is a command that works as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.ui.parameter_words import SHOW, USE
from bot.ui.source_words import REMIX_THIS

HEADING = "## Say what you want to see, and I draw it"
COMMANDS = "### What else there is"
MODERATORS = "### For moderators"

EXAMPLES: Sequence[tuple[str, Mapping[str, str]]] = (
    ("Only the prompt is needed", {"prompt": "a lighthouse at dusk, oil painting"}),
    (
        "Choose a model and a size; type to search, I forgive typing errors",
        {"prompt": "a fox in a scarf", "model": "{model}", "size": "portrait"},
    ),
    (
        "Keep things out of it, and get four at once",
        {"prompt": "a street in the rain", "negative_prompt": "people, cars", "samples": "4"},
    ),
    (
        "Stress a part, and take more time",
        {"prompt": "a ((red)) balloon over a grey city", "size": "768x512", "steps": "41"},
    ),
    (
        "The same seed and options give the same picture again",
        {"prompt": "a glass teapot", "seed": "1234", "guidance_scale": "9"},
    ),
    (
        "Write in your own language",
        {"prompt": "ein Leuchtturm im Sturm"},
    ),
)
"""Words, and the options of `/imagine`; `{model}` is the model where nobody chose one."""

FOR_MEMBERS: Mapping[str, str] = {
    "imagine": "makes pictures; all its other options explain themselves while you type",
    "remix": "turns a picture into another one",
    "inpaint": "draws a part of a picture anew",
    "models": "models, LoRAs and embeddings to draw with, with pictures",
    "loras": "what to add to a model: styles, people, details",
    "queue": "what you wait for, your place, and when it should be there",
    "cancel": "takes back what you asked for; free as long as it waits",
    "history": "your own pictures: search, favourites, share, delete",
    "preset use": "asks with a preset: options, and words around the prompt, under a name",
    "preset save": "keeps the options of flags or of your newest picture as a preset",
    "preset list": "your presets and this server's",
    "preset delete": "forgets one",
    "defaults show": "what your pictures take for options that you leave out",
    "defaults set": "decides it once for an option",
    "defaults clear": "takes that back",
    "quota mine": "how many images you have left, and when more come back",
    "privacy about": "what I keep about you, for how long, and who sees it",
    "privacy export": "all of it as a file",
    "privacy erase": "erases it, after asking once",
    "help": "this page",
}
FOR_MODERATORS: Mapping[str, str] = {
    "settings panel": "everything this server decides, in one private message",
    "quota set": "how much members may order here",
    "quota show": "the rules and the use, or a member's",
    "quota grant": "extra images for a member",
    "quota reset": "a new beginning for a member",
    "quota exempt": "frees a role of this server's limits",
    "block": "keeps a member from making pictures here",
    "unblock": "lets them again",
    "reload": "has a model loaded that nobody used for a week; takes two minutes",
    "audit": "what moderators did, newest first",
    "stats": "how this server uses me",
}
REPORT = "Report picture"
ON_A_PICTURE = (
    "The buttons below a picture make it again, change or enlarge it, show what went "
    "into it, keep or delete it. In the menu of any message with a picture, "
    f"**Apps → {REMIX_THIS}** draws another one from it; **{SHOW}** and **{USE}** read what its "
    f"file says of how it was made. **Apps → {REPORT}** tells this server's moderators of one of "
    "mine."
)


def example(options: Mapping[str, str], model: str) -> str:
    """Return a command as it is typed."""
    typed = (f"{name}:{value.replace('{model}', model)}" for name, value in options.items())
    return f"/imagine {' '.join(typed)}"


def examples(model: str) -> str:
    """Return the examples, each below what it shows."""
    lines = (f"{words}:\n`{example(options, model)}`" for words, options in EXAMPLES)
    return "\n".join([HEADING, *lines])


def commands(heading: str, named: Mapping[str, str], mention: Callable[[str], str]) -> str:
    """Return a list of commands; `mention` makes them ones that can be clicked."""
    return "\n".join([heading, *_lines(named, mention)])


def _lines(named: Mapping[str, str], mention: Callable[[str], str]) -> Iterator[str]:
    for name, words in named.items():
        yield f"{mention(name)} {words}"
