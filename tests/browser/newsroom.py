"""A small newsroom's day, written for these tests: ten languages, a designation, alerts, rules.

Records are made with the schemas and cards with the API's own functions, so that the page is shown what
the API would show it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from schemas.alert import Alert, Severity
from schemas.article import (
    Act,
    Article,
    Clean,
    Entity,
    Event,
    Field,
    Language,
    Mention,
    MentionType,
    Party,
    Raw,
    Role,
    Sanction,
    Segment,
    Span,
    Story,
)
from schemas.designation import Designation, Sighting
from schemas.wire import encode
from sinks.elasticsearch.documents import article_document
from sinks.elasticsearch.query.cards import card

NOW = datetime.now(UTC)
Name = tuple[str, MentionType, str]
"""The words as they stand in the text, what they name, and its English name."""

STRIPPED = {"en": "Subscribe to our evening letter", "ar": "اشترك في نشرتنا المسائية"}
TOLD: list[tuple[str, str, str, list[str], list[Name], Act | None]] = [
    (
        "en",
        "The Harbour Post",
        "Norland freezes the assets of two shipping firms",
        [
            "Norland imposed sanctions on two shipping firms on Tuesday, its finance ministry said.",
            "The firms carried fuel past the blockade 🚢, according to Minister Ada Lindqvist.",
            "A spokesman in Geneva called the step overdue.",
        ],
        [
            ("Norland", "LOC", "Norland"),
            ("Ada Lindqvist", "PER", "Ada Lindqvist"),
            ("Geneva", "LOC", "Geneva"),
        ],
        "imposed",
    ),
    (
        "ar",
        "صدى الميناء",
        "نورلاند تفرض عقوبات على شركتي شحن (Blue Keel) بسبب نقل الوقود",
        [
            "فرضت نورلاند عقوبات على شركتي شحن يوم الثلاثاء، بحسب ما قالت وزارة المالية.",
            "وقالت الوزيرة آدا ليندكفيست إن شركة Blue Keel نقلت 40 ألف طن من الوقود.",
            "ورحّب متحدث في جنيف بالخطوة.",
        ],
        [
            ("نورلاند", "LOC", "Norland"),
            ("آدا ليندكفيست", "PER", "Ada Lindqvist"),
            ("Blue Keel", "ORG", "Blue Keel"),
            ("جنيف", "LOC", "Geneva"),
        ],
        "imposed",
    ),
    (
        "fa",
        "بندر امروز",
        "وزیر راه از گشایش خط تازهٔ قطار تهران خبر داد",
        [
            "وزیر راه گفت خط تازهٔ قطار از تهران تا ساحل هفتهٔ آینده گشوده می‌شود.",
            "مسافران می‌توانند بلیت ۲ ساعته بخرند.",
        ],
        [("تهران", "LOC", "Tehran")],
        None,
    ),
    (
        "ru",
        "Вестник причала",
        "Портовые рабочие объявили забастовку в Риге",
        [
            "Портовые рабочие в Риге объявили забастовку на три дня.",
            "Профсоюз требует повышения зарплаты, сообщил Янис Озолс.",
        ],
        [("Риге", "LOC", "Riga"), ("Янис Озолс", "PER", "Jānis Ozols")],
        None,
    ),
    (
        "ko",
        "부두신문",
        "부산항, 새 방파제 공사 시작",
        [
            "부산항이 월요일 새 방파제 공사를 시작했다.",
            "공사는 3년 동안 이어진다고 김하늘 소장이 말했다.",
        ],
        [("부산항", "LOC", "Busan Port"), ("김하늘", "PER", "Kim Ha-neul")],
        None,
    ),
    (
        "zh",
        "码头日报",
        "两国外长在日内瓦会谈，同意恢复渔业谈判",
        [
            "两国外长周三在日内瓦会谈，同意下月恢复渔业谈判。",
            "双方没有公布细节。",
        ],
        [("日内瓦", "LOC", "Geneva")],
        None,
    ),
    (
        "tr",
        "Rıhtım Gazetesi",
        "İzmir’de liman işçileri ücret artışı istedi",
        [
            "İzmir’de liman işçileri çarşamba günü ücret artışı için yürüdü.",
        ],
        [("İzmir", "LOC", "Izmir")],
        None,
    ),
    (
        "fr",
        "Le Quai",
        "Le ministère rejette la demande des armateurs",
        [
            "Le ministère a rejeté mercredi la demande des armateurs de Brest.",
        ],
        [("Brest", "LOC", "Brest")],
        None,
    ),
    (
        "es",
        "El Muelle",
        "El puerto de Vigo pide ayuda tras el temporal",
        [
            "El puerto de Vigo pidió ayuda este jueves tras el temporal.",
        ],
        [("Vigo", "LOC", "Vigo")],
        None,
    ),
    (
        "de",
        "Hafenbote",
        "Opposition fordert Sanktionen gegen Reeder aus Norland",
        [
            "Die Opposition in Bremen forderte am Freitag Sanktionen gegen Reeder aus Norland.",
        ],
        [("Bremen", "LOC", "Bremen"), ("Norland", "LOC", "Norland")],
        "threatened_or_called_for",
    ),
]


def made(  # noqa: PLR0917
    code: str, source: str, title: str, lines: list[str], names: list[Name], act: Act | None
) -> Article:
    text = "\n".join(lines)
    raw, segments = page(code, title, lines)
    whole = Span(field="text", start=0, end=len(lines[0]))
    first = Span(field="text", start=0, end=max(lines[0].find(" "), 2))
    norland = Party(text="Norland", name="Norland", entity="state:norland")
    return Article(
        id=f"article-{code}",
        source=source,
        url=f"https://{code}.example/news/1",
        fetched_at=(NOW - timedelta(minutes=7 * (len(title) % 9))).isoformat(),
        raw=Raw(content=raw),
        language=Language(code=code, confidence=0.99),
        clean=Clean(title=title, text=text, byline="Ada Example", segments=segments),
        story=Story(cluster_id=f"story-{code}"),
        mentions=[*mentions("title", title, names), *mentions("text", text, names)],
        events=[Event(type="SANCTION" if act else "CONSULT", trigger=first, sentence=whole, confidence=0.8, actors=[norland])],
        sanctions=[
            Sanction(
                act=act, evidence=[whole], confidence=0.9, issuers=[norland], measures=["asset_freeze"],
                targets=[Party(text="Blue Keel")], designation_id="designation-1", new=code == "ar", why="new",
            )
        ] if act else [],
    )  # fmt: skip


def mentions(field: Field, text: str, names: list[Name]) -> list[Mention]:
    return [
        Mention(
            field=field, start=text.index(words), end=text.index(words) + len(words), type=kind,
            confidence=0.9, entity=Entity(id=f"own:{name}", name=name),
        )
        for words, kind, name in names
        if words in text
    ]  # fmt: skip


def page(code: str, title: str, lines: list[str]) -> tuple[str, list[Segment]]:
    """The page around an article, and what each line of it is."""
    body: list[Role] = ["body" for _ in lines]
    roles: list[Role] = ["title", *body, "boilerplate"]
    written, segments, at = [title, *lines, STRIPPED.get(code, STRIPPED["en"])], [], 0
    for role, line in zip(roles, written, strict=True):
        segments.append(Segment(start=at, end=at + len(line), role=role))
        at += len(line) + 1
    return "\n".join(written), segments


def as_card(article: Article, *others: str) -> dict[str, Any]:
    """The card of a story that others tell too."""
    found = card({"_source": msgspec.json.decode(msgspec.json.encode(article_document(article)))})
    sources = [article.source, *others]
    found["sources"] = [{"value": name, "count": 1} for name in sources]
    return found | {"source_count": len(sources), "copies": len(others)}


ARTICLES = [made(*told) for told in TOLD]
ALERTED: list[tuple[int, Article, Severity, str, str | None]] = [
    (3, ARTICLES[1], "critical", "imposed by Norland upon Blue Keel (صدى الميناء)", None),
    (4, ARTICLES[0], "warning", "Norland freezes the assets of two shipping firms", None),
    (5, ARTICLES[9], "info", "Sanctions called for", "quiet hours until 07:00"),
]
ALERTS = [
    Alert(
        id=f"alert-{story.id}", rule="new-sanctions-mention", key="designation-1", severity=severity,
        created_at=(NOW - timedelta(minutes=minutes)).isoformat(), title=title, text=story.quote(story.sanctions[0].evidence[0]),
        article_id=story.id, source=story.source, language=story.id[-2:], designation_id="designation-1",
        status="suppressed" if why else "sent", suppressed_because=why,
    )
    for minutes, story, severity, title, why in ALERTED
]  # fmt: skip
DESIGNATION = Designation(
    id="designation-1",
    issuers=[Party(text="نورلاند", name="Norland")],
    targets=[Party(text="Blue Keel", name="Blue Keel")],
    act="imposed",
    first_seen_at=(NOW - timedelta(hours=1)).isoformat(),
    last_seen_at=NOW.isoformat(),
    counts=[(2, "entities")],
    updates=1,
    sightings=[
        Sighting(mention_id="m1", article_id="article-ar", source="صدى الميناء", seen_at=NOW.isoformat(), decision="new", why="no earlier telling", language="ar", title=TOLD[1][2]),
        Sighting(mention_id="m2", article_id="article-en", source="The Harbour Post", seen_at=NOW.isoformat(), decision="further_source", why="same issuer and target", language="en", title=TOLD[0][2], url="https://en.example/news/1"),
    ],
)  # fmt: skip


def plain(record: Any) -> Any:
    """A record as the API sends it."""
    return msgspec.json.decode(encode(record))
