"""PyTorch weights through transformers' own pipeline: on CUDA or MPS where torch has it, else on the CPU."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch  # type: ignore[import-not-found, unused-ignore]
from transformers import AutoModelForTokenClassification, TokenClassificationPipeline, pipeline

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

_LETTERS_PER_PIECE = 3


class _PiecesPipeline(TokenClassificationPipeline):
    """The pipeline as it is, save that it gives what each piece may be and groups nothing.

    Its own grouping knows B- and I- alone, takes a Chinese sentence for one word where pieces know no words,
    and has no probabilities left to choose by at a seam.
    """

    def postprocess(self, all_outputs: Any, *_: Any, **__: Any) -> Any:  # type: ignore[override, unused-ignore]
        windows = []
        for window in all_outputs:
            ours = window["special_tokens_mask"][0].numpy() == 0
            offsets, ids = window["offset_mapping"][0].numpy(), window["input_ids"][0].numpy()
            odds = probabilities(window["logits"][0].float().numpy())
            windows.append((offsets[ours], ids[ours], odds[ours]))
        return windows


class TorchWeights:
    """Texts to what their pieces may be, texts of like length together.

    Raises `WeightsMissingError` where transformers can't load the weights, `NotATokenClassifierError` where
    they are those of a model that was never taught labels.
    """

    def __init__(self, found: Repository, tokens: Tokens, threads: int) -> None:
        device = _device()
        if device == "cpu":
            torch.set_num_threads(threads)
        network = _network(found)
        known = inspect.signature(network.forward).parameters
        names = [name for name in tokens.tokenizer.model_input_names if name in known]
        tokens.tokenizer.model_input_names = names
        self._tokens = tokens
        self._batch_windows = (BATCH_PIECES if device == "cpu" else GPU_BATCH_PIECES) // tokens.window
        self._pipeline = pipeline(
            "token-classification",
            model=network,
            tokenizer=tokens.tokenizer,
            device=device,
            pipeline_class=_PiecesPipeline,
            stride=tokens.overlap,
        )

    def __call__(self, texts: Sequence[str]) -> list[Pieces]:
        """The pieces of each text."""
        longest = self._tokens.window
        lengths = [min(1 + len(text) // _LETTERS_PER_PIECE, longest) for text in texts]
        found: dict[int, Pieces] = {}
        for batch in batches(lengths, longest * len(texts)):
            size = max(1, self._batch_windows * longest // lengths[batch[-1]])
            given: Any = self._pipeline([texts[i] for i in batch], batch_size=size)
            found |= {i: self._pieces(windows) for i, windows in zip(batch, given, strict=True)}
        return [found[i] for i in range(len(texts))]

    def _pieces(self, windows: Sequence[tuple[Any, Any, Floats]]) -> Pieces:
        placed = [Pieces(self._tokens.spans(offsets, ids), odds) for offsets, ids, odds in windows]
        return joined(placed, self._tokens.overlap)


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _network(found: Repository) -> Any:
    try:
        network, report = AutoModelForTokenClassification.from_pretrained(
            str(found.folder), output_loading_info=True, trust_remote_code=False, dtype=torch.float32
        )
    except Exception as error:
        raise WeightsMissingError(
            f"the weights of {found.name} can't be loaded by transformers ({said(error)}): fetch them again, "
            "or choose a model that needs no code of its own"
        ) from error
    untaught = [name for name in report["missing_keys"] if not name.startswith(network.base_model_prefix)]
    if untaught:
        raise NotATokenClassifierError(
            f"the weights of {found.name} have no {', '.join(untaught)}: they were never taught labels; "
            "choose a model that was tuned for named entities"
        )
    return network
