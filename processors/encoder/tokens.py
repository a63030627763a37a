"""The XLM-R vocabulary as a fast tokenizer of transformers, rebuilt from the packed file.

Text is normalised as XLM-R's is (control marks, NFKC, runs of spaces); beyond it, tatweel, Arabic and
Hebrew vowel signs, bidi marks and soft hyphens are left out, so that a name reads the same with them and
without. Han, kana and Hangul letters are pieces of their own: names there end inside words, before a particle
(서울|에서) or the next word, and a piece must not straddle that. Offsets are into the text as it was given.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from processors.encoder.packed import UNKNOWN, PackedModel, packed_model

_SILENT = (
    r"[\u00AD\u0591-\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06ED\u061C"
    r"\u200B\u200D-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFE0F]"
)
_MARKS = {"pad_token": "<pad>", "unk_token": "<unk>"}
_NO_LIMIT = 1_000_000_000  # windows are ours: processors.encoder.windows
_BLANK_VOCABULARY = '["0",0.0],["1",0.0],["2",0.0],["3",0.0]'
_LETTER_ALONE = r" ?[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"


@cache
def tokenizer() -> PreTrainedTokenizerFast:
    """The installed encoder's tokenizer, built once (about a second)."""
    return build(packed_model())


def build(packed: PackedModel, *, letters_alone: bool = True) -> PreTrainedTokenizerFast:
    """The tokenizer of a packed model; `letters_alone` parts Han, kana and Hangul letters.

    The vocabulary goes in as a file: handed over in memory, it would be held twice (300 MB more).
    """
    before, after = _without_vocabulary(letters_alone=letters_alone).to_str().split(_BLANK_VOCABULARY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tokenizer.json"
        with path.open("w", encoding="utf-8") as file:
            file.write(before)
            file.writelines(
                ("," if number else "") + json.dumps(piece) for number, piece in enumerate(packed.pieces())
            )
            file.write(after)
        return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_file=str(path), model_max_length=_NO_LIMIT, **_MARKS
        )


def _without_vocabulary(*, letters_alone: bool) -> Tokenizer:
    blank = [(str(number), 0.0) for number in range(UNKNOWN + 1)]
    inner = Tokenizer(models.Unigram(blank, unk_id=UNKNOWN, byte_fallback=False))
    inner.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_SILENT), ""),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    words = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first")
    alone = pre_tokenizers.Split(Regex(_LETTER_ALONE), "isolated")
    inner.pre_tokenizer = pre_tokenizers.Sequence([alone, words]) if letters_alone else words
    return inner
