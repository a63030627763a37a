"""How likely each line is article text: boosted trees, evaluated with numpy.

`model.npz` is written by `training/boilerplate/train.py`. Every tree is padded to a complete binary tree of
the same depth, so that a page's lines go down all trees together, a level at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.lines import Numbers

MODEL_PATH = Path(__file__).parent / "model.npz"
_ROWS_AT_ONCE = 128  # so that what the trees look at stays in the cache


@dataclass(frozen=True)
class Trees:
    """Complete trees of one depth: `columns` and `thresholds` are trees by inner nodes (a row goes left
    where its value is at most the threshold), `leaves` trees by 2**depth values that are summed.
    """

    columns: NDArray[np.uint8]
    thresholds: Numbers
    leaves: Numbers
    names: tuple[str, ...]

    def probability(self, rows: Numbers) -> Numbers:
        """The probability of article text for each row of `features`."""
        scores = [self._scores(rows[at : at + _ROWS_AT_ONCE]) for at in range(0, len(rows), _ROWS_AT_ONCE)]
        probability: Numbers = (1 / (1 + np.exp(-np.concatenate(scores)))).astype(np.float32)
        return probability

    def _scores(self, rows: Numbers) -> NDArray[np.float64]:
        trees, inner = self.columns.shape
        first = (np.arange(trees) * inner)[:, None]
        starts = self.columns.ravel().astype(np.intp) * len(rows)
        thresholds, values, row = self.thresholds.ravel(), rows.T.ravel(), np.arange(len(rows))
        node = np.zeros((trees, len(rows)), np.intp)
        for _ in range((inner + 1).bit_length() - 1):
            at = first + node
            value = values.take(starts.take(at) + row)
            node = 2 * node + 1 + (value > thresholds.take(at))
        leaf = node - inner + (np.arange(trees) * (inner + 1))[:, None]
        scores: NDArray[np.float64] = self.leaves.ravel().take(leaf).sum(axis=0, dtype=np.float64)
        return scores


@cache
def line_model() -> Trees:
    """The model in the package."""
    return read_model(MODEL_PATH)


def read_model(path: Path) -> Trees:
    """The model that `training/boilerplate/train.py` wrote there."""
    with np.load(path, allow_pickle=False) as stored:
        return Trees(
            stored["columns"],
            stored["thresholds"],
            stored["leaves"],
            tuple(str(name) for name in stored["names"]),
        )
