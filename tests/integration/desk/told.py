"""Articles on a few events in several languages, written for these tests."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from schemas.alert import Alert
from schemas.article import (
    Article,
    Clean,
    Embedding,
    Entity,
    Language,
    Mention,
    MentionType,
    Party,
    Raw,
    Sanction,
    Span,
    Story,
)
from sinks.elasticsearch.documents import AlertDocument

KIM = Entity(id="per:kim-jong-un", name="Kim Jong Un", wikidata="Q56226")
IRAN = Entity(id="state:IR", name="Iran", wikidata="Q794")
EU = Entity(id="org:EU", name="European Union", wikidata="Q458")
KOELN = Entity(id="city:geonames-2886242", name="Cologne")
Name = tuple[str, MentionType, Entity]

TOLD: list[tuple[str, str, str, str, str, list[Name]]] = [
    # id, language, source, title, text, names
    ("en-1", "en", "wire.example", "European Union imposes sanctions on two shipyards",
     "The European Union imposed sanctions on two shipyards in Iran on Monday.\nOfficials called it overdue.",
     [("European Union", "ORG", EU), ("Iran", "LOC", IRAN)]),
    ("en-2", "en", "copy.example", "European Union imposes sanctions on two shipyards",
     "The European Union imposed sanctions on two shipyards in Iran on Monday.\nOfficials called it overdue.",
     [("European Union", "ORG", EU), ("Iran", "LOC", IRAN)]),
    ("ar-1", "ar", "akhbar.example", "الاتحاد الأوروبي يفرض عقوبات على حوضين لبناء السفن",
     "فرض الاتحاد الأوروبي عقوبات جديدة على حوضين لبناء السفن في إيران يوم الاثنين.",
     [("الاتحاد الأوروبي", "ORG", EU), ("إيران", "LOC", IRAN)]),
    ("ru-1", "ru", "vesti.example", "Ким Чен Ын посетил завод", "Ким Чен Ын во вторник посетил завод на севере страны.",
     [("Ким Чен Ын", "PER", KIM)]),
    ("ko-1", "ko", "sinmun.example", "김정은 공장 방문", "김정은 위원장이 화요일 공장을 방문했다.", [("김정은", "PER", KIM)]),
    ("zh-1", "zh", "bao.example", "政府宣布新的制裁措施", "政府周二宣布对两家半导体公司实施新的制裁。", []),
    ("tr-1", "tr", "haber.example", "İstanbul'da fırtına", "İstanbul'da fırtına nedeniyle vapur seferleri durdu.", []),
    ("fa-1", "fa", "ruz.example", "تحریم‌های تازه", "تحریم‌های تازه علیه دو شرکت اعلام شد.", []),
    ("de-1", "de", "tag.example", "=1+1 Neue Häuser in Köln", "In Köln werden neue Häuser gebaut.", [("Köln", "LOC", KOELN)]),
    ("fr-1", "fr", "jour.example", "Football : la finale reportée", "La finale de football est reportée à jeudi.", []),
]  # fmt: skip
STORIES = {"en-2": "en-1"}
THREADS = {"ar-1": "en-1", "en-2": "en-1", "ko-1": "ru-1"}


def article(at: int) -> Article:
    """The article in that place of `TOLD`, fetched as many hours after the first."""
    id_, code, source, title, text, names = TOLD[at]
    mentions = [
        Mention(field=field, start=start, end=start + len(words), type=kind, confidence=0.9, entity=entity)
        for words, kind, entity in names
        for field, content in (("title", title), ("text", text))
        if (start := content.find(words)) >= 0
    ]
    eu = Party(text="EU", name="European Union", entity="org:EU")
    firms = Party(text="two shipyards")
    sanction = Sanction(
        act="imposed", evidence=[Span(field="text", start=0, end=20)], confidence=0.9, issuers=[eu], targets=[firms]
    )  # fmt: skip
    return Article(
        id=id_,
        source=source,
        url=f"https://{source}/{id_}",
        fetched_at=f"2026-03-09T{at:02d}:00:00.000+00:00",
        revision=at + 1,
        raw=Raw(content=f"Menu\n{title}\n{text}"),
        stages=["language", "boilerplate", "stories", "names"],
        language=Language(code=code, confidence=1.0),
        clean=Clean(title=title, text=text),
        story=Story(
            cluster_id=STORIES.get(id_, id_),
            relation="copy" if id_ in STORIES else "first",
            thread_id=THREADS.get(id_, id_),
        ),
        mentions=mentions,
        embedding=Embedding(model="test", values=place([1.0, 0.2 * at])),
        sanctions=[sanction] if EU in [entity for _, _, entity in names] else [],
    )


def place(values: Sequence[float]) -> bytes:
    length = sum(value * value for value in values) ** 0.5
    padded = [*values, *[0.0] * (384 - len(values))]
    return struct.pack(f"<{len(padded)}e", *(value / length for value in padded))


def articles() -> list[Article]:
    return [article(at) for at in range(len(TOLD))]


def alert(at: int) -> AlertDocument:
    plain = Alert(
        id=f"alert-{at}", rule="new-sanctions-mention", key=str(at), created_at=f"2026-03-09T{at:02d}:00:00Z",
        severity="warning", title="عقوبات", text="فرض الاتحاد الأوروبي عقوبات", article_id="ar-1",
        source="akhbar.example", language="ar",
    )  # fmt: skip
    fields = {name: getattr(plain, name) for name in plain.__struct_fields__}
    return AlertDocument(**fields, delivered_to=[], lease_ends_at="2026-03-09T00:00:00Z")
