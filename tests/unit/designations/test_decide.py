from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.designations import PARTITION_KEY, decide, mention_records
from schemas.article import Article, Clean, Count, Language, Party, Raw, Sanction, Span, Story
from schemas.designation import SanctionMention

US = Party(text="Washington", name="United States", entity="state:US")
KR = Party(text="Seoul", name="South Korea", entity="state:KR")
TREASURY = Party(text="the Treasury", name="United States Department of the Treasury", entity="state:US")
COMMERCE = Party(text="Commerce", name="United States Department of Commerce", entity="state:US")
IRAN = Party(text="Iran", name="Iran", entity="state:IR")
RUSSIA = Party(text="Russia", name="Russia", entity="state:RU")


def count(n: int, of: str = "individuals") -> Count:
    return Count(n=n, of=of, text=f"{n} {of}")


def sanction(**changes: object) -> Sanction:
    base = Sanction(
        act="imposed", evidence=[Span(field="text", start=0, end=5)], confidence=0.9, issuers=[US],
        counts=[count(12), count(4, "entities")], targets=[IRAN],
    )  # fmt: skip
    return msgspec.structs.replace(base, **changes)


def mention(
    article_id: str, day: str = "2026-03-01", position: int = 0, **changes: object
) -> SanctionMention:
    fields = {
        name: changes.pop(name) for name in ("title", "cluster_id", "lane", "published_at") if name in changes
    }
    base = SanctionMention(
        id=f"{article_id}:{position}", article_id=article_id, revision=1, source=f"source of {article_id}",
        fetched_at=f"{day}T08:00:00Z", language="en", quotes=["They imposed."], sanction=sanction(**changes),
    )  # fmt: skip
    return msgspec.structs.replace(base, **fields)


def decisions(*mentions: SanctionMention) -> list[str | None]:
    memory: dict[str, bytes] = {}
    return [decide(m, memory)[0].decision for m in mentions]


def test_the_first_report_is_new_and_says_why() -> None:
    told, ledger = decide(mention("a"), {})
    assert (told.decision, told.sanction.new) == ("new", True)
    assert (
        told.sanction.why
        == "First report within 30 days of sanctions by United States on 12 individuals and 4 entities."
    )
    assert ledger
    assert told.sanction.designation_id == ledger.id
    assert ledger.counts == [(12, "individuals"), (4, "entities")]
    assert [s.decision for s in ledger.sightings] == ["new"]


def test_a_running_total_is_no_number_of_the_act_in_its_reason() -> None:
    total = Count(n=669, of="vessels", text="669 vessels", cumulative=True)
    told, _ = decide(mention("a", counts=[count(27, "vessels"), total]), {})
    assert (told.sanction.why or "").endswith("by United States on 27 vessels.")


def test_another_outlet_is_a_further_source() -> None:
    memory: dict[str, bytes] = {}
    first, _ = decide(mention("a"), memory)
    second, ledger = decide(mention("b", "2026-03-02"), memory)
    assert (second.decision, second.sanction.new) == ("further_source", False)
    assert second.sanction.designation_id == first.sanction.designation_id
    assert "source of a" in (second.sanction.why or "")
    assert ledger
    assert [s.article_id for s in ledger.sightings] == ["a", "b"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"issuers": [KR]}, "new"),
        ({"counts": [], "cluster_id": "c"}, "further_source"),
        ({"counts": []}, "further_source"),
        ({"counts": [], "targets": [RUSSIA]}, "new"),
        ({"counts": [count(55)]}, "new"),
        ({"counts": [count(13), count(4, "entities")]}, "update"),
        ({"counts": [count(55)], "cluster_id": "c"}, "update"),
        ({"act": "threatened_or_called_for"}, "not_alertable"),
        ({"act": "background"}, "not_alertable"),
        ({"act": "lifted"}, "not_alertable"),
        ({"confidence": 0.3}, "not_alertable"),
        ({"issuers": [], "targets": [], "counts": []}, "not_alertable"),
        ({"lane": "backfill", "issuers": [KR]}, "old"),
        ({"issuers": [KR], "date": "2025-06-01"}, "old"),
    ],
)
def test_the_second_report(changes: dict[str, object], expected: str) -> None:
    assert decisions(mention("a", cluster_id="c"), mention("b", "2026-03-02", **changes)) == ["new", expected]


def somebody(name: str) -> Party:
    return Party(text=name, name=name, entity=f"per:~{name}")


@pytest.mark.parametrize(
    ("counts", "names", "changes", "expected"),
    [
        ([count(6), count(3, "entities")], ["c"], {}, "new"),
        ([count(7), count(2, "entities")], ["c", "d"], {}, "new"),
        ([count(7), count(2, "entities")], ["b", "d"], {}, "update"),
        ([count(7), count(2, "entities")], ["c", "d"], {"title": "t"}, "update"),  # a headline that is copied
        ([count(6), count(2, "entities")], ["c", "d"], {}, "further_source"),  # each names some of the six
        ([count(7), count(2, "entities")], [], {}, "update"),
    ],
)
def test_other_numbers_and_other_names_are_another_act(
    counts: list[Count], names: list[str], changes: dict[str, object], expected: str
) -> None:
    first = mention("a", title="t", counts=[count(6), count(2, "entities")],
                    targets=[IRAN, somebody("a"), somebody("b")])  # fmt: skip
    second = mention("b", counts=counts, targets=[IRAN, *map(somebody, names)], **changes)
    assert decisions(first, second) == ["new", expected]


def test_after_the_window_the_same_words_are_new() -> None:
    assert decisions(mention("a", "2026-03-01"), mention("b", "2026-04-15")) == ["new", "new"]


def test_files_fetched_on_one_day_are_told_apart_by_publication() -> None:
    first = mention("a", published_at="2026-01-01")
    second = mention("b", published_at="2026-03-01")
    assert decisions(first, second) == ["new", "new"]


def test_a_late_arrival_of_an_earlier_report_joins() -> None:
    memory: dict[str, bytes] = {}
    decide(mention("a", "2026-03-05", published_at="2026-03-05"), memory)
    late, ledger = decide(mention("b", "2026-03-06", published_at="2026-03-04"), memory)
    assert late.decision == "further_source"
    assert ledger
    assert (ledger.first_seen_at, ledger.last_seen_at) == ("2026-03-04", "2026-03-05")


def test_what_the_backfill_brought_is_no_news_afterwards() -> None:
    assert decisions(mention("a", lane="backfill"), mention("b", "2026-03-02")) == ["old", "further_source"]


def test_the_total_and_two_departments_of_one_article_are_three_and_copies_join_each() -> None:
    total = {"counts": [count(400, "individuals and entities")], "issuers": [US], "targets": []}
    treasury = {
        "counts": [count(275, "individuals and entities")],
        "issuers": [TREASURY],
        "targets": [RUSSIA],
    }
    commerce = {"counts": [count(40, "entities")], "issuers": [COMMERCE], "targets": []}
    one = [mention("a", position=i, cluster_id="c", **c) for i, c in enumerate((total, treasury, commerce))]
    two = [mention("b", position=i, cluster_id="c", **c) for i, c in enumerate((commerce, total, treasury))]
    assert decisions(*one, *two) == ["new"] * 3 + ["further_source"] * 3


def test_nearly_400_and_398_are_one() -> None:
    near = {"counts": [count(398, "individuals and entities")], "targets": []}
    total = {"counts": [count(400, "individuals and entities")], "targets": []}
    assert decisions(mention("a", **total), mention("b", **near)) == ["new", "further_source"]


def test_two_issuers_with_one_target_are_two() -> None:
    assert decisions(mention("a"), mention("a", position=1, issuers=[KR])) == ["new", "new"]


def test_a_correction_keeps_the_designation_new() -> None:
    memory: dict[str, bytes] = {}
    first, _ = decide(mention("a"), memory)
    corrected, ledger = decide(mention("a", counts=[count(13), count(4, "entities")]), memory)
    assert corrected.decision == "new"
    assert corrected.sanction.designation_id == first.sanction.designation_id
    assert ledger
    assert (13, "individuals") in ledger.counts
    assert len(ledger.sightings) == 1


STREAM = [
    mention("a"), mention("b", "2026-03-02"), mention("c", "2026-03-03", counts=[count(13), count(4, "entities")]),
    mention("d", "2026-03-03", issuers=[KR]), mention("e", "2026-03-04", act="background"),
    mention("f", "2026-05-01"), mention("g", "2026-03-02", lane="backfill", targets=[RUSSIA], counts=[count(77)]),
]  # fmt: skip


@given(st.lists(st.sampled_from(STREAM), min_size=1, max_size=20))
def test_a_replay_gets_the_same_answer_and_changes_nothing(stream: list[SanctionMention]) -> None:
    memory: dict[str, bytes] = {}
    first = {m.id: decide(m, memory)[0] for m in stream}
    before = dict(memory)
    assert {m.id: decide(m, memory)[0] for m in stream} == first
    assert memory == before
    fetched_again = [msgspec.structs.replace(m, fetched_at="2026-03-04T23:00:00Z") for m in stream]
    assert [decide(m, memory)[0].decision for m in fetched_again] == [first[m.id].decision for m in stream]


@pytest.mark.parametrize("order", list(itertools.permutations(STREAM[:3])))
def test_one_designation_is_new_once_in_any_order(order: tuple[SanctionMention, ...]) -> None:
    assert sorted(d or "" for d in decisions(*order)).count("new") == 1


def test_what_nothing_has_touched_for_long_is_forgotten() -> None:
    memory: dict[str, bytes] = {}
    for month in range(1, 10):
        decide(mention(f"a{month}", f"2026-{month:02}-01"), memory)
    assert sum(key.startswith("d|") for key in memory) <= 7
    assert sum(key.startswith("m|") for key in memory) <= 7
    assert decide(mention("late", "2026-01-02"), memory)[0].decision == "old"


def test_mention_records_carry_key_quotes_and_stable_ids() -> None:
    article = Article(
        id="a", source="s", fetched_at="2026-03-01T00:00:00Z", raw=Raw(content="x"), revision=7,
        language=Language(code="en", confidence=1.0), clean=Clean(title="T", text="They imposed."),
        story=Story(cluster_id="c"),
        sanctions=[
            sanction(evidence=[Span(field="text", start=0, end=13)]),
            sanction(issuers=[KR, US]),
            sanction(issuers=[]),
        ],
    )  # fmt: skip
    records = mention_records(article)
    assert {key for key, _ in records} == {PARTITION_KEY}
    assert [m.id for _, m in records] == ["a:0", "a:1", "a:2"]
    assert records[0][1].quotes == ["They imposed."]
    assert (records[0][1].cluster_id, records[0][1].revision) == ("c", 7)
