"""A web site of our own, served over real HTTP on a free loopback port, with pages that behave badly.

`with Site() as site:` serves what `site.put` was given, and everything in `tests.site.hazards`. It keeps
what it was asked in `site.requests`.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlsplit

WAIT_SECONDS = 10.0
TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True)
class Asked:
    """A request as it came. `headers` have lower-case names, `at_seconds` is `time.monotonic`."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at_seconds: float

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query)


@dataclass(frozen=True)
class Answer:
    """An answer. Without `content-length` among the headers it is put there; `None` leaves it out.

    `delay_seconds` comes before the first byte.
    """

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str | None] = field(default_factory=dict)
    delay_seconds: float = 0.0


Stream = Callable[[Asked], AsyncIterator[bytes]]
"""Raw bytes of an answer, head and all, as an async generator yields them; it may wait, stop or go on for ever."""
Page = Answer | Callable[[Asked], Answer] | Stream


class Site:
    """The server, in a thread of its own; over TLS with a context. Start it with `with`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        from tests.site.hazards import HAZARDS

        self._tls = tls
        self.requests: list[Asked] = []
        self._pages: dict[str, Page] = dict(HAZARDS)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, or https, without a slash at the end."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    def put(self, path: str, body: bytes | str = b"", content_type: str = "text/html", **rest: object) -> str:
        """Serve a body; `status`, `headers`, `delay_seconds` as `Answer` has them. Gives its address."""
        headers = {"content-type": content_type} | dict(rest.pop("headers", {}))  # type: ignore[call-overload]
        return self.serve(path, Answer(body, headers=headers, **rest))  # type: ignore[arg-type]

    def serve(self, path: str, page: Page) -> str:
        """Serve an answer, what a function answers, or a stream of raw bytes. Gives its address."""
        self._pages[path] = page
        return self.url + path

    def robots(self, text: str, status: int = 200) -> None:
        """Serve a robots.txt; without one it is a 404."""
        self.put("/robots.txt", text, "text/plain", status=status)

    def asked(self, path: str) -> list[Asked]:
        """The requests for a path so far, in order."""
        return [request for request in self.requests if request.path == path]

    def wait_for(self, path: str, times: int = 1) -> None:
        """Until a path has been asked for so many times."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(self.asked(path)) < times:
            assert time.monotonic() < deadline, f"{path} was asked for {len(self.asked(path))} times"
            time.sleep(0.01)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(WAIT_SECONDS)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(WAIT_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT_SECONDS)
        self._loop.close()

    async def _start(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)

    async def _stop(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                asked = await _read(reader)
                self.requests.append(asked)
                async for part in self._answer(asked):
                    writer.write(part)
                    await writer.drain()
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, asked: Asked) -> AsyncIterator[bytes]:
        page = self._pages.get(asked.path, Answer(b"no such page", 404))
        made = page if isinstance(page, Answer) else page(asked)
        if not isinstance(made, Answer):
            async for part in made:
                yield part
            return
        await asyncio.sleep(made.delay_seconds)
        yield wire(made)


def wire(answer: Answer) -> bytes:
    """An answer's bytes."""
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    headers = {"content-length": str(len(body)), "connection": "close"} | dict(answer.headers)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
    return f"HTTP/1.1 {answer.status} Status\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body


async def _read(reader: asyncio.StreamReader) -> Asked:
    first = await reader.readexactly(1)
    if first == TLS_HANDSHAKE:
        raise ConnectionError("no TLS here")
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *rest = head.rstrip("\r\n").split("\r\n")
    method, target, _ = line.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, target, headers, body, time.monotonic())
