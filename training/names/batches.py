"""What a pack holds, opened, and dealt out in batches of like length."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from processors.encoder.packed import WIDTH, unpacked
from training.names.pack import CODES, PIECES_MAX, READINGS

BEGIN, END, PAD, UNKNOWN = 0, 2, 1, 3
IGNORED = -100
WORD_DROPOUT = 0.05
JOINED_SHARE = 0.35
JOINED_MAX = 5
OLD = frozenset({CODES.index("bnf"), CODES.index("lft")})
OWN = CODES.index("own")
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class Batch(NamedTuple):
    """Ids and labels of rows (rows, pieces), and how much each row counts (rows)."""

    ids: Tensor
    labels: Tensor
    weights: Tensor


class Pack:
    """A pack, opened: rows of ids and labels, and the word table on the device."""

    def __init__(self, path: Path) -> None:
        self.file = np.load(path)
        self.ids = split(self.file["ids"], self.file["ids_n"])
        self.labels = split(self.file["labels"], self.file["labels_n"])
        self.about = self.file["about"]
        self.free = split(self.file["free"], self.file["free_n"])
        self.free_plain = split(self.file["free_plain"], self.file["free_plain_n"])
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
    for joined in _joined(pack, _numbers(pack, rng, own_times, old), rng):
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


def _joined(pack: Pack, numbers: list[int], rng: random.Random) -> Iterator[list[int]]:
    joined: list[int] = []
    for number in numbers:
        alike = joined and pack.corpus(number) == pack.corpus(joined[0])
        if alike and len(joined) < JOINED_MAX and rng.random() < JOINED_SHARE:
            joined.append(number)
            continue
        if joined:
            yield joined
        joined = [number]
    if joined:
        yield joined
