from __future__ import annotations

import pytest

from processors.events import EventsStage
from processors.sanctions import SanctionsStage
from schemas.article import Article, Clean, Language, Raw
from tests.pace import within

HOSTILE = {
    "one sentence": "sanctions imposed on Russia 12 individuals and the EU, " * 2000,
    "one word": "ا" * 50_000,
    "many cues": "فرضت واشنطن عقوبات على 6 أفراد وكيانين و" * 2500,
    "no spaces": "美国制裁12家企业和3名个人" * 7000,
    "digits": "1 2 3 4 5 6 7 8 9 " * 5000 + "sanctions on Iran",
    "full stops": ". " * 50_000,
    "surrogates": "\ud800 sanctions imposed on Iran " * 100,
    "line breaks": "sanctions on Iran\n" * 6000,
    "measures": "froze assets of 12 people entry banned against Iran by the EU " * 1600,
    "turns": "lifted sanctions on Iran and imposed others on 12 people, " * 1500,
    "turns without spaces": "解除对伊朗的制裁，并将12人列入名单，" * 1500,
    "spaces": "sanctions on Iran" + " " * 100_000,
}


def article(text: str, language: str) -> Article:
    return Article(
        id="a", source="s", fetched_at="2026-01-01T00:00:00Z", raw=Raw(content=text[:10]),
        language=Language(code=language, confidence=1.0), clean=Clean(title=text[:200], text=text),
    )  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_hostile_text_ends_soon(name: str, language: str) -> None:
    with within(2):
        SanctionsStage()(article(HOSTILE[name], language))
        EventsStage()(article(HOSTILE[name], language))


def test_an_uncleaned_article_has_no_sanctions() -> None:
    bare = Article(id="a", source="s", fetched_at="2026-01-01", raw=Raw(content="US sanctions Iran"))
    assert SanctionsStage()(bare).sanctions == []
