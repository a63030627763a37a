from __future__ import annotations

import pytest

from processors.events.modes import mode_of
from processors.folding import fold_with_offsets
from schemas.article import EventType


def mode(language: str, text: str, kind: EventType, trigger: str) -> str | None:
    folded = fold_with_offsets(text)
    start = text.index(trigger)
    return mode_of(folded.text, kind, folded.folded_span(start, start + len(trigger)), language)


@pytest.mark.parametrize(
    ("language", "text", "kind", "trigger", "expected"),
    [
        ("en", "The ministers spoke by phone.", "CONSULT", "spoke", "phone"),
        ("en", "Prisoners began a hunger strike.", "PROTEST", "strike", "hunger"),
        ("ar", "استهدفت طائرات مسيرة مستودعا", "ASSAULT", "استهدفت", "drone"),
        ("ru", "Суд приговорил его к восьми годам.", "SANCTION", "приговорил", "convict"),
        ("fa", "وزیر استعفای خود را تقدیم کرد", "RETREAT", "تقدیم کرد", "resign"),
        ("tr", "Polis biber gazı kullandı.", "ASSAULT", "kullandı", "crowd-control"),
        ("fr", "Le couvre-feu a été décrété.", "COERCE", "décrété", "curfew"),
        ("es", "Guatemala expulsó a dos diplomáticos.", "SANCTION", "expulsó", "expel"),
        ("ko", "경찰이 사무실을 압수수색했다.", "COERCE", "압수수색했다", "seize"),
        ("zh", "两国元首通电话", "CONSULT", "通电话", "phone"),
        ("de", "Die Armee verlegte zwei Brigaden.", "MOBILIZE", "verlegte", "troops"),
    ],
)
def test_a_word_near_the_trigger_tells_the_mode(
    language: str, text: str, kind: EventType, trigger: str, expected: str
) -> None:
    assert mode(language, text, kind, trigger) == expected


def test_no_mode_where_none_is_said_or_the_word_is_far_off() -> None:
    assert mode("en", "The ministers met.", "CONSULT", "met") is None
    assert (
        mode("en", "The ministers met." + " Nothing else was known" * 4 + " by phone", "CONSULT", "met")
        is None
    )
    assert mode("en", "They agreed by phone.", "AGREE", "agreed") is None


def test_no_mode_where_two_words_are_as_near() -> None:
    assert mode("en", "drone attack tanks", "ASSAULT", "attack") is None
