"""TLS to a checked address still names and verifies the host."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from producers.fetching import FetchError
from tests.integration.fetching.conftest import Get
from tests.integration.secured.certificates import Authority, authority
from tests.site.names import resolve
from tests.site.site import Site


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("tls") / "trusted")


@pytest.fixture
def named() -> list[str | None]:
    """The names that clients asked the server for."""
    return []


@pytest.fixture
def secure_site(trusted: Authority, named: list[str | None]) -> Iterator[Site]:
    """Its certificate is good for `localhost`."""
    made = trusted.sign("server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    with Site(context) as running:
        yield running


@pytest.fixture(autouse=True)
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve(monkeypatch, {"localhost": "127.0.0.1", "other.example.com": "127.0.0.1"})


def test_the_host_is_named_and_verified(
    secure_site: Site, get: Get, trusted: Authority, named: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.ca.cert))
    found = get(f"https://localhost:{secure_site.port}/landing")
    assert (found.status, found.url) == (200, f"https://localhost:{secure_site.port}/landing")
    assert set(named) == {"localhost"}


def test_a_certificate_of_another_host_is_refused(
    secure_site: Site, get: Get, trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.ca.cert))
    with pytest.raises(FetchError) as caught:
        get(f"https://other.example.com:{secure_site.port}/landing")
    assert caught.value.reason == "tls_failed"
    assert "other.example.com" in str(caught.value)


def test_an_unknown_authority_is_refused(
    secure_site: Site, get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority(tmp_path / "unknown").ca.cert))
    with pytest.raises(FetchError) as caught:
        get(f"https://localhost:{secure_site.port}/landing")
    assert caught.value.reason == "tls_failed"
    assert secure_site.requests == []
