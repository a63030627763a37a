"""What the encoder marked, put together with what the vocabulary knows."""

from __future__ import annotations

import pytest

from processors.encoder.heads import ACTS
from processors.encoder.telling import Part, SentenceReading
from processors.sanctions.learned import Parts, parts_of, weigh
from processors.sanctions.vocabulary import read_cues, vocabulary


def _parts(language: str, sentence: str, kind: str, marked: str) -> Parts:
    """What is made of a sentence in which the encoder has marked one part."""
    words = vocabulary(language)
    assert words is not None
    cues = read_cues(sentence, words)
    assert cues is not None
    start = sentence.index(marked)
    part = Part(kind, start, start + len(marked), 0.9)
    return parts_of(SentenceReading(0, len(sentence), (0.0,) * len(ACTS), 0.0, parts=(part,)), cues)


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
    assert [party.text for party in _parts(language, sentence, "target", marked).targets()] == [target]


@pytest.mark.parametrize(
    ("language", "sentence", "marked", "entities"),
    [
        (
            "ar",
            "أعلنت بريطانيا وكندا وأستراليا فرض عقوبات على ستة مستوطنين.",
            "بريطانيا وكندا وأستراليا",
            ["state:GB", "state:CA", "state:AU"],
        ),
        ("ar", "لندن وأوتاوا تفرضان عقوبات على شبكة.", "لندن وأوتاوا", ["state:GB", "state:CA"]),
        ("ar", "وقالت المصادر وكندا تفرض عقوبات.", "وكندا", ["state:CA"]),
        ("ar", "فرضت الولايات المتحدة عقوبات.", "الولايات المتحدة", ["state:US"]),
        ("ar", "فرضت وزارة الخارجية والتنمية البريطانية عقوبات.", "وزارة الخارجية والتنمية البريطانية", ["state:GB"]),
    ],
)  # fmt: skip
def test_arabic_issuers_joined_by_a_letter_are_each_one(
    language: str, sentence: str, marked: str, entities: list[str]
) -> None:
    assert [party.entity for party in _parts(language, sentence, "issuer", marked).issuers()] == entities


def _odds(**odds: float) -> list[float]:
    return [odds.get(act, 0.0) for act in ACTS]


def test_an_act_of_which_no_word_stands_has_hardly_any_odds() -> None:
    odds = _odds(lifted=0.8, imposed=0.1, background=0.1)
    assert weigh(odds, "imposed", topical=True)[0] == "lifted"
    act, sure = weigh(odds, "imposed", topical=True, unsaid=["lifted"])
    assert act == "imposed"
    assert 0.5 < sure < 0.9
