"""Who is let in, how often, and what every answer tells a browser."""

from __future__ import annotations

import base64
import binascii
import hmac
import math
import time
from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from producers.serving import Buckets, is_loopback
from wirewatch.desk.answers import DeskError, refusal
from wirewatch.desk.options import DeskOptions

NOBODY = ""
READS = frozenset(("GET", "HEAD"))
OWN_PAGE = (None, "same-origin", "none")
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """Lets in who may come in, and adds what keeps a browser from doing harm. ASGI, around the app."""

    def __init__(self, app: ASGIApp, options: DeskOptions) -> None:
        self._app = app
        self._options = options
        self._rates = Rates(options.requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers[name] = value
                if scope["path"].startswith("/api/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        try:
            self._admit(Request(scope))
        except DeskError as error:
            await refusal(error)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _admit(self, request: Request) -> None:
        if self._options.secrets:
            secret = matching(given_secret(request.headers), self._options.secrets)
            self._rates.take(secret or NOBODY)
            if secret is None:
                raise DeskError(
                    HTTPStatus.UNAUTHORIZED, "unauthorized", "no token or password, or one not known here"
                )
        else:
            if not is_loopback(request.headers.getlist("host")):
                raise DeskError(HTTPStatus.MISDIRECTED_REQUEST, "wrong_host", "this is no loopback name")
            self._rates.take(NOBODY)
        if request.method not in READS and not _is_own(request):
            raise DeskError(HTTPStatus.FORBIDDEN, "cross_site", "another site's page sent this")


def given_secret(headers: Headers) -> bytes:
    """The token, or the password of HTTP Basic under any name, that a request carries; empty without one."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    given = given.strip()
    if scheme.lower() == "bearer":
        return given.encode("utf-8", "surrogateescape")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(given, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return b""
    return b""


def matching(given: bytes, secrets: tuple[str, ...]) -> str | None:
    """The secret that was given. Every one is compared, in constant time each."""
    found = [secret for secret in secrets if hmac.compare_digest(secret.encode(), given)]
    return found[0] if found else None


def _is_own(request: Request) -> bool:
    """Whether a write comes from our own page or a program. A browser tells where it comes from, and asks
    before it sends JSON elsewhere, which we never allow.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or request.method == "DELETE"
    return is_json and request.headers.get("sec-fetch-site") in OWN_PAGE


class Rates:
    """How often each reader may ask."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._buckets: Buckets[str] = Buckets(per_minute, clock)

    def take(self, reader: str) -> None:
        """Take one request out. Raises `DeskError` (429) with the seconds until there is one again."""
        if wait_seconds := self._buckets.take(reader):
            raise DeskError(
                HTTPStatus.TOO_MANY_REQUESTS,
                "too_many_requests",
                f"more than {self._buckets.per_minute} requests a minute",
                retry_after_seconds=math.ceil(wait_seconds),
            )
