"""Connections to checked addresses only."""

from __future__ import annotations

import ssl
from concurrent.futures import ThreadPoolExecutor

import httpx

from producers.fetching.addresses import checked_addresses
from producers.fetching.exchange import FetchError

RESOLVERS = 32
"""Threads that ask for addresses: a name server that hangs keeps one, and no other work waits for it."""


class CheckedTransport(httpx.AsyncBaseTransport):
    """Resolves each request's host itself, refuses what is not in the open internet, and connects to the
    very address it has checked: no second resolution could lead elsewhere (DNS rebinding).

    TLS still names and verifies the host. No connection is used twice, since the pool below knows
    addresses only, and one may serve many hosts. Authorities are certifi's, or those in the file that the
    environment names in `SSL_CERT_FILE`. Can be any `httpx.AsyncClient`'s transport; raises
    `FetchError` (`private_address`, `bad_url`, `connection_failed`) beside httpx's own errors.
    """

    def __init__(self, *, allow_private_addresses: bool = False) -> None:
        self._allow_private = allow_private_addresses
        self._resolvers = ThreadPoolExecutor(RESOLVERS, "resolve")
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer from the first address that takes the connection."""
        host = request.url.raw_host.decode("ascii").strip("[]")
        port = request.url.port or {"http": 80, "https": 443}[request.url.scheme]
        failure: Exception | None = None
        addresses = await checked_addresses(
            host, port, allow_private=self._allow_private, resolvers=self._resolvers
        )
        for address in addresses:
            try:
                return await self._inner.handle_async_request(_addressed(request, address, host))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if is_tls_failure(error):
                    raise
                failure = error
        raise failure or FetchError("connection_failed", f"{host} has no address")

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._inner.aclose()
        self._resolvers.shutdown(wait=False, cancel_futures=True)


def is_tls_failure(error: BaseException) -> bool:
    """Whether a connection failed over its certificate or handshake: another address won't mend that."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _addressed(request: httpx.Request, address: str, host: str) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,  # `Host` was set from the URL's own host
        stream=request.stream,
        extensions=request.extensions | {"sni_hostname": host},
    )
