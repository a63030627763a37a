"""A token classifier behind the interface of the built-in names."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Protocol

from processors.names.hub.decoding import mentions
from processors.names.hub.errors import WeightsMissingError
from processors.names.hub.labels import Scheme
from processors.names.hub.repository import ONNX, Config, Repository, read_config, repository
from processors.names.hub.tokens import read_tokenizer
from processors.names.hub.windows import Pieces
from processors.names.recogniser import TextReading

TEXT_LETTERS_MAX = 200_000
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Weights(Protocol):
    """What runs a model, whatever it is written in."""

    def __call__(self, texts: Sequence[str]) -> list[Pieces]:
        """The pieces of each text, in their order."""
        ...


class TokenClassifier:
    """The names of any token-classification model of transformers: a folder, or an id on a hub.

    ONNX weights come first and need no torch. `threads` is how many cores the model may take at once. A
    text's part beyond 200,000 letters is not read. Raises `ModelError` where the model can't be used.
    """

    def __init__(self, model: str, threads: int = 1) -> None:
        found = repository(model)
        config = read_config(found)
        self._scheme = Scheme(config.labels)
        self._weights = _weights(found, config, threads)
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> list[TextReading]:
        """The mentions in each text, windows of all of them together; a model brings its own languages."""
        wanted = {text: _readable(text) for text in texts if text.strip()}
        with self._lock:
            pieces = self._weights(list(wanted.values()))
        found = {
            text: mentions(readable, one, self._scheme)
            for (text, readable), one in zip(wanted.items(), pieces, strict=True)
        }
        return [TextReading(list(found.get(text, ()))) for text in texts]


def _weights(found: Repository, config: Config, threads: int) -> Weights:
    onnx = found.onnx
    if onnx is None and not found.has_pytorch:
        raise WeightsMissingError(
            f"{found.name} has no weights that can run here: put model.safetensors beside config.json, or "
            f"{' or '.join(ONNX[:2])} (`optimum-cli export onnx --task token-classification` makes it)"
        )
    if onnx is None and find_spec("torch") is None:
        raise WeightsMissingError(
            f"{found.name} has no ONNX weights, and its PyTorch weights need torch: "
            "install wirewatch[hub], or choose a model with ONNX weights"
        )
    tokens = read_tokenizer(found, config)
    if onnx:
        from processors.names.hub.onnx_weights import OnnxWeights

        return OnnxWeights(found, onnx, tokens, len(config.labels), threads)
    from processors.names.hub.torch_weights import TorchWeights

    return TorchWeights(found, tokens, threads)


def _readable(text: str) -> str:
    """The text with lone surrogates, which no tokenizer takes, replaced one for one."""
    return _LONE_SURROGATE.sub("\ufffd", text[:TEXT_LETTERS_MAX])
