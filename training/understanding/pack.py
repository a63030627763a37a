"""Put what training needs into one file, for a machine that has neither the shared data nor the encoder.

    python -m training.understanding.pack PACK.npz

Holds the encoder's weights as packed (the rows of the word table that are used), the labelled sentences
as pieces with labels, several readings each (spaces closed up, names swapped), the unlabelled sentences,
the sentences that tell sanctions and events, and the sentences to measure on with their text.
`--without-weights` leaves out the layers, for a run that goes on from a model (`train --from`).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from processors.encoder.decoding import LABELS
from processors.encoder.packed import WIDTH, packed_model
from processors.encoder.tokens import Tokens, build, tokens
from training.understanding.corpora import Sentence, closed_up, sentences, with_other_names
from training.understanding.markup import Told, read_markup
from training.understanding.told import own_sentences, plover_examples, without_sanctions
from training.understanding.told import readings as told_readings

SHARED = Path(__file__).parents[3] / "shared" / "data"
SPOT_CHECK = Path(__file__).parents[2] / "tests" / "quality" / "data" / "names"
READINGS = 6
TOLD_READINGS = 5
NO_SANCTIONS = 14_000
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
    return [text for _, text in unlabelled_with_language()]


def unlabelled_with_language() -> list[tuple[str, str]]:
    """The same, each after its language; `und` of the paragraphs, whose language nobody told."""
    found = []
    for file in sorted((SHARED / "lid").glob("*.txt")):
        lines = file.read_text(encoding="utf-8").splitlines()
        found += [(file.stem, line) for line in lines if len(line) > 20]
    for row in (SHARED / "lines" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(row)
        body = [
            line
            for line, label in zip(page["lines"], page["labels"], strict=True)
            if label and len(line) > 40
        ]
        found += [("und", line) for line in body[:30]]
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


def pack(out: Path, *, weights: bool) -> None:
    """Write everything; takes about a minute."""
    cut = tokens()
    original = build(packed_model(), whole=True)
    found = sentences(SHARED / "ner", old_newspapers=True)
    rows = _Rows()
    arrays = _labelled(found, cut, rows)
    arrays["measured"] = np.frombuffer(json.dumps(_measured(found, cut, rows)).encode(), np.uint8)
    free = unlabelled()
    arrays |= _flat("free", [rows(pieces.rows[:PIECES_MAX]) for pieces in cut(free)], np.int32)
    passages = original([f"passage: {text}" for text in free]) if weights else []
    arrays |= _flat("free_plain", [rows(pieces.rows[:PIECES_MAX]) for pieces in passages], np.int32)
    plain = [*unlabelled_with_language(), *((one.language, one.text) for one in found if one.weight == 1)]
    arrays |= _told(plain, cut, rows)
    arrays |= _weights(np.array(list(rows.numbers), np.int64), layers=weights)
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


def _told(plain: list[tuple[str, str]], cut: Tokens, rows: _Rows) -> dict[str, Any]:
    """Every reading of the sentences that tell sanctions or events, and real ones that tell none."""
    rng = random.Random(11)
    calm = rng.sample(list(without_sanctions(plain)), NO_SANCTIONS)
    own = [*own_sentences(), *plover_examples(SHARED / "events" / "PLOVER_GSR_CAMEO.txt")]
    found = [(told, one.language, one.dev, i // TOLD_READINGS) for i, (one, told) in
             enumerate(told_readings(own, TOLD_READINGS))]  # fmt: skip
    found += [(one.told, one.language, False, len(own) + i) for i, one in enumerate(calm)]
    ids, about = [], []
    for (told, language, dev, number), pieces in zip(found, cut([row[0].text for row in found]), strict=True):
        ids.append(rows(pieces.rows[:PIECES_MAX]))
        about.append({
            "number": number, "language": language, "dev": dev, "act": told.act, "history": told.history,
            "partial": told.partial,
            "events": None if told.events is None else sorted(told.events),
            "spans": _in_pieces(told, pieces.offsets[:PIECES_MAX]),
        })  # fmt: skip
    return {**_flat("told", ids, np.int32), "told_about": np.frombuffer(json.dumps(about).encode(), np.uint8)}


def _in_pieces(told: Told, offsets: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """The spans as numbers of pieces, end exclusive."""
    found = []
    for start, end, kind in told.spans:
        inside = [i for i, (first, last) in enumerate(offsets) if first < end and last > start]
        if inside:
            found.append((inside[0], inside[-1] + 1, kind))
    return found


def _weights(used: Any, *, layers: bool) -> dict[str, Any]:
    packed = packed_model()
    arrays = {}
    for name, (weights, offset, size_bytes) in packed.directory.items():
        raw = np.frombuffer(packed.buffer, np.uint8, size_bytes, offset)
        if name == "emb.word":
            row_bytes = WIDTH // 32 * BLOCK_BYTES
            arrays["words"] = raw.reshape(-1, row_bytes)[used]
        elif layers:
            arrays[f"raw.{name}"] = raw
            arrays[f"size.{name}"] = np.array(weights)
    return arrays


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--without-weights", action="store_true")
    options = parser.parse_args()
    pack(options.out, weights=not options.without_weights)


if __name__ == "__main__":
    main()
