"""The endpoint without a network: who is let in, what is read, and that no body breaks it."""

from __future__ import annotations

import asyncio
import codecs
import gzip
import json
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime

import httpx
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.endpoint import EndpointOptions, Token, build_app
from producers.endpoint.admission import Rates, Room, holder
from producers.endpoint.answers import MENDS, RefusedError
from producers.endpoint.delivery import Failures
from producers.endpoint.openapi import DESCRIPTION
from producers.endpoint.submission import read_submission
from schemas.article import Article

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
WIRE = Token("a-token-for-the-wire", "wire.example.org")
DESK = Token("a-token-for-the-desk", "*")
RECEIPT = {"$ref": "#/components/schemas/Receipt", "components": DESCRIPTION["components"]}


class _Taking:
    """Stands for a delivery whose Kafka takes everything but what is to be refused."""

    why_not_ready: str | None = None

    def __init__(self, refused: str = "") -> None:
        self.taken: list[Article] = []
        self._refused = refused

    def submit(self, articles: Sequence[Article]) -> Future[Failures]:
        answer: Future[Failures] = Future()
        self.taken += articles
        answer.set_result(
            {each.id: "away" for each in articles if self._refused in each.raw.content}
            if self._refused
            else {}
        )
        return answer


def _ask(
    body: bytes, *, delivery: _Taking | None = None, options: EndpointOptions | None = None, method: str = "POST",
    path: str = "/articles", host: str = "localhost", **headers: str,
) -> httpx.Response:  # fmt: skip
    app = build_app(options or EndpointOptions(), delivery or _Taking())  # type: ignore[arg-type]
    given_headers = {"content-type": "application/x-ndjson"} | {
        k.replace("_", "-"): v for k, v in headers.items()
    }

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path, content=body, headers=given_headers)

    return asyncio.run(ask())


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
_objects = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ["text", "html", "url", "source", "id", "fetched_at"], st.text(max_size=30) | _values
    ),
)
_lines = st.lists(_objects.map(lambda each: json.dumps(each).encode()) | st.binary(max_size=40), max_size=6)
_bodies = st.binary(max_size=200) | _lines.map(b"\n".join)


@settings(deadline=None)
@given(
    _bodies,
    st.sampled_from(["application/json", "application/x-ndjson"]),
    st.sampled_from(["", "gzip", "lie"]),
)
def test_whatever_the_body_the_answer_is_a_receipt(body: bytes, kind: str, packing: str) -> None:
    headers = {"content_type": kind} | ({"content_encoding": "gzip"} if packing else {})
    delivery = _Taking()
    answer = _ask(gzip.compress(body) if packing == "gzip" else body, delivery=delivery, **headers)
    told = answer.json()
    assert answer.status_code in {202, 207, 400}
    jsonschema.validate(told, RECEIPT)
    assert told["accepted"] == len(delivery.taken) == sum(each is not None for each in told["ids"])
    assert bool(told["faults"]) == (answer.status_code != 202)
    assert all(each["mend"] == MENDS[each["reason"]] for each in told["faults"])


@given(st.binary(max_size=300), st.integers(1, 5))
def test_a_submission_has_an_article_or_a_fault_for_each_line(content: bytes, lines_max: int) -> None:
    try:
        found = read_submission(content, WIRE, NOW, many=True, lines_max=lines_max)
    except RefusedError:
        assert not content.removeprefix(codecs.BOM_UTF8).strip() or content.count(b"\n") > lines_max
        return
    without = [line for line, article in zip(found.lines, found.articles, strict=True) if article is None]
    assert without == [each.line for each in found.faults]


def test_what_kafka_has_not_taken_is_told_by_line() -> None:
    good, bad = json.dumps({"text": "good"}), json.dumps({"text": "bad"})
    some = _ask(f"{good}\n\n{bad}\n".encode(), delivery=_Taking("bad"))
    assert (some.status_code, some.json()["accepted"]) == (207, 1)
    assert [(each["line"], each["reason"]) for each in some.json()["faults"]] == [(3, "not_acknowledged")]
    none = _ask(bad.encode(), delivery=_Taking("bad"))
    assert (none.status_code, none.json()["ids"]) == (503, [None])
    assert int(none.headers["retry-after"]) > 0


def test_without_tokens_only_loopback_names_are_answered() -> None:
    body = b'{"text": "x"}'
    assert [_ask(body, host=host).status_code for host in ("localhost:8480", "127.0.0.1", "[::1]:8480")] == [
        202
    ] * 3
    assert _ask(body, host="rebound.example.com").status_code == 421
    with_tokens = EndpointOptions(tokens=(WIRE,))
    assert _ask(body, host="push.example.com", options=with_tokens).status_code == 401
    allowed = _ask(body, host="push.example.com", options=with_tokens, authorization=f"Bearer {WIRE.secret}")
    assert allowed.status_code == 202


def test_a_source_is_the_tokens_and_of_one_for_all_the_lines() -> None:
    line = b'{"text": "x", "source": "desk.example.org"}'
    (article,) = read_submission(line, DESK, NOW, many=False, lines_max=1).articles
    assert article is not None
    assert article.source == "desk.example.org"
    (refused,) = read_submission(line, WIRE, NOW, many=False, lines_max=1).faults
    assert refused.reason == "wrong_source"
    (own,) = read_submission(b'{"text": "x"}', WIRE, NOW, many=False, lines_max=1).articles
    assert own is not None
    assert (own.source, own.fetched_at) == (WIRE.source, "2026-11-27T12:00:00.000Z")


@pytest.mark.parametrize("authorization", [f"Bearer {WIRE.secret}", f"bearer  {WIRE.secret} "])
def test_a_token_is_known_by_its_secret(authorization: str) -> None:
    assert holder(authorization, [DESK, WIRE]) is WIRE
    assert WIRE.secret not in repr(EndpointOptions(tokens=(WIRE,)))


@pytest.mark.parametrize(
    "authorization", ["", WIRE.secret, f"Basic {WIRE.secret}", "Bearer ", f"Bearer {WIRE.secret[:-1]}"]
)
def test_nothing_else_is_let_in(authorization: str) -> None:
    with pytest.raises(RefusedError):
        holder(authorization, [DESK, WIRE])


def test_each_token_has_a_rate_that_recovers() -> None:
    now = 0.0
    rates = Rates(60, lambda: now)
    for _ in range(60):
        rates.take(WIRE)
    with pytest.raises(RefusedError) as told:
        rates.take(WIRE)
    assert told.value.retry_after_seconds == pytest.approx(1.0)
    rates.take(DESK)
    now = 1.1
    rates.take(WIRE)
    with pytest.raises(RefusedError):
        rates.take(WIRE)


def test_what_is_held_is_bounded_and_given_back() -> None:
    room = Room(100)
    room.take(60)
    with pytest.raises(RefusedError):
        room.take(41)
    room.take(40)
    room.give_back(100)
    assert room.held_bytes == 0


def test_nothing_is_held_once_a_request_is_answered() -> None:
    options = EndpointOptions(body_bytes_max=1000, held_bytes_max=2500)
    app_delivery = _Taking()
    app = build_app(options, app_delivery)  # type: ignore[arg-type]

    async def ask() -> list[int]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://localhost"
        ) as client:
            statuses = []
            for body, packing in (
                (b'{"text": "x"}', ""),
                (b"x" * 1001, ""),
                (gzip.compress(b" " * 2000), "gzip"),
                (b"?", "gzip"),
            ):
                headers = {"content-type": "application/json"} | (
                    {"content-encoding": packing} if packing else {}
                )
                statuses.append((await client.post("/articles", content=body, headers=headers)).status_code)
            assert (await client.get("/health")).json()["held_bytes"] == 0
            return statuses

    assert asyncio.run(ask()) == [202, 413, 413, 400]


def test_a_fault_of_ours_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("producers.endpoint.app.read_submission", broken)
    app = build_app(EndpointOptions(), _Taking())  # type: ignore[arg-type]

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post("/articles", json={"text": "x"})

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    jsonschema.validate(answer.json(), RECEIPT)
