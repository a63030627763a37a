"""The table of sounds out of the steps of all scripts: log odds against chance, in sixteenths of a nat."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from candidates import spelling_pairs
from fit import Fitted, fit_script

SCRIPTS = (
    *("arabic", "vowelless", "cyrillic", "eastern", "hangul", "korean"),
    *("pinyin", "romaji", "han", "latin"),
)
STEP = 16
TWO_SHARE = 0.02
SOFT, SOFT_GLIDE = 0.03, 0.12
LOWEST = -8
_GLIDES = (["i", "y", "j"], ["u", "w"])
_ALIKE = (
    *(["p", "b"], ["f", "v", "w", "b"], ["t", "d"], ["k", "g", "c", "q"], ["s", "z", "c", "š", "ž", "sch"]),
    *(["j", "č", "š", "ž", "z", "y"], ["h", "x"], ["m", "n"], ["l", "r"], ["a", "e", "ä"], ["n", "ñ"]),
    *(["o", "u", "a", "ou"], ["i", "y", "e", "ee"], ["u", "ü", "v", "oo", "ou"], ["o", "ö"]),
)


def table(source: Path) -> dict[str, np.ndarray]:
    """The arrays of `sounds.npz`, by the names that `processors.names.identity.sounds` reads."""
    fitted = {}
    for script in SCRIPTS:
        print(script, flush=True)
        fitted[script] = fit_script(spelling_pairs(source, script), script)
    latin = sorted({y for found in fitted.values() for y in found.latins})
    parts = [_odds(found, latin) for found in fitted.values()]
    names = [f"{script} {native}" for script, found in fitted.items() for native in found.natives]
    two = np.concatenate([part["two"] for part in parts])
    kept = np.flatnonzero(two.max(0) > LOWEST)
    print(len(names), "letters,", len(kept), "pairs of Latin letters")
    return {
        "letters": np.array("\n".join(names)),
        "latin": np.array("\n".join(latin)),
        "scripts": np.array("\n".join(SCRIPTS)),
        "pairs": kept.astype(np.int16),
        "one": _sixteenths(np.concatenate([part["one"] for part in parts])),
        "two": _sixteenths(two[:, kept]),
        "gap": _sixteenths(np.concatenate([part["gap"] for part in parts])),
        "latin_gap": _sixteenths(np.array([part["latin_gap"] for part in parts])),
        "common": np.array([part["common"] for part in parts], dtype=np.float32),
    }


def _odds(fitted: Fitted, latin: list[str]) -> dict[str, np.ndarray]:
    """Log odds of one script's steps, in the order of all Latin letters; pairs that are rare are left out."""
    order, k = np.array([latin.index(y) for y in fitted.latins]), len(latin)
    steps, natives = fitted.steps, len(fitted.natives)
    one, two = np.full((natives, k), 1e-9), np.full((natives, k, k), 1e-10)
    one[:, order] = steps.one
    two[:, order[:, None], order[None, :]] = steps.two.reshape(-1, len(order), len(order))
    one, two = _softened(one, latin, _ALIKE, SOFT), _softened(two, latin, _GLIDES, SOFT_GLIDE)
    skipped = np.full(k, 1e-6)
    skipped[order] = steps.latin_gap
    x = one.sum(1) + two.sum((1, 2)) + steps.native_gap
    y = one.sum(0) + two.sum((0, 1)) + two.sum((0, 2)) + skipped
    share = two / x[:, None, None]
    two_odds = np.where(share > TWO_SHARE, np.log(share / y[:, None] / y), LOWEST)
    return {
        "one": np.log(one / x[:, None] / y),
        "two": two_odds.reshape(natives, -1),
        "gap": np.log(steps.native_gap / x),
        "latin_gap": np.log(skipped / y),
        "common": y / y.sum(),
    }


def _softened(
    shares: np.ndarray, latin: list[str], groups: Iterable[Iterable[str]], soft: float
) -> np.ndarray:
    """A little of the share of each (last) letter given to the letters that sound like it."""
    alike = np.zeros((len(latin), len(latin)))
    for group in groups:
        members = [latin.index(y) for y in group if y in latin]
        for i in members:
            alike[i, [j for j in members if j != i]] += 1
    given = alike.sum(1) > 0
    alike /= np.maximum(alike.sum(1, keepdims=True), 1)
    return shares * (1 - soft * given) + soft * shares @ alike


def _sixteenths(odds: np.ndarray) -> np.ndarray:
    return np.clip(np.round(odds * STEP), -128, 127).astype(np.int8)
