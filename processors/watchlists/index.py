"""The names of lists by the sounds they share, so that a name that is like none is let go of at once.

Nearly every name in the news is like no listed one, and whoever has to be told so soon can't compare it with
thousands. Two spellings of a name share the consonants of most of its words
(`processors.names.identity.keys`), so only names that do are compared. Names of foreigners in Han and Hangul,
which keep few consonants as they were, are sought in a `NameIndex`, slower and surer; it is made when the
first one comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from processors.folding import fold
from processors.names.identity import Likeness, NameIndex, compare, keys, romanise
from processors.watchlists.distinctness import are_other_letters, is_eastern_person, telling_words, words

COMPARED, COMPARED_EASTERN = 10, 4
_TIED_MAX = 400
_SHARE_OF_TWO, _SHARE_OF_MORE = 0.9, 0.6
_OVERLAP_EASTERN = 0.35
_ARTICLE = re.compile(
    r"\b(?:al|el|ul|as|ash|ad|an|ar|at|az)[- ](?=\w)|\b[ae]l(?=[^aeiou\W]\w{3})|(?<!\w)ال(?=\w{3})",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"([^\W\d_])\1+|shch", re.IGNORECASE)
_HANGUL = re.compile(r"(?<!\w)[가-힣]{2,4}(?!\w)")
_EASTERN = re.compile(r"[\u3400-\u9fff가-힣]")
_FOREIGN_LETTERS_MIN = 5
_OTHERWISE = (
    (re.compile(r"(?<=\w)[wv]", re.IGNORECASE), ""),  # Rawas, Javad: in Arabic letters a vowel
    (re.compile("[ضظ]"), "ز"),  # Reza
    (re.compile("ث"), "ت"),  # Uthman
    (re.compile("ذ"), "د"),
)
_LISTED_OTHERWISE = (
    *_OTHERWISE,
    (re.compile(r"\bj(?=[aeiou])", re.IGNORECASE), "g"),  # Jamal, in Egypt Gamal
    (re.compile(r"\bpark\b", re.IGNORECASE), "pak"),
)
"""How else a name may be written, as far as its consonants change."""
_ROMANISED = (("eo", "o"), ("eu", "u"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("ae", "e"), ("park", "pak"))
_ALIKE = str.maketrans("gqcdbvfrzjyw", "kkktppplssiu", "h'")
_Hashes = npt.NDArray[np.int64]
_Numbers = npt.NDArray[np.int32]
_Found = tuple[str, str, Likeness]


class ListedNames:
    """Names of entries, each name compared once however many entries have it. About 600 bytes a name."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._numbers: dict[str, int] = {}
        self._names: list[str] = []
        self._plain: list[str] = []
        self._owners: list[tuple[str, ...]] = []
        self._postings: list[tuple[_Hashes, _Numbers]] = []
        self._hashes: _Hashes = np.zeros(0, np.int64)
        self._holders: _Numbers = np.zeros(0, np.int32)
        self._whole: NameIndex | None = None

    def add(self, pairs: Iterable[tuple[str, str]]) -> None:
        """More names, as pairs of entry and name."""
        self._whole = None
        for owner, name in pairs:
            number = self._numbers.get(name)
            if number is None:
                number = self._enter(name)
            if owner not in self._owners[number]:
                self._owners[number] = (*self._owners[number], owner)

    def remove(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Forget that these entries have these names. A name that none has any more costs little."""
        self._whole = None
        for owner, name in pairs:
            if name in self._numbers:
                number = self._numbers[name]
                self._owners[number] = tuple(one for one in self._owners[number] if one != owner)

    def nearest(self, name: str, limit: int, floor: float) -> list[_Found]:
        """Entry, its name and the likeness, best first; an entry comes once, with its likest name."""
        found = self._by_all(name, limit, floor) if self._is_foreign(name) else self._by_sound(name)
        best: dict[str, _Found] = {}
        for number, likeness in sorted(found, key=lambda one: (-one[1].score, one[0])):
            if likeness.score >= floor:
                for owner in self._owners[number]:
                    best.setdefault(owner, (owner, self._names[number], likeness))
        return list(best.values())[:limit]

    def _by_sound(self, name: str) -> list[tuple[int, Likeness]]:
        return [(n, compare(name, self._names[n], kind=self._kind)) for n in self._sharing(name)]

    def _by_all(self, name: str, limit: int, floor: float) -> list[tuple[int, Likeness]]:
        if self._whole is None:
            self._whole = NameIndex(self._western(), kind=self._kind)
        near = self._whole.nearest(name, limit=limit, floor=floor)
        same = [self._numbers[name]] if name in self._numbers else []
        return [
            *((number, compare(name, name, kind=self._kind)) for number in same),
            *((int(number), likeness) for number, _, likeness in near),
        ]

    def _is_foreign(self, name: str) -> bool:
        """Whether it is a foreigner's full name spelt in Han or Hangul."""
        letters = len(_EASTERN.findall(name))
        return self._kind == "PER" and letters >= _FOREIGN_LETTERS_MIN and not is_eastern_person(name)

    def _western(self) -> Iterator[tuple[str, str]]:
        """The names in other scripts, with their numbers; in the same, a foreigner's name is the same."""
        for number, name in enumerate(self._names):
            if self._owners[number] and not _EASTERN.search(name):
                yield str(number), name

    def _enter(self, name: str) -> int:
        number = self._numbers[name] = len(self._names)
        self._names.append(name)
        self._plain.append(_plain(name))
        self._owners.append(())
        hashes = np.fromiter(map(hash, self._listed_keys(name)), np.int64)
        self._postings.append((hashes, np.full(len(hashes), number, np.int32)))
        return number

    def _listed_keys(self, name: str) -> frozenset[str]:
        listed = self._spellings(name, _LISTED_OTHERWISE) | {self._told(name)}
        return frozenset[str]().union(*map(keys, listed))

    def _told(self, name: str) -> str:
        """What of a name is looked for: of a body not its general words."""
        return name if self._kind == "PER" else telling_words(name) or name

    def _spellings(self, name: str, otherwise: Sequence[tuple[re.Pattern[str], str]]) -> set[str]:
        """The name without articles, as it is and as it may also be written."""
        if self._kind != "PER":
            return {self._told(name)}
        bare = _DOUBLED.sub(lambda match: match[1] or "sch", _ARTICLE.sub("", name))
        bare = _HANGUL.sub(lambda match: " ".join(match[0]), bare)
        return {bare, *(written.sub(other, bare) for written, other in otherwise)}

    def _sharing(self, name: str) -> list[int]:
        """The numbers of the names that share most, the likest first."""
        alone, own = _is_alone(name), _pairs(_plain(name))
        shared = {n for spelling in self._spellings(name, _OTHERWISE) for n in self._sharing_with(spelling)}
        told = sorted(
            (-_overlap(own, _pairs(self._plain[n])), n)
            for n in shared
            if self._owners[n]
            and _is_alone(self._names[n]) == alone
            and not are_other_letters(name, self._names[n])
        )
        if self._kind == "PER" and _EASTERN.search(name):  # slow to compare, and with all its vowels
            return [n for overlap, n in told[:COMPARED_EASTERN] if -overlap >= _OVERLAP_EASTERN]
        return [n for _, n in told[:COMPARED]]

    def _sharing_with(self, spelling: str) -> list[int]:
        self._settle()
        sought = sorted(keys(spelling))
        if not sought or not len(self._hashes):
            return []
        hashes = np.fromiter(map(hash, sought), np.int64)
        begins = np.searchsorted(self._hashes, hashes, "left")
        ends = np.searchsorted(self._hashes, hashes, "right")
        numbers = np.concatenate([self._holders[a:b] for a, b in zip(begins, ends, strict=True)])
        shared = np.bincount(numbers, np.repeat([len(key) for key in sought], ends - begins))
        share = _SHARE_OF_TWO if len(words(spelling)) < 3 else _SHARE_OF_MORE
        good = np.flatnonzero(shared >= share * max(map(len, sought)))
        if len(good) > _TIED_MAX:
            good = good[np.argpartition(shared[good], -_TIED_MAX)[-_TIED_MAX:]]
        return [int(number) for number in good]

    def _settle(self) -> None:
        """Put what was added in order, so that it can be searched."""
        if not self._postings:
            return
        hashes = np.concatenate([self._hashes, *(one for one, _ in self._postings)])
        holders = np.concatenate([self._holders, *(one for _, one in self._postings)])
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._holders = hashes[order], holders[order]
        self._postings.clear()


def _is_alone(name: str) -> bool:
    """Whether the name is one word, which no name of several is."""
    return len(words(name)) == 1 and _EASTERN.search(name) is None


def _plain(name: str) -> str:
    """The name in Latin letters, those one that systems of romanisation don't keep apart."""
    plain = fold(romanise(name)).replace(" ", "")
    for written, one in _ROMANISED:
        plain = plain.replace(written, one)
    return plain.translate(_ALIKE)


def _pairs(plain: str) -> set[str]:
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def _overlap(left: set[str], right: set[str]) -> float:
    return len(left & right) / (len(left | right) or 1)
