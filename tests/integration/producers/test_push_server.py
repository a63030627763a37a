"""The push endpoint over real HTTP and a real broker: whoever hears 202 can forget the article."""

from __future__ import annotations

import gzip
import json
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from kafka.admin import KafkaAdminClient

from tests.integration.producers.push_server import ANY_TOKEN, TOKEN, PushServer, raw_ids, running
from wirewatch.kafka import admin_options
from wirewatch.local import LocalServices
from wirewatch.settings import KafkaSettings
from wirewatch.topics import apply_topics

JSON = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
LINES = JSON | {"Content-Type": "application/x-ndjson"}


@pytest.fixture(scope="module", autouse=True)
def _topics(kafka: str) -> None:
    cluster = KafkaSettings(bootstrap_servers=kafka)
    with closing(KafkaAdminClient(**admin_options(cluster))) as admin:
        apply_topics(admin, cluster)


@pytest.fixture(scope="module")
def server(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushServer]:
    started = PushServer(
        kafka, tmp_path_factory.mktemp("push"), body_seconds=2, head_seconds=1, acknowledge_seconds=20,
        body_bytes_max=4_000_000, lines_max=10_000, requests_per_minute=10_000,
    )  # fmt: skip
    with running(started) as server:
        yield server


def _article(**fields: object) -> dict[str, object]:
    return {
        "text": f"제재 {uuid.uuid4().hex}",
        "url": f"https://wire.example.org/{uuid.uuid4().hex}",
    } | fields


def _post(server: PushServer, *articles: object, **kwargs: object) -> httpx.Response:
    body = "\n".join(json.dumps(each) for each in articles)
    return httpx.post(server.url, content=body, headers=LINES, timeout=90, **kwargs)  # type: ignore[arg-type]


def test_one_article_is_in_kafka_when_the_answer_is_there(server: PushServer, kafka: str) -> None:
    answer = httpx.post(server.url, json=_article(), headers=JSON)
    assert answer.status_code == 202, answer.text
    assert answer.json()["accepted"] == 1
    assert answer.json()["ids"][0] in raw_ids(kafka)


def test_ten_thousand_lines_streamed_and_sent_again_are_each_there_once(
    server: PushServer, kafka: str
) -> None:
    lines = [json.dumps(_article()).encode() + b"\n" for _ in range(10_000)]
    answers = [httpx.post(server.url, content=iter(lines), headers=LINES, timeout=120) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202], answers[0].text[:500]
    ids = answers[0].json()["ids"]
    assert len(set(ids)) == answers[0].json()["accepted"] == 10_000
    assert answers[1].json()["ids"] == ids
    in_kafka = raw_ids(kafka)
    assert sum(each in set(ids) for each in in_kafka) == 10_000


def test_gzip_is_taken(server: PushServer) -> None:
    body = gzip.compress(json.dumps(_article()).encode())
    answer = httpx.post(server.url, content=body, headers=JSON | {"Content-Encoding": "gzip"})
    assert answer.status_code == 202, answer.text


def test_a_changed_text_is_sent_and_an_unchanged_one_is_not(server: PushServer, kafka: str) -> None:
    article = _article()
    (first,) = _post(server, article).json()["ids"]
    assert _post(server, article).json()["ids"] == [first]
    assert raw_ids(kafka).count(first) == 1
    _post(server, article | {"text": "another text"})
    assert raw_ids(kafka).count(first) == 2


def test_each_line_hears_what_became_of_it(server: PushServer, kafka: str) -> None:
    good = _article()
    answer = _post(server, good, {"url": "https://wire.example.org/1"}, 7, _article(source="other.example"),
                   _article(fetched_at="2999-01-01"), _article(fetched_at="yesterday"), good)  # fmt: skip
    told = answer.json()
    assert answer.status_code == 207
    assert told["accepted"] == 2
    assert [each is None for each in told["ids"]] == [False, True, True, True, True, True, False]
    assert [(each["line"], each["reason"]) for each in told["faults"]] == [
        (2, "no_text"), (3, "wrong_type"), (4, "wrong_source"), (5, "from_the_future"), (6, "wrong_type"),
    ]  # fmt: skip
    assert all(each["mend"] for each in told["faults"])
    assert told["ids"][0] in raw_ids(kafka)


def test_nothing_good_is_400_and_nothing_is_written(server: PushServer, kafka: str) -> None:
    before = len(raw_ids(kafka))
    for body in (b"", b" \n\n", b"{", b"[]", b'{"text": "\\ud800"}', b"\xff\xfe", b"null\n", b'{"text": ""}'):
        answer = httpx.post(server.url, content=body, headers=LINES)
        assert answer.status_code == 400, body
        assert answer.json()["faults"][0]["mend"]
    assert len(raw_ids(kafka)) == before


def test_a_token_speaks_for_its_source_and_one_for_all_for_any(server: PushServer, kafka: str) -> None:
    free = LINES | {"Authorization": f"Bearer {ANY_TOKEN}"}
    body = json.dumps(_article(source="other.example"))
    assert httpx.post(server.url, content=body, headers=free).status_code == 202
    assert httpx.post(server.url, content=body, headers=LINES).json()["faults"][0]["reason"] == "wrong_source"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong-wrong-wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])  # fmt: skip
def test_without_a_token_nobody_is_let_in(server: PushServer, authorization: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": authorization.encode("latin-1")}
    answer = httpx.post(server.url, json=_article(), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "text/plain"}, b"{}", 415),
        ({"Content-Encoding": "br"}, b"{}", 415),
        ({}, b" " * 5_000_000, 413),
        ({}, iter([b" " * 1_000_000] * 5), 413),
        ({"Content-Encoding": "gzip"}, gzip.compress(b" " * 50_000_000), 413),
        ({"Content-Encoding": "gzip"}, b"no gzip", 400),
        ({"Content-Encoding": "gzip"}, gzip.compress(b"{}" * 99)[:-9], 400),
        ({}, b"{}\n" * 10_001, 413),
    ],
    ids=["type", "encoding", "long", "long-chunked", "bomb", "no-gzip", "cut-gzip", "lines"],
)  # fmt: skip
def test_what_can_not_be_taken_is_refused_with_a_reason(
    server: PushServer, headers: dict[str, str], body: bytes | Iterator[bytes], status: int
) -> None:
    answer = httpx.post(server.url, content=body, headers=LINES | headers)
    assert answer.status_code == status, answer.text[:300]
    assert answer.json()["faults"][0]["mend"]


def _raw(server: PushServer, *parts: bytes, pause_seconds: float = 0.0, limit_seconds: float = 15.0) -> bytes:
    """Send parts with pauses; all that comes back until the connection is closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=limit_seconds) as line:
        try:
            for part in parts:
                line.sendall(part)
                time.sleep(pause_seconds)
        except OSError:
            pass
        got = b""
        try:
            while part := line.recv(65536):
                got += part
        except ConnectionError:
            pass
        return got


def test_no_length_is_411_and_other_paths_and_methods_say_so(server: PushServer) -> None:
    head = f"POST /articles HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n\r\n"
    assert _raw(server, head.encode()).startswith(b"HTTP/1.1 411")
    assert httpx.get(server.url).status_code == 405
    assert httpx.get(server.url.replace("articles", "nothing")).status_code == 404
    assert httpx.get(server.url.replace("articles", "openapi.json")).json()["openapi"] == "3.1.0"
    assert httpx.get(server.url.replace("articles", "health")).json()["status"] == "ok"


def test_whoever_sends_too_slowly_is_hung_up_on(server: PushServer) -> None:
    started = time.monotonic()
    dripping_head = [b"POST /articles HTTP/1.1\r\n", *[b"X-A: b\r\n"] * 30]
    assert b"202" not in _raw(server, *dripping_head, pause_seconds=0.1)
    assert _raw(server) == b""
    head = f"POST /articles HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    assert _raw(server, head.encode(), b"{", pause_seconds=0.1).startswith(b"HTTP/1.1 408")
    assert time.monotonic() - started < 12
    assert _post(server, _article()).status_code == 202


def test_a_kept_connection_does_not_outstay_its_second_head(server: PushServer) -> None:
    health = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    got = _raw(server, health, *[b"X"] * 30, pause_seconds=0.1)
    assert got.count(b"HTTP/1.1 200") == 1


def test_too_many_requests_are_told_to_wait(kafka: str, tmp_path: Path) -> None:
    with running(PushServer(kafka, tmp_path, requests_per_minute=2)) as server:
        answers = [_post(server, _article()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 30
    assert answers[2].json()["faults"][0]["reason"] == "too_many_requests"


@contextmanager
def _kafka_away(services: LocalServices) -> Iterator[None]:
    assert services.kafka is not None
    services.kafka.kill()
    try:
        yield
    finally:
        services.kafka.start()


def test_while_kafka_is_away_it_is_503_and_429_and_after_that_202(
    services: LocalServices, kafka: str, tmp_path: Path
) -> None:
    lost = _article(html="x" * 1500)
    with running(
        PushServer(kafka, tmp_path, acknowledge_seconds=5, body_bytes_max=2000, held_bytes_max=4000)
    ) as server:
        assert _post(server, _article()).status_code == 202
        health = server.url.replace("articles", "health")
        with _kafka_away(services):
            with ThreadPoolExecutor(4) as senders:
                answers = list(senders.map(lambda _: _post(server, lost), range(4)))
            assert {answer.status_code for answer in answers} == {429, 503}
            assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
            assert httpx.get(health).status_code == 503
        deadline = time.monotonic() + 60
        while httpx.get(health).status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.5)
        answer = _post(server, lost)
        assert answer.status_code == 202
        assert answer.json()["ids"][0] in raw_ids(kafka)


def test_killed_between_request_and_acknowledgement_it_has_promised_nothing(
    services: LocalServices, kafka: str, tmp_path: Path
) -> None:
    article = _article()
    with running(PushServer(kafka, tmp_path)) as server, ThreadPoolExecutor(1) as sender:
        with _kafka_away(services):
            answer = sender.submit(_post, server, article)
            time.sleep(1.0)
            server.stop(signal.SIGKILL)
            with pytest.raises(httpx.TransportError):
                answer.result(30)
        server.start()
        again = _post(server, article)
        assert again.status_code == 202
        assert again.json()["ids"][0] in raw_ids(kafka)


def test_all_that_was_202_before_a_kill_is_there(kafka: str, tmp_path: Path) -> None:
    promised: list[str] = []

    def send(_: int) -> None:
        with suppress(httpx.TransportError):
            while True:
                promised.extend(_post(server, *[_article() for _ in range(20)]).json()["ids"])

    with running(PushServer(kafka, tmp_path)) as server, ThreadPoolExecutor(4) as senders:
        sending = senders.map(send, range(4))
        time.sleep(2.0)
        server.stop(signal.SIGKILL)
        list(sending)
    assert len(promised) > 20
    assert set(promised) <= set(raw_ids(kafka))


def test_told_to_stop_it_first_answers_what_it_has_begun(kafka: str, tmp_path: Path) -> None:
    halfway = threading.Event()

    def body() -> Iterator[bytes]:
        yield b'{"text": "halfway '
        halfway.set()
        time.sleep(1.5)
        yield b'there"}'

    with running(PushServer(kafka, tmp_path)) as server, ThreadPoolExecutor(1) as sender:
        sending = sender.submit(httpx.post, server.url, content=body(), headers=JSON, timeout=60)
        assert halfway.wait(10)
        time.sleep(0.3)
        assert server.stop() == 0
        answer = sending.result(30)
        with pytest.raises(httpx.ConnectError):
            _post(server, _article())
    assert answer.status_code == 202
    assert answer.json()["ids"][0] in raw_ids(kafka)
