"""The ledger on a terminal: all of it is there, and no title turns its neighbours around."""

from __future__ import annotations

import msgspec
import pytest
from rich.console import Console, RenderableType

from schemas.article import Party
from schemas.designation import Designation, Sighting
from sinks.elasticsearch.query import designations_query
from tests.unit.sinks.records import TITLE, designation
from wirewatch.ledger import decisions, described, first_sighting, ledger_table, upon
from wirewatch.show import ISOLATE, POP_ISOLATE


def told() -> Designation:
    """Three sightings: the second article to be decided was published first."""
    first = designation().sightings[0]
    earlier = msgspec.structs.replace(
        first, mention_id="b:0", source="early.example", seen_at="2026-03-02T08:00:00Z", decision="further_source",
        language="ru", title="США ввели [bold]санкции\x1b[31m", changes=[],
    )  # fmt: skip
    update = Sighting(
        mention_id="c:0", article_id="c", source="archive.example", seen_at="2026-03-05", decision="update",
        why="Same issuer; the issuer confirms it.", changes=["confirmed_by_issuer"], language="en", lane="backfill",
    )  # fmt: skip
    return designation(sightings=[first, earlier, update])


def drawn(what: RenderableType, width: int = 160) -> list[str]:
    console = Console(width=width, force_terminal=False)
    with console.capture() as captured:
        console.print(what)
    return captured.get().splitlines()


def test_a_designation_is_shown_with_every_source_and_decision() -> None:
    text = "\n".join(drawn(described(told()), 200))
    for words in (
        "d1", "United States Treasury", "imposed", "3 individuals", "early.example (ru)", "akhbar.example",
        "archive.example (backfill)", "update: confirmed by issuer", TITLE, "Same issuer; the issuer confirms it.",
        "3, in ar, ru, en",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("width", [60, 100, 200])
def test_each_line_closes_what_it_opens_and_nothing_steers_the_terminal(width: int) -> None:
    for line in [*drawn(described(told()), width), *drawn(ledger_table([told()]), width)]:
        assert line.count(ISOLATE) == line.count(POP_ISOLATE)
        assert "\x1b" not in line


def test_first_seen_is_the_earliest_publication() -> None:
    assert first_sighting(told()).source == "early.example"


def test_decisions_are_counted_in_words() -> None:
    assert decisions(told().sightings).plain == "1 new, 1 further source, 1 update"


def test_upon_falls_back_on_the_first_words() -> None:
    bare = designation(counts=[], places=[], targets=[Party(text="ثلاثة أفراد")])
    assert upon(bare) == "ثلاثة أفراد"


def test_a_question_without_filters_is_for_all() -> None:
    assert designations_query() == {"bool": {"filter": []}}
    asked = designations_query(["state:US"], "2026-03-01", "imposed", "ar")["bool"]["filter"]
    assert len(asked) == 4
