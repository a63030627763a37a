"""Texts in overlapping windows of pieces, windows in batches of like length, and back to one row a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

WINDOW_PIECES = 512
OVERLAP_PIECES = 64
BATCH_PIECES = 2048
GPU_BATCH_PIECES = 16_384
_PADDING_MAX = 1.2
Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


class Pieces(NamedTuple):
    """The pieces of a text or window, marks of the model left out: where they stand, what they may be.

    `spans` are code points of the text, (pieces, 2); `odds` are probabilities, (pieces, labels).
    """

    spans: Integers
    odds: Floats


def joined(windows: Sequence[Pieces], overlap: int) -> Pieces:
    """The pieces of a text once each: where two windows overlap, each gives the half that it saw better.

    Windows follow in order, and each begins with the last `overlap` pieces of the one before.
    """
    half, last = overlap // 2, len(windows) - 1
    kept = [
        slice(half if k else 0, len(window.odds) - (overlap - half) if k < last else None)
        for k, window in enumerate(windows)
    ]
    return Pieces(
        np.concatenate([window.spans[part] for window, part in zip(windows, kept, strict=True)]),
        np.concatenate([window.odds[part] for window, part in zip(windows, kept, strict=True)]),
    )


def batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """The numbers of windows in batches of like length, each within `budget` pieces, padding and all."""
    found: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        fits = bool(found) and (len(found[-1]) + 1) * lengths[i] <= budget
        if not fits or lengths[i] > lengths[found[-1][0]] * _PADDING_MAX:
            found.append([])
        found[-1].append(i)
    return found


def probabilities(logits: Floats) -> Floats:
    """Softmax over the last axis."""
    odds = np.exp(logits - logits.max(-1, keepdims=True))
    normed: Floats = odds / odds.sum(-1, keepdims=True)
    return normed
