"""A model's own tokenizer, made to cut texts into windows that its model can read."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from processors.names.hub.errors import TokenizerError, said
from processors.names.hub.repository import Config, Repository
from processors.names.hub.windows import OVERLAP_PIECES, WINDOW_PIECES, Integers

_KEPT_BACK = 2
_WINDOW_PIECES_MIN = 8


class Tokens(NamedTuple):
    """A fast tokenizer of transformers; pieces a window, the model's marks among them, and their overlap.

    `space` is the number of SentencePiece's piece for a space, or -1.
    """

    tokenizer: Any
    window: int
    overlap: int
    space: int

    def spans(self, offsets: Any, ids: Any) -> Integers:
        """Where pieces stand, (pieces, 2); a space that was put in claims a letter's place, and gets none."""
        found = np.array(offsets, np.int64).reshape(-1, 2)
        found[np.array(ids) == self.space] = 0
        return found


def read_tokenizer(found: Repository, config: Config) -> Tokens:
    """The tokenizer, padding and truncating on the right. Raises `TokenizerError`.

    Of a model's positions two are left free, which RoBERTa and its kin keep back.
    """
    tokenizer = _open(found)
    window = min(
        WINDOW_PIECES, tokenizer.model_max_length, (config.positions or WINDOW_PIECES + 2) - _KEPT_BACK
    )
    overlap = min(OVERLAP_PIECES, window // 4)
    if window - tokenizer.num_special_tokens_to_add() <= overlap or window < _WINDOW_PIECES_MIN:
        raise TokenizerError(
            f"{found.name} reads only {window} pieces at once: put model_max_length in its "
            "tokenizer_config.json and max_position_embeddings in its config.json right"
        )
    tokenizer.model_max_length = window
    tokenizer.padding_side = tokenizer.truncation_side = "right"
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token or tokenizer.convert_ids_to_tokens(0)
    space = tokenizer.backend_tokenizer.token_to_id("▁")
    return Tokens(tokenizer, window, overlap, -1 if space is None else space)


def _open(found: Repository) -> Any:
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(found.folder), trust_remote_code=False)
    except Exception as error:
        raise TokenizerError(
            f"the tokenizer of {found.name} can't be read: put a tokenizer.json in its folder, as "
            f"AutoTokenizer.from_pretrained(…).save_pretrained(…) writes it ({said(error)})"
        ) from error
    if not tokenizer.is_fast:
        raise TokenizerError(
            f"{found.name} has no fast tokenizer, so where its pieces stand in a text can't be known: choose "
            "a model with a tokenizer.json"
        )
    return tokenizer
