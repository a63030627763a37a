"""The XLM-R vocabulary as a fast tokenizer of transformers, rebuilt from the packed file.

Text is normalised as XLM-R's is (control marks, NFKC, runs of spaces); beyond it, tatweel, Arabic and
Hebrew vowel signs, bidi marks and soft hyphens are left out, so that a name reads the same with them and
without. Han, kana and Hangul letters are pieces of their own: names there end inside words, before a particle
(서울|에서) or the next word, and a piece must not straddle that. Offsets are into the text as it was given.

Of the vocabulary's 250,002 pieces those stay that can come up: none of several such letters, and of scripts
that no language identified here is written in (Khmer, Ge'ez, Kannada, …) single letters only. That
saves a fifth of a process's 400 MB.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from processors.encoder.packed import UNKNOWN, PackedModel, packed_model

_SILENT = (
    r"[\u00AD\u0591-\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06ED\u061C"
    r"\u200B\u200D-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFE0F]"
)
_NO_LIMIT = 1_000_000_000  # windows are ours: processors.encoder.windows
_NEVER = -100.0  # the score of marks: "</s>" written out in a text is text
_BLANK_VOCABULARY = '["0",0.0],["1",0.0],["2",0.0],["3",0.0]'
_ALONE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SELDOM = re.compile("[\u0a00-\u0b7f\u0c00-\u0dff\u0e80-\u0fff\u1000-\u109f\u1200-\u137f\u1780-\u17ff]")
_LETTER_ALONE = r" ?[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"


class Pieces(NamedTuple):
    """A text in pieces: their rows in the word table, and their offsets in the text, leading spaces off."""

    rows: npt.NDArray[np.int64]
    offsets: list[tuple[int, int]]


@dataclass(frozen=True)
class Tokens:
    """A tokenizer, and the row of the word table that each of its ids stands for."""

    tokenizer: PreTrainedTokenizerFast
    row: npt.NDArray[np.int64]

    def __call__(self, texts: Sequence[str]) -> list[Pieces]:
        """The pieces of each text."""
        if not texts:
            return []
        encoded = self.tokenizer(list(texts), return_offsets_mapping=True, add_special_tokens=False)
        found = []
        for text, ids, offsets in zip(texts, encoded["input_ids"], encoded["offset_mapping"], strict=True):
            rows = self.row[np.array(ids, np.int64)]
            bare = [(end - len(text[start:end].lstrip()), end) for start, end in offsets]
            found.append(Pieces(rows, bare))
        return found


@cache
def tokens() -> Tokens:
    """The installed encoder's tokens, opened once (about a second)."""
    return build(packed_model())


def build(packed: PackedModel, *, whole: bool = False) -> Tokens:
    """The tokens of a packed model; `whole` as multilingual-e5-small has them, words of Han and all.

    The vocabulary goes in as a file: handed over in memory, it would be held twice (300 MB more).
    """
    pieces = ((piece, score if i > UNKNOWN else _NEVER) for i, (piece, score) in enumerate(packed.pieces()))
    kept = [(i, piece) for i, piece in enumerate(pieces) if whole or _is_met(piece[0])]
    before, after = _without_vocabulary(letters_alone=not whole).to_str().split(_BLANK_VOCABULARY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tokenizer.json"
        with path.open("w", encoding="utf-8") as file:
            file.write(before)
            file.write(",".join(json.dumps(piece) for _, piece in kept))
            file.write(after)
        tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_file=str(path), model_max_length=_NO_LIMIT
        )
    return Tokens(tokenizer, np.array([i for i, _ in kept], np.int64))


def _is_met(piece: str) -> bool:
    """Whether a piece can come up at all, and is worth its memory."""
    letters = piece.removeprefix("▁")
    return len(letters) < 2 or not (piece == "<mask>" or _ALONE.search(letters) or _SELDOM.search(letters))


def _without_vocabulary(*, letters_alone: bool) -> Tokenizer:
    blank = [(str(number), 0.0) for number in range(UNKNOWN + 1)]
    inner = Tokenizer(models.Unigram(blank, unk_id=UNKNOWN, byte_fallback=False))
    inner.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_SILENT), ""),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Prepend(" "),  # not left to Metaspace, which sees no first word behind a silent mark
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    words = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never")
    alone = pre_tokenizers.Split(Regex(_LETTER_ALONE), "isolated")
    inner.pre_tokenizer = pre_tokenizers.Sequence([alone, words]) if letters_alone else words
    return inner
