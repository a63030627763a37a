"""The table of sounds: how much more often than by chance a letter answers to one or two Latin letters.

`data/sounds.npz` is fitted by `training/identity/train.py`; its numbers are log odds in sixteenths of a nat.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

DATA = Path(__file__).parent / "data"
Floats = npt.NDArray[np.float32]
_STEP = np.float32(1 / 16)
_HIGHEST = 5.0


@dataclass(frozen=True)
class Sounds:
    """Log odds by letter number: `one` [letter, latin], `two` [letter, pair], `gap` [letter] for none.

    `pair` [latin * latin] are the numbers of pairs, `latin_gap` [script, latin] is for a Latin letter that
    answers to nothing, `common` [letter, latin] is how common it is in the letter's script, `expected`
    [letter] what a letter brings on average when two names are one.
    """

    number: dict[str, int]
    latin: dict[str, int]
    pair: npt.NDArray[np.intp]
    script: npt.NDArray[np.intp]
    one: Floats
    two: Floats
    gap: Floats
    latin_gap: Floats
    common: Floats
    expected: Floats


@cache
def sounds() -> Sounds:
    """The table, read once: a few MB."""
    with np.load(DATA / "sounds.npz") as held:
        names, latin = str(held["letters"]).split("\n"), str(held["latin"]).split("\n")
        scripts = tuple(str(held["scripts"]).split("\n"))
        one, two = (np.minimum(held[key] * _STEP, _HIGHEST).astype(np.float32) for key in ("one", "two"))
        gap, latin_gap = (held[key].astype(np.float32) * _STEP for key in ("gap", "latin_gap"))
        kept, common = held["pairs"], held["common"]
    pair = np.full(len(latin) ** 2, len(kept), np.intp)
    pair[kept] = np.arange(len(kept))
    two = np.hstack([two, np.full((len(two), 1), -99, np.float32)])
    script = np.array([scripts.index(name.split(" ")[0]) for name in names])
    table = Sounds(
        number={name: i for i, name in enumerate(names)},
        latin={letter: i for i, letter in enumerate(latin)},
        pair=pair,
        script=script,
        one=one,
        two=two,
        gap=gap,
        latin_gap=latin_gap,
        common=common[script],
        expected=np.zeros(0, np.float32),
    )
    return replace(table, expected=_expected(table))


def _expected(table: Sounds) -> Floats:
    width = len(table.latin)
    kept = np.flatnonzero(table.pair < table.two.shape[1] - 1)
    kept = kept[np.argsort(table.pair[kept])]
    first = np.exp(table.one) * table.common
    both = np.exp(table.two[:, :-1]) * table.common[:, kept // width] * table.common[:, kept % width]
    skipped = np.exp(table.gap)
    whole = first.sum(1) + both.sum(1) + skipped
    total = (first * table.one).sum(1) + (both * table.two[:, :-1]).sum(1) + skipped * table.gap
    return np.asarray(total / whole, np.float32)
