"""What listens: WebSub's callback, the push endpoint, and the heads of requests to either."""

from __future__ import annotations

import asyncio
import gzip
import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import uvicorn
from hypothesis import strategies as st
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from producers.endpoint import EndpointOptions, Token
from producers.endpoint import build_app as build_endpoint
from producers.endpoint.answers import MENDS, Receipt
from producers.endpoint.delivery import Failures
from producers.feeds.callback import build_app as build_callback
from producers.feeds.hubs import Hubs
from producers.feeds.options import FeedsOptions
from producers.feeds.store import Store
from producers.feeds.websub import asked, new_subscription, signature_verdict, verification
from producers.fetching import FetchingOptions
from producers.serving.server import patient
from schemas.article import Article
from tests.fuzz.target import Target, holds, text_of
from tests.fuzz.wording import any_text, any_value, as_json, mapping, pieces, short_text, written

NOW = 1_795_000_000.0
TOPIC = "https://www.example.org/feed"
SECRET = "a-secret-of-the-hub"
TOKEN = "a-token-for-the-wire"
PUSH_STATUSES = {202, 207, 400, 401, 404, 405, 408, 411, 413, 415, 421, 429, 503}
CALLBACK_STATUSES = {200, 202, 404, 405, 408, 410, 413}


def read_websub(data: bytes) -> None:
    """The first line a query, the second a signature, the rest a body."""
    query, signature, body = ([*data.split(b"\n", 2), b"", b""])[:3]
    one = asked(
        msgspec.structs.replace(new_subscription(TOPIC, "https://hub.example.net/", TOPIC), secret=SECRET),
        NOW,
    )
    for each in (one, msgspec.structs.replace(one, standing="leaving"), None):
        told = dict(
            parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="utf-8", errors="replace")
        )
        status, echoed, changed = verification(each, told, NOW)
        holds(
            not echoed or (status == 200 and echoed == told.get("hub.challenge")),
            "a challenge was not told as it came",
        )
        holds(changed is None or changed.secret == SECRET, "the secret has changed")
        holds(changed is None or changed.expires_at <= NOW + 91 * 86_400, "a lease without end")
    verdict = signature_verdict(SECRET, text_of(signature), body)
    holds(verdict == "wrong" or len(signature) >= 40, "a signature too short to be one is believed")


def ask(
    app: ASGIApp, method: str, target: str, headers: list[tuple[bytes, bytes]], body: bytes
) -> tuple[int, bytes]:
    """Status and body of an answer, asked for without a network."""
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    path, _, query = target.partition("?")

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode("latin-1", "replace"), "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    _loop().run_until_complete(app(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


@cache
def _callback() -> ASGIApp:
    store = Store(Path(tempfile.mkdtemp()))
    one = asked(new_subscription(TOPIC, "https://hub.example.net/", TOPIC), NOW)
    store.keep_subscription(
        msgspec.structs.replace(one, token="token", secret=SECRET, standing="verified", expires_at=4e9)
    )
    return build_callback(Hubs(store, FeedsOptions(), FetchingOptions()))


def read_callback(data: bytes) -> None:
    """Method, target, signature and content type, a line each; the rest is what a hub pushes."""
    method, target, signature, kind, body = ([*data.split(b"\n", 4), *[b""] * 4])[:5]
    headers = [(b"x-hub-signature", signature), (b"content-type", kind)]
    status, _ = ask(
        _callback(),
        "GET" if method.startswith(b"G") else "POST",
        "/websub/" + target.decode("latin-1"),
        headers,
        body,
    )
    holds(status in CALLBACK_STATUSES, f"answered {status}")


class _Taking:
    """Stands for a delivery whose Kafka takes everything."""

    why_not_ready: str | None = None

    def submit(self, articles: Sequence[Article]) -> Future[Failures]:  # noqa: ARG002
        answer: Future[Failures] = Future()
        answer.set_result({})
        return answer


@cache
def _endpoint() -> ASGIApp:
    options = EndpointOptions(
        tokens=(Token(TOKEN, "*"),),
        requests_per_minute=10**9,
        body_bytes_max=256 * 1024,
        held_bytes_max=1024 * 1024,
        lines_max=500,
    )
    return build_endpoint(options, _Taking())  # type: ignore[arg-type]


def read_push(data: bytes) -> None:
    """Target, authorization, content type, encoding and length, a line each; the rest is the body. Every
    answer is a receipt.
    """
    target, authorization, kind, encoding, length, body = ([*data.split(b"\n", 5), *[b""] * 5])[:6]
    told = {
        b"authorization": authorization,
        b"content-type": kind,
        b"content-encoding": encoding,
        b"content-length": length,
        b"host": b"localhost",
    }
    headers = [(name, value) for name, value in told.items() if value]
    if length and not length.isdigit():
        return  # refused by the HTTP parser, which another target asks
    status, answer = ask(_endpoint(), "POST", "/" + target.decode("latin-1"), headers, body)
    holds(status in PUSH_STATUSES, f"answered {status}")
    receipt = msgspec.json.decode(answer, type=Receipt)
    holds(all(fault.reason in MENDS for fault in receipt.faults), "an unknown reason")
    holds(receipt.accepted == sum(each is not None for each in receipt.ids), "accepted and ids differ")


class _Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.closed = b"", False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    abort = close

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 80)}.get(name, default)

    def pause_reading(self) -> None:
        pass

    resume_reading = pause_reading


@cache
def _config() -> uvicorn.Config:
    config = uvicorn.Config(
        _endpoint(),
        http=patient(10.0),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        h11_max_incomplete_event_size=16 * 1024,
    )
    config.load()
    return config


def read_head(data: bytes) -> None:
    """Bytes as a connection brings them, in two parts: an answer, or the connection is closed or waits."""
    loop = _loop()
    asyncio.set_event_loop(loop)
    transport = _Transport()

    async def converse() -> None:
        protocol = patient(10.0)(config=_config(), server_state=ServerState(), app_state={}, _loop=loop)
        protocol.connection_made(transport)
        for part in (data[: len(data) // 2], data[len(data) // 2 :]):
            if part and not transport.closed:
                protocol.data_received(part)
                await asyncio.sleep(0)
        for turn in range(40):  # a request whose body does not come is waited for no longer
            if not protocol.tasks:
                break
            await asyncio.sleep(0.0 if turn < 20 else 0.001)
        protocol.connection_lost(None)

    loop.run_until_complete(converse())
    holds(not transport.written or transport.written.startswith(b"HTTP/1.1 "), "an answer that is none")
    holds(
        b"HTTP/1.1 5" not in transport.written[:10] or b"HTTP/1.1 503" in transport.written[:13],
        f"answered {transport.written[:40]!r}",
    )


_LINE = as_json({"text": "Санкции введены.", "source": "example.org", "url": "https://example.org/a"})
_PUSHES = (
    b"articles\nBearer " + TOKEN.encode() + b"\napplication/json\n\n100\n" + _LINE,
    b"articles\nBearer " + TOKEN.encode() + b"\napplication/x-ndjson\ngzip\n100\n" + gzip.compress(_LINE + b"\n" + _LINE, mtime=0),
    b"articles\nBearer x\napplication/json\n\n1\n{}", b"openapi.json\n\n\n\n\n", b"health\n\n\n\n\n",
)  # fmt: skip
_RSS = (
    b"<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>a</title></item></channel></rss>"
)
_CALLS = (
    b"G\ntoken?hub.mode=subscribe&hub.topic=https%3A%2F%2Fwww.example.org%2Ffeed&hub.challenge=abc&hub.lease_seconds=864000\n\n\n",
    b"P\ntoken\nsha256=" + b"0" * 64 + b"\napplication/rss+xml\n" + _RSS, b"G\nother?hub.mode=denied\n\n\n",
)  # fmt: skip
_HEADS = (
    b"POST /articles HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_LINE) + _LINE,
    b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"POST /articles HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-ndjson\r\n\r\n%x\r\n" % len(_LINE) + _LINE + b"\r\n0\r\n\r\n",
)  # fmt: skip
_HEAD_WORDS = (
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b" HTTP/1.1", b" HTTP/1.0", b" HTTP/2.0", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"Content-Length: 1\r\nContent-Length: 2\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip\r\n", b"Host: a\r\nHost: b\r\n", b"Expect: 100-continue\r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"Upgrade: h2c\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00", b"ffffffffffffffff\r\n",
    b"Host: \xff\r\n", b"Host: [\r\n", b"//", b"/%00", b"/articles?%ff", b"http://[/x", b": ", b"A: " + b"b" * 20_000,
)  # fmt: skip
_query = st.lists(st.tuples(st.sampled_from(("hub.mode", "hub.topic", "hub.challenge", "hub.lease_seconds", "x")), st.sampled_from(("subscribe", "unsubscribe", "denied", TOPIC, "9" * 9, "²", "-1")) | short_text), max_size=6).map(
    lambda told: written("&".join(f"{name}={value}" for name, value in told)).replace(b"\n", b"")
)  # fmt: skip
_bodies = mapping(
    dict.fromkeys(("id", "text", "html", "source", "url", "fetched_at"), any_text | any_value)
).map(as_json)

TARGETS = (
    Target(
        "websub",
        read_websub,
        (b"hub.mode=subscribe&hub.topic=https://www.example.org/feed&hub.challenge=abc&hub.lease_seconds=99\nsha1=" + b"0" * 40 + b"\n" + _RSS, b"hub.mode=unsubscribe\nsha512=\nx"),
        st.builds(lambda query, method, told: query + b"\n" + written(f"{method}={told}") + b"\nbody", _query, st.sampled_from(("sha1", "sha256", "md5", "shake_128", "SHA512", "")), short_text),
        (b"hub.mode=", b"hub.challenge=", b"hub.lease_seconds=", b"&", b"%00", b"sha256=", b"shake_256=", b"\n", "²".encode(), b"denied"),
    ),
    Target(
        "callback",
        read_callback,
        _CALLS,
        st.builds(lambda query, body: b"G\ntoken?" + query + b"\n\n\n" + body, _query, any_text.map(written)),
        (b"token", b"?", b"/", b"..", b"%2e", b"hub.mode=", b"sha256=", b"sha1=", b"\n", b"<rss>", b"\xff"),
        cost=3,
    ),
    Target(
        "push",
        read_push,
        _PUSHES,
        st.builds(lambda kind, zipped, bodies: b"articles\nBearer " + TOKEN.encode() + b"\n" + kind + (b"\ngzip\n1\n" if zipped else b"\n\n1\n") + (gzip.compress(bodies, 1) if zipped else bodies), st.sampled_from((b"application/json", b"application/x-ndjson")), st.booleans(), st.lists(_bodies, max_size=4).map(b"\n".join)),
        (b"articles", b"Bearer ", TOKEN.encode(), b"application/json", b"application/x-ndjson", b"gzip", b"identity", b"\n", b'"text":', b'"fetched_at":"9999-01-01"', b"99999999", json.dumps({"html": "<p>"}).encode()),
        cost=3,
    ),
    Target(
        "http-head",
        read_head,
        _HEADS,
        pieces(("GET ", "POST ", "/articles", " HTTP/1.1\r\n", "Host: localhost\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", "0\r\n\r\n", "Expect: 100-continue\r\n", "a: b\r\n"), short_text),
        _HEAD_WORDS,
        cost=3,
        bytes_max=64 * 1024,
    ),
)  # fmt: skip
