"""How a Han character is read in names: Mandarin, Cantonese, Korean, Vietnamese, Japanese, as Latin letters.

A name's Latin spellings are cut into one piece a character, by expectation and maximisation over all names
that contain the character. Simplified, traditional and Japanese forms of a character count as one (OpenCC,
Apache-2.0).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import opencc
from anyascii import anyascii

from processors.names.identity.letters import latin, pinyin, spelling

Pair = tuple[str, str]
CHARACTERS_MAX = 4
PIECE_MAX = 8
READINGS_MAX = 12
RARE, SURE = 0.015, 0.3
WHOLE_READINGS_MAX = 6
_HAN = re.compile("[\u3400-\u9fff々]+")
HIRAGANA = re.compile("[\u3041-\u309f]+")
_HANGUL = re.compile("[가-힣]+")
_LATIN = re.compile(r"[a-zà-ɏḀ-ỿ'’ -]+[0-9⁰¹²³⁴-⁹ˊˋˇ˙]?", re.IGNORECASE)
_to_traditional = opencc.OpenCC("s2t")
_from_japanese = opencc.OpenCC("jp2t")


def one_form(characters: str) -> str:
    """Simplified and Japanese forms as the traditional one."""
    return str(_from_japanese.convert(_to_traditional.convert(characters)))


def plain(word: str) -> str:
    """Letters a to z alone."""
    base = unicodedata.normalize("NFKD", word.lower().replace("đ", "d").replace("ð", "d"))
    return re.sub("[^a-z]", "", spelling(latin(base)))


def hepburn(kana: str) -> list[str]:
    """Kana as Latin letters, with long vowels written out and not."""
    joined = ""
    for letter in kana:
        read = anyascii(letter).lower()
        if letter in "ゃゅょ" and joined.endswith("i"):
            joined = joined[:-1] + (read[1:] if joined.endswith(("shi", "chi", "ji")) else read)
        else:
            joined += read
    joined = re.sub("xtsu|\\bxtu", "", joined)
    short = re.sub("o[uo]", "o", joined).replace("uu", "u")
    return [joined] if short == joined else [joined, short]


def groups(lines: Iterable[list[str]], tongue: str) -> Iterator[list[Pair]]:
    """The Han spellings of a line with its readings in `ja` (kana), `ko` (Hangul) or `la` (Latin).

    `la` and `alone` (kana) are of names of one character only: 正 alone is Tadashi, in a name mostly masa.
    """
    for spellings in lines:
        han = {one_form(s) for s in spellings if _HAN.fullmatch(s) and len(s) <= CHARACTERS_MAX}
        kana = [s for s in spellings if HIRAGANA.fullmatch(s)]
        written = {plain(s) for s in spellings if _LATIN.fullmatch(s)}
        if tongue in {"ja", "alone"}:
            read = {r for k in kana for r in hepburn(k)}
        elif tongue == "ko":
            read = {s for s in spellings if _HANGUL.fullmatch(s)}
        else:
            japanese = {r for k in kana for r in hepburn(k)}
            read = written - japanese if (kana or written & {"".join(map(pinyin, n)) for n in han}) else set()
        if tongue in {"la", "alone"}:
            han = {name for name in han if len(name) == 1}
        if han and len(han) <= 200 and len(read) <= 40:
            longest = 1 if tongue == "ko" else PIECE_MAX
            yield [(name, r) for name in han for r in read if len(name) <= len(r) <= longest * len(name)]


def learned(lines: Iterable[list[str]], tongue: str, rounds: int = 6) -> dict[str, dict[str, float]]:
    """The readings of each character with their shares, commonest first."""
    grouped = [group for group in groups(lines, tongue) if group]
    odds: dict[str, dict[str, float]] = defaultdict(dict)
    for _ in range(rounds):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for group in grouped:
            weight = 1 / len({read for _, read in group})
            for name, read in group:
                for (character, piece), expected in _pieces(name, read, odds).items():
                    counts[character][piece] += weight * expected
        odds = {c: {r: n / sum(found.values()) for r, n in found.items()} for c, found in counts.items()}
    return {c: _pruned(found) for c, found in sorted(odds.items())}


def _unknown(piece: str) -> float:
    return 1e-4 * 0.2 ** abs(len(piece) - 3)


def _pieces(name: str, read: str, odds: dict[str, dict[str, float]]) -> dict[Pair, float]:
    """The expected count of each cut of a reading into a piece a character."""
    n, m = len(name), len(read)

    def p(i: int, j: int, k: int) -> float:
        return odds.get(name[i], {}).get(read[j:k], 0.0) + _unknown(read[j:k])

    forward = [[0.0] * (m + 1) for _ in range(n + 1)]
    backward = [[0.0] * (m + 1) for _ in range(n + 1)]
    forward[0][0] = backward[n][m] = 1.0
    spans = [
        (i, j, k) for i in range(n) for j in range(i, m) for k in range(j + 1, min(m, j + PIECE_MAX) + 1)
        if (i > 0 or j == 0) and (i < n - 1 or k == m)
    ]  # fmt: skip
    for i, j, k in spans:
        if forward[i][j]:
            forward[i + 1][k] += forward[i][j] * p(i, j, k)
    for i, j, k in reversed(spans):
        if backward[i + 1][k]:
            backward[i][j] += backward[i + 1][k] * p(i, j, k)
    total = forward[n][m] or 1e-300
    pieces: dict[Pair, float] = defaultdict(float)
    for i, j, k in spans:
        expected = forward[i][j] * p(i, j, k) * backward[i + 1][k] / total
        if expected > 0.01:
            pieces[name[i], read[j:k]] += expected
    return pieces


def short(reading: str) -> str:
    """Without the second letter of a long o or u."""
    return re.sub("o[uo](?=$|[^aeiou])", "o", reading).replace("uu", "u")


def _pruned(found: dict[str, float]) -> dict[str, float]:
    together: Counter[str] = Counter()
    for reading, share in found.items():
        together[short(reading)] += share
    best = sorted(together.items(), key=lambda item: (-item[1], item[0]))[:READINGS_MAX]
    return {reading: share for reading, share in best if share >= RARE}


def unihan(source: Path) -> dict[str, dict[str, list[str]]]:
    """Readings of the Unicode consortium by tongue, of `Unihan_Readings.txt` (Unicode licence).

    Korean ones are those allowed in names; Cantonese ones are spelt about as Hong Kong spells names.
    """
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in source.read_text(encoding="utf-8").splitlines():
        if not line.startswith("U+"):
            continue
        code, field, value = line.split("\t")
        character = chr(int(code.removeprefix("U+"), 16))
        if not "\u4e00" <= character <= "\u9fff":
            continue
        readings = found[one_form(character)]
        if field == "kHangul":
            readings["ko"] += [r.split(":")[0] for r in value.split() if "N" in r or "E" in r]
        elif field == "kVietnamese":
            readings["la"] += [plain(r) for r in value.split()[:2]]
        elif field == "kCantonese":
            readings["la"] += [_hong_kong(r) for r in value.split()[:2]]
        elif field == "kJapaneseOn":
            readings["ja"] += [short for r in value.split()[:2] for short in _japanese(r)]
        elif field == "kJapaneseKun":
            readings["alone"] += [r.lower() for r in value.split()[:1] if len(r) <= PIECE_MAX]
    return {
        c: {tongue: list(dict.fromkeys(rs)) for tongue, rs in r.items()} for c, r in found.items() if r["ko"]
    }


def _japanese(reading: str) -> list[str]:
    low = reading.lower()
    return [re.sub("o[uo]", "o", low).replace("uu", "u")]


def _hong_kong(jyutping: str) -> str:
    spelt = re.sub("[0-9]", "", jyutping)
    for sound, written in (
        ("j", "y"),
        ("z", "ch"),
        ("c", "ch"),
        ("chh", "ch"),
        ("oe", "eu"),
        ("eo", "u"),
        ("aa", "a"),
    ):
        spelt = spelt.replace(sound, written)
    return spelt.replace("yyu", "yu")


def merged(learned_from_names: dict[str, float], known: list[str], tongue: str) -> dict[str, float]:
    """Readings seen in names, and known ones that names may not have shown."""
    if tongue == "ko":
        kept = {r: share for r, share in learned_from_names.items() if r in known or share >= SURE}
        kept = {r: share / (sum(kept.values()) or 1) for r, share in kept.items()}
        return {
            r: 0.5 * kept.get(r, 0.0) + (0.5 / len(known) if r in known else 0.0) for r in {*kept, *known}
        }
    if tongue == "la":
        kept = {r: share for r, share in learned_from_names.items() if share >= 0.1}
        return {**kept, **{r: max(0.4, kept.get(r, 0.0)) for r in known}}
    return {**learned_from_names, **{r: 0.06 for r in known if r not in learned_from_names}}


def whole_names(lines: Iterable[list[str]]) -> dict[str, Counter[str]]:
    """Japanese names of two or three characters, family or given, with how often each reading is listed."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for spellings in lines:
        kana = [s for s in spellings if HIRAGANA.fullmatch(s)]
        read = {short(r) for k in kana for r in hepburn(k)}
        if len(read) <= WHOLE_READINGS_MAX:
            for name in {one_form(s) for s in spellings if _HAN.fullmatch(s) and 2 <= len(s) <= 3}:
                found[name].update(read)
    return found
