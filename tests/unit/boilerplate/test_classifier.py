import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from processors.boilerplate.classifier import Trees, line_model
from processors.boilerplate.cues import NO_CUE, normal, phrase_kinds, read_cue
from processors.boilerplate.features import best_segment, feature_columns, features
from processors.boilerplate.lines import Line, characters_of, line_signs, split_lines
from processors.boilerplate.vocabulary import stems, word_columns


def test_the_model_has_the_columns_the_code_computes() -> None:
    lines = [Line("one line", 0, 8)]
    characters = characters_of(lines)
    columns = feature_columns(lines, characters, line_signs(lines, characters), [NO_CUE])
    assert line_model().names == tuple(columns)


def test_trees_are_walked_as_written() -> None:
    trees = Trees(
        columns=np.array([[0, 1, 1]], np.uint8),
        thresholds=np.array([[5, 1, 2]], np.float32),
        leaves=np.array([[-4, -1, 1, 4]], np.float32),
        names=("a", "b"),
    )
    rows = np.array([[5, 1], [5, 1.5], [6, 2], [6, 3]], np.float32)
    expected = 1 / (1 + np.exp(-np.array([-4, -1, 1, 4])))
    assert np.allclose(trees.probability(rows), expected)


def test_words_are_counted_with_and_without_spaces() -> None:
    signs = line_signs(split_lines("two words\nوقال الوزير أمس\n财政部长昨天表示\n12:30"))
    assert signs.words[:2].tolist() == [2, 3]
    assert 3 < signs.words[2] < 8
    assert signs.clock_signs.tolist() == [0, 0, 0, 1]


def test_a_sentence_may_end_before_quotes_and_a_credit() -> None:
    signs = line_signs(
        split_lines("He left.\nHe “left.”\nقال ذلك؟\nHe left. (Agency)\nHe left (early)\nHe left")
    )
    assert signs.ends_sentence.tolist() == [1, 1, 1, 1, 0, 0]


def test_cues_are_known_whatever_their_dress() -> None:
    assert "related" in phrase_kinds("إِقـرأ أيضًا")
    assert "comments" in read_cue("التعليقات (٣)").whole
    assert "source" in read_cue("المصدر: الوكالة").label
    assert read_cue("The harbour is closed.") is NO_CUE
    assert normal("İLKHA") == normal("ilkha")


def test_best_segment() -> None:
    assert best_segment(np.array([-1.0, 2, -1, 3, -5, 1])) == (1, 3)
    assert best_segment(np.array([-1.0, -2])) == (0, -1)


@given(st.text(max_size=400))
def test_any_text_has_spans_and_features(content: str) -> None:
    lines = split_lines(content)
    assert all(content[line.start : line.end] == line.text for line in lines)
    assert "".join(line.text for line in lines) == "".join(part.strip() for part in content.splitlines())
    if lines:
        rows = features(lines)
        assert rows.shape == (len(lines), len(line_model().names))
        assert np.isfinite(rows).all()
        assert ((line_model().probability(rows) >= 0) & (line_model().probability(rows) <= 1)).all()


def test_words_are_known_by_their_beginnings_wherever_they_stand() -> None:
    lines = split_lines(
        "The harbours closed today in town.\nHarbour close\nWeather Sports\nharbour, CLOSE 12"
    )
    columns = word_columns(stems(characters_of(lines)), np.array([True, False, False, False]))
    assert columns["in_sentences"].tolist()[1:] == [1, 0, 1]
    assert columns["same_words"].tolist() == [1, 2, 1, 2]
    assert columns["capital_words"].tolist()[1:3] == [0.5, 1]


def test_words_without_spaces_are_pairs_of_letters() -> None:
    lines = split_lines("港务局将关闭北码头。\n关闭\n天气")
    columns = word_columns(stems(characters_of(lines)), np.array([True, False, False]))
    assert columns["in_sentences"].tolist() == [0, 1, 0]


def test_a_line_without_words_has_noughts() -> None:
    columns = word_columns(stems(characters_of(split_lines("12:30\n---"))), np.array([False, False]))
    assert all(column.tolist() == [0, 0] for column in columns.values())
