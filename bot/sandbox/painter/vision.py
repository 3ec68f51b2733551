"""Reading a prompt: which of its words say what is to be seen."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.painter.colour import COLOUR_NAMES, RANDOM_MOODS, Colour, from_hex
from bot.sandbox.painter.lexicon import translated


class Setting(StrEnum):
    """Where a picture takes place."""

    MOUNTAINS = "mountains"
    LAKE = "lake"
    FOREST = "forest"
    OCEAN = "ocean"
    CITY = "city"
    DESERT = "desert"
    SPACE = "space"
    MEADOW = "meadow"
    UNDERWATER = "underwater"
    PORTRAIT = "portrait"


@dataclass(frozen=True, slots=True)
class Vision:
    """What a prompt asks to see."""

    setting: Setting
    mood: str
    subjects: tuple[str, ...]
    weather: frozenset[str]
    colours: tuple[Colour, ...]
    flowers: tuple[Colour, ...]
    style: str | None
    absent: frozenset[str]
    """Things the negative prompt forbids."""

    def shows(self, thing: str) -> bool:
        """Tell whether a thing is asked for and not forbidden."""
        return thing in self.weather and thing not in self.absent


_STRONG_MOODS = ("synth", "storm")
_HOURS = {"dawn", "day", "golden", "sunset", "dusk", "night"}
_PRIORITY = [
    Setting.PORTRAIT,
    Setting.SPACE,
    Setting.UNDERWATER,
    Setting.CITY,
    Setting.LAKE,
    Setting.OCEAN,
    Setting.MEADOW,
    Setting.DESERT,
    Setting.FOREST,
    Setting.MOUNTAINS,
]


def _table(text: str) -> dict[str, str]:
    rows = (line.split(":") for line in text.strip().splitlines())
    return {word: name.strip() for name, words in rows for word in words.split()}


_SETTINGS = _table("""
mountains: mountain mountains peak peaks alps hill hills cliff canyon valley volcano landscape
lake: lake river pond fjord waterfall swamp reflection
forest: forest woods woodland jungle trees tree pine pines grove bamboo
ocean: ocean sea beach coast waves wave island harbour harbor sailing bay shore lighthouse
city: city cities skyline street town tokyo skyscraper skyscrapers downtown metropolis cyberpunk
desert: desert dunes dune sahara sand pyramid pyramids mars oasis
space: space galaxy nebula planet planets cosmos cosmic universe asteroid astronaut saturn orbit
meadow: meadow field fields flower flowers garden grass prairie farm
meadow: sunflower sunflowers poppy poppies tulip tulips daisy daisies
underwater: underwater reef coral fish whale jellyfish submarine mermaid aquarium
portrait: portrait face woman girl man boy person female male selfie headshot warrior queen king
""")

_MOODS = _table("""
dawn: dawn sunrise morning
day: day daylight noon sunny summer midday
golden: autumn fall evening warm golden
sunset: sunset sundown fiery
dusk: dusk twilight dreamy magical magic
night: night midnight moonlit moon starry stars dark aurora
storm: storm stormy thunder thunderstorm gloomy dramatic lightning
synth: cyberpunk neon synthwave retrowave vaporwave futuristic
mist: mist misty fog foggy haze hazy
snow: snow snowy winter ice icy frozen
desert: desert sahara sand dunes mars
pastel: pastel cute soft kawaii spring blossom candy
space: space galaxy nebula cosmos cosmic universe
deep: underwater reef submarine
""")

_SUBJECTS = _table("""
cat: cat cats kitten kitty
fox: fox foxes
wolf: wolf wolves dog dogs husky coyote puppy corgi hound
birds: bird birds crow crows seagull seagulls eagle geese
person: traveller traveler wanderer knight samurai hiker wizard monk figure silhouette hero
boat: boat ship sailboat ships boats sail yacht galleon
castle: castle fortress palace citadel tower towers
house: house cabin cottage hut barn home village
balloons: balloon balloons airship airships zeppelin
dragon: dragon dragons wyvern phoenix
lighthouse: lighthouse
robot: robot android cyborg mech
deer: deer stag elk reindeer
""")

_WEATHER = _table("""
snow: snow snowy snowing winter blizzard
rain: rain rainy raining storm cyberpunk thunderstorm
mist: mist misty fog foggy haze
aurora: aurora borealis
stars: stars starry galaxy
moon: moon moonlit moonlight
sun: sun sunny sunrise sunset
clouds: cloud clouds cloudy
lightning: lightning thunder thunderstorm
""")

_FLOWERS = _table("""
ffc61a: sunflower sunflowers
e5322d: poppy poppies
f4f4f2: daisy daisies
e0437a: tulip tulips
""")

_STYLES = _table("""
watercolour: watercolor watercolour aquarelle
pixel: pixel pixelart 8bit 16bit
mono: monochrome grayscale greyscale noir blackandwhite bw
sketch: sketch pencil lineart drawing ink
oil: oil painting impressionist impressionism gogh monet brush
poster: poster vector flat minimalist anime cartoon
""")

_WORD = re.compile(r"[^\W_]+")


def read_vision(
    prompt: str, negative_prompt: str, rng: random.Random, *, multi_lingual: bool
) -> Vision:
    """Find out what to paint; what the prompt leaves open is drawn by lot."""
    words = _words(translated(prompt) if multi_lingual else prompt)
    absent = frozenset(_words(negative_prompt))
    wanted = [word for word in words if word not in absent]
    moods = _found(_MOODS, wanted)
    settings = _found(_SETTINGS, wanted)
    mood = rng.choice(RANDOM_MOODS)
    setting = rng.choice((Setting.MOUNTAINS, Setting.LAKE, Setting.OCEAN, Setting.FOREST))
    return Vision(
        setting=_main_setting(settings, setting),
        mood=_main_mood(moods, mood),
        subjects=tuple(_found(_SUBJECTS, wanted)),
        weather=frozenset(_found(_WEATHER, wanted)),
        colours=tuple(COLOUR_NAMES[word] for word in wanted if word in COLOUR_NAMES)[:3],
        flowers=tuple(from_hex(code) for code in _found(_FLOWERS, wanted)),
        style=next(iter(_found(_STYLES, wanted)), None),
        absent=absent | frozenset(_found(_WEATHER, list(absent))),
    )


def _main_mood(found: list[str], otherwise: str) -> str:
    """A storm counts more than the hour, and the hour more than season, mist and place."""
    strong = [mood for mood in _STRONG_MOODS if mood in found]
    hours = [mood for mood in found if mood in _HOURS]
    return next(iter([*strong, *hours, *found, otherwise]))


def _main_setting(found: list[str], otherwise: Setting) -> Setting:
    """A mountain lake is a lake, and a portrait is one wherever it takes place."""
    return min((Setting(name) for name in found), key=_PRIORITY.index, default=otherwise)


def _words(text: str) -> list[str]:
    return [match.lower() for match in _WORD.findall(text)]


def _found(table: dict[str, str], words: list[str]) -> list[str]:
    return list(dict.fromkeys(table[word] for word in words if word in table))
