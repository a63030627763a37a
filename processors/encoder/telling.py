"""From the scores of pieces to what a sentence tells: its act of sanctions, its events, its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from processors.encoder.decoding import best_path, tidy
from processors.encoder.heads import ACTS, EVENTS, GAZES, PART_COLUMNS, PARTS, VOTES
from schemas.article import EventType

Floats = npt.NDArray[np.float32]
EVENT_ODDS_MIN = 0.2
LOOKED_AT_SHARE = 0.3
PART_LETTERS_MAX = 300
NO_PARTS_ABOVE = 0.9


class Part(NamedTuple):
    """A part of what is told of sanctions: one of `heads.PARTS`, code points, end exclusive."""

    part: str
    start: int
    end: int
    confidence: float


class Happening(NamedTuple):
    """An event, how sure the encoder is of it (0–1), and the words that it looked at."""

    type: EventType
    odds: float
    start: int
    end: int


class SentenceReading(NamedTuple):
    """What one sentence tells. `acts` are probabilities in the order of `heads.ACTS`, `none` first.

    `history` is the odds that all of it is recalled. It stands at `start` to `end` of its line; the offsets
    of `happenings` and `parts` are its own.
    """

    start: int
    end: int
    acts: tuple[float, ...]
    history: float
    happenings: tuple[Happening, ...] = ()
    parts: tuple[Part, ...] = ()


def told(
    text: str, scores: Floats, offsets: npt.NDArray[np.integer], spans: Sequence[tuple[int, int]]
) -> Iterator[SentenceReading]:
    """A reading of each sentence of a line; `scores` (pieces, columns) and `offsets` (pieces, 2) are its."""
    starts = offsets[:, 0]
    for start, end in spans:
        first, last = (int(edge) for edge in np.searchsorted(starts, (start, end)))
        if first < last:
            yield _sentence(text, scores[first:last], offsets[first:last], (start, end))


def _sentence(
    text: str, scores: Floats, offsets: npt.NDArray[np.integer], span: tuple[int, int]
) -> SentenceReading:
    gazes = scores[:, GAZES]
    shares = np.exp(gazes - gazes.max(0))
    shares /= shares.sum(0)
    classes = (shares * scores[:, VOTES]).sum(0)
    acts = np.exp(classes[: len(ACTS)] - classes[: len(ACTS)].max())
    odds = 1 / (1 + np.exp(-classes[len(ACTS) :]))
    begin = span[0]
    happenings = tuple(
        Happening(kind, round(float(odds[i]), 3), start - begin, end - begin)
        for i, kind in enumerate(EVENTS)
        if odds[i] >= EVENT_ODDS_MIN
        for start, end in [_looked_at(text, shares[:, len(ACTS) + i], offsets)]
    )
    acts = acts / acts.sum()
    found = _parts(text, scores[:, PART_COLUMNS], offsets) if acts[0] < NO_PARTS_ABOVE else ()
    parts = tuple(one._replace(start=one.start - begin, end=one.end - begin) for one in found)
    return SentenceReading(
        *span, tuple(round(float(p), 4) for p in acts), round(float(odds[-1]), 3), happenings, parts
    )


def _looked_at(text: str, share: Floats, offsets: npt.NDArray[np.integer]) -> tuple[int, int]:
    """The words around the piece that was looked at most, as far as they were looked at too."""
    first = last = int(share.argmax())
    least = share[first] * LOOKED_AT_SHARE
    while first > 0 and share[first - 1] >= least:
        first -= 1
    while last + 1 < len(share) and share[last + 1] >= least:
        last += 1
    start, end = tidy(text, int(offsets[first, 0]), int(offsets[last, 1]))
    return (start, end) if start < end else (int(offsets[first, 0]), int(offsets[last, 1]))


def _parts(text: str, scores: Floats, offsets: npt.NDArray[np.integer]) -> Iterator[Part]:
    log_odds = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    path = best_path(log_odds)
    for first, last, label in _runs(path):
        start, end = tidy(text, int(offsets[first, 0]), int(offsets[last, 1]))
        sure = np.exp(log_odds[np.arange(first, last + 1), path[first : last + 1]]).mean()
        if start < end <= start + PART_LETTERS_MAX:
            yield Part(PARTS[(label - 1) // 2], start, end, round(float(sure), 3))


def _runs(path: npt.NDArray[np.integer]) -> list[tuple[int, int, int]]:
    runs: list[tuple[int, int, int]] = []
    for i, label in enumerate(map(int, path)):
        if label % 2 == 1:
            runs.append((i, i, label))
        elif label and runs and runs[-1][1] == i - 1:
            runs[-1] = (runs[-1][0], i, runs[-1][2])
    return runs
