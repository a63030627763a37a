"""From what the pieces of a text may be to the mentions in it: words, the best path of labels, spans."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from processors.encoder.decoding import Guess, has_no_spaces, is_word, tidy
from processors.names.hub.labels import TYPES, Label, Scheme
from processors.names.hub.windows import Floats, Integers, Pieces
from schemas.article import MentionType

_TINY = np.float32(1e-12)


class Word(NamedTuple):
    """A span of the text, and the number of its first piece."""

    start: int
    end: int
    piece: int


def mentions(text: str, pieces: Pieces, scheme: Scheme) -> list[Guess]:
    """The mentions in a text, in order and apart; none goes over the end of a line.

    A word is labelled by its first piece, as such models are trained.
    """
    found: list[Guess] = []
    odds = pieces.odds @ scheme.merged
    for line in _lines(text, words(text, pieces.spans)):
        likely = odds[[word.piece for word in line]]
        path = best_path(np.log(likely + _TINY), scheme.steps)
        for first, last, kind in _runs([scheme.labels[label] for label in path]):
            start, end = tidy(text, line[first].start, line[last].end)
            if start < end and not (found and start < found[-1].end):
                ours = [label.kind == kind for label in scheme.labels]
                sure = likely[first : last + 1, ours].sum(-1).mean()
                found.append(Guess(start, end, kind, round(min(float(sure), 1.0), 3)))
    return found


def words(text: str, spans: Integers) -> list[Word]:
    """Pieces to words, by the letters of the text: a model's own words can be whole Chinese sentences.

    Han, kana, Hangul and Thai have each piece for a word, since names end inside words there.
    """
    found: list[Word] = []
    for piece, (first, last) in enumerate(spans.tolist()):
        start, end = _without_spaces(text, first, last)
        if start == end:
            continue
        if found and _continues(text, found[-1].end, start):
            found[-1] = found[-1]._replace(end=max(end, found[-1].end))
        else:
            found.append(Word(start, end, piece))
    return found


def best_path(scores: Floats, steps: Floats) -> list[int]:
    """The likeliest labels, steps between them counted (Viterbi); `scores` are log odds, (words, labels)."""
    greedy = scores.argmax(-1)
    if not steps[greedy[:-1], greedy[1:]].any():
        return [int(label) for label in greedy]
    state = scores[0]
    came_from = np.zeros(scores.shape, np.int64)
    for i in range(1, len(scores)):
        options = state[:, None] + steps
        came_from[i] = options.argmax(0)
        state = options.max(0) + scores[i]
    path = [int(state.argmax())]
    for i in range(len(scores) - 1, 0, -1):
        path.append(int(came_from[i, path[-1]]))
    return path[::-1]


def _runs(path: Sequence[Label]) -> list[tuple[int, int, MentionType]]:
    """First word, last word and type of each mention in a path; B and a change of type begin one."""
    runs: list[tuple[int, int, MentionType]] = []
    before = ""
    for i, (mark, kind) in enumerate(path):
        if kind in TYPES and kind == before and mark == "I":
            runs[-1] = (runs[-1][0], i, kind)
        elif kind in TYPES:
            runs.append((i, i, kind))
        before = kind
    return runs


def _lines(text: str, found: list[Word]) -> Iterator[list[Word]]:
    cuts = [i for i, (a, b) in enumerate(pairwise(found), start=1) if "\n" in text[a.end : b.start]]
    for first, last in pairwise([0, *cuts, len(found)]):
        if first < last:
            yield found[first:last]


def _without_spaces(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _continues(text: str, end: int, start: int) -> bool:
    """Whether a piece at `start` is of the word that ended at `end`; pieces may share a letter's bytes."""
    if start < end:
        return True
    seam = text[end - 1 : start + 1]
    if has_no_spaces(seam[0]) or has_no_spaces(seam[-1]):
        return False
    return all(is_word(letter) or unicodedata.category(letter) == "Cf" for letter in seam)
