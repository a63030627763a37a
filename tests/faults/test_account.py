"""The checker finds each kind of loss, doubling and repetition, and nothing where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.account import Facts, Letter, Stored, Told, account
from tests.faults.stream import Sent

SENT = [
    Sent("a", "a", b"", revision=1),
    Sent("b", "b", b"", revision=1, copy_of="a"),
    Sent("c", "c", b"", revision=1, act=4),
    Sent("d", "d", b"", revision=1, act=4),
    Sent("a again", "e", b"", revision=5),
    Sent("e", "e", b"", revision=2),
    Sent("poison", "poison", b"", reasons=frozenset({"not_json"})),
]
SOUND = Facts(
    sent=SENT,
    acknowledged=frozenset(one.name for one in SENT),
    articles=[Stored("a", 1, "a"), Stored("b", 1, "a"), Stored("c", 1, "c"), Stored("d", 1, "d"), Stored("e", 5, "e")],
    mentions=[Told("c:0", "c", "new", "D"), Told("d:0", "d", "further_source", "D")],
    designations=[("D", frozenset({"c", "d"}))],
    alerts=[Told("alert", "c", "", "D")],
    on_topic=[Told("alert", "c", "", "D")],
    letters=[Letter("poison", "", "not_json")],
)  # fmt: skip
SECOND = Told("other", "d", "", "D2")


def test_a_sound_run_is_clean() -> None:
    found = account(SOUND)
    assert found.is_clean, found.lines()
    assert found.counted["indexed"] == 5


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        (replace(SOUND, acknowledged=SOUND.acknowledged - {"b"}), "not acknowledged"),
        (replace(SOUND, articles=SOUND.articles[1:]), "lost"),
        (replace(SOUND, articles=[*SOUND.articles[:-1], Stored("e", 2, "e")]), "lost"),
        (replace(SOUND, letters=[]), "lost"),
        (replace(SOUND, letters=[Letter("poison", "", "stage_failed")]), "lost"),
        (
            replace(SOUND, letters=[*SOUND.letters, Letter("en", "a", "stage_failed")]),
            "set aside though good",
        ),
        (replace(SOUND, articles=[*SOUND.articles, SOUND.articles[0]]), "doubled"),
        (replace(SOUND, mentions=[*SOUND.mentions, SOUND.mentions[0]]), "doubled"),
        (replace(SOUND, mentions=[SOUND.mentions[0], Told("d:0", "d", "new", "D2")]), "doubled"),
        (
            replace(SOUND, designations=[("D", frozenset({"c"})), ("D2", frozenset({"d"}))]),
            "doubled",
        ),
        (replace(SOUND, alerts=[]), "alerts missed"),
        (replace(SOUND, alerts=[*SOUND.alerts, SOUND.alerts[0]]), "alerts repeated"),
        (replace(SOUND, alerts=[*SOUND.alerts, SECOND]), "alerts repeated"),
        (replace(SOUND, on_topic=[*SOUND.on_topic, SECOND]), "alerts repeated on the topic"),
        (
            replace(SOUND, articles=[*SOUND.articles[:1], Stored("b", 1, "b"), *SOUND.articles[2:]]),
            "copies in a story of their own",
        ),
        (replace(SOUND, behind={"group t/0": 3}), "partitions not at their end"),
        (replace(SOUND, unsettled_alerts=1), "alerts not sent"),
    ],
)
def test_each_fault_is_found_and_no_other(facts: Facts, fault: str) -> None:
    found = account(facts)
    assert [what for what, names in found.faults.items() if names] == [fault]
    assert not found.is_clean
