from __future__ import annotations

import json
import random
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from processors.encoder.decoding import Guess
from processors.names import NamesStage
from processors.names.hub import (
    ModelError,
    ModelNotFoundError,
    NotATokenClassifierError,
    TokenClassifier,
    TokenizerError,
    WeightsMissingError,
    classifier,
)
from processors.names.hub.onnx_weights import chosen_providers
from schemas.article import Article, Clean, Raw
from tests.unit.names.onnx_graph import lookup_model
from tests.unit.names.tiny_models import WINDOW, one_hot, save_config, save_onnx, save_tokenizer, save_torch

LABELS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC"]
WORDS = {
    **dict.fromkeys(("mira", "سلمى", "нина", "ayşe", "陈", "강"), "B-PER"),
    **dict.fromkeys(("##dova", "holt", "الرواحي", "орлова", "yıldız", "岚", "##마루"), "I-PER"),
    **dict.fromkeys(("vienna", "ماسارا", "тарск", "##시"), "B-LOC"),
    "ostrel": "B-ORG",
    "industries": "I-ORG",
    "orvelian": "B-MISC",
    **dict.fromkeys(("said", "in", "met", ".", ",", "قالت", "сказала", "说", "##이"), "O"),
}
needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed: wirewatch[hub]")


@pytest.fixture(scope="module", params=["onnx", pytest.param("torch", marks=needs_torch)])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TokenClassifier:
    folder = tmp_path_factory.mktemp(request.param)
    save = save_onnx if request.param == "onnx" else save_torch
    save(folder, WORDS, LABELS)
    return TokenClassifier(str(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_onnx(tmp_path, WORDS, LABELS)
    return tmp_path


def quotes(model: TokenClassifier, text: str) -> list[tuple[str, str]]:
    [(found, embedding)] = model([text])
    assert embedding is None
    return [(text[one.start : one.end], one.type) for one in found]


def test_the_stage_names_what_the_model_labels(folder: Path) -> None:
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Miradova Holt met Nina , in VIENNA.", [("Miradova Holt", "PER"), ("VIENNA", "LOC")]),
        ("\u200fسلمى\u00a0الرواحي\u200f قالت: «ماسارا»", [("سلمى\u00a0الرواحي", "PER"), ("ماسارا", "LOC")]),
        (
            "😀👩‍👩‍👧 Нина\u202f\u2066Орлова\u2069 сказала 👋🏽 Тарск",
            [("Нина\u202f\u2066Орлова", "PER"), ("Тарск", "LOC")],
        ),
        ("陈岚说Vienna。", [("陈岚", "PER"), ("Vienna", "LOC")]),
        ("강마루이 (Ostrel\tIndustries)", [("강마루", "PER"), ("Ostrel\tIndustries", "ORG")]),
        ("\ufeffAyşe Yıldız\u00ad, e\u0301 Orvelian \ud800 Holt", [("Ayşe Yıldız", "PER"), ("Holt", "PER")]),
        ("Mi\u00adradova Vi\u200denna", [("Mi\u00adradova", "PER"), ("Vi\u200denna", "LOC")]),
        ("Mira\nHolt", [("Mira", "PER"), ("Holt", "PER")]),
        ("", []),
        (" \u200b\n\u00a0", []),
        ("\u200b\u200f", []),
        ("😀" * 500, []),
        ("x" * 50_000, []),
    ],
)
def test_spans_are_exact_in_any_script(
    model: TokenClassifier, text: str, expected: list[tuple[str, str]]
) -> None:
    assert quotes(model, text) == expected


def test_no_mention_is_lost_or_doubled_at_a_seam(model: TokenClassifier) -> None:
    for shift in range(WINDOW):
        parts = ["said"] * shift + ["Mira Holt", "said ,", "Ostrel Industries .", "Vienna"] * 30
        text = " ".join(parts)
        wanted = [part.rstrip(" .") for part in parts if not part.startswith("said")]
        assert [quote for quote, _ in quotes(model, text)] == wanted


@needs_torch
def test_at_a_seam_the_window_with_more_context_decides(tmp_path: Path) -> None:
    save_torch(tmp_path, WORDS, LABELS, blind=4)
    model = TokenClassifier(str(tmp_path))
    names = ["Mira Holt said", "Vienna said", "Miradova said ,"] * 40
    text = " ".join(["said"] * 10 + names + ["said"] * 10)
    assert [quote for quote, _ in quotes(model, text)] == ["Mira Holt", "Vienna", "Miradova"] * 40


def test_a_batch_gives_what_each_text_gives_alone(model: TokenClassifier) -> None:
    chance = random.Random(3)
    texts = [" ".join(chance.choices([*WORDS, "?", "\n", "😀"], k=chance.randrange(200))) for _ in range(30)]
    texts += ["", *texts[:3], "Vienna"]
    together = [reading.guesses for reading in model(texts)]
    alone = [model([text])[0].guesses for text in texts]
    assert sum(map(len, alone)) > 300
    for one, other in zip(together, alone, strict=True):
        assert [guess[:3] for guess in one] == [guess[:3] for guess in other]
        assert [guess.confidence for guess in one] == pytest.approx(
            [guess.confidence for guess in other], abs=2e-3
        )


def test_nothing_is_asked_of_it(model: TokenClassifier) -> None:
    assert model([]) == []


def test_the_end_of_an_endless_text_is_not_read(
    model: TokenClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier, "TEXT_LETTERS_MAX", 30)
    assert quotes(model, "Vienna said . " * 9) == [("Vienna", "LOC")] * 2


def test_windows_of_many_texts_run_together(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = TokenClassifier(str(folder))
    session = model._weights._session  # type: ignore[attr-defined]
    runs: list[tuple[int, ...]] = []
    chance = random.Random(8)

    class Counted:
        def run(self, names: None, given: dict[str, np.ndarray]) -> list[np.ndarray]:  # type: ignore[type-arg]
            runs.append(given["input_ids"].shape)
            return session.run(names, given)  # type: ignore[no-any-return]

    monkeypatch.setattr(model._weights, "_session", Counted())
    lengths = [3] * 40 + [100] * 10
    chance.shuffle(lengths)
    model([f"{'Mira ' * length}{i}" for i, length in enumerate(lengths)])
    assert sorted(runs) == [(10, 15), (40, 6), (40, WINDOW)]


def test_letters_of_several_bytes_are_one(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(letters)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=WINDOW).save_pretrained(tmp_path)
    save_config(tmp_path, LABELS)
    (mountain, *_), (_, inner, _) = (
        tokenizer.pre_tokenizer.pre_tokenize_str(letter)[0][0] for letter in ("山", "中")
    )
    told = {"M": "B-PER", "H": "I-PER", "V": "B-LOC", mountain: "B-LOC", inner: "B-PER"}
    (tmp_path / "model.onnx").write_bytes(lookup_model(5 * one_hot(letters, told, LABELS)))
    text = "😀 Mira\u00a0Holt ❤️‍🔥山。中 👨‍👩‍👧‍👦Vienna "
    names = [("Mira\u00a0Holt", "PER"), ("山", "LOC"), ("Vienna", "LOC")]
    assert quotes(TokenClassifier(str(tmp_path)), text * 5) == names * 5


def test_a_sentence_without_spaces_is_no_word(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    told = {"陈岚": "B-PER", "东城": "B-LOC", "▁Mira": "B-PER", "▁Holt": "I-PER"}
    pieces = ["<unk>", "▁", "昨天在", "会见", "了", ",", *told]
    tokenizer = Tokenizer(models.Unigram([(piece, -1.0) for piece in pieces], unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>").save_pretrained(tmp_path)
    save_config(tmp_path, LABELS)
    (tmp_path / "model.onnx").write_bytes(lookup_model(5 * one_hot(pieces, told, LABELS)))
    assert quotes(TokenClassifier(str(tmp_path)), "陈岚昨天在东城会见了 Mira Holt, 陈岚") == [
        ("陈岚", "PER"),
        ("东城", "LOC"),
        ("Mira Holt", "PER"),
        ("陈岚", "PER"),
    ]


def test_a_gpu_is_taken_where_one_is_offered() -> None:
    cpu, gpu = "CPUExecutionProvider", "CUDAExecutionProvider"
    assert chosen_providers(["TensorrtExecutionProvider", gpu, cpu]) == [gpu, cpu]
    assert chosen_providers(["AzureExecutionProvider", cpu]) == [cpu]


Change = Callable[[Path], None]


def config(**settings: object) -> Change:
    return lambda folder: (folder / "config.json").write_text(json.dumps(settings)) and None  # type: ignore[func-returns-value]


def labels(*names: str) -> Change:
    return config(id2label=dict(enumerate(names)))


def _other_head(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(lookup_model(np.zeros((len(WORDS) + 4, 2), np.float32)))


def _other_input(folder: Path) -> None:
    graph = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(graph.replace(b"input_ids", b"images_in"))


@pytest.mark.parametrize(
    ("change", "fault", "said"),
    [
        (lambda folder: (folder / "config.json").unlink(), NotATokenClassifierError, "no config.json.*save_pretrained"),
        (lambda folder: (folder / "config.json").write_text("{"), NotATokenClassifierError, "fetch it again"),
        (labels("POSITIVE", "NEGATIVE"), NotATokenClassifierError, "POSITIVE, NEGATIVE.*choose a model for named"),
        (labels("LABEL_0", "LABEL_1"), NotATokenClassifierError, "no names.*LABEL_0.*id2label"),
        (config(model_type="bert"), NotATokenClassifierError, "no names.*none at all.*id2label"),
        (config(id2label={"0": "O", "2": "B-PER"}), NotATokenClassifierError, "without a gap"),
        (config(architectures=["BertForMaskedLM"]), NotATokenClassifierError, "BertForMaskedLM.*token-classification"),
        (lambda folder: (folder / "model.onnx").unlink(), WeightsMissingError, r"model\.onnx.*optimum-cli"),
        (lambda folder: (folder / "model.onnx").write_bytes(b"?"), WeightsMissingError, "can't be opened.*again"),
        (_other_input, WeightsMissingError, "images_in.*optimum-cli"),
        (_other_head, NotATokenClassifierError, "(2, 3, 8).*optimum-cli"),
        (lambda folder: (folder / "tokenizer.json").unlink(), TokenizerError, r"tokenizer\.json"),
        (lambda folder: save_tokenizer(folder, list(WORDS), window=4) and None, TokenizerError, "model_max_length"),
    ],
)  # fmt: skip
def test_what_cant_be_used_says_what_to_do(
    folder: Path, change: Change, fault: type[ModelError], said: str
) -> None:
    change(folder)
    with pytest.raises(fault, match=said) as caught:
        TokenClassifier(str(folder))
    assert isinstance(caught.value, ModelError)
    assert str(folder) in str(caught.value)


def test_weights_that_need_torch_say_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "model.onnx").rename(folder / "model.safetensors")
    monkeypatch.setattr(classifier, "find_spec", lambda _: None)
    with pytest.raises(WeightsMissingError, match=r"wirewatch\[hub\]"):
        TokenClassifier(str(folder))


def test_no_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"names\.model"):
        TokenClassifier(str(tmp_path / "none"))


@needs_torch
def test_pytorch_weights_that_cant_be_used_say_what_to_do(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    save_torch(tmp_path, WORDS, LABELS)
    weights = load_file(tmp_path / "model.safetensors")
    bare = {name: values for name, values in weights.items() if "classifier" not in name}
    save_file(bare, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(NotATokenClassifierError, match=r"classifier\.weight.*tuned"):
        TokenClassifier(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(WeightsMissingError, match="fetch them again"):
        TokenClassifier(str(tmp_path))


@needs_torch
def test_both_kinds_of_weights_agree(tmp_path: Path) -> None:
    read: list[list[Guess]] = []
    for save in (save_onnx, save_torch):
        made = tmp_path / save.__name__
        made.mkdir()
        save(made, WORDS, LABELS)
        read.append(TokenClassifier(str(made))(["Mira Holt said , Vienna " * 30])[0].guesses)
    assert [one[:3] for one in read[0]] == [one[:3] for one in read[1]]
    assert len(read[0]) == 60


def test_a_model_of_other_label_sets(tmp_path: Path) -> None:
    named = {"strel": "S-company", "ind": "I-person", "name": "B-NORP", "road": "E-address"}
    save_onnx(tmp_path, named, ["O", *named.values()])
    assert quotes(TokenClassifier(str(tmp_path)), "Strel strel, ind ind name . road") == [
        ("Strel", "ORG"),
        ("strel", "ORG"),
        ("ind ind", "PER"),
        ("road", "LOC"),
    ]
