"""Whoever writes to the desk by hand: names that lead elsewhere, hosts that are none, rules that are bombs."""

from __future__ import annotations

import asyncio
import time
from typing import cast

import httpx
import pytest
from elasticsearch import Elasticsearch
from starlette.applications import Starlette

from producers.endpoint import EndpointOptions
from producers.endpoint import build_app as push_app
from producers.serving import is_loopback
from wirewatch.desk.answers import DeskError
from wirewatch.desk.app import Desk, build_app
from wirewatch.desk.options import DeskOptions
from wirewatch.desk.rules import read_rule

RULE = "id: a\nwatch: articles\nquery:\n"
SECONDS_MAX = 10.0
desk_app = build_app(
    Desk(cast("Elasticsearch", None), "x", lambda _: (), dict), DeskOptions(requests_per_minute=10**6)
)


def ask(app: Starlette, method: str, path: str, **more: object) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8482") as client:
            return await client.request(method, path, **more)  # type: ignore[arg-type]

    return asyncio.run(asked())


@pytest.mark.parametrize(
    "path",
    ["/%2e%2e/app.py", "/..%2fguard.py", "/....//app.py", "/..%5capp.py", "/%00", "/index.html%00.js", "/%ff%fe", "/" + "a" * 5000,
     "//evil.example/%2e%2e", "/%2f%2fevil.example/", "/api/../app.py", "/api//articles", "/api/%2e%2e/guard.py", "/.git/config"],
)  # fmt: skip
def test_no_path_leads_out_of_the_page_s_folder(path: str) -> None:
    answer = ask(desk_app, "GET", path)
    assert (answer.status_code, answer.headers.get("location")) == (404, None)


@pytest.mark.parametrize("path", ["/api/searches/%2e%2e", "/api/searches/%2e", "/api/articles/%2e%2e"])
def test_no_name_is_a_step_in_the_cluster_s_paths(path: str) -> None:
    """The client hands `..` on as it is: behind a proxy, an index would be deleted."""
    answer = ask(desk_app, "DELETE" if "searches" in path else "GET", path)
    assert (answer.status_code, answer.json()["error"]["detail"]) == (404, "nothing is called so")


@pytest.mark.parametrize("path", ["/api/articles/", "/api/rules/", "/health/", "//evil.example"])
def test_nobody_is_sent_where_the_host_header_says(path: str) -> None:
    answer = ask(desk_app, "GET", path, headers={"host": "localhost"})
    assert answer.headers.get("location") is None
    pushed = ask(push_app(EndpointOptions(), None), "GET", path, headers={"host": "localhost"})  # type: ignore[arg-type]
    assert pushed.headers.get("location") is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8482", "LocalHost:1", "[::1]", "[::1]:8482"])
def test_what_only_this_machine_can_mean(host: str) -> None:
    assert is_loopback([host])


@pytest.mark.parametrize(
    "hosts",
    [[], [""], ["["], ["[::1"], ["evil_name.example"], ["127.0.0.1.evil.example"], ["127.0.0.1@evil.example"], ["evil@127.0.0.1"],
     ["127.0.0.1:x"], ["127.0.0.1:8482:1"], ["127.1"], ["0"], ["localhost."], ["localhost\n"], ["::1"], ["127.0.0.1", "127.0.0.1"], ["é"]],
)  # fmt: skip
def test_a_host_that_is_none_is_nobody_s(hosts: list[str]) -> None:
    """A library replaces what it can't read by the server's own address, and all would be let in."""
    assert not is_loopback(hosts)
    headers = [(b"host", one.encode("utf-8")) for one in hosts]
    for app in (desk_app, push_app(EndpointOptions(), None)):  # type: ignore[arg-type]
        assert asyncio.run(status_of(app, headers)) == 421


async def status_of(app: Starlette, headers: list[tuple[bytes, bytes]]) -> int:
    """The status for a POST with these headers and no others, whatever a client would make of them."""
    told: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            told.append(cast("int", message["status"]))

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/articles", "raw_path": b"/articles", "query_string": b"", "root_path": "", "headers": headers,
        "server": ("127.0.0.1", 8482), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    await app(scope, receive, send)  # type: ignore[arg-type]
    return told[0]


@pytest.mark.parametrize(
    "text",
    [
        RULE + "  " + "[" * 20_000, RULE + "  " + "{a: " * 12_000, "- " * 25_000, "id: &a [*a]", "a: &a [b]\nc: [*a, *a, *a]",
        RULE + "  match: {text: !!python/object/apply:os.system [id]}", RULE + "  match: {text: !!binary AAAA}",
        RULE + "  match: {text: !!bool zz}", RULE + "  match: {text: !!timestamp zz}", RULE + "  match: {text: !!set {a, b}}",
        RULE + "  1: 2", RULE + "  ? [a]\n  : b", RULE + '  match: {text: "\\ud800"}',
        RULE + "  match: {text: x}\nquiet_hours: {from: '22:00', to: '06:00', zone: ../../etc/passwd}",
        RULE + "  match: {text: x}\nquiet_hours: {from: '22:00', to: '06:00', zone: Europe}",
        RULE.replace("id: a", "id: ../../etc/cron") + "  match: {text: x}", RULE + "  match: {text: x}\nchannels: http://169.254.169.254/",
        RULE + "  script: {script: {source: 'while (true) {}'}}", RULE + "  bool: {must: [{regexp: {text: '(a+)+'}}]}",
        RULE + "  terms: {text: {index: .security, id: '1', path: hash}}", RULE + "  wrapper: {query: eyJ9}",
        RULE + "  match: {text: x}\ntitle: ${article.__class__}", RULE + "  match: {text: x}\nurl: http://evil.example",
    ],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused_soon(text: str) -> None:
    begun = time.monotonic()
    with pytest.raises(DeskError) as caught:
        read_rule(text)
    assert caught.value.status == 422
    assert time.monotonic() - begun < SECONDS_MAX


def test_a_number_of_any_length_is_a_word() -> None:
    assert read_rule(f"{RULE}  match: {{text: {'9' * 5000}}}").query == {"match": {"text": "9" * 5000}}


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"yaml":' + b"[" * 100_000, b'{"yaml": "\\ud800"}', b"\xff", b""]
)
def test_a_body_without_end_of_depth_is_refused(body: bytes) -> None:
    answer = ask(
        desk_app, "POST", "/api/rules/test", content=body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["error"]["parameter"]) == (400, "body")
