from __future__ import annotations

import pytest

from processors.events import EventsStage
from processors.names.stage import known_mentions
from schemas.article import Article, Clean, Event, Language, Mention, Raw
from tests.pace import within


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


def test_what_is_told_first_counts_most() -> None:
    first, second = events("en", "France condemned the bombing of a clinic.")
    assert (first.type, second.type) == ("ACCUSE", "ASSAULT")
    assert first.confidence > second.confidence


def test_mentions_act_and_the_mode_is_told() -> None:
    text = "Wang Yi spoke by phone with Marco Rubio in talks on trade."
    language = Language(code="en", confidence=1.0)
    article = Article(
        id="a", source="s", fetched_at="2026-01-01T00:00:00Z", raw=Raw(content=text), language=language,
        clean=Clean(title="A call", text=text), mentions=known_mentions("A call", text, "en"),
    )  # fmt: skip
    [event] = EventsStage()(article).events
    assert event.mode == "phone"
    assert [party.entity for party in event.actors] == ["per:wang-yi"]
    assert [party.entity for party in event.targets] == ["per:marco-rubio"]


def test_history_is_background() -> None:
    [event] = events("en", "In 2015 the two states signed an accord.", "2026-01-01")
    assert event.background
    [event] = events("en", "In 2026 the two states signed an accord.", "2026-01-01")
    assert not event.background


def test_an_unknown_language_has_no_events() -> None:
    assert events("xx", "The two states signed an accord.") == []


def test_many_mentions_cost_no_more_than_their_number() -> None:
    text = "Iran condemned Oman.\n" * 4000
    mentions = [
        Mention(field="text", start=start, end=start + 4, type="LOC", confidence=0.9)
        for start in range(0, len(text), 21)
    ]
    article = Article(
        id="a", source="s", fetched_at="2026-01-01T00:00:00Z", raw=Raw(content="x"),
        language=Language(code="en", confidence=1.0), clean=Clean(text=text), mentions=mentions,
    )  # fmt: skip
    with within(3):
        assert len(EventsStage()(article).events) == 4000
