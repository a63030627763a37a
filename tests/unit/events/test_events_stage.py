from __future__ import annotations

import pytest

from processors.events import EventsStage
from schemas.article import Article, Clean, Event, Language, Raw


def events(language: str, text: str, published_at: str | None = None) -> list[Event]:
    clean = Clean(text=text, published_at=published_at)
    article = Article(
        id="a", source="s", fetched_at="2026-01-01T00:00:00Z", raw=Raw(content=text),
        language=Language(code=language, confidence=1.0), clean=clean,
    )  # fmt: skip
    result = EventsStage()(article)
    assert all(result.quote(event.trigger) in result.quote(event.sentence) for event in result.events)
    return result.events


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ar", "اتهمت واشنطن موسكو بخرق الاتفاق", "ACCUSE"),
        ("ar", "دعت فرنسا إيران إلى ضبط النفس", "REQUEST"),
        ("en", "France and Poland signed an agreement on nuclear energy.", "AGREE"),
        ("ru", "Главы МИД провели переговоры в Минске.", "CONSULT"),
        ("fa", "ایران این پیشنهاد را رد کرد.", "REJECT"),
        ("tr", "Türkiye ve İtalya iş birliği kararı aldı.", "COOPERATE"),
        ("fr", "Des milliers de personnes ont participé à la grève.", "PROTEST"),
        ("es", "El ejército desplegó tropas en la frontera.", "MOBILIZE"),
        ("ko", "정부는 피해 지역에 인도적 원조를 보냈다.", "AID"),
        ("zh", "外长警告称将采取行动。", "THREATEN"),
        ("de", "Die Polizei hat drei Männer festgenommen.", "COERCE"),
    ],
)
def test_types_by_language(language: str, text: str, expected: str) -> None:
    assert expected in {event.type for event in events(language, text)}


def test_actor_and_target_of_a_verb_first_sentence() -> None:
    [event] = [
        e for e in events("ar", "اتهمت الولايات المتحدة وكوريا الجنوبية بيونغ يانغ") if e.type == "ACCUSE"
    ]
    assert [party.entity for party in event.actors] == ["state:US", "state:KR"]
    assert [party.entity for party in event.targets] == ["state:KP"]


def test_history_is_background() -> None:
    [event] = events("en", "In 2015 the two states signed an accord.", "2026-01-01")
    assert event.background
    [event] = events("en", "In 2026 the two states signed an accord.", "2026-01-01")
    assert not event.background


def test_an_unknown_language_has_no_events() -> None:
    assert events("xx", "The two states signed an accord.") == []
