"""A labelled stream made from `data/stories/`: which articles tell one story, in ten languages.

A language's file has two subjects, one of the part `dev` and one of `held`, split before anything was
tuned. Of a subject one event is `told` and another stands `beside` it: the same places and people, and the
agency's same background paragraphs. The event that is told comes as wire copies on several outlets with
their margins left in, shortened, under another headline and lead, reordered, merged with the other event,
lightly rewritten, updated two hours later, and translated back by machine. Templates (weather, markets,
horoscopes, results, obituaries) come in several instances with other names and numbers, each a story of its
own; a digest takes a paragraph of each event and
of a template. All texts are invented and were written for this.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from schemas.article import Article, Clean, Language, Raw

FOLDER = Path(__file__).parent / "data" / "stories"
LANGUAGES = ("ar", "de", "en", "es", "fa", "fr", "ko", "ru", "tr", "zh")
_SENTENCE_END = re.compile(r"(?<=[.!?؟。])\s*(?=\S)(?<!\d[.,])")


@dataclass(frozen=True)
class Told:
    """One article of the stream; `story` is what it tells, `also` what else it takes in."""

    name: str
    story: str
    title: str
    paragraphs: Sequence[str]
    outlet: int
    also: frozenset[str] = frozenset()

    def unclear(self, other: Told) -> bool:
        """Whether a reader could not say if the two tell one story."""
        return other.story in self.also or self.story in other.also


def stream(language: str, part: str) -> list[Told]:
    """All articles of a language's part, in no order that matters."""
    data = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    found: list[Told] = []
    for subject in data["subjects"]:
        if subject["split"] == part:
            found += _subject(data, subject)
    for i, template in enumerate(data["templates"]):
        if template["split"] == part:
            found += _instances(f"template{i}", template)
    return found


def articles(language: str, part: str, seed: int) -> Iterator[tuple[Told, Article]]:
    """The stream in an order drawn by `seed`."""
    told = stream(language, part)
    random.Random(seed).shuffle(told)
    yield from ((one, article(language, one)) for one in told)


def article(language: str, told: Told) -> Article:
    """One article of the stream as the stories stage meets it."""
    text = "\n".join(line for line in told.paragraphs if line)
    return Article(
        id=told.name,
        source=f"outlet-{told.outlet}.example",
        fetched_at="2026-03-02T12:00:00Z",
        raw=Raw(content=text),
        language=Language(code=language, confidence=1.0),
        clean=Clean(title=told.title, text=text),
    )


def _subject(data: dict[str, Any], subject: dict[str, Any]) -> Iterator[Told]:
    agency, other_agency = data["agencies"]
    background, told, beside = subject["background"], subject["told"], subject["beside"]
    own = [line.format(agency=agency) for line in told["paragraphs"]]
    base = [*own, *background]
    title, again = told["headline"], told["again"]
    yield from _copies(data, "told", title, base)
    yield Told("told-short", "told", title, base[:3], 1)
    yield Told("told-brief", "told", title, own[:2], 2)
    yield Told("told-changed", "told", again["headline"], [again["lead"], *base[1:]], 3)
    yield Told("told-reordered", "told", title, [base[0], base[4], base[2], base[1], base[3]], 1)
    yield Told("told-update", "told", title, [told["update"], *own[1:], background[0]], 0)
    merged = [*own, *beside["paragraphs"][:2]]
    yield Told("told-merged", "told", title, merged, 2, also=frozenset({"beside"}))
    rewritten = [_rewritten(line, told["edits"], agency, other_agency) for line in own]
    yield Told("told-rewritten", "told", title, [*rewritten, background[1]], 2)
    changed = [again["lead"], *rewritten[1:]]
    yield Told("told-rewritten-changed", "told", again["headline"], changed, 3)
    yield Told("told-back", "told", told["back"][0], told["back"][1:], 1)
    yield from _copies(data, "beside", beside["headline"], [*beside["paragraphs"], *background])
    yield Told("beside-short", "beside", beside["headline"], beside["paragraphs"][:2], 1)
    form = next(template for template in data["templates"] if template["split"] == subject["split"])
    weather = _filled(form["lines"][1], form["names"][0], random.Random("digest"))
    yield Told("digest", "digest", data["outlets"][1][0], [own[0], beside["paragraphs"][-1], weather], 1)


def _copies(data: dict[str, Any], story: str, title: str, base: Sequence[str]) -> Iterator[Told]:
    for i, (before, after) in enumerate(data["outlets"]):
        yield Told(f"{story}-copy{i}", story, title, [before, *base, *after.split("\n")], i)


def _rewritten(line: str, edits: dict[str, str], agency: str, other_agency: str) -> str:
    """The paragraph in other words, the last of its sentences first."""
    for old, new in edits.items():
        line = line.replace(old, new)
    sentences = _SENTENCE_END.split(line.replace(agency, other_agency))
    return " ".join([sentences[-1], *sentences[:-1]])


def _instances(kind: str, template: dict[str, Any]) -> Iterator[Told]:
    for i, name in enumerate(template["names"]):
        chance = random.Random(f"{kind} {name}")
        title, *lines = (_filled(line, name, chance) for line in template["lines"])
        yield Told(f"{kind}-{i}", f"{kind}-{i}", title, lines, 0)


def _filled(line: str, name: str, chance: random.Random) -> str:
    return re.sub(r"\{n\}", lambda _: str(chance.randint(2, 89)), line.replace("{name}", name))
