"""As many different articles as a benchmark asks for, in nine languages, put together from phrases.

An article is a headline, sentences of `phrases.yaml` until it has the words asked for (400), two or three
to a line, and some lines of the page around it. Names and numbers are drawn anew, so that no two articles
share more than turns of phrase, and no line stands twice; one in ten tells a designation. Copies are one
of the last thousand articles, word for word, under another outlet's name and address, among other lines
of its page; revisions are the same article under its own address, fetched again.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from wirewatch.samples import sample_files

PHRASES = Path(__file__).parent / "phrases.yaml"
WORDS = 400
HAN_A_WORD = 1.6
OUTLETS = 9
COPIED_FROM = 1000
TELLS_SANCTIONS = 0.1
FETCHED_FROM = datetime(2026, 3, 1, 8, tzinfo=UTC)
GAP_SECONDS = 8.6  # ten thousand articles a day


class Sample(msgspec.Struct):
    """A sample article, as its file has it."""

    id: str
    url: str
    text: str = ""
    html: str = ""


def samples() -> list[Sample]:
    lines = [line for path in sample_files() for line in path.read_bytes().splitlines() if line.strip()]
    return [sample for line in lines if (sample := msgspec.json.decode(line, type=Sample)).text]


@dataclass(frozen=True)
class Written:
    """An article as it was first published."""

    number: int
    language: str
    title: str
    lines: tuple[str, ...]


def articles(  # noqa: PLR0913
    count: int,
    seed: int = 1,
    *,
    copies: float = 0.0,
    revisions: float = 0.0,
    sanctions: float = TELLS_SANCTIONS,
    words: int = WORDS,
) -> Iterator[bytes]:
    """`count` JSON Lines, the same for the same arguments.

    `copies`, `revisions` and what tells of `sanctions` are shares (0–1).
    """
    rng = random.Random(seed)
    published: deque[Written] = deque(maxlen=COPIED_FROM)
    for number in range(count):
        draw = rng.random()
        if published and draw < copies:
            written, outlet = rng.choice(published), f"copier{number % OUTLETS}"
        elif published and draw < copies + revisions:
            written = rng.choice(published)
            number_of_first = written.number
            outlet = f"outlet{number_of_first % OUTLETS}"
            yield _line(written, number_of_first, number, seed, outlet, rng)
            continue
        else:
            written, outlet = _written(number, words, sanctions, rng), f"outlet{number % OUTLETS}"
            published.append(written)
        yield _line(written, number, number, seed, outlet, rng)


def _line(  # noqa: PLR0913, PLR0917
    written: Written, address: int, at: int, seed: int, outlet: str, rng: random.Random
) -> bytes:
    fetched = FETCHED_FROM + timedelta(seconds=at * GAP_SECONDS)
    return msgspec.json.encode(
        {
            "id": f"bench-{seed}-{address}",
            "source": f"{outlet}.example",
            "url": f"https://{outlet}.example/{seed}/{address}",
            "fetched_at": f"{fetched:%Y-%m-%dT%H:%M:%SZ}",
            "text": "\n\n".join(_page(written, rng)),
        }
    )


def _page(written: Written, rng: random.Random) -> list[str]:
    around = [line.replace("{title}", written.title) for line in _phrases()[written.language]["page"]]
    top, *bottom = rng.sample(around, 4)
    return [top, written.title, *written.lines, *bottom]


def _written(number: int, words: int, sanctions: float, rng: random.Random) -> Written:
    languages = _phrases()
    code = list(languages)[number % len(languages)]
    phrases = languages[code]
    sentences: list[str] = []
    if rng.random() < sanctions:
        sentences.append(_filled(rng.choice(phrases["sanctions"]), phrases, rng))
    title = _filled(phrases["title"], phrases, rng)
    while _words(sentences, phrases) < words:
        sentences.append(_filled(rng.choice(phrases["sentences"]), phrases, rng))
    return Written(number, code, title, tuple(_lines(sentences, phrases["joint"], rng)))


def _lines(sentences: list[str], joint: str, rng: random.Random) -> Iterator[str]:
    at = 0
    while at < len(sentences):
        some = rng.randint(2, 3)
        yield joint.join(sentences[at : at + some])
        at += some


def _filled(pattern: str, phrases: dict[str, Any], rng: random.Random) -> str:
    """The pattern with every slot drawn; a slot's own phrase may have slots."""
    while "{" in pattern:
        before, _, rest = pattern.partition("{")
        slot, _, after = rest.partition("}")
        pattern = before + _drawn(slot, phrases, rng) + after
    return pattern[:1].upper() + pattern[1:]


def _drawn(slot: str, phrases: dict[str, Any], rng: random.Random) -> str:
    match slot:
        case "n":
            return str(rng.randint(11, 99_999))
        case "place":
            return str(rng.choice(phrases["places"]))
        case "person":
            return str(phrases.get("name", "{first} {last}"))
        case "firm":
            return str(rng.choice(phrases["firms"]))
        case _:
            return str(rng.choice(phrases[slot]))


def _words(sentences: list[str], phrases: dict[str, Any]) -> float:
    if phrases["joint"]:
        return sum(len(sentence.split()) for sentence in sentences)
    return sum(map(len, sentences)) / HAN_A_WORD


@cache
def _phrases() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return found
