"""Fit the table of sounds and the readings of Han characters.

    pip download --no-deps --no-binary :all: rigour && tar xzf rigour-*.tar.gz
    apt-get download unicode-data && dpkg-deb -x unicode-data_*.deb . && bunzip2 usr/share/unicode/Unihan_Readings.txt.bz2
    python training/identity/train.py rigour-*/rust/data/names/person_names.txt usr/share/unicode/Unihan_Readings.txt

Writes `sounds.npz` and `han.tsv` into `processors/names/identity/data/`. Two minutes on one core.
"""

from __future__ import annotations

import random
import sys
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from anyascii import anyascii
from align import Steps, buckets, expected
from pairs import SPELLINGS_MAX, by_script, candidates, geonames_lines, wikidata_lines
from rules import chinese_syllables, eastern_syllables, korean_syllables
from readings import (
    HIRAGANA,
    READINGS_MAX,
    WHOLE_READINGS_MAX,
    hepburn,
    learned,
    merged,
    one_form,
    plain,
    short,
    unihan,
    whole_names,
)

from processors.names.identity.letters import general, letters, pinyin

DATA = Path(__file__).resolve().parents[2] / "processors/names/identity/data"
SCRIPTS = ("arabic", "vowelless", "cyrillic", "eastern", "hangul", "korean", "pinyin", "romaji", "han", "latin")
PAIRS_MAX = 120_000
ROUNDS = 8
OWN_COUNT = {"hangul": 40, "korean": 12, "han": 25}
TONE_DIGITS = frozenset("0123456789⁰¹²³⁴⁵⁶⁷⁸⁹")
RULES = {
    "korean": list(korean_syllables()),
    "eastern": list(eastern_syllables()),
    "pinyin": list(chinese_syllables()),
}
RULE_WEIGHT = 8
PRIOR = 6.0
TEMPER = 0.2
TEMPERS = {"korean": 0.0, "eastern": 0.0, "pinyin": 1.0, "romaji": 1.0}
STEP = 16
TONGUES = ("ja", "ko", "la", "alone")
TWO_SHARE = 0.02
SOFT, SOFT_GLIDE = 0.03, 0.12
GLIDES = (["i", "y", "j"], ["u", "w"])
ALIKE = tuple(
    group.split()
    for group in (
        *("p b", "f v w b", "t d", "k g c q", "s z c š ž sch", "j č š ž z y", "h x", "m n", "l r", "a e ä"),
        *("o u a ou", "i y e ee", "u ü v oo ou", "o ö", "n ñ"),
    )
)
Pair = tuple[list[str], list[str], int]


def unmarked(spelling: str) -> str:
    base = unicodedata.normalize("NFKD", spelling)
    return "".join(letter for letter in base if not unicodedata.combining(letter))


def spelling_pairs(source: Path, script: str) -> list[Pair]:
    """Letters in the script and in Latin, with the number of the line; half of the Latin marks are dropped."""
    chance = random.Random(1)
    lines = list(chain(wikidata_lines(source), geonames_lines(15000)))
    if script == "han":
        lines = [s for s in lines if not any("\u3041" <= letter <= "\u309f" for word in s for letter in word)]
    sources = {
        "latin": latin_candidates, "korean": korean_candidates, "vowelless": vowelless_candidates,
        "eastern": eastern_candidates,
        "pinyin": pinyin_candidates,
        "romaji": romaji_candidates,
    }
    found = list(sources[script](lines) if script in sources else candidates(iter(lines), script))
    chance.shuffle(found)
    found = RULES.get(script, []) * RULE_WEIGHT + found
    pairs: list[Pair] = []
    for group, (native, latins) in enumerate(found[:PAIRS_MAX]):
        x = letters(native, script)
        if len(x) > 18 or not x or (script == "han" and len(native) < 2):
            continue
        for spelling in latins:
            y = letters(unmarked(spelling) if chance.random() < 0.5 else spelling, "latin")
            if 1 <= len(y) <= 18 and len(y) <= 3 * len(x) + 3 and len(x) <= 2.5 * len(y) + 3:
                pairs.append((x, y, group))
    return pairs


def latin_candidates(lines):
    for spellings in lines:
        latin = by_script(spellings).get("latin", [])[:8]
        for first in latin:
            alike = [
                other for other in latin
                if other != first and SequenceMatcher(None, first, other, autojunk=False).ratio() > 0.55
            ]  # fmt: skip
            if alike:
                yield first, alike


def korean_candidates(lines):
    """Hangul that a Latin spelling of the line follows letter by letter, which Chinese and others rarely do."""
    for spellings in lines:
        if any(letter in TONE_DIGITS for word in spellings for letter in word):
            continue
        scripts = by_script(spellings)
        latin = scripts.get("latin", [])[:SPELLINGS_MAX]
        for native in scripts.get("hangul", []):
            if len(native) <= 3 and anyascii(native).lower() in latin:
                yield native, latin


def vowelless_candidates(lines):
    """Arabic that writes few of the Latin vowels, as Arabic and Persian names do and foreign ones don't."""
    for native, latins in candidates(iter(lines), "arabic"):
        written = sum(letter in "اأإآويىیةه" for letter in native)
        sparse = [s for s in latins if sum(letter in "aeiou" for letter in unmarked(s)) >= written + 1]
        if sparse:
            yield native, sparse


def eastern_candidates(lines):
    """Cyrillic of names that are Chinese, Japanese or Korean, which has rules of its own."""
    east = [s for s in lines if {"han", "hangul"} & by_script(s).keys() and is_eastern(s)]
    yield from candidates(iter(east), "cyrillic")


def pinyin_candidates(lines):
    """Han with Latin spellings of which one is its pinyin."""
    for spellings in lines:
        scripts = by_script(spellings)
        read = sorted({plain(spelling) for spelling in spellings if spelling[:1].isascii()})[:SPELLINGS_MAX]
        for name in scripts.get("han", []):
            if len(name) in {2, 3} and "".join(map(pinyin, name)) in read:
                yield name, read


def romaji_candidates(lines):
    """The reading in hiragana, as Latin letters, with the Latin spellings."""
    for spellings in lines:
        latin = by_script(spellings).get("latin", [])[:SPELLINGS_MAX]
        for reading in {short(r) for word in spellings if HIRAGANA.fullmatch(word) for r in hepburn(word)}:
            if latin:
                yield reading, latin


def is_eastern(spellings: list[str]) -> bool:
    latin = {plain(spelling) for spelling in spellings}
    han = [spelling for spelling in by_script(spellings).get("han", []) if len(spelling) <= 3]
    hangul = by_script(spellings).get("hangul", [])
    hiragana = any("\u3041" <= letter <= "\u309f" for word in spellings for letter in word)
    return (
        (hiragana and bool(han))
        or any("".join(map(pinyin, name)) in latin for name in han)
        or any(anyascii(name).lower() in latin for name in hangul)
    )


def fit(pairs: list[Pair], base: dict[str, str], temper: float, start=None):
    """Steps after some rounds, with the letters' numbers; a letter leans on its base where it is rare."""
    natives, latins, groups = {}, {}, {}
    numbered = [
        (
            [natives.setdefault(base.get(a, a), len(natives)) for a in x],
            [latins.setdefault(a, len(latins)) for a in y],
            groups.setdefault(group, len(groups)),
        )
        for x, y, group in pairs
    ]
    parted = buckets(numbered)
    steps = start(natives, latins) if start else Steps.start(len(natives), len(latins))
    prior = steps if start else None
    for round_number in range(ROUNDS):
        counts, fitted = expected(parted, steps, len(groups), temper)
        print(f"  round {round_number}: {fitted:.3f}", flush=True)
        if prior is not None:
            rows = prior.one.sum(1) + prior.two.sum(1) + prior.native_gap
            counts.one += PRIOR * prior.one / rows[:, None]
            counts.two += PRIOR * prior.two / rows[:, None]
            counts.native_gap += PRIOR * prior.native_gap / rows
        counts.one += 2e-4
        counts.two += 1e-6
        counts.native_gap += 0.2
        counts.latin_gap += 0.5
        steps = counts.scaled()
    return natives, latins, steps


def fit_script(pairs: list[Pair], script: str):
    temper = TEMPERS.get(script, TEMPER)
    if script not in OWN_COUNT:
        return fit(pairs, {}, temper)
    seen = Counter(a for x, _, _ in pairs for a in x)
    natives, latins, steps = fit(pairs, {a: general(a) for a in seen}, temper)
    base = {a: general(a) for a in seen if seen[a] < OWN_COUNT[script]}
    used = Counter(base.get(a, a) for x, _, _ in pairs for a in x)
    whole = Counter(general(a) for x, _, _ in pairs for a in x)

    def start(own: dict[str, int], own_latins: dict[str, int]) -> Steps:
        rows = np.array([natives[general(a)] for a in own])
        shares = np.array([used[a] / whole[general(a)] for a in own])
        assert list(own_latins) == list(latins)
        return Steps(
            steps.one[rows] * shares[:, None],
            steps.two[rows] * shares[:, None],
            steps.native_gap[rows] * shares,
            steps.latin_gap,
        ).scaled()

    own_natives, own_latins, own_steps = fit(pairs, base, temper, start)
    merged = dict(own_natives)
    # A general letter that all its characters have outgrown keeps its first fit.
    extra = [a for a in natives if a not in own_natives]
    rows = np.array([natives[a] for a in extra], dtype=int)
    for a in extra:
        merged[a] = len(merged)
    return merged, own_latins, Steps(
        np.vstack([own_steps.one, steps.one[rows]]),
        np.vstack([own_steps.two, steps.two[rows]]),
        np.concatenate([own_steps.native_gap, steps.native_gap[rows]]),
        own_steps.latin_gap,
    )  # fmt: skip


def table(source: Path) -> dict[str, np.ndarray]:
    """Log odds of every step against chance, in sixteenths of a nat, for all scripts together."""
    fitted = {}
    for script in SCRIPTS:
        print(script, flush=True)
        fitted[script] = fit_script(spelling_pairs(source, script), script)
    latin = sorted({y for _, latins, _ in fitted.values() for y in latins})
    column = {y: j for j, y in enumerate(latin)}
    names, one, two, gap, latin_gap, common = [], [], [], [], [], []
    for script, (natives, latins, steps) in fitted.items():
        order = [column[y] for y in latins]
        k = len(latin)
        whole_one = np.full((len(natives), k), 1e-9)
        whole_one[:, order] = steps.one
        whole_two = np.full((len(natives), k, k), 1e-10)
        whole_two[:, np.array(order)[:, None], np.array(order)[None, :]] = steps.two.reshape(-1, len(order), len(order))
        whole_one = softened(whole_one, latin, ALIKE, SOFT)
        whole_two = softened(whole_two, latin, GLIDES, SOFT_GLIDE)
        skipped = np.full(k, 1e-6)
        skipped[order] = steps.latin_gap
        x = whole_one.sum(1) + whole_two.sum((1, 2)) + steps.native_gap
        y = whole_one.sum(0) + whole_two.sum((0, 1)) + whole_two.sum((0, 2)) + skipped
        names += [f"{script} {native}" for native in natives]
        one.append(np.log(whole_one / x[:, None] / y))
        share = whole_two / x[:, None, None]
        odds = np.log(whole_two / x[:, None, None] / y[:, None] / y)
        two.append(np.where(share > TWO_SHARE, odds, -8))
        gap.append(np.log(steps.native_gap / x))
        latin_gap.append(np.log(skipped / y))
        common.append(y / y.sum())
    two = np.concatenate(two).reshape(len(names), -1)
    kept = np.flatnonzero(two.max(0) > -8)
    print(len(names), "letters,", len(kept), "pairs of Latin letters")
    return {
        "letters": np.array("\n".join(names)),
        "latin": np.array("\n".join(latin)),
        "scripts": np.array("\n".join(SCRIPTS)),
        "pairs": kept.astype(np.int16),
        "one": sixteenths(np.concatenate(one)),
        "two": sixteenths(two[:, kept]),
        "gap": sixteenths(np.concatenate(gap)),
        "latin_gap": sixteenths(np.array(latin_gap)),
        "common": np.array(common, dtype=np.float32),
    }


def softened(shares: np.ndarray, latin: list[str], groups: Iterable[Iterable[str]], soft: float) -> np.ndarray:
    """A little of the share of each (last) letter given to the letters that sound like it."""
    alike = np.zeros((len(latin), len(latin)))
    for group in groups:
        members = [latin.index(y) for y in group if y in latin]
        for i in members:
            alike[i, [j for j in members if j != i]] += 1
    given = alike.sum(1) > 0
    alike /= np.maximum(alike.sum(1, keepdims=True), 1)
    return shares * (1 - soft * given) + soft * shares @ alike


def sixteenths(odds: np.ndarray) -> np.ndarray:
    return np.clip(np.round(odds * STEP), -128, 127).astype(np.int8)


def han_lines(source: Path, unihan_source: Path) -> list[str]:
    """One character a line with its readings, each with a weight, of each tongue."""
    lines = [*wikidata_lines(source), *japanese_lines()]
    from_names = {tongue: learned(iter(lines), tongue) for tongue in TONGUES}
    known = unihan(unihan_source)
    rows = []
    for character in sorted(set(known).union(*from_names.values())):
        cells = []
        for tongue in TONGUES:
            readings = merged(from_names[tongue].get(character, {}), known.get(character, {}).get(tongue, []), tongue)
            ranked = sorted(readings.items(), key=lambda item: (-item[1], item[0]))[:READINGS_MAX]
            cells.append(" ".join(f"{reading}{max(1, round(9 * share**0.5))}" for reading, share in ranked))
        rows.append("\t".join([character, *cells]))
    return rows


def japanese_lines() -> Iterator[list[str]]:
    """Japanese family and given names with their readings, of japanese-personal-name-dataset (MIT)."""
    from japanese_personal_name_dataset import load_dataset

    men, women, families = load_dataset(include_last_names=True)
    for reading, entry in chain(men.items(), women.items()):
        yield [reading, *entry["kanji"]]
    for kanji, entry in families.items():
        yield [kanji, entry["reading"]]


def japanese_names(source: Path) -> list[str]:
    """Written names with their readings, likeliest first; family names of the list count more."""
    from japanese_personal_name_dataset import load_dataset

    families = [[kanji, entry["reading"]] for kanji, entry in load_dataset(include_last_names=True)[2].items()]
    found = whole_names([*wikidata_lines(source), *families, *families])
    return [
        "\t".join([name, *(reading for reading, _ in readings.most_common(WHOLE_READINGS_MAX))])
        for name, readings in sorted(found.items())
        if readings and name[-1] not in "姓氏"
    ]


def variants() -> list[str]:
    """Simplified and Japanese forms with the traditional one, where they differ."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    return [f"{c}{one_form(c)}" for c in every if len(one_form(c)) == 1 and one_form(c) != c]


def main() -> None:
    source, unihan_source = map(Path, sys.argv[1:3])
    DATA.mkdir(exist_ok=True)
    (DATA / "han.tsv").write_text("\n".join(han_lines(source, unihan_source)) + "\n", encoding="utf-8")
    (DATA / "japanese.tsv").write_text("\n".join(japanese_names(source)) + "\n", encoding="utf-8")
    (DATA / "forms.txt").write_text("\n".join(variants()) + "\n", encoding="utf-8")
    np.savez_compressed(DATA / "sounds.npz", **table(source))


if __name__ == "__main__":
    main()
