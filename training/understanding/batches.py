"""What a pack holds, opened, and dealt out in batches of like length."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from processors.encoder.heads import ACTS, EVENTS, PARTS
from processors.encoder.packed import WIDTH, unpacked
from training.understanding.pack import CODES, PIECES_MAX, READINGS

BEGIN, END, PAD, UNKNOWN = 0, 2, 1, 3
IGNORED = UNTOLD = -100
WORD_DROPOUT = 0.05
JOINED_SHARE = 0.35
JOINED_MAX = 5
TOLD_JOINED_SHARE = 0.45
OLD = frozenset({CODES.index("bnf"), CODES.index("lft")})
OWN = CODES.index("own")
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class Batch(NamedTuple):
    """Ids and labels of rows (rows, pieces), and how much each row counts (rows)."""

    ids: Tensor
    labels: Tensor
    weights: Tensor


class ToldBatch(NamedTuple):
    """Rows of ids, and the sentences in them; a label that nobody gave is `UNTOLD`.

    `sentence` (rows, pieces) numbers the sentence a piece belongs to, -1 outside; `parts` are labels of
    pieces. Of each sentence: `act`, `classes` (events and history, 0 or 1). `marked` (pieces,
    events) says which pieces tell an event.
    """

    ids: Tensor
    sentence: Tensor
    parts: Tensor
    act: Tensor
    classes: Tensor
    marked: Tensor


class Pack:
    """A pack, opened: rows of ids and labels, and the word table on the device."""

    def __init__(self, path: Path) -> None:
        self.file = np.load(path)
        self.ids = split(self.file["ids"], self.file["ids_n"])
        self.labels = split(self.file["labels"], self.file["labels_n"])
        self.about = self.file["about"]
        self.free = split(self.file["free"], self.file["free_n"])
        self.free_plain = split(self.file["free_plain"], self.file["free_plain_n"])
        self.told = split(self.file["told"], self.file["told_n"])
        self.told_about = json.loads(self.file["told_about"].tobytes())
        self.measured = json.loads(self.file["measured"].tobytes())
        words = unpacked(self.file["words"].reshape(-1)).reshape(-1, WIDTH)
        self.words = torch.from_numpy(words).to(DEVICE)

    def corpus(self, number: int) -> int:
        """Which corpus a labelled sentence is from, as a place in `CODES`."""
        return int(self.about[number][1])


def split(flat: Any, lengths: Any) -> list[Any]:
    """One long row cut into rows of these lengths."""
    return np.split(flat, np.cumsum(lengths)[:-1])


def padded(rows: Sequence[Any], fill: int = PAD, *, marks: bool = True) -> Tensor:
    """Rows of ids (or labels) as one tensor, with the marks at both ends."""
    out = np.full((len(rows), max(map(len, rows)) + 2), fill, np.int64)
    for i, row in enumerate(rows):
        out[i, 1 : len(row) + 1] = row
        if marks:
            out[i, 0], out[i, len(row) + 1] = BEGIN, END
    return torch.from_numpy(out).to(DEVICE)


def batches(sizes: list[int], pieces: int, rng: random.Random | None = None) -> list[list[int]]:
    """Numbers of rows of like length, as many as fill `pieces`."""
    order = list(range(len(sizes)))
    if rng:
        rng.shuffle(order)
    order.sort(key=lambda i: sizes[i] // 8 if rng else sizes[i])
    found: list[list[int]] = []
    for i in order:
        if not found or (len(found[-1]) + 1) * (sizes[i] + 2) > pieces:
            found.append([])
        found[-1].append(i)
    if rng:
        rng.shuffle(found)
    return found


def epoch(pack: Pack, rng: random.Random, pieces: int, own_times: int, old: int) -> Iterator[Batch]:
    """Every labelled sentence once, in one of its readings, neighbours at times joined.

    The project's own sentences come `own_times`, and of the old newspapers' `old` are drawn.
    """
    rows = []

    def may_join(row: list[int], number: int) -> bool:
        return pack.corpus(number) == pack.corpus(row[0])

    for joined in _joined(_numbers(pack, rng, own_times, old), may_join, JOINED_SHARE, rng):
        readings = [number * READINGS + rng.randrange(READINGS) for number in joined]
        ids = np.concatenate([pack.ids[k] for k in readings])[:PIECES_MAX]
        labels = np.concatenate([pack.labels[k] for k in readings])[:PIECES_MAX]
        rows.append((ids, labels, pack.about[joined[0]][2] / 100))
    for batch in batches([len(ids) for ids, _, _ in rows], pieces, rng):
        ids = padded([rows[k][0] for k in batch])
        dropped = (torch.rand(ids.shape, device=ids.device) < WORD_DROPOUT) & (ids > UNKNOWN)
        labels = padded([rows[k][1] for k in batch], IGNORED, marks=False)
        weights = torch.tensor([rows[k][2] for k in batch], device=DEVICE, dtype=torch.float32)
        yield Batch(torch.where(dropped, UNKNOWN, ids), labels, weights)


def _numbers(pack: Pack, rng: random.Random, own_times: int, old: int) -> list[int]:
    everything = range(len(pack.about))
    numbers = [i for i in everything if pack.corpus(i) not in OLD]
    numbers += rng.sample([i for i in everything if pack.corpus(i) in OLD], old)
    return numbers + [i for i in numbers if pack.corpus(i) == OWN] * (own_times - 1)


def _joined(
    numbers: list[int], may_join: Callable[[list[int], int], bool], share: float, rng: random.Random
) -> Iterator[list[int]]:
    """Neighbours that may stand in one row, a `share` of them joined, `JOINED_MAX` at most."""
    joined: list[int] = []
    for number in numbers:
        if joined and len(joined) < JOINED_MAX and may_join(joined, number) and rng.random() < share:
            joined.append(number)
            continue
        if joined:
            yield joined
        joined = [number]
    if joined:
        yield joined


def told_epoch(pack: Pack, rng: random.Random, pieces: int, calm: int) -> Iterator[ToldBatch]:
    """Every own sentence once, in one of its readings, and `calm` real ones; neighbours at times joined."""
    by_number: dict[int, list[int]] = {}
    for i, about in enumerate(pack.told_about):
        if not about["dev"]:
            by_number.setdefault(about["number"], []).append(i)
    own = [rng.choice(found) for found in by_number.values() if len(found) > 1]
    real = [found[0] for found in by_number.values() if len(found) == 1]
    numbers = own + rng.sample(real, min(calm, len(real)))
    rng.shuffle(numbers)
    numbers.sort(key=lambda i: pack.told_about[i]["language"])

    def may_join(row: list[int], number: int) -> bool:
        size = sum(len(pack.told[k]) for k in (*row, number))
        alike = pack.told_about[number]["language"] == pack.told_about[row[0]]["language"]
        return alike and size < PIECES_MAX

    rows = list(_joined(numbers, may_join, TOLD_JOINED_SHARE, rng))
    for batch in batches([sum(len(pack.told[k]) for k in row) for row in rows], pieces, rng):
        yield told_batch(pack, [rows[k] for k in batch], dropout=WORD_DROPOUT)


def told_batch(pack: Pack, rows: list[list[int]], dropout: float = 0.0) -> ToldBatch:
    """These sentences, those of a row joined."""
    width = max(min(PIECES_MAX, sum(len(pack.told[k]) for k in row)) for row in rows) + 2
    ids, sentence, parts = (np.full((len(rows), width), fill, np.int64) for fill in (PAD, -1, IGNORED))
    marked = np.zeros((len(rows), width, len(EVENTS)), np.float32)
    acts, classes = [], []
    for i, row in enumerate(rows):
        at = 1
        ids[i, 0] = BEGIN
        for k in row:
            about, own = pack.told_about[k], pack.told[k][: width - 1 - at]
            ids[i, at : at + len(own)] = own
            sentence[i, at : at + len(own)] = len(acts)
            if about["act"]:
                parts[i, at : at + len(own)] = 0
            for start, end, kind in about["spans"]:
                if about["act"]:
                    label = 1 + 2 * PARTS.index(kind)
                    parts[i, at + start : at + end] = label + 1
                    parts[i, at + start] = label
                else:
                    marked[i, at + start : at + end, EVENTS.index(kind)] = 1
            acts.append(_act_of(about))
            classes.append(_classes_of(about))
            at += len(own)
        ids[i, at] = END
    tensors = [torch.from_numpy(array).to(DEVICE) for array in (ids, sentence, parts)]
    dropped = (torch.rand(tensors[0].shape, device=DEVICE) < dropout) & (tensors[0] > UNKNOWN)
    tensors[0] = torch.where(dropped, UNKNOWN, tensors[0])
    rest = [
        torch.tensor(one, device=DEVICE, dtype=kind)
        for one, kind in ((acts, torch.long), (classes, torch.float32))
    ]
    return ToldBatch(*tensors, *rest, torch.from_numpy(marked).to(DEVICE))


def _act_of(about: dict[str, Any]) -> int:
    """A sentence labelled with events that may be sanctions has no act that we know."""
    if about["partial"]:
        return UNTOLD
    if about["act"] is None:
        return UNTOLD if {"SANCTION", "CONCEDE", "THREATEN"} & set(about["events"]) else 0
    return ACTS.index(about["act"])


def _classes_of(about: dict[str, Any]) -> list[float]:
    if about["partial"]:
        return [*(1.0 if kind in about["events"] else UNTOLD for kind in EVENTS), UNTOLD]
    if about["events"] is not None:
        return [*(float(kind in about["events"]) for kind in EVENTS), float(about["history"])]
    sanction = {"imposed": 1.0, "none": UNTOLD}.get(about["act"], UNTOLD)
    return [*(sanction if kind == "SANCTION" else UNTOLD for kind in EVENTS), UNTOLD]
