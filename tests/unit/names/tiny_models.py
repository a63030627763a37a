"""Token classifiers that label the words they are told to, small enough to be made by a test: real files, read
as those of any model are, with ONNX weights (a table) or PyTorch weights (a BERT of one layer)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.unit.names.onnx_graph import lookup_model

MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WINDOW = 32
WIDTH = 32


def save_tokenizer(folder: Path, words: Sequence[str], window: int = WINDOW) -> list[str]:
    """BERT's tokenizer over these words and every letter of them; returns its vocabulary, by number."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    vocabulary = list(dict.fromkeys([*MARKS, *words]))
    numbered = {word: number for number, word in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(numbered, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(mark, numbered[mark]) for mark in ("[CLS]", "[SEP]")],
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=window,
    ).save_pretrained(folder)
    return vocabulary


def save_config(
    folder: Path, labels: Sequence[str], architecture: str = "BertForTokenClassification"
) -> None:
    settings = {
        "architectures": [architecture],
        "id2label": dict(enumerate(labels)),
        "model_type": "bert",
        "max_position_embeddings": 512,
    }
    (folder / "config.json").write_text(json.dumps(settings))


def save_onnx(folder: Path, words: Mapping[str, str], labels: Sequence[str]) -> None:
    """A model that gives each word its label, and O to all else."""
    vocabulary = save_tokenizer(folder, list(words))
    save_config(folder, labels)
    (folder / "model.onnx").write_bytes(lookup_model(5 * one_hot(vocabulary, words, labels)))


def save_torch(folder: Path, words: Mapping[str, str], labels: Sequence[str], blind: int = 0) -> None:
    """The same by a real BERT, whose attention stirs in a little of the other words.

    It sees nothing at the first and last `blind` pieces of a full window.
    """
    import torch
    from transformers import BertConfig, BertForTokenClassification

    vocabulary = save_tokenizer(folder, list(words))
    torch.manual_seed(5)
    network = BertForTokenClassification(
        BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=WIDTH,
            intermediate_size=WIDTH,
            num_hidden_layers=1,
            num_attention_heads=2,
            id2label=dict(enumerate(labels)),
            label2id={label: number for number, label in enumerate(labels)},
        )
    )
    towards = np.zeros((len(vocabulary), WIDTH), np.float32)
    towards[:, : len(labels)] = one_hot(vocabulary, words, labels)
    table, places = network.bert.embeddings.word_embeddings, network.bert.embeddings.position_embeddings
    with torch.no_grad():
        table.weight += torch.from_numpy(towards)
        for place in [*range(blind + 1), *range(WINDOW - blind - 1, WINDOW)] if blind else []:
            places.weight[place, labels.index("O")] = 9
        network.classifier.weight[:] = 3 * torch.eye(len(labels), WIDTH)
    network.save_pretrained(folder)


def one_hot(
    vocabulary: Sequence[str], words: Mapping[str, str], labels: Sequence[str]
) -> npt.NDArray[np.float32]:
    """A row a word of the vocabulary, 1 at its label."""
    numbers = [labels.index(words.get(word, "O")) for word in vocabulary]
    return np.eye(len(labels), dtype=np.float32)[numbers]
