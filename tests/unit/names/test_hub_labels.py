from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.names.hub.decoding import best_path, mentions, words
from processors.names.hub.labels import Scheme, are_numbers, read_label
from processors.names.hub.windows import Pieces, batches, joined, probabilities

IOB2 = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("PER", "B-PER I-PERS b-person B_PS U-PER S-name PER-B B-人名 B-PESSOA B-PER.NAM B-PS_NAME I-person-actor B:PERSON"),
        ("ORG", "B-ORG i-org B-OG L-Organisation S-company B-government B-ORGANIZAÇÃO B-corporation B-OGG_ECONOMY"),
        ("LOC", "B-LOC I-GPE B-FAC B-LC E-address M-scene B-geo-loc STATE_OR_PROVINCE GEOPOLIT B-LCP_CITY loc.e"),
        ("other", "B-NORP I-MISC DATE B-EVENT S-book B-PERderiv [CLS] B-game B-position NOUN B-PER.NOM B-product-car"),
        ("", "O o NONE OUT 0 B-O"),
    ],
)  # fmt: skip
def test_labels_of_many_models_are_read(kind: str, labels: str) -> None:
    for label in labels.split():
        read = read_label(label)
        assert read.kind == kind or (kind == "other" and read.kind not in {"PER", "ORG", "LOC", ""}), label
        assert (read.mark == "O") == (not kind)


@pytest.mark.parametrize(
    ("mark", "labels"), [("B", "B-PER S-PER U_PER PER-B b-per"), ("I", "I-PER E-PER L-PER M-PER PER i-per PER/E")]
)  # fmt: skip
def test_marks_of_many_schemes_come_to_two(mark: str, labels: str) -> None:
    assert {read_label(label) for label in labels.split()} == {(mark, "PER")}


def test_labels_without_names_are_known() -> None:
    assert are_numbers(["LABEL_0", "LABEL_1"])
    assert are_numbers(["0", "1"])
    assert are_numbers([])
    assert not are_numbers(["LABEL_0", "B-PER"])
    assert Scheme(["O", "I-GPE", "B-NORP"]).types == {"LOC"}
    assert not Scheme(["NOUN", "VERB"]).types


def read(text: str, labels: list[str], spoken: str) -> list[tuple[str, str]]:
    """What a model with these labels says that gives the words of a text these labels."""
    places = [(0, 0)]
    for word in text.split():
        start = text.index(word, places[-1][1])
        places.append((start, start + len(word)))
    odds = np.full((len(places) - 1, len(labels)), 0.01, np.float32)
    odds[range(len(odds)), [labels.index(label) for label in spoken.split()]] = 1
    odds /= odds.sum(-1, keepdims=True)
    found = mentions(text, Pieces(np.array(places[1:], np.int64), odds), Scheme(labels))
    return [(text[one.start : one.end], one.type) for one in found]


@pytest.mark.parametrize(
    ("labels", "spoken", "expected"),
    [
        ("O B-PER I-PER", "B-PER I-PER B-PER I-PER", ["Mira Holt", "Nina Orlova"]),
        ("O B-PER I-PER", "I-PER I-PER O I-PER", ["Mira Holt", "Orlova"]),
        ("O I-PER B-PER", "I-PER I-PER B-PER I-PER", ["Mira Holt", "Nina Orlova"]),
        ("O I-PER", "I-PER I-PER O I-PER", ["Mira Holt", "Orlova"]),
        ("PER other", "PER PER other PER", ["Mira Holt", "Orlova"]),
        ("O B-PER I-PER E-PER S-PER", "B-PER E-PER S-PER S-PER", ["Mira Holt", "Nina", "Orlova"]),
        ("O B-PER M-PER E-PER S-PER", "B-PER M-PER E-PER S-PER", ["Mira Holt Nina", "Orlova"]),
        ("O B-PER I-PER L-PER U-PER", "U-PER O B-PER L-PER", ["Mira", "Nina Orlova"]),
        ("O B-name I-name S-name", "B-name I-name S-name O", ["Mira Holt", "Nina"]),
        ("O PS-B PS-I", "PS-B PS-I PS-B O", ["Mira Holt", "Nina"]),
        ("O B-person-actor I-person-writer", "B-person-actor I-person-writer O O", ["Mira Holt"]),
    ],
)
def test_schemes_join_words_to_mentions(labels: str, spoken: str, expected: list[str]) -> None:
    assert read("Mira Holt Nina Orlova", labels.split(), spoken) == [(quote, "PER") for quote in expected]


def test_types_of_one_kind_are_one() -> None:
    labels = ["O", "B-GPE", "I-LOC", "B-FAC", "B-NORP", "I-NORP"]
    assert read("Port Vessa Orvelian Tarsk", labels, "B-GPE I-LOC B-NORP B-FAC") == [
        ("Port Vessa", "LOC"),
        ("Tarsk", "LOC"),
    ]


def test_a_word_torn_between_two_labels_of_one_type_has_it() -> None:
    odds = np.array([[0.4, 0.35, 0.25]], np.float32)
    [found] = mentions("Vessa", Pieces(np.array([[0, 5]]), odds), Scheme(["O", "B-GPE", "B-LOC"]))
    assert found == (0, 5, "LOC", 0.6)


def test_a_name_does_not_change_its_type_midway_unless_the_model_is_sure() -> None:
    scheme = Scheme(IOB2)
    odds = np.full((2, 9), 0.01, np.float32)
    odds[0, IOB2.index("B-ORG")] = 0.9
    odds[1, [IOB2.index("I-PER"), IOB2.index("I-ORG")]] = 0.5, 0.4
    pieces = Pieces(np.array([[0, 6], [7, 11]], np.int64), odds)
    assert [one[:3] for one in mentions("Ostrel Holt", pieces, scheme)] == [(0, 11, "ORG")]
    odds[1, [IOB2.index("I-PER"), IOB2.index("I-ORG")]] = 0.9, 0.01
    assert [one[:3] for one in mentions("Ostrel Holt", pieces, scheme)] == [(0, 6, "ORG"), (7, 11, "PER")]


@given(st.lists(st.lists(st.integers(-9, 9), min_size=4, max_size=4), min_size=1, max_size=5))
def test_the_path_is_the_best_of_all(rows: list[list[int]]) -> None:
    scores = np.array(rows, np.float32)
    steps = np.array([[0, -3, 0, -1], [0, 0, -2, 0], [-5, 0, 0, 0], [0, 0, -1, 0]], np.float32)

    def worth(path: list[int]) -> float:
        on_the_way = sum(float(steps[a, b]) for a, b in pairwise(path))
        return on_the_way + sum(float(scores[i, label]) for i, label in enumerate(path))

    every = [[]]  # type: list[list[int]]
    for _ in rows:
        every = [[*path, label] for path in every for label in range(4)]
    assert worth(best_path(scores, steps)) == max(map(worth, every))


def test_mentions_end_with_their_line() -> None:
    assert read("Mira\nHolt", IOB2, "B-PER I-PER") == [("Mira", "PER"), ("Holt", "PER")]


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        ("Miradova Holt", ["Mira", "dova", " Holt"], ["Miradova", "Holt"]),
        ("Mira\u0301dova", ["Mira", "dova"], ["Mira\u0301dova"]),
        ("al-Rawahi", ["al", "-", "Rawahi"], ["al", "-", "Rawahi"]),
        ("东城KBS는", ["东城", "K", "BS", "는"], ["东城", "KBS", "는"]),
        ("علي\u200cرضا", ["علي", "رضا"], ["علي\u200cرضا"]),
        ("Vienna\u00a0,", ["Vienna", "\u00a0", ","], ["Vienna", ","]),
    ],
)
def test_words_follow_the_letters_of_the_text(text: str, pieces: list[str], expected: list[str]) -> None:
    spans, end = [], 0
    for piece in pieces:
        start = text.index(piece, end)
        end = start + len(piece)
        spans.append((start, end))
    assert [text[word.start : word.end] for word in words(text, np.array(spans))] == expected


@given(
    pieces=st.integers(0, 200), content=st.integers(4, 40), overlap=st.integers(0, 30)
)  # fmt: skip
def test_windows_join_to_each_piece_once(pieces: int, content: int, overlap: int) -> None:
    overlap = min(overlap, content - 1)
    windows, edges = [], np.full(pieces, -1)
    for first in range(0, max(pieces, 1), content - overlap):
        numbers = np.arange(first, min(first + content, pieces))
        context = np.minimum(numbers - first, first + len(numbers) - 1 - numbers)
        windows.append(Pieces(np.stack([numbers, numbers + 1], 1), context[:, None].astype(np.float32)))
        edges[numbers] = np.maximum(edges[numbers], context)
        if first + content >= pieces:
            break
    found = joined(windows, overlap)
    assert found.spans[:, 0].tolist() == list(range(pieces))
    inner = slice(content, pieces - content)
    assert (found.odds[inner, 0] >= edges[inner] - 1).all()


@given(st.lists(st.integers(1, 600), max_size=40), st.integers(1, 2000))
def test_batches_hold_all_within_the_budget_and_alike(lengths: list[int], budget: int) -> None:
    found = batches(lengths, budget)
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    for batch in found:
        longest, shortest = (edge(lengths[i] for i in batch) for edge in (max, min))
        assert len(batch) == 1 or len(batch) * longest <= budget
        assert longest <= 1.2 * shortest


def test_probabilities_bear_any_score() -> None:
    odds = probabilities(np.array([[1e4, -1e4, 1e4], [0, 0, 0]], np.float32))
    assert odds.sum(-1) == pytest.approx([1, 1])
    assert odds[0, 1] == 0
