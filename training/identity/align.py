"""How likely a native letter answers to one or two Latin letters, by expectation and maximisation.

A pair of spellings is a sequence of steps: a letter answers to one Latin letter, to two, or to none, or a
Latin letter answers to none. Steps are independent. Pairs of equal lengths are summed together.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
FLOOR = 1e-9


@dataclass
class Steps:
    """Probabilities of steps that sum to 1: `one` [native, latin], `two` [native, latin * latin], gaps."""

    one: Floats
    two: Floats
    native_gap: Floats
    latin_gap: Floats

    @classmethod
    def start(cls, natives: int, latins: int) -> Steps:
        """Every step as likely as the next of its kind."""
        return cls(
            np.full((natives, latins), 0.7 / natives / latins),
            np.full((natives, latins * latins), 0.1 / natives / latins / latins),
            np.full(natives, 0.1 / natives),
            np.full(latins, 0.1 / latins),
        )

    def scaled(self) -> Steps:
        """The same with a sum of 1."""
        total = self.one.sum() + self.two.sum() + self.native_gap.sum() + self.latin_gap.sum()
        return Steps(self.one / total, self.two / total, self.native_gap / total, self.latin_gap / total)


@dataclass
class Bucket:
    """Pairs of equal lengths: native letters [pairs, n], Latin ones [pairs, m], and the line of each."""

    native: Ints
    latin: Ints
    group: Ints


def buckets(pairs: list[tuple[list[int], list[int], int]]) -> list[Bucket]:
    """Pairs by their lengths."""
    by_length: dict[tuple[int, int], list[tuple[list[int], list[int], int]]] = defaultdict(list)
    for pair in pairs:
        by_length[len(pair[0]), len(pair[1])].append(pair)
    return [
        Bucket(np.array([p[0] for p in same]), np.array([p[1] for p in same]), np.array([p[2] for p in same]))
        for same in by_length.values()
    ]


class _Sums:
    """Forward and backward sums of one bucket."""

    def __init__(self, bucket: Bucket, steps: Steps) -> None:
        x, y, latins = bucket.native, bucket.latin, steps.one.shape[1]
        self.pairs, self.n = x.shape
        self.m = y.shape[1]
        self.x, self.y = x, y
        self.yy = y[:, :-1] * latins + y[:, 1:]
        self.one = steps.one[x[:, :, None], y[:, None, :]]
        self.two = steps.two[x[:, :, None], self.yy[:, None, :]] if self.m > 1 else None
        self.gx, self.gy = steps.native_gap[x], steps.latin_gap[y]
        self.forward = self._forward()
        self.total = np.maximum(self.forward[:, -1, -1], 1e-300)

    def _forward(self) -> Floats:
        f = np.zeros((self.pairs, self.n + 1, self.m + 1))
        f[:, 0, 0] = 1
        for i in range(self.n + 1):
            for j in range(self.m + 1):
                if i and j:
                    f[:, i, j] += f[:, i - 1, j - 1] * self.one[:, i - 1, j - 1]
                if i and j > 1 and self.two is not None:
                    f[:, i, j] += f[:, i - 1, j - 2] * self.two[:, i - 1, j - 2]
                if i:
                    f[:, i, j] += f[:, i - 1, j] * self.gx[:, i - 1]
                if j:
                    f[:, i, j] += f[:, i, j - 1] * self.gy[:, j - 1]
        return f

    def backward(self) -> Floats:
        b = np.zeros((self.pairs, self.n + 1, self.m + 1))
        b[:, -1, -1] = 1
        for i in range(self.n, -1, -1):
            for j in range(self.m, -1, -1):
                if i < self.n and j < self.m:
                    b[:, i, j] += b[:, i + 1, j + 1] * self.one[:, i, j]
                if i < self.n and j < self.m - 1 and self.two is not None:
                    b[:, i, j] += b[:, i + 1, j + 2] * self.two[:, i, j]
                if i < self.n:
                    b[:, i, j] += b[:, i + 1, j] * self.gx[:, i]
                if j < self.m:
                    b[:, i, j] += b[:, i, j + 1] * self.gy[:, j]
        return b


def expected(all_buckets: list[Bucket], steps: Steps, lines: int, temper: float) -> tuple[Steps, float]:
    """Expected counts of steps, and the mean log of what the lines' likelihoods come to; a line counts once.

    Among the Latin spellings of a line those count more that the steps explain better: as their likelihood
    at `temper` 1, all alike at 0.
    """
    sums = [_Sums(bucket, steps) for bucket in all_buckets]
    # Against chance, so that the short do not win by being short; tempered, so that all good ones count.
    fit = [(s.total / np.prod(steps.one.sum(0)[s.y] + FLOOR, axis=1)) ** temper for s in sums]
    whole = np.zeros(lines)
    for bucket, f in zip(all_buckets, fit, strict=True):
        whole += np.bincount(bucket.group, f, lines)
    natives, latins = steps.one.shape
    counts = Steps(
        np.zeros(natives * latins), np.zeros(natives * latins * latins), np.zeros(natives), np.zeros(latins)
    )
    for bucket, s, f in zip(all_buckets, sums, fit, strict=True):
        share = f / np.maximum(whole[bucket.group], 1e-300)
        _count(s, share, counts, latins)
    counts.one, counts.two = counts.one.reshape(natives, latins), counts.two.reshape(natives, latins * latins)
    return counts, float(np.log(np.maximum(whole, 1e-300)).mean())


def _count(s: _Sums, share: Floats, counts: Steps, latins: int) -> None:
    b, f = s.backward(), s.forward
    scale = (share / s.total)[:, None, None]
    one = f[:, :-1, :-1] * s.one * b[:, 1:, 1:] * scale
    index = s.x[:, :, None] * latins + s.y[:, None, :]
    counts.one += np.bincount(index.ravel(), one.ravel(), len(counts.one))
    if s.two is not None:
        two = f[:, :-1, :-2] * s.two * b[:, 1:, 2:] * scale
        index = s.x[:, :, None] * latins * latins + s.yy[:, None, :]
        big = two.ravel() > 1e-4
        counts.two += np.bincount(index.ravel()[big], two.ravel()[big], len(counts.two))
    gx = (f[:, :-1, :] * b[:, 1:, :]).sum(2) * s.gx * scale[:, :, 0]
    counts.native_gap += np.bincount(s.x.ravel(), gx.ravel(), len(counts.native_gap))
    gy = (f[:, :, :-1] * b[:, :, 1:]).sum(1) * s.gy * scale[:, :, 0]
    counts.latin_gap += np.bincount(s.y.ravel(), gy.ravel(), len(counts.latin_gap))
