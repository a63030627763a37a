"""From an act to an article in one of ten languages, and the sanctions that a perfect reader would find."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schemas.article import Act as ActKind
from schemas.article import Count, Party, Sanction, Span
from tests.quality.stream.acts import Counts

LANGUAGES = ("en", "ar", "ru", "fa", "tr", "fr", "es", "ko", "zh", "de")
_FOLDER = Path(__file__).parent / "frames"
_CHOICE = re.compile(r"\[([^\[\]]+\|[^\[\]]+)\]")
_GENDERS = {"m": 0, "p": 1, "f": 2, "n": 3}
_FEW_MAX = 10
_OTHER_IDS = {
    "state:US": "org:US-treasury", "org:EU": "org:EU-council", "org:UN": "org:UNSC", "state:GB": "org:UK-ofsi",
}  # fmt: skip


@cache
def frames(language: str) -> dict[str, Any]:
    """The sentences and words of one language."""
    content: dict[str, Any] = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return content


@dataclass(frozen=True)
class Told:
    """What an article says of one act. `issuers` empty where it names none."""

    issuers: tuple[str, ...]
    target: str
    counts: Counts
    before: Counts = ()
    named: bool = False
    year: int = 2024
    total: bool = False


@dataclass(frozen=True)
class Page:
    """Title and text, and each sanction with the act it is of, `None` where it reports none."""

    language: str
    title: str
    text: str
    sanctions: list[tuple[Sanction, str | None]]


def filled(frame: str, told: Told, language: str) -> str:
    """A frame with its words."""
    words = frames(language)
    whole, short, gender = _issuer(told.issuers, words)
    target, located = words["targets"][told.target]
    counts = _counted(told.counts, words)
    text = frame
    for slot, value in (
        ("{I}", whole), ("{i}", short), ("{T}", target), ("{L}", located), ("{C}", counts), ("{S}", counts),
        ("{O}", str(told.before[0][0] if told.before else "")), ("{Y}", str(told.year)),
        ("{N}", words["names"][told.target]),
    ):  # fmt: skip
        text = text.replace(slot, value)
    text = _CHOICE.sub(lambda match: _chosen(match[1], gender), text)
    return text[:1].upper() + text[1:]


def fillers(rng: random.Random, language: str, count: int) -> list[str]:
    """Sentences that tell of nothing."""
    words = frames(language)["filler"]
    return [
        _sentence(
            words["order"].format(**{part: rng.choice(words[part]) for part in ("who", "did", "about")})
        )
        for _ in range(count)
    ]


def sanction(kind: ActKind, told: Told, language: str, rng: random.Random, spans: list[Span]) -> Sanction:
    """The record that a perfect reader makes of it; ids are spelt in more than one way."""
    words = frames(language)
    named = words["names"][told.target]
    by_sound = language not in {"en", "fr", "es", "de", "tr"} and rng.random() < 0.3
    name_id = f"per:~{language}-{told.target[-2:]}" if by_sound else f"per:{told.target[-2:].lower()}-one"
    state = Party(text=words["targets"][told.target][0], entity=told.target)
    aims = rng.random() < 0.8
    return Sanction(
        act=kind,
        evidence=spans,
        confidence=0.9,
        issuers=[
            Party(text=words["issuers"][one][0], name=one, entity=_spelt(one, rng)) for one in told.issuers
        ],
        targets=[
            *([Party(text=_counted(told.counts, words))] if told.counts else []),
            *([state] if aims else []),
            *([Party(text=named, name=named, entity=name_id)] if told.named else []),
        ],
        counts=[Count(n=n, of=of, text=f"{n} {of}", cumulative=told.total) for n, of in told.counts],
        places=[] if aims else [state],
    )


def _spelt(issuer: str, rng: random.Random) -> str:
    return _OTHER_IDS.get(issuer, issuer) if rng.random() < 0.1 else issuer


def _issuer(issuers: tuple[str, ...], words: dict[str, Any]) -> tuple[str, str, str]:
    if not issuers:
        return "", "", "m"
    known = [words["issuers"][one] for one in issuers]
    join = words["joins"][1]
    whole, short = (join.join(form[i] for form in known) for i in (0, 1))
    arabic = "many" in words  # the verb agrees with the first of several
    return whole, short, known[0][2] if len(known) == 1 or arabic else "p"


def _counted(counts: Counts, words: dict[str, Any]) -> str:
    few, many = words["counts"], words.get("many", words["counts"])
    parts = [(few if n <= _FEW_MAX else many)[of].format(n=n) for n, of in counts]
    return str(words["joins"][1].join(parts))


def _chosen(options: str, gender: str) -> str:
    forms = options.split("|")
    number = _GENDERS[gender]
    return forms[number] if number < len(forms) else forms[0]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
