from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from processors.names import NamesStage
from processors.names.hub import (
    ModelNotFoundError,
    NotATokenClassifierError,
    Piece,
    TokenClassifier,
    WeightsMissingError,
    grouped,
)
from schemas.article import Article, Clean, Raw
from tests.unit.names.onnx_graph import lookup_model

LABELS = ["O", "B-PER", "I-PER", "B-LOC"]
VOCABULARY = {"[UNK]": 0, "[PAD]": 0, "mira": 1, "##dova": 2, "holt": 2, "vienna": 3, "said": 0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = {word: number for number, word in enumerate(VOCABULARY)}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", model_max_length=16
    )
    fast.save_pretrained(tmp_path)
    scores = np.zeros((len(VOCABULARY), len(LABELS)), np.float32)
    for number, label in enumerate(VOCABULARY.values()):
        scores[number, label] = 5
    (tmp_path / "model.onnx").write_bytes(lookup_model(scores))
    config = {
        "architectures": ["BertForTokenClassification"],
        "id2label": dict(enumerate(LABELS)),
        "model_type": "bert",
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


def test_an_onnx_model_names_what_it_labels(folder: Path) -> None:
    article = Article(
        id="a",
        source="s",
        fetched_at="2024-05-01T00:00:00Z",
        raw=Raw(content=""),
        clean=Clean(title="Vienna", text="Miradova Holt said: «Vienna», 😀 Vienna."),
    )
    named = NamesStage(str(folder))(article)
    assert [(m.field, named.quote(m), m.type) for m in named.mentions] == [  # type: ignore[arg-type]
        ("title", "Vienna", "LOC"),
        ("text", "Miradova Holt", "PER"),
        ("text", "Vienna", "LOC"),
        ("text", "Vienna", "LOC"),
    ]
    assert all(0.9 < m.confidence <= 1 for m in named.mentions)


def test_a_long_text_is_read_in_windows(folder: Path) -> None:
    text = "Mira Holt said . " * 200
    [(mentions, _)] = TokenClassifier(str(folder))([text])
    assert [text[m.start : m.end] for m in mentions] == ["Mira Holt"] * 200


def test_labels_join_to_mentions() -> None:
    labels = ["B-PER", "I-PER", "I-PER", "B-PER", "I-LOC", "O", "I-ORG"]
    pieces = [Piece(i * 2, i * 2 + 1, i, label, 1.0) for i, label in enumerate(labels)]
    assert [(start, end, kind) for start, end, kind, _ in grouped(pieces)] == [
        (0, 5, "PER"),
        (6, 7, "PER"),
        (8, 9, "LOC"),
        (12, 13, "ORG"),
    ]


def test_no_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"names\.model"):
        TokenClassifier(str(tmp_path / "none"))


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_weights_that_need_torch_say_so(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    with pytest.raises(WeightsMissingError, match=r"wirewatch\[hub\]"):
        TokenClassifier(str(folder))


def test_a_model_that_labels_no_names_is_refused(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"id2label": {"0": "POSITIVE", "1": "NEGATIVE"}}))
    with pytest.raises(NotATokenClassifierError, match="POSITIVE"):
        TokenClassifier(str(folder))
    (folder / "config.json").unlink()
    with pytest.raises(NotATokenClassifierError, match="config"):
        TokenClassifier(str(folder))
