"""A stream of records drawn from a seed, each with what must become of it, known before it is sent.

Most are articles of invented words in several scripts. Some are copies of earlier ones, some newer
revisions, some tell an act of sanctions, and some are poison: records that no stage can read. A seed, a
number of records and a day give the same stream in every process.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from schemas.article import Article, Raw
from schemas.wire import RECORD_BYTES_MAX, encode
from tests.faults.acts import ACTS, LANGUAGES, telling

FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAYS_BETWEEN_RUNS = 40
"""Longer than anything is remembered, so that runs on one cluster know nothing of each other."""
COPIES, REVISIONS, SANCTIONS, POISON = 0.2, 0.08, 0.06, 0.03
PARAGRAPHS, SENTENCES, WORDS = 4, 3, 9
LATEST_COPIED = 60

SCRIPTS = {
    "Latn": ([*"bdfgklmnprstvz", "br", "st"], [*"aeiou", "ei", "ou"], " ", "."),
    "Cyrl": (list("бвгджклмнпрстч"), list("аеиоуыя"), " ", "."),
    "Arab": (list("بتجحدرسشعفقكلمنه"), list("ايو"), " ", "."),
    "Hang": (list("가나다라마바사아자차카타파하"), list("고노도로모보소오조초"), " ", "."),
    "Hani": (list("山水木火土金石田禾竹米羊"), list("東西南北上下左右前后"), "", "。"),
    "Grek": (list("βγδκλμνπρστ"), list("αεηιουω"), " ", "."),
}
POISONS: dict[str, tuple[bytes, frozenset[str]]] = {
    "not_json": (b"<html>no record</html>", frozenset({"not_json"})),
    "not_utf8": (b'{"id":"\xff\xfe"}', frozenset({"not_utf8", "not_json"})),
    "wrong_type": (
        b'{"id":7,"source":"s","fetched_at":"x","raw":{"content":"y"}}',
        frozenset({"wrong_type"}),
    ),
    "empty": (b"", frozenset({"empty"})),
    "too_large": (b"x" * (RECORD_BYTES_MAX + 1), frozenset({"too_large"})),
    "blank": (
        b'{"id":"%s","source":"s","fetched_at":"2026-01-05T08:00:00Z","raw":{"content":" \\n "}}',
        frozenset({"empty"}),
    ),
    "from_the_future": (
        b'{"id":"f","source":"s","fetched_at":"x","raw":{"content":"y"},"schema_version":99}',
        frozenset({"from_the_future"}),
    ),
}
RARE = {"too_large": 0.05}
"""Eight megabytes each: one in twenty of the poison at most."""


@dataclass(frozen=True)
class Sent:
    """One record of the stream: `value` under `topic_key`, about the article with the id `key`.

    `name` is unique in the stream. What must become of it: an article is indexed at `revision` or a newer one;
    poison is set aside for one of `reasons`. An article of an `act` of sanctions makes an alert due for the
    act, unless another has. A copy belongs to the story of `copy_of`.
    """

    name: str
    key: str
    value: bytes
    topic_key: str = ""
    revision: int = 0
    reasons: frozenset[str] = frozenset()
    act: int | None = None
    copy_of: str | None = None


def stream(seed: int, records: int, day: int = 0) -> Iterator[Sent]:
    """The records in the order in which they are sent. `day` tells apart runs on one cluster."""
    rng = random.Random(f"{seed}/{day}")
    fetched_at = FIRST_DAY + timedelta(days=day * DAYS_BETWEEN_RUNS)
    acts = rng.sample(range(len(ACTS)), min(len(ACTS), max(1, records // 25)))
    articles: list[Article] = []
    for number in range(records):
        name = f"{day}-{seed}-{number:06d}"
        fetched_at += timedelta(seconds=1)
        drawn = rng.random()
        if drawn < POISON:
            yield _poison(name, rng)
        elif drawn < POISON + SANCTIONS:
            act = rng.choice(acts)
            text = telling(act, rng.choice(LANGUAGES), rng.randint(20, 400))
            yield _sent(name, _article(name, text, fetched_at), act=act)
        elif articles and drawn < POISON + SANCTIONS + REVISIONS:
            yield _revision(name, rng, rng.choice(articles[-LATEST_COPIED:]), fetched_at)
        elif articles and drawn < POISON + SANCTIONS + REVISIONS + COPIES:
            original = rng.choice(articles[-LATEST_COPIED:])
            article = _article(name, original.raw.content, fetched_at)
            yield _sent(name, article, copy_of=original.id)
        else:
            text = _text(rng, rng.choice(tuple(SCRIPTS)), PARAGRAPHS)
            articles.append(_article(name, text, fetched_at))
            yield _sent(name, articles[-1])


def poisons(sent: Sequence[Sent]) -> list[Sent]:
    """Those that must be set aside."""
    return [one for one in sent if one.reasons]


def _sent(name: str, article: Article, act: int | None = None, copy_of: str | None = None) -> Sent:
    value, source = encode(article), article.source
    return Sent(name, article.id, value, source, article.revision, act=act, copy_of=copy_of)


def _article(name: str, text: str, fetched_at: datetime) -> Article:
    return Article(
        id=name,
        source=f"outlet{name[-1]}.example",
        url=f"https://outlet{name[-1]}.example/{name}",
        fetched_at=fetched_at.isoformat().replace("+00:00", "Z"),
        revision=int(fetched_at.timestamp() * 1000),
        raw=Raw(content=text),
    )


def _revision(name: str, rng: random.Random, article: Article, fetched_at: datetime) -> Sent:
    """The article with a sentence more. Its own record has a name of its own, its article the old id."""
    text = f"{article.raw.content} {_sentence(rng, 'Latn')}"
    fresh = _article(article.id, text, fetched_at)
    return _sent(name, msgspec.structs.replace(fresh, fetched_at=article.fetched_at))


def _poison(name: str, rng: random.Random) -> Sent:
    kind = rng.choice(tuple(POISONS))
    if rng.random() > RARE.get(kind, 1.0):
        kind = "not_json"
    value, reasons = POISONS[kind]
    return Sent(name, name, value.replace(b"%s", name.encode()), name, reasons=reasons)


def _text(rng: random.Random, script: str, paragraphs: int) -> str:
    title = _sentence(rng, script).rstrip(".。")
    body = [" ".join(_sentence(rng, script) for _ in range(SENTENCES)) for _ in range(paragraphs)]
    return "\n\n".join([title, *body])


def _sentence(rng: random.Random, script: str) -> str:
    onsets, vowels, space, stop = SCRIPTS[script]
    words = [
        "".join(rng.choice(onsets) + rng.choice(vowels) for _ in range(rng.randint(1, 4)))
        for _ in range(WORDS)
    ]
    return space.join(words).capitalize() + stop
