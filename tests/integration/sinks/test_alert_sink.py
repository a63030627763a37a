"""The alert sink between a real broker and a real node: once each, whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kafka import KafkaConsumer
from kafka.errors import KafkaTimeoutError

from schemas.alert import Alert
from schemas.article import Lane, Party, Record
from schemas.designation import SanctionMention
from schemas.identity import alert_id
from sinks.alerts.build import build_alert
from sinks.alerts.channels import ChannelError
from sinks.alerts.delivery import Delivery
from sinks.alerts.message import as_sent
from sinks.alerts.rules import Rule, load_rules, rule_files
from sinks.alerts.sink import AlertSink, watched_document
from sinks.alerts.stored import percolate, store, stored_rules
from sinks.alerts.told import TopicNotes
from sinks.alerts.topic import TopicChannel
from sinks.elasticsearch.documents import AlertDocument
from tests.integration.sinks.bench import Bench, hold, wait_for
from tests.unit.sinks.records import SENTENCE, article, mention

[BUILTIN] = load_rules(rule_files())


class Recorder:
    """A channel that remembers, and fails while it is told to."""

    def __init__(self, name: str = "recorder") -> None:
        self.name = name
        self.sent: list[Alert] = []
        self.failing = False
        self._lock = threading.Lock()

    def send(self, alert: Alert) -> None:
        with self._lock:
            if self.failing:
                raise ChannelError("told to fail")
            self.sent.append(alert)


def _mentions(count: int, designations: int, lane: Lane = "live") -> list[tuple[str, Record | bytes]]:
    made: list[tuple[str, Record | bytes]] = []
    for n in range(count):
        sanction = msgspec.structs.replace(mention().sanction, designation_id=f"d{n % designations}")
        one = mention(id=f"m{n}", article_id=f"a{n}", sanction=sanction, lane=lane)
        made.append((one.id, one))
    return made


def _sink(bench: Bench, *channels: Any, **options: Any) -> AlertSink:
    topics = bench.topics("enriched", "decided")
    return AlertSink(bench.client, bench.prefix, channels, topics=topics, **options)


def _through(bench: Bench, group: str = "sink") -> None:
    wait_for(lambda: bench.behind("enriched", "decided", group=group) == 0, "everything committed")


def test_one_alert_a_designation_and_none_for_a_replay(bench: Bench) -> None:
    recorder = Recorder()
    channels = (bench.channel(), recorder)
    bench.produce("decided", _mentions(60, designations=4))
    with bench.running(_sink(bench, *channels), batch_records=7):
        _through(bench)
    before = bench.documents("alerts")
    with bench.running(_sink(bench, *channels), group="again"):
        _through(bench, "again")
    assert bench.documents("alerts") == before
    assert len(before) == 4
    assert {alert["status"] for alert in before.values()} == {"sent"}
    assert sorted(alert.designation_id or "" for alert in recorder.sent) == ["d0", "d1", "d2", "d3"]
    published = bench.read("alerts")
    assert {alert.id for alert in published} == set(before)
    assert len(published) == 4
    assert {alert.text for alert in published} == {SENTENCE}


@pytest.mark.parametrize(
    "silent",
    [
        mention(decision="further_source"),
        mention(decision="old"),
        mention(sanction=msgspec.structs.replace(mention().sanction, act="background")),
        mention(lane="backfill"),
    ],
)
def test_what_is_not_new_or_not_live_alerts_nobody(bench: Bench, silent: SanctionMention) -> None:
    recorder = Recorder()
    bench.produce("decided", [("m", silent)])
    with bench.running(_sink(bench, recorder)):
        _through(bench)
    assert recorder.sent == []
    assert bench.documents("alerts") == {}


def test_two_sinks_that_see_the_same_at_once_send_once(bench: Bench) -> None:
    """Two groups, so that both are given every record."""
    recorder = Recorder()
    bench.produce("decided", _mentions(120, designations=40))
    with (
        bench.running(_sink(bench, recorder), group="one", batch_records=11),
        bench.running(_sink(bench, recorder), group="two", batch_records=13),
    ):
        _through(bench, "one")
        _through(bench, "two")
    assert len(recorder.sent) == 40
    assert len({alert.id for alert in recorder.sent}) == 40


def test_what_was_created_and_not_sent_is_sent_after_a_restart(bench: Bench) -> None:
    """A sink that died between creating an alert and sending it."""
    document = watched_document(mention(), "sanctions")
    assert document is not None
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    dead = Delivery(bench.client, bench.prefix, [], lambda: long_ago)
    claims, rejected = dead.create([build_alert(BUILTIN, document, long_ago)], hold)
    assert (len(claims), rejected) == (1, {})
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")
    recorder = Recorder()
    bench.produce("decided", [("m", mention())])
    with bench.running(_sink(bench, recorder, steady=count(0, 60).__next__)):
        _through(bench)
        wait_for(lambda: len(recorder.sent) == 1, "the alert is sent")
    [alert] = bench.documents("alerts").values()
    assert alert["status"] == "sent"
    assert alert["delivered_to"] == ["recorder"]
    assert [alert.id for alert in recorder.sent] == [alert_id(BUILTIN.id, "d1")]


def _long_ago(*names: str) -> tuple[datetime, list[AlertDocument]]:
    """A moment five minutes ago, and alerts of that moment with these ids."""
    document = watched_document(mention(), "sanctions")
    assert document is not None
    moment = datetime.now(UTC) - timedelta(minutes=5)
    alert = build_alert(BUILTIN, document, moment)
    return moment, [msgspec.structs.replace(alert, id=name) for name in names]


def _held_by_one_that_died(bench: Bench) -> None:
    """Two alerts that a sink created, of which it died; the first of them it had written to the topic."""
    long_ago, alerts = _long_ago("written", "not yet")
    Delivery(bench.client, bench.prefix, [], lambda: long_ago).create(alerts, hold)
    bench.channel().send(as_sent(alerts[0]))


def _taken_over(bench: Bench, *channels: Any, minutes: int = 0, notes: TopicNotes | None = None) -> None:
    """By another sink, some minutes from now, once it has seen them untouched for the length of a lease."""
    steady, now = [0.0], datetime.now(UTC) + timedelta(minutes=minutes)
    other = Delivery(bench.client, bench.prefix, channels, lambda: now, notes=notes, steady=lambda: steady[0])
    for steady[0] in (0.0, 60.0):
        bench.client.indices.refresh(index=f"{bench.prefix}-alerts")
        other.resume(hold)


def test_what_a_sink_had_sent_as_it_died_is_not_on_the_topic_twice(bench: Bench) -> None:
    _held_by_one_that_died(bench)
    recorder = Recorder()
    _taken_over(bench, bench.channel(), recorder)
    assert sorted(alert.id for alert in bench.read("alerts")) == ["not yet", "written"]
    assert sorted(alert.id for alert in recorder.sent) == ["not yet", "written"]
    for alert in bench.documents("alerts").values():
        assert (alert["status"], alert["delivered_to"]) == ("sent", ["topic", "recorder"])


def test_while_the_topic_does_not_tell_what_was_taken_over_is_not_sent(bench: Bench) -> None:
    _held_by_one_that_died(bench)
    recorder = Recorder()

    def away() -> KafkaConsumer:
        raise KafkaTimeoutError

    _taken_over(bench, TopicChannel(bench.producer, away, bench.topic("alerts")), recorder)
    assert recorder.sent == []
    _taken_over(bench, bench.channel(), recorder, minutes=5)
    assert sorted(alert.id for alert in recorder.sent) == ["not yet", "written"]


class Dies:
    """Notes of a sink that is killed as soon as one has been taken, before the ledger is told."""

    def __init__(self, notes: TopicNotes) -> None:
        self.had = notes.had
        self._notes = notes

    def note(self, channel: str, alerts: Sequence[Alert]) -> None:
        self._notes.note(channel, alerts)
        raise KeyboardInterrupt


def test_what_a_webhook_had_as_a_sink_died_it_is_not_told_again(bench: Bench) -> None:
    notes = bench.notes()
    long_ago, alerts = _long_ago("one", "other")
    recorder = Recorder()
    dying = Delivery(bench.client, bench.prefix, [recorder], lambda: long_ago, notes=Dies(notes))
    claims, _ = dying.create(alerts, hold)
    with pytest.raises(KeyboardInterrupt):
        dying.send(claims, hold)
    assert len(recorder.sent) == 1
    _taken_over(bench, recorder, notes=notes)
    assert sorted(alert.id for alert in recorder.sent) == ["one", "other"]
    for alert in bench.documents("alerts").values():
        assert (alert["status"], alert["delivered_to"]) == ("sent", ["recorder"])


def test_an_alert_is_told_though_no_note_of_it_can_be_taken(bench: Bench) -> None:
    class Away:
        asked = 0

        def send(self, *_: Any, **__: Any) -> Any:
            self.asked += 1
            raise KafkaTimeoutError

    recorder, away = Recorder(), Away()
    notes = TopicNotes(away, KafkaConsumer, "none")  # type: ignore[arg-type]
    document = watched_document(mention(), "sanctions")
    assert document is not None
    delivery = Delivery(bench.client, bench.prefix, [recorder], notes=notes)
    alert = build_alert(BUILTIN, document, datetime.now(UTC))
    claims, _ = delivery.create([msgspec.structs.replace(alert, id=name) for name in "ab"], hold)
    delivery.send(claims, hold)
    assert len(recorder.sent) == 2
    assert away.asked == 1, "it is left alone for a while"
    assert {alert["status"] for alert in bench.documents("alerts").values()} == {"sent"}


def test_an_alert_that_is_being_sent_is_nobody_elses(bench: Bench) -> None:
    document = watched_document(mention(), "sanctions")
    assert document is not None
    holder = Delivery(bench.client, bench.prefix, [])
    holder.create([build_alert(BUILTIN, document, datetime.now(UTC))], hold)
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")
    recorder = Recorder()
    Delivery(bench.client, bench.prefix, [recorder]).resume(hold)
    assert recorder.sent == []


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2)])
def test_nobody_takes_over_by_a_clock_that_differs(bench: Bench, ahead: timedelta) -> None:
    """The holder's clock is an hour off; whoever looks sees a lease that ended long ago, or that never ends."""
    document = watched_document(mention(), "sanctions")
    assert document is not None
    wrong = datetime.now(UTC) + ahead
    holder = Delivery(bench.client, bench.prefix, [], lambda: wrong)
    holder.create([build_alert(BUILTIN, document, wrong)], hold)
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")
    recorder, steady = Recorder(), [0.0]
    other = Delivery(bench.client, bench.prefix, [recorder], steady=lambda: steady[0])
    for steady[0] in (0.0, 20.0):
        other.resume(hold)
        assert recorder.sent == [], "it had not been seen untouched for as long as a lease lasts"
    steady[0] = 40.0
    other.resume(hold)
    assert len(recorder.sent) == 1


def test_of_two_that_resume_one_alert_one_sends(bench: Bench) -> None:
    document = watched_document(mention(), "sanctions")
    assert document is not None
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    alerts = [
        msgspec.structs.replace(build_alert(BUILTIN, document, long_ago), id=f"x{n}") for n in range(20)
    ]
    Delivery(bench.client, bench.prefix, [], lambda: long_ago).create(alerts, hold)
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")
    recorder = Recorder()

    def resume() -> None:
        delivery = Delivery(bench.client, bench.prefix, [recorder], steady=count(0, 60).__next__)
        delivery.resume(hold)
        delivery.resume(hold)

    threads = [threading.Thread(target=resume) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(alert.id for alert in recorder.sent) == sorted(alert.id for alert in alerts)


def test_a_channel_that_fails_is_tried_again_and_the_others_do_not_repeat(bench: Bench) -> None:
    clock = [datetime.now(UTC)]
    good, bad = Recorder("good"), Recorder("bad")
    bad.failing = True
    document = watched_document(mention(), "sanctions")
    assert document is not None
    delivery = Delivery(bench.client, bench.prefix, [good, bad], lambda: clock[0])
    delivery.send(delivery.create([build_alert(BUILTIN, document, clock[0])], hold)[0], hold)
    [alert] = bench.documents("alerts").values()
    assert (alert["status"], alert["delivered_to"], alert["attempts"]) == ("created", ["good"], 1)

    delivery.resume(hold)
    assert bad.sent == [], "it was tried again at once"

    bad.failing = False
    clock[0] += timedelta(seconds=6)
    delivery.resume(hold)
    [alert] = bench.documents("alerts").values()
    assert (alert["status"], alert["delivered_to"]) == ("sent", ["good", "bad"])
    assert (len(good.sent), len(bad.sent)) == (1, 1)


def test_an_alert_taken_over_while_it_was_sent_is_not_overwritten(bench: Bench) -> None:
    document = watched_document(mention(), "sanctions")
    assert document is not None
    now = datetime.now(UTC)
    late, steady = Recorder("slow"), [0.0]
    slow = Delivery(bench.client, bench.prefix, [late], lambda: now, steady=lambda: steady[0])
    claims, _ = slow.create([build_alert(BUILTIN, document, now)], hold)
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")
    later = now + timedelta(minutes=1)
    other = Recorder("slow")
    quick = Delivery(bench.client, bench.prefix, [other], lambda: later, steady=lambda: steady[0])
    quick.resume(hold)
    steady[0] = 60.0
    quick.resume(hold)
    assert len(other.sent) == 1
    slow.send(claims, hold)
    assert late.sent == [], "its lease had run out and another had sent it"


def test_rules_are_stored_changed_and_removed(bench: Bench, tmp_path: Path) -> None:
    extra = Rule(id="extra", watch="articles", query={"match": {"text_ar": "عقوبة"}}, key="cluster_id")
    assert [change.what for change in store(bench.client, bench.prefix, [BUILTIN, extra])] == [
        "unchanged", "created",
    ]  # fmt: skip
    changed = msgspec.structs.replace(extra, severity="info")
    assert [change.what for change in store(bench.client, bench.prefix, [changed])] == ["updated"]
    assert stored_rules(bench.client, bench.prefix) == [changed, BUILTIN]
    assert store(bench.client, bench.prefix, [BUILTIN], prune=True)[-1].what == "removed"
    assert stored_rules(bench.client, bench.prefix) == [BUILTIN]


@pytest.mark.parametrize(
    "query", [{"no_such_query": {}}, {"term": {"no_such_field": "x"}}, {"match": {"text": {"query": []}}}]
)
def test_a_query_that_means_nothing_is_refused_with_the_reason(bench: Bench, query: dict[str, Any]) -> None:
    rule = Rule(id="bad", watch="articles", query=query)
    [change] = store(bench.client, bench.prefix, [rule])
    assert change.what == "refused"
    assert change.detail


def _matching(bench: Bench, rules: Sequence[Rule], text: str) -> set[str]:
    store(bench.client, bench.prefix, rules)
    clean = msgspec.structs.replace(article().clean, text=text)
    document = watched_document(article(clean=clean), "articles")
    assert document is not None
    matches, refused = percolate(bench.client, bench.prefix, "articles", [document], hold)
    assert refused == {}
    return {match.rule.id for match in matches}


def test_rules_on_articles_know_the_language(bench: Bench) -> None:
    rules = [
        Rule(id="inflected", watch="articles", query={"match": {"text_ar": "عقوبة"}}),
        Rule(id="entity", watch="articles", query={"term": {"entity_ids": "org-us-treasury"}}),
        Rule(id="off", watch="articles", query={"match_all": {}}, enabled=False),
        Rule(id="mentions-only", watch="sanctions", query={"match_all": {}}),
        Rule(id="other-language", watch="articles", query={"exists": {"field": "text_ru"}}),
    ]
    assert _matching(bench, rules, "رحبت المنظمة وبالعقوبات الجديدة") == {"inflected", "entity"}


def test_a_bad_document_is_named_and_the_rest_is_asked_about(bench: Bench) -> None:
    documents: list[dict[str, Any]] = [
        {"id": f"a{n}", "act": "imposed", "decision": "new", "lane": "live"} for n in range(130)
    ]
    documents[77]["published_at"] = "yesterday"
    documents[3]["unheard_of"] = 1
    matches, refused = percolate(bench.client, bench.prefix, "sanctions", documents, hold)
    assert set(refused) == {3, 77}
    assert sorted(match.document for match in matches) == sorted(set(range(130)) - {3, 77})


def test_a_rule_on_articles_alerts_once_a_story(bench: Bench) -> None:
    rule = Rule(
        id="treasury",
        watch="articles",
        query={"term": {"entity_ids": "org-us-treasury"}},
        key="cluster_id",
        title="$title",
    )
    store(bench.client, bench.prefix, [rule])
    recorder = Recorder()
    bench.produce("enriched", [(f"a{n}", article(id=f"a{n}")) for n in range(5)])
    with bench.running(_sink(bench, recorder)):
        _through(bench)
    [alert] = recorder.sent
    assert alert.key == "a0"
    assert alert.title == (article().clean and article().clean.title)  # type: ignore[union-attr]
    assert alert.mention_id is None


def test_a_poisoned_record_stops_no_alert(bench: Bench) -> None:
    other = msgspec.structs.replace(
        mention().sanction, issuers=[Party(text="\u202eevil\x00")], designation_id="d2"
    )
    bench.produce(
        "decided", [("x", b"{"), ("m", mention()), ("y", b""), ("n", mention(id="n", sanction=other))]
    )
    recorder = Recorder()
    with bench.running(_sink(bench, recorder)):
        _through(bench)
    assert sorted(alert.designation_id or "" for alert in recorder.sent) == ["d1", "d2"]
    assert sorted(letter.reason for letter in bench.read("dead")) == ["empty", "not_json"]


def test_the_ledger_refuses_nothing_we_make(bench: Bench) -> None:
    huge = AlertDocument(
        id="h" * 500,
        rule="r",
        key="k" * 40_000,
        created_at="2026-01-01T00:00:00.000+00:00",
        severity="info",
        title="",
        text="ن" * 2000,
        article_id="a",
        source="s" * 40_000,
        language="und",
        delivered_to=[],
        lease_ends_at="2026-01-01T00:00:00.000+00:00",
    )
    claims, rejected = Delivery(bench.client, bench.prefix, []).create([huge], hold)
    assert (len(claims), rejected) == (1, {})
