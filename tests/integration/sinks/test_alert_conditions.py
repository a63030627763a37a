"""Rules that count, silences and quiet hours, on a real broker and a real node."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from schemas.article import Article, Entity, Mention
from schemas.dead_letter import Origin
from schemas.wire import encode
from sinks.alerts.build import LEASE_SECONDS
from sinks.alerts.conditions import fetched_at
from sinks.alerts.delivery import Delivery as AlertDelivery
from sinks.alerts.ledger import latest_alerts
from sinks.alerts.memory import Memory, silence_of
from sinks.alerts.rule import QuietHours, Rule, RuleType
from sinks.alerts.sink import AlertSink
from sinks.alerts.stored import store
from sinks.alerts.trial import try_rule
from sinks.consumer import Delivery
from sinks.elasticsearch.actions import action_for
from tests.integration.sinks.bench import Bench, hold, wait_for
from tests.integration.sinks.test_alert_sink import Recorder
from tests.unit.sinks.records import article

BASE: dict[str, Any] = {"watch": "articles", "query": {"match_all": {}}}
START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def _article(number: int, minutes: float, places: Sequence[str] = (), **changes: Any) -> Article:
    mentions = [
        Mention(field="title", start=0, end=3, type="LOC", confidence=1, entity=Entity(id=place, name=place))
        for place in places
    ]
    at = (START + timedelta(minutes=minutes)).isoformat(timespec="milliseconds")
    return article(id=f"a{number:03}", fetched_at=at, mentions=mentions, story=None, **changes)


def _written(bench: Bench, sink: AlertSink, articles: Sequence[Article]) -> None:
    batch = [Delivery(one, Origin(topic="t"), encode(one)) for one in articles]
    assert sink.write(batch, hold) == []
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")


def _indexed(bench: Bench, articles: Sequence[Article]) -> None:
    for one in articles:
        action = action_for(one, bench.prefix)
        assert action is not None
        document = msgspec.json.decode(action.source)
        bench.client.index(index=action.index, id=action.id, document=document)
    bench.client.indices.refresh(index=f"{bench.prefix}-articles")


def _sink(bench: Bench, *channels: Any, **options: Any) -> AlertSink:
    return AlertSink(bench.client, bench.prefix, channels, topics=bench.topics("enriched"), **options)


def _by_status(bench: Bench, status: str) -> list[dict[str, Any]]:
    return latest_alerts(bench.client, bench.prefix, START - timedelta(days=9), status=status, size=1000)


def test_counting_goes_on_after_a_restart_and_a_replay_changes_nothing(bench: Bench) -> None:
    rule = Rule(id="many", type="frequency", window="6h", count=10, query_key=["places"], **BASE)
    store(bench.client, bench.prefix, [rule])
    articles = [_article(n, n, ["طهران"] if n % 3 else ["平壤"]) for n in range(17)]
    recorder = Recorder()
    _written(bench, _sink(bench, recorder), articles[:9])
    assert recorder.sent == []
    _written(bench, _sink(bench, recorder), articles[9:])
    [alert] = recorder.sent
    assert (alert.group, alert.because) == ("طهران", "10 in 6h (from 10 on)")
    before = bench.documents("alerts")
    for again in (articles, articles[5:12]):
        _written(bench, _sink(bench, recorder), again)
    assert bench.documents("alerts") == before
    [quiet] = [each for each in before.values() if each["status"] == "suppressed"]
    assert "again after 6h" in quiet["suppressed_because"]


@pytest.mark.parametrize("kind", ["frequency", "cardinality", "spike"])
def test_two_instances_that_share_the_articles_count_together_and_alert_once(
    bench: Bench, kind: RuleType
) -> None:
    """The threshold is all there is, so that neither of them could reach it by itself."""
    options: dict[str, Any] = {"of": "source"} if kind == "cardinality" else {}
    options |= {"factor": 2.0} if kind == "spike" else {}
    store(bench.client, bench.prefix, [Rule(id="all", type=kind, window="6h", count=40, **options, **BASE)])
    recorder = Recorder()
    articles = [_article(n, n, source=f"s{n}.example") for n in range(40)]
    bench.produce("enriched", [(one.id, one) for one in articles])
    with (
        bench.running(_sink(bench, recorder), batch_records=3),
        bench.running(_sink(bench, recorder), batch_records=4),
    ):
        wait_for(lambda: bench.behind("enriched") == 0, "all committed")
    assert len(recorder.sent) == 1


def test_what_is_new_is_told_once_and_what_the_index_knew_is_not_new(bench: Bench) -> None:
    rule = Rule(id="first-sight", type="new", window="7d", terms=["places"], **BASE)
    _indexed(bench, [_article(0, 0, ["Wien"])])
    store(bench.client, bench.prefix, [rule])
    recorder = Recorder()
    _written(bench, _sink(bench, recorder), [_article(1, 1, ["Wien", "Пхеньян"])])
    _written(bench, _sink(bench, recorder), [_article(2, 2, ["Пхеньян"]), _article(3, 3, ["Seoul", "Wien"])])
    assert [alert.group for alert in recorder.sent] == ["Пхеньян", "Seoul"]


def test_a_changed_rule_counts_what_it_would_have_seen(bench: Bench) -> None:
    rule = Rule(id="r", type="frequency", window="2d", count=3, watch="articles", where={"places": "Wien"})
    store(bench.client, bench.prefix, [rule])
    _indexed(bench, [_article(n, n, ["Seoul"]) for n in range(2)])
    changed = msgspec.structs.replace(rule, where={"places": "Seoul"})
    assert [change.what for change in store(bench.client, bench.prefix, [changed])] == ["updated"]
    recorder = Recorder()
    _written(bench, _sink(bench, recorder), [_article(2, 2, ["Seoul"])])
    assert [alert.because for alert in recorder.sent] == ["3 in 2d (from 3 on)"]


RULES = [
    Rule(id="plain", key="source", **BASE),
    Rule(id="plain-realert", query_key=["places"], realert="2h", **BASE),
    Rule(id="frequency", type="frequency", window="1h", count=3, query_key=["places"], **BASE),
    Rule(id="cardinality", type="cardinality", window="2h", count=4, of="source", **BASE),
    Rule(id="new", type="new", window="3h", terms=["places", "source"], **BASE),
    Rule(id="spike", type="spike", window="1h", factor=2.0, count=4, baseline=3, **BASE),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_trial_tells_what_then_happens(bench: Bench, rule: Rule) -> None:
    places = [["Wien"], ["Seoul", "طهران"], [], ["طهران"]]
    minutes = sorted((n * n * 7) % 600 + n / 10 for n in range(60))
    articles = [_article(n, at, places[n % 4], source=f"s{n % 7}.example") for n, at in enumerate(minutes)]
    _indexed(bench, articles)
    trial = try_rule(bench.client, bench.prefix, rule, START - timedelta(days=1), datetime.now(UTC))
    assert trial.documents == 60
    store(bench.client, bench.prefix, [rule])
    recorder = Recorder()
    for one in articles:
        _written(bench, _sink(bench, recorder), [one])
    loud = sorted(firing.alert.id for firing in trial.firings if firing.quiet is None)
    assert loud
    assert loud == sorted(alert.id for alert in recorder.sent if alert.rule == rule.id)
    quiet = sorted(firing.alert.id for firing in trial.firings if firing.quiet is not None)
    assert quiet == sorted(each["id"] for each in _by_status(bench, "suppressed"))


def test_a_group_that_falls_silent_is_told_once(bench: Bench) -> None:
    rule = Rule(
        id="silent", type="flatline", window="2h", query_key=["source"], title="$source fell silent", **BASE
    )
    store(bench.client, bench.prefix, [rule])
    articles = [_article(n, n, source="steady.example") for n in range(3)] + [
        _article(9, 90, source="b.example")
    ]
    _indexed(bench, articles)
    clock = [START + timedelta(minutes=100)]
    recorder = Recorder()

    def looked(minutes: float) -> list[str]:
        clock[0] = START + timedelta(minutes=minutes)
        sink = _sink(bench, recorder, now=lambda: clock[0])
        sink._due["flatlines"] = 0.0
        sink.tick(hold)
        return [alert.title for alert in recorder.sent]

    _written(bench, _sink(bench, recorder, now=lambda: clock[0]), articles)
    assert looked(121) == []
    assert looked(123) == ["steady.example fell silent"]
    assert looked(150) == ["steady.example fell silent"]
    assert looked(211) == ["steady.example fell silent", "b.example fell silent"]


def test_a_sink_that_lags_calls_nobody_silent(bench: Bench) -> None:
    sink = _sink(bench)
    due = sink._due["flatlines"]
    _written(bench, sink, [_article(0, 0)])
    assert sink._due["flatlines"] > due


def test_a_silenced_alert_is_kept_with_its_reason(bench: Bench) -> None:
    store(bench.client, bench.prefix, [Rule(id="loud", **BASE), Rule(id="other", **BASE)])
    now = datetime.now(UTC)
    Memory(bench.client, bench.prefix).silence(
        silence_of("lou*", now, timedelta(hours=1), "exercise", owner="Kim")
    )
    clock, recorder = [now + timedelta(minutes=1)], Recorder()
    sink = _sink(bench, recorder, now=lambda: clock[0])
    _written(bench, sink, [_article(0, 0)])
    assert [alert.rule for alert in recorder.sent] == ["other"]
    [kept] = _by_status(bench, "suppressed")
    assert (kept["rule"], "by Kim: exercise" in kept["suppressed_because"]) == ("loud", True)
    clock[0] += timedelta(hours=2)
    _written(bench, sink, [_article(1, 1)])
    assert [alert.rule for alert in recorder.sent[1:]].count("loud") == 1


def test_quiet_hours_hold_an_alert_back_and_lose_nothing(bench: Bench) -> None:
    quiet = QuietHours(start="22:00", to="07:00")
    rules = [
        Rule(id="night", quiet_hours=quiet, **BASE),
        Rule(id="urgent", severity="critical", quiet_hours=quiet, **BASE),
    ]
    store(bench.client, bench.prefix, rules)
    clock, recorder = [datetime(2026, 3, 4, 23, tzinfo=UTC)], Recorder()
    sink = _sink(bench, recorder, now=lambda: clock[0])
    _written(bench, sink, [_article(0, 0)])
    assert [alert.rule for alert in recorder.sent] == ["urgent"]
    [held] = [each for each in bench.documents("alerts").values() if each["rule"] == "night"]
    assert held["held_because"] == "quiet hours until 2026-03-05 07:00 UTC"
    clock[0] = datetime(2026, 3, 5, 6, 59, tzinfo=UTC)
    _sink(bench, recorder, now=lambda: clock[0]).tick(hold)
    assert len(recorder.sent) == 1
    clock[0] = datetime(2026, 3, 5, 7, tzinfo=UTC)
    _seen_for_a_lease(bench, recorder, clock)
    assert [alert.rule for alert in recorder.sent] == ["urgent", "night"]


@pytest.mark.parametrize("fetched_at", ["yesterday", "0001-01-01T00:00:00+00:00", "2026-03", "1772600767000"])
def test_a_time_that_is_none_is_refused_and_the_rest_is_alerted_on(bench: Bench, fetched_at: str) -> None:
    store(bench.client, bench.prefix, [Rule(id="r", **BASE)])
    recorder = Recorder()
    bad = msgspec.structs.replace(_article(0, 0), fetched_at=fetched_at)
    batch = [Delivery(one, Origin(topic="t"), encode(one)) for one in (bad, _article(1, 1))]
    [refused] = _sink(bench, recorder).write(batch, hold)
    assert (refused.reason, refused.delivery.record) == ("no_time", bad)
    assert [alert.article_id for alert in recorder.sent if alert.rule == "r"] == ["a001"]


def _seen_for_a_lease(bench: Bench, recorder: Recorder, clock: list[datetime]) -> None:
    """Have another take over what it has seen untouched for as long as a lease lasts."""

    def steady() -> float:
        return clock[0].timestamp()

    other = AlertDelivery(bench.client, bench.prefix, [recorder], lambda: clock[0], steady=steady)
    for _ in range(2):
        clock[0] += timedelta(seconds=LEASE_SECONDS + 1)
        other.resume(hold)


class _KilledError(Exception):
    pass


@pytest.mark.parametrize("before", ["create", "send", "_store"])
def test_killed_anywhere_between_counting_and_noting_the_alert_is_sent(
    bench: Bench, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `send` only a channel's own memory of ids can tell that it had it: `_store` may send twice."""
    rule = Rule(id="r", type="frequency", window="6h", count=3, **BASE)
    store(bench.client, bench.prefix, [rule])
    clock, recorder = [datetime.now(UTC)], Recorder()
    articles = [_article(n, n) for n in range(3)]

    def killed(*_: Any) -> None:
        raise _KilledError

    with monkeypatch.context() as patched:
        patched.setattr(AlertDelivery, before, killed)
        with pytest.raises(_KilledError):
            _written(bench, _sink(bench, recorder, now=lambda: clock[0]), articles)
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")
    _seen_for_a_lease(bench, recorder, clock)
    _written(bench, _sink(bench, recorder, now=lambda: clock[0]), articles)
    sent = [alert.id for alert in recorder.sent]
    assert len(set(sent)) == 1
    assert len(sent) == (2 if before == "_store" else 1)
    [alert] = bench.documents("alerts").values()
    assert alert["status"] == "sent"


def test_what_has_ended_is_forgotten(bench: Bench) -> None:
    store(bench.client, bench.prefix, [Rule(id="r", type="frequency", window="1h", count=3, **BASE)])
    _written(bench, _sink(bench), [_article(n, n) for n in range(4)])
    memory = Memory(bench.client, bench.prefix)
    assert memory.forget(START + timedelta(hours=1), hold) == 0
    assert memory.forget(START + timedelta(days=8), hold) >= 4
    assert not [each for each in bench.documents("memory").values() if each["kind"] == "sighting"]


def test_times_are_told_to_the_millisecond_that_the_index_keeps() -> None:
    assert fetched_at({"fetched_at": "2026-03-04T05:06:07.123999+00:00"}).microsecond == 123_000
