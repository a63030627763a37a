"""Put what training needs into one file, for a machine that has neither the shared data nor the encoder.

    python -m training.names.pack PACK.npz

Holds the encoder's weights as packed (the rows of the word table that are used), the labelled sentences
as pieces with labels, several readings each (spaces closed up, names swapped), the unlabelled sentences,
and the sentences to measure on with their text.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from processors.encoder.decoding import LABELS
from processors.encoder.packed import WIDTH, packed_model
from processors.encoder.tokens import Tokens, build, tokens
from training.names.corpora import Sentence, closed_up, sentences, with_other_names
from training.names.markup import read_markup

SHARED = Path(__file__).parents[3] / "shared" / "data"
SPOT_CHECK = Path(__file__).parents[2] / "tests" / "quality" / "data" / "names"
READINGS = 6
CODES = ("anercorp", "factrueval", "ewt", "wnut", "gsd", "klue", "bnf", "lft", "own")
PIECES_MAX = 254
BLOCK_BYTES = 18


def labels_of(sentence: Sentence, offsets: list[tuple[int, int]]) -> list[int]:
    """A label a piece: of the mention it overlaps; a piece that is only a space, of the one around it."""
    labels = []
    last = None
    for start, end in offsets:
        label, now = 0, None
        for span in sentence.spans:
            if (start < span[1] and end > span[0]) or (start == end and span[0] < start < span[1]):
                label = LABELS.index(("I-" if span == last else "B-") + span[2])
                now = span
                break
        last = now
        labels.append(label)
    return labels


def readings(sentence: Sentence, names: dict[str, list[str]], rng: random.Random) -> Iterator[Sentence]:
    """The sentence as it is, closed up, with other names, and shouted, as headlines are."""
    closed = closed_up(sentence)
    yield sentence
    yield closed
    yield with_other_names(closed, names, rng)
    yield with_other_names(sentence, names, rng)
    yield with_other_names(closed, names, rng)
    upper = closed.text.upper()
    yield (
        Sentence(upper, closed.spans, *_rest(closed))
        if len(upper) == len(closed.text) and rng.random() < 0.3
        else closed
    )


def _rest(sentence: Sentence) -> tuple[str, str, Any, float]:
    return sentence.language, sentence.corpus, sentence.part, sentence.weight


def unlabelled() -> list[str]:
    """Sentences and paragraphs that nobody labelled."""
    found = []
    for file in sorted((SHARED / "lid").glob("*.txt")):
        found += [line for line in file.read_text(encoding="utf-8").splitlines() if len(line) > 20]
    for row in (SHARED / "lines" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(row)
        body = [
            line
            for line, label in zip(page["lines"], page["labels"], strict=True)
            if label and len(line) > 40
        ]
        found += body[:30]
    return found


class _Rows:
    """Numbers the pieces in use, so that only their rows of the word table travel."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {i: i for i in range(5)}

    def __call__(self, ids: Iterable[int]) -> list[int]:
        return [self.numbers.setdefault(int(i), len(self.numbers)) for i in ids]


def _flat(name: str, rows: list[list[int]], dtype: Any) -> dict[str, Any]:
    lengths = np.array([len(row) for row in rows], np.int32)
    values = np.fromiter((value for row in rows for value in row), dtype, int(lengths.sum()))
    return {name: values, f"{name}_n": lengths}


def pack(out: Path) -> None:
    """Write everything; takes about a minute."""
    cut = tokens()
    original = build(packed_model(), whole=True)
    found = sentences(SHARED / "ner", old_newspapers=True)
    rows = _Rows()
    arrays = _labelled(found, cut, rows)
    arrays["measured"] = np.frombuffer(json.dumps(_measured(found, cut, rows)).encode(), np.uint8)
    free = unlabelled()
    arrays |= _flat("free", [rows(pieces.rows[:PIECES_MAX]) for pieces in cut(free)], np.int32)
    passages = original([f"passage: {text}" for text in free])
    arrays |= _flat("free_plain", [rows(pieces.rows[:PIECES_MAX]) for pieces in passages], np.int32)
    arrays |= _weights(np.array(list(rows.numbers), np.int64))
    np.savez_compressed(out, **arrays)
    print(out, out.stat().st_size, "bytes;", len(rows.numbers), "pieces,", len(free), "unlabelled texts")


def _labelled(found: list[Sentence], cut: Tokens, rows: _Rows) -> dict[str, Any]:
    """Every reading of every sentence to learn from, and of each its corpus and weight."""
    rng = random.Random(7)
    learned = [one for one in found if one.part == "train"]
    names: dict[str, dict[str, list[str]]] = {}
    for one in learned:
        if one.corpus not in {"bnf", "lft"}:
            for start, end, kind in one.spans:
                names.setdefault(one.language, {}).setdefault(kind, []).append(one.text[start:end])
    ids, labels, about = [], [], []
    for number, one in enumerate(learned):
        for reading in readings(one, names[one.language], rng):
            [pieces] = cut([reading.text])
            ids.append(rows(pieces.rows[:PIECES_MAX]))
            labels.append(labels_of(reading, pieces.offsets)[:PIECES_MAX])
        about.append([number, CODES.index(one.corpus), int(one.weight * 100)])
    return {**_flat("ids", ids, np.int32), **_flat("labels", labels, np.int8), "about": np.array(about)}


def _measured(found: list[Sentence], cut: Tokens, rows: _Rows) -> list[dict[str, Any]]:
    """What is kept from training, each as it stands and closed up, and our own spot check."""
    kept = [one for one in found if one.part != "train"]
    for file in sorted(SPOT_CHECK.glob("*.txt")):
        name = f"spot-{file.stem}"
        kept += [Sentence(text, spans, file.stem, name, "test") for text, spans in read_markup(file)]
    measured = []
    for one in kept:
        for reading in (one, closed_up(one)):
            [pieces] = cut([reading.text])
            measured.append(
                {
                    "text": reading.text,
                    "spans": reading.spans,
                    "corpus": one.corpus,
                    "part": one.part,
                    "ids": rows(pieces.rows[:PIECES_MAX]),
                    "offsets": pieces.offsets[:PIECES_MAX],
                }
            )
    return measured


def _weights(used: Any) -> dict[str, Any]:
    packed = packed_model()
    arrays = {}
    for name, (weights, offset, size_bytes) in packed.directory.items():
        raw = np.frombuffer(packed.buffer, np.uint8, size_bytes, offset)
        if name == "emb.word":
            row_bytes = WIDTH // 32 * BLOCK_BYTES
            arrays["words"] = raw.reshape(-1, row_bytes)[used]
        else:
            arrays[f"raw.{name}"] = raw
            arrays[f"size.{name}"] = np.array(weights)
    return arrays


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
