"""Which line is the headline: the one above the article that says in few words what the article says."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from processors.boilerplate.cues import normal

REACH_LINES = 400  # above the first paragraph
WORDS_MIN, WORDS_MAX = 2.5, 32
AS_LIKELY = 0.5  # log odds
OVERLAP_MIN = 0.12  # of a candidate's stems, said again by the article
_STEM_LETTERS = 4
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3]")  # Korean may write nouns as one
_PROCLITIC = re.compile("^(?:وال|بال|كال|فال|لل|ال|[وبلف])(?=.{4})")
_BODY_CHARACTERS = 6_000
_LEAD_CHARACTERS = 600
_STEPS = re.compile(r"[>›→»|/](?=\s)|(?<=\s)[>›→»|/]")
_STEP_WORDS_MAX = 3
_SITE_SIGNS = tuple("|-–—•·｜")
KICKER_CHARACTERS_MAX = 24
GLUED_LETTERS_MIN = 4
WORDS_AFTER_KICKER_MIN = 3


@dataclass(frozen=True)
class Candidate:
    """A line that may be the headline.

    `lines_above_article` counts the lines between it and the first paragraph, `credit_follows` tells that
    a date or byline comes within three lines below, `is_kept` that the classifier takes it for article text.
    """

    index: int
    text: str
    words: float
    lines_above_article: int
    ends_sentence: bool = False
    is_two_sentences: bool = False
    credit_follows: bool = False
    is_kept: bool = False
    probability: float = 0.0


def stems(text: str) -> set[str]:
    """What is left of a text when endings and order are forgotten: word beginnings, or letter pairs where
    words are not spaced. Arabic's proclitics are cut so that `والعقوبات` meets `عقوبات`.
    """
    found: set[str] = set()
    for word in normal(text).split():
        if _UNSPACED.search(word):
            found.update(word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) >= 3:
            found.add(_PROCLITIC.sub("", word)[:_STEM_LETTERS])
    return found


def is_trail(text: str) -> bool:
    """Whether a line is the way to the page through its site ("News > Politics > Europe")."""
    steps = _STEPS.split(text.strip(" >›→»|/"))
    return len(steps) > 1 and all(len(step.split()) <= _STEP_WORDS_MAX for step in steps)


def signs_of(candidates: Sequence[Candidate], body: str, times: Mapping[str, int]) -> list[dict[str, float]]:
    """What speaks for each candidate, by name; `times` says how often the page has a line, by `normal`."""
    said, lead = stems(body[:_BODY_CHARACTERS]), stems(body[:_LEAD_CHARACTERS])
    keys = [normal(candidate.text) for candidate in candidates]
    page = "\n".join(keys)
    rows: list[dict[str, float]] = []
    best_above = 0.0
    for candidate, key in zip(candidates, keys, strict=True):
        own = stems(candidate.text)
        overlap = len(own & said) / (len(own) + 1)
        rows.append(
            {
                "overlap": overlap,
                "lead_overlap": len(own & lead) / (len(own) + 1),
                "stems": math.log1p(len(own)),
                "repeated": float(times.get(key, 1) > 1),
                "within_another": float(page.count(key) > times.get(key, 1)),
                "lines_above": math.log1p(candidate.lines_above_article),
                "next_above": float(candidate.lines_above_article <= 2),
                "words": math.log1p(candidate.words),
                "is_long": float(candidate.words > 16),
                "is_short": float(candidate.words < 4),
                "ends_sentence": float(candidate.ends_sentence),
                "is_two_sentences": float(candidate.is_two_sentences),
                "credit_follows": float(candidate.credit_follows),
                "is_kept": float(candidate.is_kept),
                "probability": candidate.probability,
                "said_above": best_above,
                "overlap_above": float(best_above > 0.35),
            }
        )
        best_above = max(best_above, overlap)
    return rows


@cache
def _weights() -> dict[str, float]:
    """The weight of each sign and of `always`, fitted by `training/boilerplate/headline.py`."""
    return {
        name: float(weight)
        for name, weight in tomllib.loads(
            (Path(__file__).parent / "headline.toml").read_text(encoding="utf-8")
        ).items()
    }


def find_title(candidates: Sequence[Candidate], body: str, times: Mapping[str, int]) -> int | None:
    """The index of the headline among `candidates` (top to bottom), or `None` where none is likely.

    Of two lines that are as likely, the lower is what stands below a headline.
    """
    weights = _weights()
    scores: dict[int, float] = {}
    for candidate, signs in zip(candidates, signs_of(candidates, body, times), strict=True):
        if signs["overlap"] >= OVERLAP_MIN:
            weighed = (weights.get(name, 0.0) * value for name, value in signs.items())
            scores[candidate.index] = weights["always"] + sum(weighed)
    best = max(scores, key=lambda index: scores[index], default=None)
    if best is None or scores[best] <= weights["least"]:
        return None
    if scores.get(best - 1, -math.inf) >= scores[best] - AS_LIKELY:
        best -= 1
    chosen = next(candidate for candidate in candidates if candidate.index == best)
    return _bare_form(chosen, candidates).index


def _bare_form(best: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The shortest candidate that says `best` without a kicker before it or the site's name behind."""
    bare = [
        other
        for other in candidates
        if other.words >= WORDS_AFTER_KICKER_MIN and _is_bare(other.text, best.text)
    ]
    return min(bare, key=lambda other: len(other.text), default=best)


def _is_bare(text: str, dressed: str) -> bool:
    if not 0 < len(dressed) - len(text) <= KICKER_CHARACTERS_MAX:
        return False
    return dressed.endswith(text) or (
        dressed.startswith(text) and dressed[len(text) :].lstrip()[:1] in _SITE_SIGNS
    )


@cache
def _sections() -> frozenset[str]:
    words = tomllib.loads((Path(__file__).parent / "sections.toml").read_text(encoding="utf-8"))
    return frozenset(normal(word) for of_language in words.values() for word in of_language)


def without_kicker(title: str, navigation: Sequence[str]) -> str:
    """The headline without a section's name in front ("SPORTThe cup", "WORLD The cup"): an end of `title`.

    A name in capitals goes where the headline's first capital is glued to it, or where it is a section we
    know or one that the page's `navigation` names. A headline all in capitals keeps what it has.
    """
    known = _sections() | {normal(word) for line in navigation for word in line.split()}
    for end in range(min(len(title), KICKER_CHARACTERS_MAX), 2, -1):
        kicker, rest = title[:end].rstrip(), title[end:].lstrip()
        glued = title[end - 1 : end + 1].isalpha()
        if not kicker.isupper() or not _is_headline(rest, cased_words=1 if glued else 2):
            continue
        if normal(kicker) in known or (glued and _is_capital_between(kicker, rest)):
            return rest
    return title


def _is_headline(rest: str, cased_words: int) -> bool:
    """Whether the words after a kicker begin like a headline: with small letters in the first few, but not
    at once.
    """
    words = rest.split(maxsplit=WORDS_AFTER_KICKER_MIN)
    return (
        len(words) >= WORDS_AFTER_KICKER_MIN
        and not rest[0].islower()
        and any(letter.islower() for letter in "".join(words[:cased_words]))
    )


def _is_capital_between(kicker: str, rest: str) -> bool:
    """`DEPORTESCuatro`: capitals, then a capital that begins a word in small letters."""
    begins_word = rest[0].isupper() and rest[1:3].isalpha() and rest[1:3].islower()
    return len(kicker) >= GLUED_LETTERS_MIN and kicker.isalpha() and begins_word
