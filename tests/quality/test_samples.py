"""All stages on the sample articles: what a careful reader says, against what comes out.

The samples were written before the stages and were not changed for them. Floors stand at or a little
below what was measured; languages, stories and "no alert for a trap" allow no miss.
"""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from processors.stage import Passed
from producers.files import read_articles
from schemas.article import Article
from wirewatch.enrichment import Enrichment
from wirewatch.samples import SAMPLES_DIR

LABELS_FILE = Path(__file__).parents[1] / "data" / "samples_expected.jsonl"
MARGINS_REMOVED_FLOOR = 0.95
BODY_KEPT_FLOOR = 0.97
TITLES_FOUND_FLOOR = 0.75
ACTS_FOUND_FLOOR = 0.94
ACTS_RIGHT_FLOOR = 0.96
COUNTS_FOUND_FLOOR = 0.88
TRAPS_CAUGHT_MAX = 1
ISSUERS = {
    "China": "state:CN",
    "European Union": "org:EU",
    "Japan": "state:JP",
    "Russia": "state:RU",
    "South Korea": "state:KR",
    "Turkey": "state:TR",
    "United Kingdom": "state:GB",
    "United Nations": "org:UN",
    "United States": "state:US",
}

Pair = tuple[dict[str, Any], Article]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Each label with its article, enriched in the order in which they were fetched."""
    enrich = Enrichment()
    given = [item for item in read_articles([SAMPLES_DIR]) if isinstance(item, Article)]
    outcomes = [enrich(article) for article in sorted(given, key=lambda article: article.fetched_at)]
    articles = {o.article.external_id: o.article for o in outcomes if isinstance(o, Passed)}
    labels = [json.loads(line) for line in LABELS_FILE.read_bytes().splitlines()]
    assert not [outcome for outcome in outcomes if not isinstance(outcome, Passed)]
    assert len(articles) == len(labels)
    return [(label, articles[label["id"]]) for label in labels]


def own_lines(label: dict[str, Any], article: Article) -> list[str]:
    """The lines of a plain-text sample that are the article's own, headline first."""
    lines = (line.strip() for line in article.raw.content.splitlines())
    return [line for line in lines if line and line not in label["margins"]]


def body_lines(label: dict[str, Any], article: Article) -> set[str]:
    """The lines of a plain-text sample below its headline that are the article's own."""
    headline, *rest = own_lines(label, article)
    return {line for line in rest if line not in headline}


def acts(pairs: list[Pair]) -> tuple[set[tuple[str, str, str | None]], set[tuple[str, str, str | None]]]:
    """Wanted and found (article, act, issuer's entity id), but for acts told as background."""
    wanted: set[tuple[str, str, str | None]] = {
        (label["id"], sanction["act"], ISSUERS[issuer])
        for label, _ in pairs
        for sanction in label["sanctions"]
        for issuer in sanction["issuers"]
        if sanction["act"] != "background"
    }
    found = {
        (label["id"], sanction.act, issuer.entity)
        for label, article in pairs
        for sanction in article.sanctions
        for issuer in sanction.issuers
        if sanction.act != "background"
    }
    return wanted, found


def test_every_language_is_right(pairs: list[Pair]) -> None:
    wrong = [
        (label["id"], article.language)
        for label, article in pairs
        if article.language is None or article.language.code != label["language"]
    ]
    assert not wrong


def test_stories_join_what_belongs_together_and_nothing_else(pairs: list[Pair]) -> None:
    clusters = {label["id"]: article.story.cluster_id for label, article in pairs if article.story}
    for (one, _), (other, _) in combinations(pairs, 2):
        together = clusters[one["id"]] == clusters[other["id"]]
        assert together == (one["story"] == other["story"]), (one["id"], other["id"])


def test_copies_and_related_are_told_apart(pairs: list[Pair]) -> None:
    wrong = [
        (label["id"], article.story)
        for label, article in pairs
        if article.story is None or article.story.relation != label["relation"]
    ]
    assert not wrong


def test_margins_are_removed(pairs: list[Pair]) -> None:
    def left(label: dict[str, Any], article: Article) -> Iterator[str]:
        text = article.clean.text if article.clean else ""
        lines = {line.strip() for line in text.splitlines()}
        is_html = article.raw.format == "html"
        yield from (line for line in label["margins"] if line in (text if is_html else lines))

    remaining = [(label["id"], line) for label, article in pairs for line in left(label, article)]
    total = sum(len(label["margins"]) for label, _ in pairs)
    assert 1 - len(remaining) / total >= MARGINS_REMOVED_FLOOR, remaining


def test_body_lines_are_kept(pairs: list[Pair]) -> None:
    lost, total = [], 0
    for label, article in pairs:
        if article.raw.format == "text" and article.clean is not None:
            kept = {line.strip() for line in article.clean.text.splitlines()}
            wanted = body_lines(label, article)
            total += len(wanted)
            lost += [(label["id"], line) for line in wanted - kept]
    assert total > 200
    assert 1 - len(lost) / total >= BODY_KEPT_FLOOR, lost


def test_headlines_are_found(pairs: list[Pair]) -> None:
    plain = [(label, article) for label, article in pairs if article.raw.format == "text"]
    missed = [
        label["id"]
        for label, article in plain
        if not (article.clean and article.clean.title and article.clean.title in own_lines(label, article)[0])
    ]
    assert 1 - len(missed) / len(plain) >= TITLES_FOUND_FLOOR, missed


def test_traps_raise_no_alert(pairs: list[Pair]) -> None:
    traps = [article for label, article in pairs if not label["sanctions"]]
    assert len(traps) >= 10
    assert not [sanction for article in traps for sanction in article.sanctions if sanction.new]


def test_traps_yield_no_sanction(pairs: list[Pair]) -> None:
    caught = [label["id"] for label, article in pairs if not label["sanctions"] and article.sanctions]
    assert len(caught) <= TRAPS_CAUGHT_MAX, caught


def test_acts_and_their_issuers_are_found(pairs: list[Pair]) -> None:
    wanted, found = acts(pairs)
    assert len(wanted & found) / len(wanted) >= ACTS_FOUND_FLOOR, wanted - found


def test_acts_that_are_found_are_right(pairs: list[Pair]) -> None:
    wanted, found = acts(pairs)
    assert len(wanted & found) / len(found) >= ACTS_RIGHT_FLOOR, found - wanted


def test_counts_of_new_targets_are_found(pairs: list[Pair]) -> None:
    wanted, found = set(), set()
    for label, article in pairs:
        wanted |= {(label["id"], n) for sanction in label["sanctions"] for n, _ in sanction["counts"]}
        found |= {
            (label["id"], count.n)
            for sanction in article.sanctions
            for count in sanction.counts
            if not count.cumulative
        }
    assert len(wanted & found) / len(wanted) >= COUNTS_FOUND_FLOOR, wanted - found


def test_evidence_points_at_the_words(pairs: list[Pair]) -> None:
    for label, article in pairs:
        for sanction in article.sanctions:
            assert sanction.evidence, label["id"]
            assert all(article.quote(span).strip() for span in sanction.evidence)
            assert all(issuer.text in article.raw.content or issuer.name for issuer in sanction.issuers)
