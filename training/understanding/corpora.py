"""The labelled sentences that names are learned from and measured on, as text with character spans.

Each corpus is split by blocks of twenty neighbouring sentences, so that no article stands on both sides:
a tenth of the blocks is for the last measurement (`test`), as much for choosing between runs (`dev`).
Proclitics that ANERcorp keeps in its tokens are taken off a mention where the rest of the word is itself
known as the beginning of a mention.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from training.understanding.markup import read_markup

Part = Literal["train", "dev", "test"]
Span = tuple[int, int, str]
BLOCK_SENTENCES = 20
OWN = Path(__file__).parent / "names"
_TYPES = {
    "PERS": "PER", "PER": "PER", "PS": "PER", "PERSON": "PER",
    "LOC": "LOC", "LC": "LOC", "LOCATION": "LOC",
    "ORG": "ORG", "OG": "ORG", "CORPORATION": "ORG", "GROUP": "ORG",
}  # fmt: skip
_PROCLITICS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}»”’،؛؟%…")
_NO_SPACE_AFTER = frozenset("([{«“‘")


@dataclass(frozen=True)
class Sentence:
    """A text, its mentions (start, end, type; code points, end exclusive), its origin and its weight."""

    text: str
    spans: tuple[Span, ...]
    language: str
    corpus: str
    part: Part
    weight: float = 1.0


@dataclass(frozen=True)
class _Corpus:
    name: str
    file: str
    language: str
    word: int = 0
    tag: int = 1
    separator: str | None = None
    joiner: str = " "
    always: Part | None = None
    weight: float = 1.0


CORPORA = (
    _Corpus("anercorp", "anercorp.ar.train.conll", "ar"),
    _Corpus("factrueval", "factrueval2016.ru.dev.conll", "ru"),
    _Corpus("ewt", "en_ewt-uner-dev.iob2", "en", 1, 2, "\t"),
    _Corpus("wnut", "wnut17.en.train.conll", "en", separator="\t", always="train", weight=0.5),
    _Corpus("wnut", "wnut17.en.dev.conll", "en", separator="\t", always="train", weight=0.5),
    _Corpus("gsd", "zh_gsdsimp-uner-train.iob2", "zh", 1, 2, "\t", ""),
    _Corpus("gsd", "zh_gsdsimp-uner-dev.iob2", "zh", 1, 2, "\t", "", always="train"),
    _Corpus("klue", "klue.ko.part.tsv", "ko", separator="\t", joiner=""),
)
OLD_NEWSPAPERS = (
    _Corpus("bnf", "europeana-bnf.fr.all.conll", "fr", always="train", weight=0.3),
    _Corpus("lft", "europeana-lft.de.all.conll", "de", always="train", weight=0.3),
)


def sentences(folder: Path, *, old_newspapers: bool = False, own: Path | None = OWN) -> list[Sentence]:
    """Every labelled sentence; `folder` is the shared data on names, `own` the project's own sentences."""
    found: list[Sentence] = []
    for corpus in (*CORPORA, *(OLD_NEWSPAPERS if old_newspapers else ())):
        found += _without_proclitics(list(_read(folder / corpus.file, corpus)))
    for file in sorted(own.glob("*.txt")) if own else ():
        for text, spans in read_markup(file):
            found.append(Sentence(text, spans, file.stem, "own", "train"))
    return found


def closed_up(sentence: Sentence) -> Sentence:
    """The sentence with the spaces that tokenising put around marks taken out, as news is really written."""
    text = sentence.text
    keep = [
        not (
            letter == " " and (text[i + 1 : i + 2] in _NO_SPACE_BEFORE or text[i - 1 : i] in _NO_SPACE_AFTER)
        )
        for i, letter in enumerate(text)
    ]
    before = [0]
    for kept in keep:
        before.append(before[-1] + kept)
    spans = tuple((before[start], before[end], kind) for start, end, kind in sentence.spans)
    return replace(sentence, text="".join(c for c, kept in zip(text, keep, strict=True) if kept), spans=spans)


def with_other_names(sentence: Sentence, names: dict[str, list[str]], rng: random.Random) -> Sentence:
    """The sentence with about half of its mentions swapped for others of their type in the same language."""
    parts: list[str] = []
    spans: list[Span] = []
    last = length = 0
    for start, end, kind in sentence.spans:
        name = rng.choice(names[kind]) if rng.random() < 0.5 else sentence.text[start:end]
        between = sentence.text[last:start]
        spans.append((length + len(between), length + len(between) + len(name), kind))
        parts += [between, name]
        length += len(between) + len(name)
        last = end
    return replace(sentence, text="".join([*parts, sentence.text[last:]]), spans=tuple(spans))


def _part(corpus: str, number: int) -> Part:
    digest = hashlib.sha256(f"{corpus}:{number // BLOCK_SENTENCES}".encode()).digest()[0]
    return "test" if digest < 26 else "dev" if digest < 52 else "train"


def _read(path: Path, corpus: _Corpus) -> Iterator[Sentence]:
    for number, tokens in enumerate(_tokens(path, corpus)):
        text, spans = _joined(tokens, corpus.joiner)
        part = corpus.always or _part(corpus.name, number)
        if text.strip():
            yield Sentence(text, spans, corpus.language, corpus.name, part, corpus.weight)


def _tokens(path: Path, corpus: _Corpus) -> Iterator[list[tuple[str, str]]]:
    tokens: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        cells = line.split(corpus.separator)
        if line.startswith(("# ", "##")):
            continue
        if len(cells) > corpus.tag:
            tokens.append((cells[corpus.word], cells[corpus.tag]))
        ends = not line or (corpus.name == "anercorp" and cells[0] == ".")
        if ends and tokens:
            yield tokens
            tokens = []


def _joined(tokens: list[tuple[str, str]], joiner: str) -> tuple[str, tuple[Span, ...]]:
    text, last = "", ""
    spans: list[Span] = []
    for token, tag in tokens:
        text += (joiner if text else "") + token
        kind = _TYPES.get(tag[2:].upper(), "")
        if kind and tag[0] == "I" and last == kind:
            spans[-1] = (spans[-1][0], len(text), kind)
        elif kind:
            spans.append((len(text) - len(token), len(text), kind))
        last = kind
    return text, tuple(spans)


def _without_proclitics(found: list[Sentence]) -> list[Sentence]:
    if not found or found[0].language != "ar":
        return found
    first_words = Counter(
        sentence.text[start:end].split(" ")[0] for sentence in found for start, end, _ in sentence.spans
    )
    return [
        replace(
            sentence,
            spans=tuple((start + _lead(sentence.text[start:end], first_words), end, kind)
                        for start, end, kind in sentence.spans),
        )
        for sentence in found
    ]  # fmt: skip


def _lead(mention: str, first_words: Counter[str]) -> int:
    word = mention.split(" ", maxsplit=1)[0]
    for proclitic in sorted(_PROCLITICS, key=len, reverse=True):
        rest = word.removeprefix(proclitic)
        if rest != word and len(rest) > 2:
            for known in (rest, "ا" + rest if rest.startswith("ل") and proclitic.endswith("ل") else rest):
                if first_words[known] > first_words[word]:
                    return len(proclitic)
    return 0
