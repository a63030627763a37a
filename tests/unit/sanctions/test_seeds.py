"""The shared Arabic pages, by the roles that were given to their lines by hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from processors.designations import decide, mention_records
from processors.events import EventsStage
from processors.sanctions import SanctionsStage
from schemas.article import Article, Clean, Language, Raw, Sanction

SEEDS = Path(__file__).parents[4] / "shared" / "data" / "seeds" / "lines_gold.jsonl"
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def lines() -> list[dict[str, str]]:
    if not SEEDS.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{SEEDS} is missing")
        pytest.skip("the shared seeds are not beside the checkout")
    return [json.loads(line) for line in SEEDS.read_text(encoding="utf-8").splitlines()]


def seed(lines: list[dict[str, str]], number: str, published_at: str | None = None) -> Article:
    rows = [row for row in lines if row["file"].startswith(number)]
    title = next(row["text"] for row in rows if row["label"] == "title")
    text = "\n".join(row["text"] for row in rows if row["label"] in {"body", "subhead"})
    article = Article(
        id=number, source="s", fetched_at="2026-11-23T00:00:00Z", raw=Raw(content=text),
        language=Language(code="ar", confidence=1.0),
        clean=Clean(title=title, text=text, published_at=published_at),
    )  # fmt: skip
    return SanctionsStage()(EventsStage()(article))


def imposed(article: Article) -> list[tuple[list[str | None], list[tuple[int, str]]]]:
    return [
        ([party.entity for party in s.issuers], [(count.n, count.of) for count in s.counts])
        for s in article.sanctions
        if s.act == "imposed"
    ]


def test_two_states_impose_in_parallel(lines: list[dict[str, str]]) -> None:
    article = seed(lines, "000")
    assert imposed(article) == [
        (["state:US"], [(6, "individuals"), (2, "entities")]),
        (["state:KR"], [(4, "individuals"), (2, "entities")]),
    ]
    first: Sanction = article.sanctions[0]
    assert {party.entity for party in first.places} == {"state:RU", "state:CN", "state:AE"}
    assert len(first.evidence) >= 4


def test_a_total_and_two_departments(lines: list[dict[str, str]]) -> None:
    article = seed(lines, "001", "2024-10-31")
    assert imposed(article) == [
        (["state:US"], [(400, "individuals and entities")]),
        (["state:US"], [(275, "individuals and entities")]),
        (["state:US"], [(40, "entities"), (49, "entities")]),
    ]
    names = [s.issuers[0].name for s in article.sanctions if s.act == "imposed"]
    assert names[1:] == ["United States Department of the Treasury", "United States Department of Commerce"]


@pytest.mark.parametrize("number", ["002", "003", "004"])
def test_nothing_is_imposed(lines: list[dict[str, str]], number: str) -> None:
    assert imposed(seed(lines, number)) == []


def test_each_designation_is_new_once(lines: list[dict[str, str]]) -> None:
    articles = [seed(lines, "000"), seed(lines, "001", "2024-10-31"), seed(lines, "004")]
    memory: dict[str, bytes] = {}
    first = [decide(m, memory) for article in articles for _, m in mention_records(article)]
    new = [d.id for m, d in first if m.decision == "new" and d]
    assert len(new) == len(set(new)) == 5
    before = dict(memory)
    again = [decide(m, memory) for article in articles for _, m in mention_records(article)]
    assert again == first
    assert memory == before


def test_events_of_a_visit(lines: list[dict[str, str]]) -> None:
    types = [event.type for event in seed(lines, "000").events]
    assert {"CONSULT", "COOPERATE", "SANCTION", "ACCUSE"} <= set(types)
