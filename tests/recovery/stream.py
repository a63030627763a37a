"""Invented articles, live and from an archive: each different, some of them about sanctions."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

PLACES = ["Kirkwall", "Porto", "Izmir", "Daegu", "Tunis", "Arequipa", "Lviv", "Qingdao", "Shiraz", "Nantes"]
SPEAKERS = ["the harbour master", "a union leader", "the deputy mayor", "an insurer", "the chief engineer"]
THINGS = ["grain silos", "tram lines", "fishing quotas", "school roofs", "river locks", "night trains"]
FATES = ["will be rebuilt", "cost twice as much", "have been delayed", "opened to the public", "stay closed"]
SANCTIONS = {
    "live": (
        "Japan imposed sanctions on {firm} on Tuesday, the government said.",
        "فرضت اليابان عقوبات على شركة {firm} يوم الثلاثاء.",
        "Япония ввела санкции против компании {firm}, сообщило во вторник правительство.",
    ),
    "archive": (
        "Canada imposed sanctions on {firm} on Tuesday, the government said.",
        "فرضت كندا عقوبات على شركة {firm} يوم الثلاثاء.",
        "Канада ввела санкции против компании {firm}, сообщило во вторник правительство.",
    ),
}
"""Live news has an issuer of its own: what the archive has told is no news."""
SANCTIONS_EVERY = 8


def articles(count: int, name: str, words: int = 120) -> Iterator[bytes]:
    """`count` JSON Lines of one outlet, `NAME.example`; the same for the same name."""
    rng = random.Random(name)
    for number in range(count):
        yield msgspec.json.encode(
            {
                "id": f"{name}-{number}",
                "source": f"{name}.example",
                "url": f"https://{name}.example/{number}",
                "text": _text(rng, f"{name} {number}", words, sanctions=number % SANCTIONS_EVERY == 0),
            }
        )


def _text(rng: random.Random, mark: str, words: int, *, sanctions: bool) -> str:
    title = f"Report {mark} from {rng.choice(PLACES)} on {rng.choice(THINGS)}"
    sentences = [_sentence(rng) for _ in range(max(2, words // 30))]
    if sanctions:
        firm = f"{rng.choice(PLACES)} Shipping {rng.randint(100, 99_999)}"
        sentences.insert(
            0, rng.choice(SANCTIONS["live" if mark.startswith("live") else "archive"]).format(firm=firm)
        )
    return "\n\n".join([title, *(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))])


def _sentence(rng: random.Random) -> str:
    return (
        f"{rng.choice(SPEAKERS).capitalize()} in {rng.choice(PLACES)} said on day {rng.randint(1, 9999)} that "
        f"{rng.randint(2, 900)} {rng.choice(THINGS)} near {rng.choice(PLACES)} {rng.choice(FATES)}, "
        f"and that {rng.randint(2, 900)} families would receive help before the winter."
    )
