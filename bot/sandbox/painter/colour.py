"""Colours, and the palettes that give a picture its mood."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace

Colour = tuple[int, int, int]


def from_hex(text: str) -> Colour:
    """Read `rrggbb`."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Return a colour on the way from the first to the second."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def from_hue(hue: float, saturation: float, value: float) -> Colour:
    """Return a colour of this hue, all in 0..1."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one mood. `sky` runs from the zenith to the horizon."""

    sky: tuple[Colour, ...]
    haze: Colour
    far: Colour
    near: Colour
    light: Colour
    glow: Colour
    cloud: Colour
    accent: Colour
    is_night: bool = False

    def tinted(self, colours: tuple[Colour, ...]) -> Palette:
        """Return the palette drawn towards the colours a prompt names."""
        if not colours:
            return self
        first, last = colours[0], colours[-1]
        low = len(self.sky) - 1
        return replace(
            self,
            sky=tuple(mix(c, first, 0.12 + 0.3 * i / low) for i, c in enumerate(self.sky)),
            haze=mix(self.haze, first, 0.35),
            far=mix(self.far, last, 0.35),
            near=mix(self.near, mix(last, (0, 0, 0), 0.7), 0.5),
            glow=mix(self.glow, first, 0.4),
            cloud=mix(self.cloud, first, 0.3),
            accent=last,
        )


def _palette(sky: str, rest: str, *, is_night: bool = False) -> Palette:
    haze, far, near, light, glow, cloud, accent = (from_hex(code) for code in rest.split())
    stops = tuple(from_hex(code) for code in sky.split())
    return Palette(stops, haze, far, near, light, glow, cloud, accent, is_night)


PALETTES = {
    "dawn": _palette(
        "2b3a67 6b5b95 d98a94 f7b085 ffdcae",
        "f4bd9d 94809f 2d2a43 fff1d0 ffb37a ffd9c6 ff8c69",
    ),
    "day": _palette(
        "1a63a8 3f8fd0 7fbce6 b8dcf0 e6f3f5",
        "d2e7ee 7fb0a8 2a6138 fffbe6 fff3c4 ffffff f25f5c",
    ),
    "golden": _palette(
        "35618f 7ba3bd d9c193 f8d590 ffe9b8",
        "f6d9a3 b3906f 3a2c25 fff6d8 ffd27a fff0d2 e07a5f",
    ),
    "sunset": _palette(
        "1b1a4b 55296b b13a6b ee6c4d ffb563 ffd98a",
        "f2936f 7d3c66 1b1030 fff3c9 ff9b54 ff9f80 ffd166",
    ),
    "dusk": _palette(
        "0e1a3c 273a75 5a4f95 9d74ab e6aebb",
        "b08fb5 5b4f88 121430 fdf0e6 e7a1b8 8f78a8 f6bd60",
    ),
    "night": _palette(
        "03050f 081233 13265a 24407c 4a689e",
        "3f5a90 20346a 040817 f6f2dc 8fb0ff 2c4170 ffd98a",
        is_night=True,
    ),
    "storm": _palette(
        "171c24 2c3642 4a5865 75848f aab4b8",
        "96a2a8 4d5a63 11161b e8eef0 c2ced4 626f7a 9ad1d4",
    ),
    "synth": _palette(
        "0a0220 1f0a4f 541388 b01e8c ff3d81 ff9e5e",
        "b0278a 3d1070 080116 ffe08a ff4fa3 8b2fa8 00e5ff",
        is_night=True,
    ),
    "mist": _palette(
        "7d968f a3b8ad c6d4c6 e0e7d8 f0f2e6",
        "dde5d8 93ab9c 162b22 fffdf0 fdf3c9 f5f7ef d9a441",
    ),
    "snow": _palette(
        "6f97bf 9dbcd8 c7dbe9 e6eef4 faf3ea",
        "e4ecf2 9db6cc 2c4560 fffaf0 ffe9d2 ffffff d1495b",
    ),
    "desert": _palette(
        "2b6a9c 6da7c4 bfcfb8 f4d8a8 fcebcd",
        "f0cd9b d48f52 7c4024 fff7de ffdf9e fff2de c8553d",
    ),
    "pastel": _palette(
        "8ec5e8 b5bfe8 d9bfe6 f7c6dc ffe2d8",
        "fbd5de b79bcf 4f4168 fffaf0 ffd6e8 fff5f7 ff8fab",
    ),
    "space": _palette(
        "010109 050418 0c0a2e 171243 241a57",
        "3b2a78 2a1f5c 05030f ffffff a78bfa 4c3a93 5eead4",
        is_night=True,
    ),
    "deep": _palette(
        "3fb8c9 1c8aa8 0f5f86 0a3d62 051e3e",
        "1b7f9c 0e4a6e 021225 e8fffb 9ff3f0 7fd6e0 ffb703",
    ),
}

RANDOM_MOODS = ("dawn", "day", "golden", "sunset", "dusk", "night", "mist", "pastel", "sunset")
"""What a prompt without any word about it may get."""

COLOUR_NAMES: dict[str, Colour] = {
    "red": from_hex("d62839"),
    "crimson": from_hex("b5172f"),
    "scarlet": from_hex("e63322"),
    "orange": from_hex("f77f00"),
    "amber": from_hex("ffb703"),
    "gold": from_hex("e9b949"),
    "yellow": from_hex("ffd60a"),
    "lime": from_hex("a7c957"),
    "green": from_hex("2a9d5c"),
    "emerald": from_hex("0f9d6e"),
    "olive": from_hex("7a8450"),
    "teal": from_hex("1a9e96"),
    "turquoise": from_hex("2ec4b6"),
    "cyan": from_hex("22d3ee"),
    "azure": from_hex("3a86ff"),
    "blue": from_hex("2667d9"),
    "navy": from_hex("1b2a5c"),
    "indigo": from_hex("4338a8"),
    "purple": from_hex("7b2cbf"),
    "violet": from_hex("8e4be0"),
    "lavender": from_hex("b8a1e3"),
    "magenta": from_hex("e0218a"),
    "pink": from_hex("ff7eb6"),
    "rose": from_hex("f2668b"),
    "peach": from_hex("ffb997"),
    "brown": from_hex("7f5539"),
    "beige": from_hex("e6d5b8"),
    "white": from_hex("f4f4f2"),
    "silver": from_hex("c3c9d0"),
    "grey": from_hex("8d949c"),
    "gray": from_hex("8d949c"),
    "black": from_hex("15161a"),
}
