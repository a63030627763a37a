"""Which line is the headline: the one above the article that says in few words what the article says."""

from __future__ import annotations

from collections.abc import Sequence

from processors.boilerplate.cues import normal

REACH_LINES = 40  # above the first paragraph
WORDS_MIN, WORDS_MAX = 2.5, 32
OVERLAP_MIN = 0.2
_STEM_LETTERS = 4
_BODY_CHARACTERS = 6_000


def stems(text: str) -> set[str]:
    """What is left of a text when endings and order are forgotten: word beginnings, or letter pairs where
    words are not spaced. Arabic's proclitics are cut so that `والعقوبات` meets `عقوبات`.
    """
    found: set[str] = set()
    for word in normal(text).split():
        if _is_unspaced(word):
            found.update(word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) >= 3:
            found.add(_bare(word)[:_STEM_LETTERS])
    return found


def _is_unspaced(word: str) -> bool:
    return any("\u0e00" <= letter <= "\u0eff" or "\u3040" <= letter <= "\u9fff" for letter in word)


def _bare(word: str) -> str:
    for proclitic in ("وال", "بال", "كال", "فال", "لل", "ال", "و", "ب", "ل", "ف"):
        if word.startswith(proclitic) and len(word) - len(proclitic) >= 4:
            return word[len(proclitic) :]
    return word


def find_title(candidates: Sequence[tuple[int, str]], body: str, repeated: frozenset[int]) -> int | None:
    """The index of the headline among `candidates` (index and text, top to bottom), or `None`.

    A candidate is scored by how much of it the body says again; one that the page repeats above its
    article gains a little, and of equals the first wins.
    """
    said = stems(body[:_BODY_CHARACTERS])
    best, best_score = None, OVERLAP_MIN
    for index, text in candidates:
        own = stems(text)
        if not own:
            continue
        score = len(own & said) / (len(own) + 1) + (0.15 if index in repeated else 0.0)
        if score > best_score + 0.05:
            best, best_score = index, score
    return best
