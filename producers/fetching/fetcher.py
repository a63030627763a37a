"""Getting things from the web."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpx

from producers.fetching.content_encoding import ACCEPTED, decoded
from producers.fetching.domains import Domain, registered_domain
from producers.fetching.exchange import FetchError, Reason, Request, Response
from producers.fetching.options import FetchingOptions
from producers.fetching.retry_after import retry_after_seconds
from producers.fetching.robots import ROBOTS_BYTES_MAX, Robots, robots_of
from producers.fetching.transport import CheckedTransport, is_tls_failure
from producers.fetching.turns import Turns

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ROBOTS_REDIRECTS_MAX = 5
ROBOTS_KEPT_MAX = 10_000
UNREACHABLE = frozenset({"connection_failed", "tls_failed", "timeout"})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass
class _Trail:
    """One request on its way through redirects. Cookies live as long as it: some sites redirect in
    circles until theirs comes back.
    """

    url: httpx.URL
    headers: dict[str, str]
    max_bytes: int
    redirects: list[tuple[int, str]] = field(default_factory=list)
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    been: set[tuple[str, str]] = field(default_factory=set)


class Fetcher:
    """Gets what is asked for, as fast as manners allow. An async context manager, for one event loop.

    Before a page its robots.txt is asked; visits to a registered domain are spaced, few at once and
    limited a day; a domain that answers 429 or 503 with `Retry-After` is left alone. Every address is
    checked after resolution, on redirects too. Any number of `get` may run at once: each waits for its
    domain's turn.
    """

    def __init__(self, options: FetchingOptions | None = None) -> None:
        self._options = options or FetchingOptions()
        self._transport = CheckedTransport(allow_private_addresses=self._options.allow_private_addresses)
        self._places = asyncio.Semaphore(self._options.concurrency)
        self._turns = Turns(self._options.turns_path)
        self._domains: dict[str, Domain] = {}
        self._robots: dict[str, tuple[Robots | FetchError, float]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._transport.aclose()
        self._turns.close()

    async def get(self, request: Request) -> Response:
        """The answer, whatever its status: 304, 4xx and 5xx too.

        Raises `FetchError` where there is none, with its reason and, where waiting helps, for how long.
        """
        trail = _Trail(_url(request.url), _headers(request), request.max_bytes or self._options.max_bytes)
        while True:
            domain = self._domain(trail.url)
            async with domain.visit(partial(self._robots_for, trail.url, domain)):
                answer = await self._follow(trail, domain)
            if answer is not None:
                return answer

    async def sitemaps(self, url: str) -> list[str]:
        """The `Sitemap:` lines of the robots.txt that rules `url`. Raises as `get` does."""
        asked = _url(url)
        domain = self._domain(asked)
        if self._known_robots(asked) is None:
            async with domain.visit(partial(self._robots_for, asked, domain)):
                pass
        return (await self._robots_for(asked, domain)).sitemaps

    async def _follow(self, trail: _Trail, domain: Domain) -> Response | None:
        """The answer at the end of redirects within a domain; `None` where one leads out of it."""
        while registered_domain(trail.url.host) == domain.name:
            await self._ensure_allowed(trail.url, domain)
            answer = await self._send(trail, domain)
            if not (answer.status in REDIRECTS and answer.headers.get("location")):
                return answer
            self._turn(trail, answer)
        return None

    def _turn(self, trail: _Trail, answer: Response) -> None:
        here = (str(trail.url), str(sorted(trail.cookies.items())))
        trail.url = _url(answer.headers["location"], trail.url)
        trail.redirects.append((answer.status, str(trail.url)))
        if len(trail.redirects) > self._options.max_redirects or here in trail.been:
            raise FetchError(
                "too_many_redirects", f"{len(trail.redirects)} redirects, the last to {trail.url}"
            )
        trail.been.add(here)

    async def _ensure_allowed(self, url: httpx.URL, domain: Domain) -> None:
        robots = await self._robots_for(url, domain)
        if robots.rules is None:
            wait = self._options.robots_retry_seconds
            raise FetchError("forbidden_by_robots", f"{_origin(url)}/robots.txt can't be had now", wait)
        if not robots.allows(str(url)):
            raise FetchError("forbidden_by_robots", f"robots.txt of {url.host} forbids {url}")

    async def _robots_for(self, url: httpx.URL, domain: Domain) -> Robots:
        async with domain.robots_turn:
            known = self._known_robots(url)
            if known is None:
                known = await self._fetch_robots(_url("/robots.txt", url), domain)
                domain.widen(_origin(url), known.interval_seconds)
        return known

    def _known_robots(self, url: httpx.URL) -> Robots | None:
        """Raises what kept us from asking a moment ago: a dead host is not waited for page by page."""
        known, until = self._robots.get(_origin(url), (None, 0.0))
        if (left := until - _clock()) <= 0:
            return None
        if isinstance(known, FetchError):
            raise FetchError(known.reason, known.detail, left)
        return known

    def _keep_robots(self, url: httpx.URL, known: Robots | FetchError) -> None:
        if len(self._robots) >= ROBOTS_KEPT_MAX:
            del self._robots[next(iter(self._robots))]
        options = self._options
        if isinstance(known, FetchError):
            lifetime_seconds = options.pause_seconds
        else:
            lifetime_seconds = (
                options.robots_lifetime_seconds if known.rules else options.robots_retry_seconds
            )
        self._robots[_origin(url)] = (known, _clock() + lifetime_seconds)

    async def _fetch_robots(self, url: httpx.URL, domain: Domain) -> Robots:
        """Also kept for the host that redirects led to, if to its own robots.txt."""
        trail = _Trail(url, {"accept": "text/plain,*/*;q=0.5"}, ROBOTS_BYTES_MAX)
        try:
            robots = await self._follow_robots(trail, domain)
        except FetchError as error:
            if error.reason in UNREACHABLE:
                self._keep_robots(url, error)
            raise
        self._keep_robots(url, robots)
        if trail.url.path == url.path:
            self._keep_robots(trail.url, robots)
        return robots

    async def _follow_robots(self, trail: _Trail, domain: Domain) -> Robots:
        """Follows redirects wherever they lead, as RFC 9309 asks."""
        for _ in range(ROBOTS_REDIRECTS_MAX + 1):
            answer = await self._send(trail, domain, cut=True)
            if not (answer.status in REDIRECTS and answer.headers.get("location")):
                return robots_of(answer.status, answer.body)
            trail.url = _url(answer.headers["location"], trail.url)
        return robots_of(HTTPStatus.NOT_FOUND, b"")

    async def _send(self, trail: _Trail, domain: Domain, *, cut: bool = False) -> Response:
        """One request and its answer, redirect or not. Notes it where the domain asks to be left alone."""
        domain.spend()
        try:
            async with self._places, asyncio.timeout(self._options.total_seconds):
                answer = await self._exchange(trail, cut=cut)
        except (TimeoutError, httpx.TimeoutException):
            raise FetchError("timeout", f"{trail.url} took too long") from None
        except httpx.TransportError as error:
            reason: Reason = "tls_failed" if is_tls_failure(error) else "connection_failed"
            raise FetchError(reason, f"{trail.url}: {error or type(error).__name__}") from None
        wait = retry_after_seconds(answer.headers)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or (answer.status == 503 and wait is not None):
            domain.pause(wait)
        return answer

    async def _exchange(self, trail: _Trail, *, cut: bool) -> Response:
        request = httpx.Request("GET", trail.url, headers=self._own_headers() | trail.headers)
        trail.cookies.set_cookie_header(request)
        request.extensions["timeout"] = httpx.Timeout(
            self._options.read_seconds, connect=self._options.connect_seconds
        ).as_dict()
        response = await self._transport.handle_async_request(request)
        response.request = request
        try:
            trail.cookies.extract_cookies(response)
            body = await _body(response, trail.max_bytes, cut=cut)
        finally:
            await response.aclose()
        return Response(
            str(trail.url), response.status_code, dict(response.headers), body, tuple(trail.redirects)
        )

    def _own_headers(self) -> dict[str, str]:
        return {"user-agent": self._options.user_agent, "accept-encoding": ACCEPTED}

    def _domain(self, url: httpx.URL) -> Domain:
        name = registered_domain(url.host)
        return self._domains.setdefault(name, Domain(name, self._options, self._turns))


async def _body(response: httpx.Response, max_bytes: int, *, cut: bool) -> bytes:
    """The body decoded; one that is longer is refused, or `cut`."""
    told = response.headers.get("content-length", "")
    if not cut and told.isdecimal() and int(told) > max_bytes:
        raise FetchError("too_large", f"{told} bytes; the limit is {max_bytes}")
    parts: list[bytes] = []
    size_bytes = 0
    async for part in response.aiter_raw():
        parts.append(part)
        size_bytes += len(part)
        if size_bytes > max_bytes:
            break
    data = b"".join(parts)
    encoding = response.headers.get("content-encoding", "")
    if cut and not encoding:
        return data[:max_bytes]
    if size_bytes > max_bytes:
        raise FetchError("too_large", f"more than {max_bytes} bytes")
    return decoded(data, encoding, max_bytes)


def _url(url: str, base: httpx.URL | None = None) -> httpx.URL:
    """The address without fragment. Raises `FetchError` (`bad_url`)."""
    try:
        found = httpx.URL(url.strip()) if base is None else base.join(url.strip())
        found = found.copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("bad_url", f"{url[:200]!a}: {error}") from None
    if found.scheme not in ("http", "https") or not found.host:
        raise FetchError("bad_url", f"{url[:200]!a} is no http or https address")
    return found


def _headers(request: Request) -> dict[str, str]:
    """An etag comes from a server: what can't stand in a header is left out."""
    told = {
        "accept": request.accept or ACCEPT,
        "if-none-match": request.etag,
        "if-modified-since": request.last_modified,
    }
    return {name: value for name, value in told.items() if value and value.isascii() and value.isprintable()}


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _clock() -> float:
    return asyncio.get_running_loop().time()
