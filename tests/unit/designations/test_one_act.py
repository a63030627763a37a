"""Which mentions mean one act, what they add, and what a crash between two writes leaves."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, MutableMapping
from contextlib import suppress

import msgspec
import pytest

from processors.designations import decide
from processors.designations.counts import compare_counts
from processors.designations.statements import is_confirmed
from schemas.article import Party
from schemas.designation import SanctionMention
from tests.unit.designations.test_decide import IRAN, KR, RUSSIA, US, count, decisions, mention, sanction

GB = Party(text="Britain", name="United Kingdom", entity="state:GB")
OFAC = Party(text="OFAC", name="Office of Foreign Assets Control", entity="org:US-ofac")
KADYROV = Party(text="Ramzan Kadyrov", name="Ramzan Kadyrov", entity="per:ramzan-kadyrov")
SHOIGU = Party(text="Sergei Shoigu", name="Sergei Shoigu", entity="per:sergei-shoigu")
SIX = [count(6)]


def told(*mentions: SanctionMention) -> list[SanctionMention]:
    memory: dict[str, bytes] = {}
    return [decide(one, memory)[0] for one in mentions]


def quoting(one: SanctionMention, quote: str, **changes: object) -> SanctionMention:
    return msgspec.structs.replace(one, quotes=[quote], **changes)


def test_a_joint_act_told_as_each_issuers_own_is_one() -> None:
    joint = mention("a", issuers=[US, GB], counts=SIX)
    alone = [mention("b", issuers=[US], counts=SIX), mention("c", issuers=[GB], counts=SIX)]
    assert decisions(joint, *alone) == ["new", "further_source", "further_source"]


def test_an_issuer_that_joins_is_an_update_and_its_own_telling_then_known() -> None:
    first, joint, other = told(
        mention("a", issuers=[US], counts=SIX), mention("b", issuers=[US, GB], counts=SIX),
        mention("c", issuers=[GB], counts=SIX),
    )  # fmt: skip
    assert (first.decision, joint.decision, other.decision) == ("new", "update", "further_source")
    assert joint.changes == ["issuer_named"]


def test_two_issuers_on_one_day_with_one_number_are_two() -> None:
    assert decisions(mention("a", counts=SIX), mention("b", issuers=[GB], counts=SIX)) == ["new", "new"]


def test_without_an_issuer_nothing_is_announced_until_one_is_named() -> None:
    nobody = mention("a", issuers=[], counts=SIX)
    assert decisions(nobody, mention("b", counts=SIX), mention("c", issuers=[], counts=SIX)) == [
        "not_alertable", "new", "further_source",
    ]  # fmt: skip


def test_without_an_issuer_a_copy_belongs_to_its_story() -> None:
    copy = mention("b", issuers=[], counts=[], targets=[], cluster_id="c")
    assert decisions(mention("a", cluster_id="c"), msgspec.structs.replace(copy, sanction=sanction(
        issuers=[], counts=[], targets=[RUSSIA, IRAN]))) == ["new", "further_source"]  # fmt: skip


def test_a_body_is_its_state_however_its_id_is_spelt() -> None:
    assert decisions(mention("a", issuers=[OFAC], counts=SIX), mention("b", issuers=[US], counts=SIX)) == [
        "new", "further_source",
    ]  # fmt: skip


def test_a_target_taken_for_the_issuer_is_no_other_act_but_an_answer_in_kind_is() -> None:
    first = mention("a", counts=SIX, targets=[RUSSIA])
    mistaken = mention("b", issuers=[RUSSIA], counts=SIX, targets=[])
    in_kind = mention("c", issuers=[RUSSIA], counts=SIX, targets=[US])
    assert decisions(first, mistaken, in_kind) == ["new", "further_source", "new"]
    assert decisions(mistaken, first).count("new") == 1


def test_told_in_passing_it_waits_for_an_article_that_leads_with_it() -> None:
    passing = below_the_lead(mention("a", counts=SIX), confidence=0.79)
    assert decisions(passing, mention("b", counts=SIX)) == ["not_alertable", "new"]


def test_the_ninth_paragraph_is_news_where_it_leaves_no_doubt() -> None:
    sure = below_the_lead(mention("a", counts=SIX), confidence=0.9)
    assert decisions(sure, mention("b", counts=SIX)) == ["new", "further_source"]
    without_number = below_the_lead(mention("a", counts=[], targets=[IRAN]), confidence=0.9)
    assert decisions(without_number) == ["not_alertable"]


def below_the_lead(told: SanctionMention, confidence: float) -> SanctionMention:
    sanction = msgspec.structs.replace(told.sanction, confidence=confidence)
    return msgspec.structs.replace(told, sanction=sanction, in_lead=False)


def test_a_running_total_announces_nothing_and_joins_what_is_known() -> None:
    total = [msgspec.structs.replace(count(64), cumulative=True)]
    assert decisions(mention("a", counts=total)) == ["not_alertable"]
    assert decisions(mention("b"), mention("a", counts=total)) == ["new", "further_source"]


@pytest.mark.parametrize(
    ("day", "counts", "targets", "expected"),
    [
        ("2026-03-02", [count(8)], [IRAN], "update"),
        ("2026-03-02", [count(19)], [IRAN], "new"),
        ("2026-03-05", [count(8)], [IRAN], "new"),
        ("2026-03-02", [count(6)], [RUSSIA], "new"),
        ("2026-03-08", [count(6)], [IRAN], "further_source"),
        ("2026-03-15", [count(6)], [IRAN], "new"),
        ("2026-03-03", [], [IRAN], "further_source"),
        ("2026-03-06", [], [IRAN], "further_source"),
        ("2026-03-12", [], [IRAN], "new"),
    ],
)
def test_number_country_and_days_tell_acts_apart(
    day: str, counts: list[object], targets: list[Party], expected: str
) -> None:
    assert decisions(mention("a", counts=SIX), mention("b", day, counts=counts, targets=targets)) == [
        "new", expected,
    ]  # fmt: skip


def test_names_join_and_part() -> None:
    first = mention("a", counts=[], targets=[KADYROV])
    same = mention("b", "2026-03-05", counts=[count(3)], targets=[KADYROV])
    other = mention("c", "2026-03-02", counts=[], targets=[SHOIGU])
    assert decisions(first, same, other) == ["new", "further_source", "new"]


def test_vague_news_does_not_carry_an_act_on_to_the_next() -> None:
    vague = [mention(f"v{day}", f"2026-03-0{day}", counts=[]) for day in (2, 3, 4, 5)]
    assert (
        decisions(mention("a", counts=SIX), *vague, mention("b", "2026-03-06", counts=[count(9)]))[-1]
        == "new"
    )


def test_what_an_article_adds_is_said_as_data() -> None:
    first = mention("a", counts=SIX)
    more = mention("b", counts=[count(8)], targets=[IRAN, KADYROV])
    confirming = quoting(mention("c", counts=SIX), "The Treasury confirmed the sanctions on six.")
    _, second, third = told(first, more, confirming)
    assert second.changes == ["count_changed", "target_named"]
    assert third.changes == ["confirmed_by_issuer"]
    assert "the issuer confirms it" in (third.sanction.why or "")


@pytest.mark.parametrize(
    ("language", "quote"),
    [
        ("en", "The EU said in a statement that it had imposed sanctions."), ("ar", "وأكدت واشنطن فرض عقوبات"),
        ("ru", "ЕС подтвердил введение санкций"), ("fa", "آمریکا تأیید کرد"), ("tr", "AB yaptırımı doğruladı"),
        ("fr", "L'UE a confirmé les sanctions"), ("es", "La UE confirmó las sanciones"), ("zh", "欧盟证实了制裁"),
        ("de", "Die EU bestätigte die Sanktionen"), ("ko", "미국은 성명에서 제재를 밝혔다"),
    ],
)  # fmt: skip
def test_a_statement_is_known_in_each_language(language: str, quote: str) -> None:
    assert is_confirmed(quoting(mention("a"), quote, language=language))
    assert not is_confirmed(quoting(mention("a"), "…", language=language))


def test_the_issuers_own_site_confirms() -> None:
    ours = msgspec.structs.replace(mention("a"), url="https://home.treasury.gov/news/1")
    assert is_confirmed(ours)
    assert not is_confirmed(msgspec.structs.replace(ours, url="https://treasury.gov.example/news/1"))
    assert not is_confirmed(msgspec.structs.replace(ours, sanction=sanction(issuers=[KR])))


def test_an_older_revision_gets_the_newer_ones_answer() -> None:
    memory: dict[str, bytes] = {}
    newer = msgspec.structs.replace(mention("a", counts=[count(7)]), revision=2)
    first, _ = decide(newer, memory)
    before = dict(memory)
    older, _ = decide(mention("a", counts=SIX), memory)
    assert (older.decision, older.sanction.designation_id) == ("new", first.sanction.designation_id)
    assert memory == before


def test_a_revision_whose_acts_stand_in_another_order_announces_nothing_again() -> None:
    before = [mention("a", counts=SIX), mention("a", position=1, counts=[count(30)], targets=[RUSSIA])]
    after = [mention("a", counts=[count(31)], targets=[RUSSIA]), mention("a", position=1, counts=SIX)]
    memory: dict[str, bytes] = {}
    known = {decide(one, memory)[0].sanction.designation_id for one in before}
    again = [decide(msgspec.structs.replace(one, revision=2), memory)[0] for one in after]
    assert {one.sanction.designation_id for one in again} == known


def test_the_order_of_arrival_changes_nothing_in_what_is_one() -> None:
    six = [
        mention("a", counts=SIX), mention("b", "2026-03-02", counts=SIX, issuers=[US, GB]),
        mention("c", "2026-03-02", counts=[count(8)]), mention("d", "2026-03-08", counts=[count(25)]),
    ]  # fmt: skip
    for order in itertools.permutations(six):
        assert decisions(*order).count("new") == 2


def test_twelve_and_four_are_sixteen_and_two_in_common_are_little() -> None:
    pair = [(12, "individuals"), (4, "entities")]
    assert compare_counts([(16, "individuals and entities")], pair) == ("same", True)
    assert compare_counts([(12, "individuals")], pair) == ("same", True)
    assert compare_counts([(11, "individuals"), (2, "entities")], [(6, "individuals"), (2, "entities")]) == (
        "other", False,
    )  # fmt: skip
    assert compare_counts([], pair) == ("open", False)


class Falling(MutableMapping[str, bytes]):
    """A table whose worker falls before its `writes + 1`st write: what was written before is there."""

    class FellError(Exception): ...

    def __init__(self, values: dict[str, bytes], writes: int) -> None:
        self.values_written, self._left = values, writes

    def __setitem__(self, key: str, value: bytes) -> None:
        if not self._left:
            raise Falling.FellError
        self._left -= 1
        self.values_written[key] = value

    def __getitem__(self, key: str) -> bytes:
        return self.values_written[key]

    def __delitem__(self, key: str) -> None:
        del self.values_written[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_written)

    def __len__(self) -> int:
        return len(self.values_written)


@pytest.mark.parametrize("writes", range(8))
def test_a_fall_between_two_writes_is_put_right_when_the_mention_is_read_again(writes: int) -> None:
    stream = [mention("a", counts=SIX), mention("b", counts=[count(8)]), mention("c", issuers=[], counts=SIX)]
    undisturbed: dict[str, bytes] = {}
    wanted = [decide(one, undisturbed)[0] for one in stream]
    for at in range(len(stream)):
        memory: dict[str, bytes] = {}
        for one in stream[:at]:
            decide(one, memory)
        with suppress(Falling.FellError):
            decide(stream[at], Falling(memory, writes))
        again = [decide(one, memory)[0] for one in stream[at:]]
        assert [one.decision for one in again] == [one.decision for one in wanted[at:]]
        assert [one.sanction.designation_id for one in again] == [
            one.sanction.designation_id for one in wanted[at:]
        ]


def test_people_and_firms_in_one_number_beside_ships_are_those_told_apart() -> None:
    apart = [(12, "individuals"), (18, "entities"), (9, "vessels")]
    assert compare_counts([(9, "vessels"), (30, "individuals and entities")], apart) == ("same", True)
    assert compare_counts([(9, "vessels"), (31, "individuals and entities")], apart) == ("other", False)


def test_a_number_told_beside_its_part_is_found_by_either() -> None:
    both = [(2, "entities"), (17, "individuals and entities")]
    assert compare_counts([(17, "individuals and entities")], both) == ("same", True)
    assert compare_counts([(2, "entities")], both) == ("same", False)
    assert compare_counts([(9, "individuals"), (8, "entities")], both) == ("same", True)
