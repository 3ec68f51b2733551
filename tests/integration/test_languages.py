"""Which prompts are taken to be in another language than English, by the real detector."""

from __future__ import annotations

import pytest

from bot.domain.languages import Foreign
from bot.languages import Languages

ENGLISH = (
    "a lighthouse at dusk, oil painting",
    "a fox in a scarf",
    "a street in the rain",
    "a ((red)) balloon over a grey city",
    "a glass teapot",
    "1girl, masterpiece, best quality",
    "cyberpunk city, neon, rain",
    "samurai, Edo, katana, sakura, ukiyo-e",
    "Mandalorian Grogu Boba Fett tatooine",
    "trending on artstation, greg rutkowski",
    "portrait of a woman, cinematic lighting",
    "close up portrait ((beautiful pale cyberpunk female with heavy black eyeliner)), blue eyes",
    "pikachu eating ramen in tokyo",
    "anime girl, long hair, school uniform, kawaii",
    "studio ghibli landscape, hayao miyazaki",
    "van gogh starry night cat",
    "tiny cute isometric living room",
    "macro photo of a dragonfly",
    "art nouveau poster, alphonse mucha",
    "lo-fi bedroom, vaporwave aesthetic",
    "pasta carbonara, food photography",
    "a mariachi band playing in Guadalajara",
    "Lamborghini Countach, synthwave",
    "space marine, warhammer 40k, grimdark",
    "retro pixel art knight",
    "cottagecore mushroom house",
    "steampunk airship over london, highly detailed, 8k",
    "dark fantasy castle, dramatic clouds",
    "Kirby vs Godzilla",
    "baroque opera house interior",
    "mecha robot, gundam style",
)

OTHERS = {
    "ein Leuchtturm im Sturm": "de",
    "eine alte Mühle im Nebel, Ölgemälde": "de",
    "ein Leuchtturm im Sturm, masterpiece, best quality, 8k": "de",
    "un chat noir sur un toit": "fr",
    "un gato negro bajo la luna llena": "es",
    "una ragazza con l'orecchino di perla": "it",
    "een hond op het strand bij zonsondergang": "nl",
    "czerwony smok nad zamkiem": "pl",
    "uma menina com um guarda-chuva vermelho": "pt",
    "kırmızı bir ev dağın eteğinde": "tr",
    "con mèo đen ngồi trên mái nhà": "vi",
    "червона лисиця в снігу біля річки": "uk",
    "красная лиса в снегу": "ru",
    "猫が窓辺で眠っている": "ja",
    "雪中的红狐狸": "zh",
    "빨간 여우가 눈 속에 있다": "ko",
    "منارة في العاصفة": "ar",
    "בית ישן ליד האגם": "he",
    "ঝড়ে একটি বাতিঘর": "bn",
    "บ้านเก่าริมทะเลสาบ": "th",
    "ძველი სახლი ტბასთან": "ka",
    "மலை மேல் ஒரு வீடு": "ta",
    "മഴയത്ത് ഒരു വീട്": "ml",
}


@pytest.mark.parametrize("prompt", ENGLISH)
async def test_an_english_prompt_is_never_taken_for_another(prompt: str) -> None:
    assert await Languages().foreign(prompt) is None


@pytest.mark.parametrize("prompt", OTHERS)
async def test_a_sentence_in_another_language_is_known_for_it(prompt: str) -> None:
    assert await Languages().foreign(prompt) == Foreign(OTHERS[prompt])


@pytest.mark.parametrize("prompt", ["", "  ", "(((", "🦊", "\u202e\x00", "x" * 2000, "я" * 2000])
async def test_odd_prompts_do_no_harm(prompt: str) -> None:
    await Languages().foreign(prompt)
