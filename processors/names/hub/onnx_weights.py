"""ONNX weights on onnxruntime, without torch: on CUDA where onnxruntime has it, else on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from processors.names.hub.errors import NotATokenClassifierError, WeightsMissingError, said
from processors.names.hub.repository import Repository
from processors.names.hub.tokens import Tokens
from processors.names.hub.windows import (
    BATCH_PIECES,
    GPU_BATCH_PIECES,
    Floats,
    Pieces,
    batches,
    joined,
    probabilities,
)

_GIVEN = ("input_ids", "attention_mask", "token_type_ids")
_EXPORT = "export it again with `optimum-cli export onnx --task token-classification`"


class OnnxWeights:
    """Texts to what their pieces may be, windows of all texts together.

    Raises `WeightsMissingError` where the file can't be run, `NotATokenClassifierError` where it has other
    outputs than a score a label a piece.
    """

    def __init__(self, found: Repository, weights: Path, tokens: Tokens, labels: int, threads: int) -> None:
        self._tokens = tokens
        self._session = _session(found, weights, threads)
        self._types = {one.name: one.type for one in self._session.get_inputs()}
        on_gpu = "CUDAExecutionProvider" in self._session.get_providers()
        self._budget_pieces = GPU_BATCH_PIECES if on_gpu else BATCH_PIECES
        self._check(f"{weights.name} of {found.name}", labels)

    def __call__(self, texts: Sequence[str]) -> list[Pieces]:
        """The pieces of each text."""
        if not texts:
            return []
        cut = self._tokens.tokenizer(
            list(texts),
            truncation=True,
            max_length=self._tokens.window,
            stride=self._tokens.overlap,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        odds = self._odds(cut["input_ids"])
        windows: list[list[Pieces]] = [[] for _ in texts]
        for i, text in enumerate(cut["overflow_to_sample_mapping"]):
            ours = np.array(cut["special_tokens_mask"][i]) == 0
            spans = self._tokens.spans(cut["offset_mapping"][i], cut["input_ids"][i])
            windows[text].append(Pieces(spans[ours], odds[i][ours]))
        return [joined(parts, self._tokens.overlap) for parts in windows]

    def _odds(self, rows: Sequence[Sequence[int]]) -> list[Floats]:
        found: list[Floats] = [np.zeros((0, self._labels), np.float32) for _ in rows]
        filled = [i for i, row in enumerate(rows) if row]
        for batch in batches([len(rows[i]) for i in filled], self._budget_pieces):
            numbers = [filled[k] for k in batch]
            logits = self._logits([rows[i] for i in numbers])
            for i, row in zip(numbers, probabilities(logits), strict=True):
                found[i] = row[: len(rows[i])]
        return found

    def _logits(self, rows: Sequence[Sequence[int]]) -> Floats:
        width = max(map(len, rows))
        ids = np.full((len(rows), width), self._tokens.tokenizer.pad_token_id, np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1
        given = zip(_GIVEN, (ids, mask, np.zeros_like(ids)), strict=True)
        feed = {
            name: values.astype(np.int32) if self._types[name] == "tensor(int32)" else values
            for name, values in given
            if name in self._types
        }
        logits: Floats = np.asarray(self._session.run(None, feed)[0], np.float32)
        return logits

    def _check(self, name: str, labels: int) -> None:
        """Runs the model once, so that what is wrong with it shows at the start."""
        unknown = sorted(set(self._types) - set(_GIVEN))
        if unknown:
            raise WeightsMissingError(
                f"{name} wants inputs that are not known ({', '.join(unknown)}): {_EXPORT}"
            )
        try:
            shape = self._logits([[0, 0, 0], [0]]).shape
        except Exception as error:
            raise WeightsMissingError(f"{name} can't be run ({said(error)}): {_EXPORT}") from error
        if shape != (2, 3, labels):
            raise NotATokenClassifierError(
                f"{name} gives {shape} for 2 texts of 3 pieces and not (2, 3, {labels}), a score for each "
                f"label of config.json: {_EXPORT}"
            )
        self._labels = labels


def chosen_providers(offered: Sequence[str]) -> list[str]:
    """CUDA where this build of onnxruntime has it (onnxruntime-gpu), and the CPU for what CUDA can't do."""
    return [one for one in ("CUDAExecutionProvider", "CPUExecutionProvider") if one in offered]


def _session(found: Repository, weights: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    providers = chosen_providers(onnxruntime.get_available_providers())
    try:
        return onnxruntime.InferenceSession(str(weights), options, providers=providers)
    except Exception as error:
        raise WeightsMissingError(
            f"{weights.name} of {found.name} can't be opened ({said(error)}): fetch it again, or {_EXPORT}"
        ) from error
