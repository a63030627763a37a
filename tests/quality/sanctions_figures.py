"""How well sentences about sanctions are told: the figures that the floors of several sets are put on.

A row has `language`, `text`, `act` (`none` where it is not about sanctions), `issuers` (entity ids) and
`counts` (`[n, of]`), and of some sets `targets` (words) and `cumulative`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from processors.sanctions import SanctionsStage
from schemas.article import Article, Clean, Language, Raw, Sanction

WORDS = re.compile(r"[\u3400-\u9fff]|\w+")
Row = dict[str, Any]


def told(stage: SanctionsStage, row: Row) -> list[Sanction]:
    """What the stage makes of a row's text, as an article of its own."""
    text = str(row["text"])
    language = Language(code=str(row["language"]), confidence=1.0)
    article = Article(
        id="a", source="s", fetched_at="2026-01-01", raw=Raw(content=text), language=language,
        clean=Clean(text=text),
    )  # fmt: skip
    return stage(article).sanctions


def figures(pairs: Iterable[tuple[Row, list[Sanction]]]) -> dict[str, float]:
    """Every figure, 0 to 1, of rows and what was told of them."""
    pairs = list(pairs)
    acts = [(str(row["act"]), sanctions[0].act if sanctions else "none") for row, sanctions in pairs]
    about = [(row, sanctions) for row, sanctions in pairs if row["act"] != "none"]
    counted = [
        (sorted(map(tuple, row["counts"])), sorted((c.n, c.of) for s in sanctions for c in s.counts))
        for row, sanctions in pairs
    ]
    counted = [(wanted, found) for wanted, found in counted if wanted or found]
    found = {
        "sanctions or not, F1": _f1([(a != "none", b != "none") for a, b in acts]),
        "act, macro F1": _mean(_f1([(a == act, b == act) for a, b in acts]) for act in {a for a, _ in acts}),
        "imposed, precision": _mean(a == "imposed" for a, b in acts if b == "imposed"),
        "imposed, recall": _mean(b == "imposed" for a, b in acts if a == "imposed"),
        "issuer, overlap F1": _overlap(
            (set(row["issuers"]), {p.entity or p.text for s in sanctions for p in s.issuers})
            for row, sanctions in about
        ),
        "counts exact": _mean(wanted == got for wanted, got in counted),
        "counted numbers exact": _mean(
            [n for n, _ in wanted] == [n for n, _ in got] for wanted, got in counted
        ),
    }
    if any("targets" in row for row, _ in pairs):
        found["target, overlap F1"] = _overlap(
            (_words(row["targets"]), _words(p.text for s in sanctions for p in s.targets))
            for row, sanctions in about
        )
    return found


def _words(texts: Iterable[str]) -> set[str]:
    return set(WORDS.findall(" ".join(texts).casefold()))


def _f1(pairs: list[tuple[bool, bool]]) -> float:
    right = sum(wanted and got for wanted, got in pairs)
    return 2 * right / max(1, sum(wanted for wanted, _ in pairs) + sum(got for _, got in pairs))


def _overlap(pairs: Iterable[tuple[set[str], set[str]]]) -> float:
    """F1 of what overlaps, all rows together."""
    right = wanted = got = 0
    for gold, found in pairs:
        right, wanted, got = right + len(gold & found), wanted + len(gold), got + len(found)
    return 2 * right / max(1, wanted + got)


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return sum(values) / max(1, len(values))
