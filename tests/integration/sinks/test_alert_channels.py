"""Alerts on their way to real receivers: taken once, kept while one is away, and then not a flood."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from kafka import KafkaProducer
from kafka.errors import InvalidTimestampError

from schemas.dead_letter import DeadLetter
from sinks.alerts.atom import AtomChannel
from sinks.alerts.build import build_alert
from sinks.alerts.channels import ChannelError, ChatChannel, WebhookChannel, signature
from sinks.alerts.chat import slack_payloads, telegram_payloads
from sinks.alerts.delivery import Delivery, as_sent
from sinks.alerts.ledger import latest_alerts, send_again
from sinks.alerts.mail import MailChannel, Server
from sinks.alerts.outlet import Outlet
from sinks.alerts.rule import Rule
from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.sink import watched_document
from sinks.dead_letters import kafka_set_aside
from sinks.elasticsearch.actions import action_for
from sinks.elasticsearch.documents import AlertDocument
from sinks.producer import RenewedProducer
from tests.integration.sinks.bench import Bench, hold
from tests.integration.sinks.receivers import Post, Web, post, web
from tests.unit.sinks.records import SENTENCE, article, designation, mention
from wirewatch.kafka import producer_options
from wirewatch.sinking import burial

[BUILTIN] = load_rules(rule_files())
START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def receiver() -> Iterator[Web]:
    with web() as kept:
        yield kept


@pytest.fixture
def mailbox() -> Iterator[Post]:
    with post() as kept:
        yield kept


def _mail(mailbox: Post, language: str = "en") -> MailChannel:
    server = Server("127.0.0.1", mailbox.port, "none")
    return MailChannel("mail", server, "wirewatch@example.org", ["desk@example.org"], language)


def _alerts(count: int, now: datetime, **changes: Any) -> list[AlertDocument]:
    document = watched_document(mention(), "sanctions")
    assert document is not None
    one = build_alert(BUILTIN, document, now)
    return [
        msgspec.structs.replace(one, id=f"x{n:03}", key=f"d{n}", title=f"number {n}.", titles=[], **changes)
        for n in range(count)
    ]


def _made(bench: Bench, clock: Clock, *channels: Any, **options: Any) -> Delivery:
    return Delivery(
        bench.client, bench.prefix, channels, clock, steady=lambda: clock().timestamp(), **options
    )


def _raise(delivery: Delivery, alerts: list[AlertDocument], bench: Bench) -> None:
    delivery.send(delivery.create(alerts, hold)[0], hold)
    bench.client.indices.refresh(index=f"{bench.prefix}-alerts")


def _resumed(delivery: Delivery, clock: Clock, bench: Bench, minutes: int) -> None:
    """As many passes as the sink makes in that time, one a minute."""
    for _ in range(minutes):
        clock.now += timedelta(minutes=1)
        delivery.resume(hold)
        bench.client.indices.refresh(index=f"{bench.prefix}-alerts")


def _statuses(bench: Bench) -> set[str]:
    return {each["status"] for each in bench.documents("alerts").values()}


def test_channels_that_were_down_for_an_hour_lose_nothing_and_flood_nobody(
    bench: Bench, receiver: Web, mailbox: Post
) -> None:
    clock = Clock()
    slack = ChatChannel("desk", receiver.url, slack_payloads)
    delivery = _made(bench, clock, slack, _mail(mailbox))
    receiver.status, mailbox.down = 503, True
    alerts = _alerts(60, clock.now)
    for n in range(60):
        _raise(delivery, [msgspec.structs.replace(alerts[n], created_at=clock.now.isoformat())], bench)
        _resumed(delivery, clock, bench, 1)
    assert receiver.received == mailbox.mails == []
    receiver.status, mailbox.down = 200, False
    _resumed(delivery, clock, bench, 8)
    assert _statuses(bench) == {"sent"}
    told = "".join(each["text"] for each in receiver.received)
    assert all(told.count(f"number {n}.") == 1 for n in range(60))
    assert len(receiver.received) <= 8
    mailed = "".join(mail.get_body().get_content() for mail in mailbox.mails)  # type: ignore[union-attr]
    assert all(mailed.count(f"number {n}.") == 1 for n in range(60))
    assert len(mailbox.mails) <= 8


def test_a_webhook_that_was_down_has_each_alert_once_and_signed(bench: Bench, receiver: Web) -> None:
    clock = Clock()
    delivery = _made(bench, clock, WebhookChannel(receiver.url, b"secret"))
    receiver.status = 500
    _raise(delivery, _alerts(30, clock.now), bench)
    receiver.status = 200
    _resumed(delivery, clock, bench, 2)
    assert sorted(each["id"] for each in receiver.received) == [f"x{n:03}" for n in range(30)]
    for body, headers in zip(receiver.received, receiver.headers, strict=True):
        assert headers["Idempotency-Key"] == body["id"]
        expected = signature(b"secret", msgspec.json.encode(body))
        assert headers["X-Wirewatch-Signature-256"] == f"sha256={expected}"


def test_a_channel_that_is_down_is_asked_once_a_pass_and_delays_no_other(
    bench: Bench, receiver: Web, mailbox: Post
) -> None:
    clock = Clock()
    receiver.status = 503
    delivery = _made(bench, clock, WebhookChannel(receiver.url), _mail(mailbox))
    _raise(delivery, _alerts(5, clock.now), bench)
    assert receiver.asked == 1
    assert len(mailbox.mails) == 5


def test_what_a_channel_refuses_is_dead_lettered_and_can_be_sent_again(bench: Bench, receiver: Web) -> None:
    clock = Clock()
    receiver.refuses = "number 1."
    bury = burial(kafka_set_aside(bench.producer, bench.topic("dead")))
    delivery = _made(bench, clock, ChatChannel("desk", receiver.url, slack_payloads), bury=bury)
    _raise(delivery, _alerts(8, clock.now), bench)
    assert _statuses(bench) == {"sent"}
    assert len(receiver.received) == 7, "together they were refused; by themselves all but one were taken"
    [letter] = bench.read("dead")
    assert isinstance(letter, DeadLetter)
    assert (letter.reason, letter.detail, letter.origin.topic) == (
        "channel_refused", "answered 400", "channel desk",
    )  # fmt: skip
    since = START - timedelta(days=1)
    [refused] = latest_alerts(bench.client, bench.prefix, since, status="undelivered")
    assert refused["undelivered"] == ["desk: answered 400"]
    receiver.refuses = ""
    assert send_again(bench.client, bench.prefix, "x001")
    assert not send_again(bench.client, bench.prefix, "x002")
    clock.now = datetime.now(UTC)
    _resumed(delivery, clock, bench, 2)
    assert "number 1." in receiver.received[-1]["text"]
    assert len(receiver.received) == 8


def test_after_three_days_an_alert_is_given_up(bench: Bench, receiver: Web) -> None:
    clock = Clock()
    buried: list[tuple[str, str, str]] = []
    receiver.status = 503
    bury = lambda alert, channel, why: buried.append((alert.id, channel, why))  # noqa: E731
    delivery = _made(bench, clock, WebhookChannel(receiver.url), bury=bury)
    _raise(delivery, _alerts(1, clock.now), bench)
    clock.now += timedelta(days=3, minutes=1)
    delivery.resume(hold)
    assert buried == [("x000", "webhook", "answered 503")]


def test_a_digest_waits_and_is_one_mail_in_the_readers_language(bench: Bench, mailbox: Post) -> None:
    clock = Clock()
    clock.now = START.replace(minute=5, second=0)
    delivery = _made(bench, clock, Outlet(_mail(mailbox, "ar"), digest=timedelta(hours=1)))
    for alert in _alerts(3, clock.now):
        _raise(delivery, [alert], bench)
    _resumed(delivery, clock, bench, 54)
    assert mailbox.mails == []
    _resumed(delivery, clock, bench, 2)
    [mail] = mailbox.mails
    assert mail["Subject"] == "عدد التنبيهات: 3"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert SENTENCE in text
    assert "number 2." in text
    assert _statuses(bench) == {"sent"}


def test_an_alert_names_its_first_source_and_how_many_tell_it_too(bench: Bench, receiver: Web) -> None:
    sighting = designation().sightings[0]
    sources = ["first.example", "akhbar.example", "third.example"]
    told = designation(sightings=[msgspec.structs.replace(sighting, source=source) for source in sources])
    action = action_for(told, bench.prefix)
    assert action is not None
    bench.client.index(
        index=action.index, id=action.id, document=msgspec.json.decode(action.source), refresh=True
    )
    telegram = ChatChannel("tele", receiver.url, partial(telegram_payloads, chat_id="-1"), "ru")
    _raise(_made(bench, Clock(), telegram), _alerts(1, START), bench)
    [payload] = receiver.received
    assert "Сообщил первым: \u2068first.example\u2069" in payload["text"]
    assert "Другие источники: \u20682\u2069" in payload["text"]
    assert '<a href="https://akhbar.example/1">' in payload["text"]


def test_the_first_source_of_a_story_is_who_told_it_first(bench: Bench, receiver: Web) -> None:
    for n, source in enumerate(["late.example", "early.example"]):
        action = action_for(
            article(id=f"s{n}", source=source, fetched_at=f"2026-03-04T05:0{5 - n}:00.000+00:00"),
            bench.prefix,
        )
        assert action is not None
        bench.client.index(
            index=action.index, id=action.id, document=msgspec.json.decode(action.source), refresh=True
        )
    rule = Rule(id="r", watch="articles", query={"match_all": {}})
    document = watched_document(article(source="late.example"), "articles")
    assert document is not None
    slack = ChatChannel("desk", receiver.url, slack_payloads)
    _raise(_made(bench, Clock(), slack), [build_alert(rule, document, START)], bench)
    assert "First reported by: \u2068early.example\u2069" in receiver.received[0]["text"]
    assert "Further sources: \u20681\u2069" in receiver.received[0]["text"]


def test_a_rule_chooses_its_channels_and_the_topic_has_all(
    bench: Bench, receiver: Web, tmp_path: Path
) -> None:
    topic = Outlet(bench.channel(), always=True)
    desk = Outlet(ChatChannel("desk", receiver.url, slack_payloads), default=False)
    delivery = _made(bench, Clock(), topic, desk, AtomChannel("feeds", tmp_path))
    chosen = _alerts(1, START, channels=["desk", "nobody"])
    other = [msgspec.structs.replace(chosen[0], id="y", channels=[])]
    _raise(delivery, chosen + other, bench)
    held = bench.documents("alerts")
    assert held["x000"]["delivered_to"] == ["topic", "desk"]
    assert held["x000"]["undelivered"] == ["nobody: there is no such channel"]
    assert held["y"]["delivered_to"] == ["topic", "feeds"]
    assert {alert.id for alert in bench.read("alerts")} == {"x000", "y"}
    assert (tmp_path / f"{BUILTIN.id}.atom").read_bytes().count(b"<entry") == 1


def test_an_alert_that_kafka_has_not_answered_is_not_written_again(bench: Bench) -> None:
    options = producer_options(bench.settings.kafka) | {"linger_ms": 1500}
    with closing(KafkaProducer(**options)) as slow:
        topic = bench.channel(slow, answered_within_seconds=0.3)
        alert = as_sent(_alerts(1, START)[0])
        with pytest.raises(ChannelError, match="Timeout"):
            topic.send(alert)
        tries = 1
        while tries < 20:
            tries += 1
            with suppress(ChannelError):
                topic.send(alert)
                break
        assert 2 < tries < 20, "still unanswered when tried again, and taken in the end"
    assert [told.id for told in bench.read("alerts")] == [alert.id]


def test_after_a_record_that_kafka_refused_alerts_are_written_again(bench: Bench) -> None:
    made: list[KafkaProducer] = []

    def connect() -> KafkaProducer:
        made.append(KafkaProducer(**producer_options(bench.settings.kafka)))
        return made[-1]

    with closing(RenewedProducer(connect)) as producer:
        topic = bench.channel(producer)
        [first, second] = [as_sent(alert) for alert in _alerts(2, START)]
        tomorrow = int((datetime.now(UTC) + timedelta(days=1)).timestamp() * 1000)
        with pytest.raises(InvalidTimestampError):  # as from a clock that is ahead
            made[0].send(bench.topic("alerts"), value=b"", timestamp_ms=tomorrow).get(timeout=30)
        with pytest.raises(ChannelError, match="InvalidTimestamp"):
            topic.send(first)  # whatever such a producer sends is refused
        topic.send(first)
        topic.send(second)
    assert {told.id for told in bench.read("alerts")} == {first.id, second.id}
    assert len(made) == 2
