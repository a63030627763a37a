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

import opencc
from anyascii import anyascii

from processors.names.identity.letters import latin, pinyin

Pair = tuple[str, str]
CHARACTERS_MAX = 4
PIECE_MAX = 8
READINGS_MAX = 12
RARE = 0.015
_HAN = re.compile("[\u3400-\u9fff々]+")
_HIRAGANA = re.compile("[\u3041-\u309f]+")
_HANGUL = re.compile("[가-힣]+")
_LATIN = re.compile(r"[a-zà-ɏḀ-ỿ'’ -]+[0-9⁰¹²³⁴-⁹ˊˋˇ˙]?", re.IGNORECASE)
_to_traditional = opencc.OpenCC("s2t")
_from_japanese = opencc.OpenCC("jp2t")


def one_form(characters: str) -> str:
    """Simplified and Japanese forms as the traditional one."""
    return str(_from_japanese.convert(_to_traditional.convert(characters)))


def plain(spelling: str) -> str:
    """Letters a to z alone."""
    base = unicodedata.normalize("NFKD", spelling.lower().replace("đ", "d").replace("ð", "d"))
    return re.sub("[^a-z]", "", "".join(latin(base)).replace("$", ""))


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
        kana = [s for s in spellings if _HIRAGANA.fullmatch(s)]
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


def _pruned(found: dict[str, float]) -> dict[str, float]:
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:READINGS_MAX]
    return {reading: share for reading, share in best if share >= RARE}
