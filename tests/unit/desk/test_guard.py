"""Who is let into the desk, and what every answer tells a browser. Over HTTP, without a cluster."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from wirewatch.desk.answers import DeskError
from wirewatch.desk.guard import SECURITY_HEADERS, Guard, Rates, matching
from wirewatch.desk.options import DeskOptions, desk_options
from wirewatch.settings import ConfigurationError, DeskSettings, load_settings

TOKEN, PASSWORD = "t" * 20, "pässwörd-长长长"
GUARDED = DeskOptions(secrets=(TOKEN, PASSWORD))


async def _answer(_: Request) -> Response:
    return PlainTextResponse("let in")


async def ask(
    options: DeskOptions, method: str = "GET", host: str = "127.0.0.1:8482", **headers: str
) -> httpx.Response:
    app = Guard(Starlette(routes=[Route("/api/x", _answer, methods=["GET", "PUT", "DELETE"])]), options)
    transport = httpx.ASGITransport(app=app)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
        return await client.request(method, "/api/x", headers=named)


def status(*args: Any, **headers: str) -> int:
    return asyncio.run(ask(*args, **headers)).status_code


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200), (basic(PASSWORD), 200), (basic(TOKEN), 200),
        (f"Bearer {TOKEN}x", 401), (f"Bearer {TOKEN[:-1]}", 401), ("Bearer ", 401), ("", 401), (TOKEN, 401),
        (basic("wrong"), 401), ("Basic %%%", 401), (basic(""), 401), ("Digest x", 401),
    ],
)  # fmt: skip
def test_only_who_has_a_token_or_the_password_comes_in(authorization: str, expected: int) -> None:
    assert status(GUARDED, authorization=authorization, host="desk.example") == expected


def test_nothing_given_matches_no_secret() -> None:
    assert matching(b"", ()) is None
    assert matching(b"", (TOKEN,)) is None
    assert matching(PASSWORD.encode(), (TOKEN, PASSWORD)) == PASSWORD


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1:8482", 200), ("localhost", 200), ("[::1]:8482", 200), ("rebound.example", 421), ("127.0.0.1.example", 421)],
)  # fmt: skip
def test_without_secrets_only_loopback_names_are_answered(host: str, expected: int) -> None:
    assert status(DeskOptions(), "GET", host) == expected


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("PUT", {"content_type": "application/json"}, 200),
        ("PUT", {"content_type": "application/json", "sec_fetch_site": "same-origin"}, 200),
        ("PUT", {"content_type": "application/json", "sec_fetch_site": "cross-site"}, 403),
        ("PUT", {"content_type": "application/json", "sec_fetch_site": "same-site"}, 403),
        ("PUT", {"content_type": "text/plain"}, 403),
        ("PUT", {}, 403),
        ("DELETE", {}, 200),
        ("DELETE", {"sec_fetch_site": "cross-site"}, 403),
        ("GET", {"sec_fetch_site": "cross-site"}, 200),
    ],
)
def test_another_sites_page_can_not_write(method: str, headers: dict[str, str], expected: int) -> None:
    assert status(DeskOptions(), method, **headers) == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "rebound.example"])
def test_every_answer_tells_a_browser_what_not_to_do(host: str) -> None:
    answer = asyncio.run(ask(DeskOptions(), host=host))
    for name, value in SECURITY_HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_whoever_asks_too_often_is_told_when_to_come_back() -> None:
    now = [0.0]
    rates = Rates(60, lambda: now[0])
    for _ in range(60):
        rates.take("a")
    rates.take("b")
    with pytest.raises(DeskError) as refused:
        rates.take("a")
    assert refused.value.more == {"retry_after_seconds": 1}
    now[0] += 1
    rates.take("a")


def test_guesses_at_a_password_are_few_and_cost_its_owner_nothing() -> None:
    async def guess() -> list[int]:
        app = Guard(
            Starlette(routes=[Route("/api/x", _answer)]), DeskOptions(secrets=(TOKEN,), requests_per_minute=3)
        )
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://desk.example"
        ) as client:
            guessed = [await client.get("/api/x", headers={"authorization": f"Bearer {n}"}) for n in range(5)]
            owner = await client.get("/api/x", headers={"authorization": f"Bearer {TOKEN}"})
            return [answer.status_code for answer in (*guessed, owner)]

    assert asyncio.run(guess()) == [401, 401, 401, 429, 429, 200]


def test_beyond_this_machine_a_secret_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_DESK__HOST", "0.0.0.0")
    with pytest.raises(ConfigurationError, match="set a token or a password"):
        load_settings()
    monkeypatch.setenv("WIREWATCH_DESK__PASSWORD", PASSWORD)
    options = desk_options(load_settings().desk)
    assert options.secrets == (PASSWORD,)
    assert PASSWORD not in repr(options)
    assert desk_options(DeskSettings()).secrets == ()
