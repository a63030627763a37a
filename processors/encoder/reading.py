"""The encoder at work: lines of text to mentions, what sentences tell, and a place in meaning, in one pass.

A line is read by itself, so that its mentions depend on nothing else: not on its neighbours in an article,
nor on what else is in the batch. That is what lets the last lines read be kept, and copies cost nothing.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime

from processors.encoder.decoding import best_path, guesses
from processors.encoder.heads import COLUMNS, NAMES
from processors.encoder.kept import KEPT_BYTES, Kept, LineReading, exact
from processors.encoder.packed import WIDTH, PackedModel, packed_model
from processors.encoder.telling import told
from processors.encoder.tokens import tokens
from processors.encoder.windows import Window, windows
from processors.sentences import sentences

MODEL = Path(__file__).parent / "model" / "names.onnx"
BATCH_PIECES = 1024
PADDING_MAX = 1.2
READS_BETWEEN_TRIMS = 8
LINE_LETTERS_MAX = 20_000
LINE_PIECES_MAX = 20_000
_BEGIN, _END = 0, 2
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
Floats = npt.NDArray[np.float32]


class _Line(NamedTuple):
    text: str
    ids: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.int64]
    windows: list[Window]


class Encoder:
    """multilingual-e5-small with the heads of `model/`, on the CPU.

    `threads` is how many cores one pass may take; one a process, where there are as many processes as
    cores. `kept_bytes` is the memory for lines read lately. `lines_asked` counts the lines it was asked for,
    `lines_read` those that went through the model. Raises `processors.encoder.packed.EncoderMissingError`
    where the encoder is not installed.
    """

    def __init__(self, threads: int = 1, model: Path = MODEL, kept_bytes: int = KEPT_BYTES) -> None:
        self._packed: PackedModel = packed_model()
        self._tokens = tokens()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._kept = Kept(kept_bytes)
        self.lines_asked = self.lines_read = 0
        self._lock = threading.Lock()
        self._reads = 0
        _give_back()

    def read(self, lines: Sequence[str]) -> list[LineReading]:
        """A reading a line, in their order; lines read lately, or twice here, are read once.

        Offsets are into the line. A line's part beyond 20,000 letters or pieces is not read.
        """
        with self._lock:
            found = {line: self._kept.get(line) for line in dict.fromkeys(lines)}
            wanted = [line for line, reading in found.items() if reading is None]
            now = dict(zip(wanted, self._read(wanted), strict=True))
            for line, reading in now.items():
                self._kept.add(line, reading)
            self.lines_asked += len(lines)
            self.lines_read += len(wanted)
            self._reads += 1
            if self._reads % READS_BETWEEN_TRIMS == 0:
                _give_back()
            known = {line: reading for line, reading in found.items() if reading is not None} | now
            return [known[line] for line in lines]

    def forget(self) -> None:
        """Read every line anew from here on."""
        with self._lock:
            self._kept.clear()

    def _read(self, texts: Sequence[str]) -> list[LineReading]:
        lines = self._tokenised(texts)
        units = [(i, window) for i, line in enumerate(lines) for window in line.windows]
        units.sort(key=lambda unit: unit[1].last - unit[1].first)
        scores = [np.zeros((len(line.ids), COLUMNS), np.float32) for line in lines]
        embeddings = np.zeros((len(lines), WIDTH), np.float32)
        for batch in _batches(units):
            rows = [lines[i].ids[window.first : window.last] for i, window in batch]
            given, placed = self._run(rows)
            for row, (i, window) in enumerate(batch):
                first, last = (edge - window.first + 1 for edge in (window.begin, window.stop))
                scores[i][window.begin : window.stop] = given[row, first:last]
                embeddings[i] += placed[row] * (window.stop - window.begin)
        return [_reading(*found) for found in zip(lines, scores, embeddings, strict=True)]

    def _tokenised(self, texts: Sequence[str]) -> list[_Line]:
        cut = [_sound(text[:LINE_LETTERS_MAX]) for text in texts]
        return [
            _line(text, pieces.rows[:LINE_PIECES_MAX], pieces.offsets[:LINE_PIECES_MAX])
            for text, pieces in zip(cut, self._tokens(cut), strict=True)
        ]

    def _run(self, rows: list[npt.NDArray[np.int64]]) -> tuple[Floats, Floats]:
        width = max(map(len, rows)) + 2
        ids = np.full((len(rows), width), 1, np.int64)
        kept = np.zeros((len(rows), width), np.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row) + 2] = [_BEGIN, *row, _END]
            kept[i, : len(row) + 2] = 1
        outputs: Any = self._session.run(None, {"words": self._packed.word_rows(ids), "kept": kept})
        return outputs[0], outputs[1]


def encoder(threads: int = 1, kept_bytes: int = KEPT_BYTES) -> Encoder:
    """The process's own encoder, opened once: stages share it."""
    return _opened(threads, kept_bytes)


@cache
def _opened(threads: int, kept_bytes: int) -> Encoder:
    return Encoder(threads, kept_bytes=kept_bytes)


def _give_back() -> None:
    """Have the C library return freed memory it keeps: 70 MB after loading, as much after long batches."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's own
    if trim is not None:
        trim(0)


def _line(text: str, ids: npt.NDArray[np.int64], offsets: list[tuple[int, int]]) -> _Line:
    if all(start == end for start, end in offsets):  # blanks alone: nothing to read
        ids, offsets = ids[:0], []
    return _Line(text, ids, np.array(offsets, np.int64).reshape(-1, 2), windows(text, offsets))


def _batches(units: list[tuple[int, Window]]) -> list[list[tuple[int, Window]]]:
    """Windows, sorted by length, in batches of like length: padding costs as much as text."""
    found: list[list[tuple[int, Window]]] = []
    for unit in units:
        width = unit[1].last - unit[1].first + 2
        shortest = found[-1][0][1].last - found[-1][0][1].first + 2 if found else 0
        full = not found or (len(found[-1]) + 1) * width > BATCH_PIECES
        if full or width > shortest * PADDING_MAX:
            found.append([])
        found[-1].append(unit)
    return found


def _reading(line: _Line, scores: Floats, embedding: Floats) -> LineReading:
    if not len(line.ids):
        return LineReading((), embedding, 0)
    names = scores[:, NAMES]
    log_odds = names - np.logaddexp.reduce(names, axis=-1, keepdims=True)
    found = guesses(line.text, best_path(log_odds), line.offsets, np.exp(log_odds))
    spans = sentences(line.text)
    return LineReading(
        tuple(found), exact(embedding), len(line.ids), tuple(told(line.text, scores, line.offsets, spans))
    )


def _sound(text: str) -> str:
    """The text with lone surrogates, which no tokenizer can take, replaced one for one."""
    return _LONE_SURROGATE.sub("\ufffd", text)
