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

from processors.encoder.packed import WIDTH, packed_model
from processors.encoder.tokens import build
from processors.encoder.decoding import LABELS
from training.names.markup import read_markup
from training.names.corpora import Sentence, closed_up, sentences, with_other_names

SHARED = Path(__file__).parents[3] / "shared" / "data"
SPOT_CHECK = Path(__file__).parents[2] / "tests" / "quality" / "data" / "names"
READINGS = 6
PIECES_MAX = 254
BLOCK_BYTES = 18


def pieces_of(tokenizer: Any, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """A text's piece ids and their offsets, leading spaces off, without the two marks at its ends."""
    encoded = tokenizer(text, return_offsets_mapping=True, add_special_tokens=False, truncation=False)
    offsets = []
    for start, end in encoded["offset_mapping"]:
        lead = len(text[start:end]) - len(text[start:end].lstrip())
        offsets.append((start + lead, end))
    return encoded["input_ids"], offsets


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


def unlabelled() -> list[tuple[str, str]]:
    """Language and text of sentences and paragraphs that nobody labelled."""
    found = []
    for file in sorted((SHARED / "lid").glob("*.txt")):
        found += [
            (file.stem, line) for line in file.read_text(encoding="utf-8").splitlines() if len(line) > 20
        ]
    for row in (SHARED / "lines" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(row)
        body = [
            line
            for line, label in zip(page["lines"], page["labels"], strict=True)
            if label and len(line) > 40
        ]
        found += [(page["lang"], line) for line in body[:30]]
    return found


class _Rows:
    """Numbers the pieces in use, so that only their rows of the word table travel."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {i: i for i in range(5)}

    def __call__(self, ids: Iterable[int]) -> list[int]:
        return [self.numbers.setdefault(i, len(self.numbers)) for i in ids]


def _flat(rows: list[list[int]], dtype: Any) -> dict[str, Any]:
    lengths = np.array([len(row) for row in rows], np.int32)
    values = np.fromiter((value for row in rows for value in row), dtype, int(lengths.sum()))
    return {"": values, "_n": lengths}


def pack(out: Path, *, letters_alone: bool = True) -> None:
    rng = random.Random(7)
    tokenizer, plain = (
        build(packed_model(), letters_alone=letters_alone),
        build(packed_model(), letters_alone=False),
    )
    found = sentences(SHARED / "ner", old_newspapers=True)
    names: dict[str, dict[str, list[str]]] = {}
    for one in found:
        if one.part == "train" and one.corpus not in {"bnf", "lft"}:
            for start, end, kind in one.spans:
                names.setdefault(one.language, {}).setdefault(kind, []).append(one.text[start:end])
    rows, arrays = _Rows(), {}
    ids, labels, about = [], [], []
    for number, one in enumerate(found):
        if one.part != "train":
            continue
        for reading in readings(one, names[one.language], rng):
            given, offsets = pieces_of(tokenizer, reading.text)
            ids.append(rows(given[:PIECES_MAX]))
            labels.append(labels_of(reading, offsets)[:PIECES_MAX])
        about.append([number, _code(one.corpus), int(one.weight * 100)])
    measured = []
    for one in found:
        if one.part != "train":
            for text in (one, closed_up(one)):
                given, offsets = pieces_of(tokenizer, text.text)
                measured.append(
                    {
                        "text": text.text,
                        "spans": text.spans,
                        "corpus": one.corpus,
                        "language": one.language,
                        "part": one.part,
                        "ids": rows(given[:PIECES_MAX]),
                        "offsets": offsets[:PIECES_MAX],
                    }
                )
    for file in sorted(SPOT_CHECK.glob("*.txt")):
        for text, spans in read_markup(file):
            given, offsets = pieces_of(tokenizer, text)
            measured += [
                {
                    "text": text,
                    "spans": spans,
                    "corpus": "spot-" + file.stem,
                    "language": file.stem,
                    "part": "test",
                    "ids": rows(given[:PIECES_MAX]),
                    "offsets": offsets[:PIECES_MAX],
                }
            ] * 2
    free, free_plain, free_languages = [], [], []
    for language, text in unlabelled():
        free.append(rows(pieces_of(tokenizer, text)[0][:PIECES_MAX]))
        free_plain.append(rows(pieces_of(plain, "passage: " + text)[0][:PIECES_MAX]))
        free_languages.append(language)
    for name, lists, dtype in (
        ("ids", ids, np.int32),
        ("labels", labels, np.int8),
        ("free", free, np.int32),
        ("free_plain", free_plain, np.int32),
    ):
        arrays |= {name + key: value for key, value in _flat(lists, dtype).items()}
    arrays["about"] = np.array(about, np.int32)
    arrays["free_languages"] = np.array(free_languages)
    arrays["measured"] = np.frombuffer(json.dumps(measured).encode(), np.uint8)
    arrays |= _weights(np.array(list(rows.numbers), np.int64))
    np.savez_compressed(out, **arrays)
    print(
        out,
        out.stat().st_size,
        "bytes;",
        len(about),
        "sentences,",
        len(rows.numbers),
        "pieces,",
        len(free),
        "unlabelled",
    )


CODES = ("anercorp", "factrueval", "ewt", "wnut", "gsd", "klue", "bnf", "lft", "own")


def _code(corpus: str) -> int:
    return CODES.index(corpus)


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
    pack(Path(sys.argv[1]), letters_alone="--plain" not in sys.argv)
