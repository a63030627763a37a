"""Names and embedding: articles a second and CPU-ms an article, beside a float32 model of the same size.

    python benchmarks/names.py [ARTICLES]

Ours is the built-in recogniser, in int8, at batches of 1 to 32 articles, on one core and on two. Its peer is
what a hub's model of this size is: the same encoder in float32 as a folder with `model.onnx`, run by
`names.model = FOLDER`; its labels mean nothing, its cost is that of any such model. The peer needs `onnx`
(the `train` extra). Articles are made of the samples, in nine languages, each text different.
CPU-ms are per 400 words, words counted by spaces and by 1.6 letters of Han and 3 of Hangul.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import msgspec
from variations import Sample, articles

from processors.encoder.reading import Encoder
from processors.names.builtin import Builtin
from processors.names.hub import TokenClassifier
from processors.names.recogniser import Recogniser

BATCHES = (1, 2, 4, 8, 16, 32)
WORDS = 400


def words(text: str) -> float:
    han = sum("\u3400" <= letter <= "\u9fff" for letter in text)
    return len(text.split()) + han / 1.6


def texts(count: int) -> list[str]:
    return [msgspec.json.decode(row, type=Sample).text for row in articles(count)]


def timed(find: Recogniser, given: Sequence[str], batch: int) -> tuple[float, float]:
    """Wall and CPU seconds for all texts, `batch` at a time."""
    find(given[:2])
    wall, cpu = time.perf_counter(), time.process_time()
    for first in range(0, len(given), batch):
        find(given[first : first + batch])
    return time.perf_counter() - wall, time.process_time() - cpu


def show(name: str, given: Sequence[str], seconds: tuple[float, float]) -> float:
    total = sum(map(words, given))
    cpu_ms = seconds[1] * 1000 * WORDS / total
    print(f"{name:34} {len(given) / seconds[0]:7.1f} articles/s {cpu_ms:7.0f} CPU-ms per {WORDS} words")
    return cpu_ms


def fresh(threads: int) -> Builtin:
    """The built-in recogniser with nothing remembered from a run before."""
    return Builtin(Encoder(threads))


def main(count: int) -> None:
    given = texts(count)
    ours = 0.0
    for threads in (1, 2):
        for batch in BATCHES:
            seconds = timed(fresh(threads), given, batch)
            ours = show(f"built-in, {threads} core(s), batch {batch}", given, seconds)
    if find_spec("onnx") is None:
        print("peer not run: it needs onnx (pip install -e '.[train]')")
        return
    with tempfile.TemporaryDirectory() as folder:
        write_peer(Path(folder))
        peer = show("float32 peer, 1 core, batch 8", given, timed(TokenClassifier(folder), given, 8))
    print(f"built-in / float32 peer, CPU = {ours / peer:.2f}")


def write_peer(folder: Path) -> None:
    """multilingual-e5-small in float32 as a hub has it, with a head of noughts."""
    from float32_peer import model

    from processors.encoder.packed import packed_model
    from processors.encoder.tokens import build

    packed = packed_model()
    (folder / "model.onnx").write_bytes(model(packed).SerializeToString())
    build(packed, whole=True).tokenizer.save_pretrained(folder)
    settings = {
        "architectures": ["BertForTokenClassification"],
        "model_type": "bert",
        "max_position_embeddings": 512,
        "id2label": {0: "O", 1: "B-PER", 2: "I-PER", 3: "B-ORG", 4: "I-ORG", 5: "B-LOC", 6: "I-LOC"},
    }
    (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 96)
