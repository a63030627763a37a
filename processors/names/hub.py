"""Names by any transformers token-classification model: a folder, or an id on a hub.

ONNX weights (`model.onnx` or `onnx/model.onnx` beside `config.json` and the tokenizer) run on onnxruntime;
PyTorch weights run through transformers where torch is installed (the `hub` extra).

    ModelError
    ├── ModelNotFoundError     no such folder, and no such model could be fetched
    ├── WeightsMissingError    neither ONNX weights nor, with torch, PyTorch weights
    └── NotATokenClassifierError
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from processors.encoder.decoding import Guess, tidy
from processors.names.recogniser import TextReading
from schemas.article import MentionType

WINDOW_TOKENS = 512
OVERLAP_TOKENS = 64
BATCH_WINDOWS = 8
_TYPES: dict[str, MentionType] = {
    "PER": "PER", "PERS": "PER", "PERSON": "PER", "PS": "PER",
    "ORG": "ORG", "ORGANIZATION": "ORG", "ORGANISATION": "ORG", "OG": "ORG", "CORP": "ORG",
    "LOC": "LOC", "LOCATION": "LOC", "GPE": "LOC", "LC": "LOC", "PLACE": "LOC",
}  # fmt: skip
_FILES = ["*.json", "*.txt", "*.model", "*.onnx", "onnx/model.onnx", "onnx/model.onnx_data"]


class ModelError(Exception):
    """The model that `names.model` asks for can't be used; the message says what to do."""


class ModelNotFoundError(ModelError):
    """No such folder, and no such model could be fetched."""


class WeightsMissingError(ModelError):
    """The model has no weights that can run here."""


class NotATokenClassifierError(ModelError):
    """The model does something else than label tokens with people, organisations and places."""


class Piece(NamedTuple):
    """A token of the model: its span in the text, which word it belongs to, its label and how sure."""

    start: int
    end: int
    word: int
    label: str
    score: float


class TokenClassifier:
    """A token-classification model behind the interface of the built-in names.

    Raises `ModelError` (see above) when it can't be loaded.
    """

    def __init__(self, model: str, threads: int = 1) -> None:
        folder = _folder(model)
        self._labels = _labels(folder, model)
        weights = next(
            (path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()), None
        )
        self._runner = _OnnxRunner(folder, weights, threads) if weights else _torch_runner(folder, model)

    def __call__(self, texts: Sequence[str]) -> list[TextReading]:
        """The mentions in each text; a model brings its own languages."""
        return [TextReading(list(self._guesses(text))) for text in texts]

    def _guesses(self, text: str) -> Iterator[Guess]:
        if not text.strip():
            return
        pieces = [
            Piece(start, end, word, self._labels[label], score)
            for start, end, word, label, score in self._runner(text)
        ]
        last = 0
        for start, end, kind, score in grouped(pieces):
            first, stop = tidy(text, start, end)
            if last <= first < stop:
                last = stop
                yield Guess(first, stop, kind, round(score, 3))


def grouped(pieces: list[Piece]) -> list[tuple[int, int, MentionType, float]]:
    """Pieces to mentions: a word has its first piece's label; B and a change of type begin a new mention."""
    spans: list[tuple[int, int, MentionType, list[float]]] = []
    last_word, open_type = -1, None
    for piece in pieces:
        if piece.word == last_word:
            if open_type is not None:
                start, _, kind, scores = spans[-1]
                spans[-1] = (start, piece.end, kind, scores)
            continue
        last_word = piece.word
        mark, _, name = piece.label.rpartition("-")
        kind_now = _TYPES.get(name.upper())
        if kind_now is None:
            open_type = None
        elif kind_now == open_type and mark.upper() not in {"B", "S", "U"}:
            start, _, kind, scores = spans[-1]
            spans[-1] = (start, piece.end, kind, [*scores, piece.score])
        else:
            spans.append((piece.start, piece.end, kind_now, [piece.score]))
            open_type = kind_now
    return [(start, end, kind, sum(scores) / len(scores)) for start, end, kind, scores in spans]


class _OnnxRunner:
    """Windows of tokens through onnxruntime; where windows overlap, the one with more context decides."""

    def __init__(self, folder: Path, weights: Path, threads: int) -> None:
        import onnxruntime
        from transformers import AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(str(folder), use_fast=True)
        if not self._tokenizer.is_fast:
            raise ModelError(f"{folder} has no fast tokenizer (tokenizer.json), so offsets can't be known")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(weights), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {wanted.name for wanted in self._session.get_inputs()}
        self._window = min(WINDOW_TOKENS, self._tokenizer.model_max_length)

    def __call__(self, content: str) -> list[tuple[int, int, int, int, float]]:
        windows = self._tokenizer(
            content,
            truncation=True,
            max_length=self._window,
            stride=min(OVERLAP_TOKENS, self._window // 4),
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )
        best: dict[tuple[int, int], tuple[int, tuple[int, int, int, int, float]]] = {}
        for i, probabilities in self._run(windows):
            words, offsets = windows.word_ids(i), windows["offset_mapping"][i]
            for j, (word, (start, end)) in enumerate(zip(words, offsets, strict=True)):
                if word is None or start == end:
                    continue
                context = min(j, len(words) - j)
                label = int(probabilities[j].argmax())
                found = (start, end, word, label, float(probabilities[j, label]))
                if (start, end) not in best or context > best[start, end][0]:
                    best[start, end] = (context, found)
        return [found for _, (_, found) in sorted(best.items())]

    def _run(self, windows: Any) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
        for first in range(0, len(windows["input_ids"]), BATCH_WINDOWS):
            rows = windows["input_ids"][first : first + BATCH_WINDOWS]
            width = max(map(len, rows))
            ids = np.full((len(rows), width), self._tokenizer.pad_token_id or 0, np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for k, row in enumerate(rows):
                ids[k, : len(row)], mask[k, : len(row)] = row, 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            logits = self._session.run(
                None, {key: value for key, value in given.items() if key in self._inputs}
            )[0]
            odds = np.exp(logits - logits.max(-1, keepdims=True))
            for k, row in enumerate(rows):
                yield first + k, (odds[k] / odds[k].sum(-1, keepdims=True))[: len(row)]


def _torch_runner(folder: Path, model: str) -> Any:
    if find_spec("torch") is None:
        raise WeightsMissingError(
            f"{model} has no ONNX weights (model.onnx), and PyTorch weights need torch: "
            "install wirewatch[hub], or choose a model with ONNX weights"
        )
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    source = str(folder) if Path(model).is_dir() else model
    try:
        network = AutoModelForTokenClassification.from_pretrained(source)
    except OSError as error:
        raise WeightsMissingError(f"{model} has no weights that transformers can load: {error}") from error
    return _TorchRunner(AutoTokenizer.from_pretrained(source, use_fast=True), network)


class _TorchRunner(_OnnxRunner):
    """The same windows through PyTorch."""

    def __init__(self, tokenizer: Any, network: Any) -> None:
        self._tokenizer = tokenizer
        self._network = network.eval()
        self._inputs = {"input_ids", "attention_mask"}
        self._window = min(WINDOW_TOKENS, tokenizer.model_max_length)
        self._session = self

    def run(self, _: None, given: dict[str, npt.NDArray[np.int64]]) -> list[npt.NDArray[np.float32]]:
        """As onnxruntime's session does."""
        import torch  # type: ignore[import-not-found]

        with torch.inference_mode():
            tensors = {key: torch.from_numpy(value) for key, value in given.items()}
            return [self._network(**tensors).logits.float().numpy()]


def _folder(model: str) -> Path:
    if Path(model).is_dir():
        return Path(model)
    if model.startswith((".", "/", "~")) or model.count("/") > 1:
        raise ModelNotFoundError(f"no folder {model}; set names.model to builtin, a hub id, or a folder")
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, allow_patterns=_FILES))
    except Exception as error:
        raise ModelNotFoundError(
            f"{model} is no folder here, and could not be fetched from the hub: {error}"
        ) from error


def _labels(folder: Path, model: str) -> dict[int, str]:
    config = folder / "config.json"
    if not config.is_file():
        raise NotATokenClassifierError(f"{model} has no config.json")
    settings = json.loads(config.read_text(encoding="utf-8"))
    labels = {int(number): str(label) for number, label in settings.get("id2label", {}).items()}
    kinds = {_TYPES.get(label.rpartition("-")[2].upper()) for label in labels.values()} - {None}
    classifiers = [
        name for name in settings.get("architectures") or [] if name.endswith("ForTokenClassification")
    ]
    if not kinds or (settings.get("architectures") and not classifiers):
        raise NotATokenClassifierError(
            f"{model} labels no people, organisations or places: its labels are {sorted(labels.values())[:9]}"
        )
    return labels
