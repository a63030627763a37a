"""What the encoder marked, put together with what the vocabulary knows."""

from __future__ import annotations

import pytest

from processors.encoder.heads import ACTS
from processors.encoder.telling import Part, SentenceReading
from processors.sanctions.learned import parts_of
from processors.sanctions.vocabulary import read_cues, vocabulary


@pytest.mark.parametrize(
    ("language", "sentence", "marked", "target"),
    [
        ("zh", "美国财政部3号宣布对个人和实体实施制裁。", "人和实", "个人和实体"),
        ("zh", "欧盟5月12日将船只列入制裁名单。", "船", "船只"),
        ("zh", "美国制裁中国公司。", "中国公司", "中国公司"),
        ("en", "The US sanctioned companies of the group.", "companies of", "companies of"),
    ],
)
def test_a_target_in_chinese_has_whole_words(language: str, sentence: str, marked: str, target: str) -> None:
    words = vocabulary(language)
    assert words is not None
    cues = read_cues(sentence, words)
    assert cues is not None
    start = sentence.index(marked)
    part = Part("target", start, start + len(marked), 0.9)
    reading = SentenceReading(0, len(sentence), (0.0,) * len(ACTS), 0.0, parts=(part,))
    assert [party.text for party in parts_of(reading, cues).targets()] == [target]
