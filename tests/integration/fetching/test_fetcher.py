"""The fetcher over real HTTP, against pages that behave badly."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from producers.fetching import Fetcher, FetchError, FetchingOptions, Request, Response, addresses
from tests.integration.fetching.conftest import QUICK, Get
from tests.site.hazards import ETAG, LANDING
from tests.site.names import resolve
from tests.site.site import Answer, Asked, Site


def _refused(get: Get, url: str, options: FetchingOptions = QUICK, **asked: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(url, options, **asked)
    return caught.value


def _all(urls: list[str], options: FetchingOptions = QUICK) -> list[Response | BaseException]:
    async def run() -> list[Response | BaseException]:
        async with Fetcher(options) as fetcher:
            return await asyncio.gather(*(fetcher.get(Request(url)) for url in urls), return_exceptions=True)

    return asyncio.run(run())


def test_a_page_comes_with_what_was_sent(site: Site, get: Get) -> None:
    url = site.put("/a", "نص", headers={"ETag": ETAG, "X-Twice": "1"})
    found = get(url, replace(QUICK, contact_url="https://desk.example.com/bot"))
    assert (found.url, found.status, found.body.decode(), found.redirects) == (url, 200, "نص", ())
    assert (found.headers["etag"], found.headers["x-twice"]) == (ETAG, "1")
    (asked,) = site.asked("/a")
    assert asked.headers["user-agent"].startswith("Wirewatch/")
    assert asked.headers["user-agent"].endswith(" (+https://desk.example.com/bot)")
    assert asked.headers["host"] == f"127.0.0.1:{site.port}"
    assert len(site.asked("/robots.txt")) == 1


def test_an_unchanged_page_is_a_304(site: Site, get: Get) -> None:
    first = get(site.url + "/tagged")
    again = get(
        site.url + "/tagged",
        etag=first.headers["etag"],
        last_modified=first.headers["last-modified"],
        accept="application/rss+xml",
    )
    assert (again.status, again.body) == (304, b"")
    asked = site.asked("/tagged")[-1].headers
    assert (asked["if-modified-since"], asked["accept"]) == (
        "Wed, 05 Jun 2024 08:00:00 GMT",
        "application/rss+xml",
    )


def test_an_etag_that_is_no_header_is_left_out(site: Site, get: Get) -> None:
    assert get(site.url + "/tagged", etag='"a\r\nX-Evil: 1"').status == 200
    assert "x-evil" not in site.asked("/tagged")[-1].headers


@pytest.mark.parametrize(
    "path", ["/failing", "/gone", "/forbidden", "/limited", "/unavailable", "/nothing-here"]
)
def test_refusals_are_answers(site: Site, get: Get, path: str) -> None:
    wanted = {"/failing": 500, "/gone": 410, "/forbidden": 403, "/limited": 429, "/unavailable": 503}
    assert get(site.url + path).status == wanted.get(path, 404)


@pytest.mark.parametrize("kind", ["gzip", "members", "deflate", "raw-deflate", "br", "zstd", "twice"])
def test_packed_pages_come_unpacked(site: Site, get: Get, kind: str) -> None:
    assert get(f"{site.url}/packed/{kind}").body.decode() == LANDING


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/hang", "timeout"), ("/silence", "timeout"), ("/drip", "timeout"), ("/broken", "connection_failed"),
        ("/shut", "connection_failed"), ("/garbage", "connection_failed"), ("/endless-head", "connection_failed"),
        ("/huge", "too_large"), ("/huge-declared", "too_large"), ("/bomb/gzip", "too_large"), ("/bomb/br", "too_large"),
        ("/bomb/zstd", "too_large"), ("/bomb/twice", "too_large"), ("/mis-declared", "undecodable"),
        ("/cut-gzip", "undecodable"), ("/cut-br", "undecodable"), ("/cut-zstd", "undecodable"),
        ("/unknown-encoding", "undecodable"), ("/loop", "too_many_redirects"), ("/ping", "too_many_redirects"),
        ("/ever-on", "too_many_redirects"), ("/to/file", "bad_url"), ("/to/script", "bad_url"),
    ],
)  # fmt: skip
def test_bad_pages_end_soon_and_with_their_reason(site: Site, get: Get, path: str, reason: str) -> None:
    begun = time.monotonic()
    error = _refused(
        get, site.url + path, replace(QUICK, max_bytes=1_000_000, total_seconds=2, read_seconds=1)
    )
    assert error.reason == reason
    assert time.monotonic() - begun < 10


def test_a_slow_page_is_waited_for(site: Site, get: Get) -> None:
    assert get(site.url + "/slow", replace(QUICK, read_seconds=5, total_seconds=5)).status == 200


def test_nothing_there_is_a_failed_connection(site: Site, get: Get) -> None:
    assert _refused(get, "http://127.0.0.1:1/").reason == "connection_failed"


def test_a_server_without_tls_is_told_apart(site: Site, get: Get) -> None:
    assert _refused(get, f"https://127.0.0.1:{site.port}/").reason == "tls_failed"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_told(site: Site, get: Get, status: int) -> None:
    found = get(f"{site.url}/hop/{status}")
    assert (found.url, found.body.decode()) == (f"{site.url}/landing", LANDING)
    assert found.redirects == ((status, f"{site.url}/landing"),)


def test_a_redirect_to_an_arabic_path_in_raw_bytes_is_followed(site: Site, get: Get) -> None:
    site.serve("/old", Answer(b"", 301, {"location": "/أخبار#top"}))
    escaped = "/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"
    site.put(escaped, "here")
    assert get(site.url + "/old").url == site.url + escaped


def test_a_redirect_to_nowhere_is_an_answer(site: Site, get: Get) -> None:
    assert get(site.url + "/to/nowhere").status == 302


def test_a_cookie_lives_for_one_fetch(site: Site) -> None:
    url = site.url + "/cookie-wall"
    first, again = _all([url, url], replace(QUICK, concurrency_per_domain=1))
    assert isinstance(first, Response)
    assert isinstance(again, Response)
    assert (first.body.decode(), again.body.decode()) == (LANDING, LANDING)
    assert [asked.headers.get("cookie") for asked in site.asked("/cookie-wall")] == [None, "seen=1"] * 2


@pytest.mark.parametrize("path", ["/to/loopback", "/to/metadata", "/to/private", "/to/mapped"])
def test_a_redirect_into_a_private_network_is_not_followed(
    site: Site, get: Get, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The site, on 127.0.0.1, is called public for the first request and what it leads to is not."""
    resolve(monkeypatch, {"news.example.com": "127.0.0.1"})
    real = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda address: len(site.asked(path)) == 0 or real(address))
    error = _refused(
        get, f"http://news.example.com:{site.port}{path}", replace(QUICK, allow_private_addresses=False)
    )
    assert error.reason == "private_address"
    assert len(site.asked(path)) == 1


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{port}/landing", "http://localhost:{port}/landing", "http://[::1]:{port}/landing",
     "http://169.254.169.254/", "http://inside.example.com:{port}/landing", "http://0.0.0.0:{port}/landing"],
)  # fmt: skip
def test_private_addresses_are_never_connected_to(
    site: Site, get: Get, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, {"inside.example.com": "127.0.0.1", "localhost": "127.0.0.1"})
    error = _refused(get, url.format(port=site.port), replace(QUICK, allow_private_addresses=False))
    assert error.reason == "private_address"
    assert site.requests == []


def test_a_name_that_changes_between_check_and_use_gains_nothing(
    site: Site, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is resolved once a request, by us; the second answer is checked like the first."""
    asked = resolve(monkeypatch, {"rebind.example.com": [["192.0.2.1"], ["127.0.0.1"]]})
    monkeypatch.setattr("producers.fetching.addresses.is_public", lambda address: str(address) == "192.0.2.1")
    error = _refused(
        get, f"http://rebind.example.com:{site.port}/landing", replace(QUICK, allow_private_addresses=False)
    )
    assert error.reason in ("timeout", "connection_failed")
    assert asked == ["rebind.example.com"]
    assert site.requests == []


def test_the_next_address_is_tried_where_one_takes_no_connection(
    site: Site, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing listens on 127.0.0.9."""
    resolve(monkeypatch, {"news.example.com": [["127.0.0.9", "127.0.0.1"]]})
    assert get(f"http://news.example.com:{site.port}/landing").status == 200
    assert site.asked("/landing")[0].headers["host"] == f"news.example.com:{site.port}"


def test_robots_rule_pages_and_redirects(site: Site, get: Get) -> None:
    site.robots("User-agent: *\nDisallow: /landing")
    for path in ("/landing", "/hop/301"):
        error = _refused(get, site.url + path)
        assert (error.reason, error.retry_after_seconds) == ("forbidden_by_robots", None)
    assert site.asked("/landing") == []
    assert len(site.asked("/hop/301")) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_robots_in_trouble_mean_waiting(site: Site, get: Get, status: int) -> None:
    site.robots("", status)
    error = _refused(get, site.url + "/landing")
    assert (error.reason, error.retry_after_seconds) == ("forbidden_by_robots", 600)
    assert site.asked("/landing") == []


def test_robots_are_asked_once_in_their_lifetime(site: Site) -> None:
    _all([site.url + "/landing"] * 5)
    assert (len(site.asked("/robots.txt")), len(site.asked("/landing"))) == (1, 5)


def test_robots_are_asked_again_after_their_lifetime(site: Site) -> None:
    async def run() -> list[int]:
        counts = []
        async with Fetcher(replace(QUICK, robots_lifetime_seconds=0.5)) as fetcher:
            for wait_seconds in (0, 0, 0.6):
                await asyncio.sleep(wait_seconds)
                await fetcher.get(Request(site.url + "/landing"))
                counts.append(len(site.asked("/robots.txt")))
        return counts

    assert asyncio.run(run()) == [1, 1, 2]


@pytest.mark.parametrize("path", ["/hang", "/broken"])
def test_robots_that_can_not_be_read_stop_the_page(site: Site, get: Get, path: str) -> None:
    site.serve("/robots.txt", Answer(b"", 302, {"location": path}))
    assert _refused(get, site.url + "/landing").reason in ("timeout", "connection_failed")
    assert site.asked("/landing") == []


def test_a_dead_host_is_not_asked_page_by_page(site: Site) -> None:
    site.serve("/robots.txt", Answer(b"", 302, {"location": "/shut"}))
    found = _all([f"{site.url}/{n}" for n in range(20)])
    assert {each.reason for each in found if isinstance(each, FetchError)} == {"connection_failed"}
    assert len(site.requests) == 2


def test_robots_are_known_for_the_host_they_were_found_on(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, {"example.com": "127.0.0.1", "www.example.com": "127.0.0.1"})
    own = f"http://www.example.com:{site.port}"

    def moved(asked: Asked) -> Answer:
        if asked.headers["host"].startswith("www."):
            return Answer("User-agent: *\nDisallow: /x", headers={"content-type": "text/plain"})
        return Answer(b"", 301, {"location": f"{own}/robots.txt"})

    site.serve("/robots.txt", moved)
    site.serve("/a", Answer(b"", 301, {"location": f"{own}/landing"}))
    (found,) = _all([f"http://example.com:{site.port}/a"])
    assert isinstance(found, Response)
    assert found.url == f"{own}/landing"
    assert [asked.path for asked in site.requests] == ["/robots.txt", "/robots.txt", "/a", "/landing"]


@pytest.mark.parametrize("path", ["/loop", "/huge", "/gone"])
def test_robots_that_lead_nowhere_forbid_nothing(site: Site, get: Get, path: str) -> None:
    site.serve("/robots.txt", Answer(b"", 302, {"location": path}))
    assert get(site.url + "/landing", replace(QUICK, total_seconds=5)).status == 200


def test_a_long_robots_file_is_read_as_far_as_its_limit(site: Site, get: Get) -> None:
    site.robots("User-agent: *\nDisallow: /landing\n" + "# and so on\n" * 200_000)
    assert _refused(get, site.url + "/landing").reason == "forbidden_by_robots"


def test_sitemaps_are_told(site: Site) -> None:
    site.robots("Sitemap: /news.xml\nUser-agent: *\nDisallow: /x")

    async def run() -> list[list[str]]:
        async with Fetcher(QUICK) as fetcher:
            return [await fetcher.sitemaps(site.url), await fetcher.sitemaps(site.url + "/a")]

    assert asyncio.run(run()) == [["/news.xml"], ["/news.xml"]]
    assert len(site.requests) == 1


def test_visits_to_a_domain_are_spaced_whatever_its_hosts(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["example.com", "news.example.com", "www.example.com"]
    resolve(monkeypatch, dict.fromkeys([*names, "example.org"], "127.0.0.1"))
    begun = time.monotonic()
    found = _all(
        [f"http://{name}:{site.port}/landing" for name in [*names, "example.org"]],
        replace(QUICK, spacing_seconds=0.3),
    )
    assert [answer.status for answer in found if isinstance(answer, Response)] == [200] * 4
    seen = {
        name: [a.at_seconds for a in site.requests if a.headers["host"].startswith(name)]
        for name in [*names, "example.org"]
    }
    assert min(later - earlier for earlier, later in pairwise(sorted(seen[name][0] for name in names))) >= 0.2
    assert seen["example.org"][0] - begun < 0.3


def test_a_crawl_delay_is_kept(site: Site) -> None:
    site.robots("User-agent: *\nCrawl-delay: 0.4\nDisallow: /x")
    _all([site.url + "/landing"] * 3)
    times = [asked.at_seconds for asked in site.asked("/landing")]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.25


def test_few_are_fetched_at_once(site: Site) -> None:
    running = most = 0

    async def slowly(_: Asked) -> AsyncIterator[bytes]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.1)
        running -= 1
        yield b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx"

    _all([site.serve("/many", slowly)] * 6)
    assert most == 2
    assert len(site.asked("/many")) == 6


@pytest.mark.parametrize(
    ("path", "seconds"),
    [("/limited", 120), ("/limited-date", 120), ("/limited-silently", 60), ("/unavailable", 30)],
)
def test_a_domain_that_asks_for_it_is_left_alone(site: Site, path: str, seconds: float) -> None:
    first, again = _all([site.url + path, site.url + "/landing"], replace(QUICK, concurrency_per_domain=1))
    assert isinstance(first, Response)
    assert isinstance(again, FetchError)
    assert again.reason == "asked_to_wait"
    assert again.retry_after_seconds == pytest.approx(seconds, abs=5)
    assert site.asked("/landing") == []


def test_the_budget_counts_robots_and_redirects(site: Site) -> None:
    *found, refused = _all(
        [site.url + "/hop/301", site.url + "/landing"],
        replace(QUICK, requests_per_day=3, concurrency_per_domain=1),
    )
    assert [answer.status for answer in found if isinstance(answer, Response)] == [200]
    assert isinstance(refused, FetchError)
    assert refused.reason == "budget_spent"
    assert refused.retry_after_seconds is not None
    assert len(site.requests) == 3


def test_two_fetchers_share_their_manners(site: Site, tmp_path: Path) -> None:
    options = replace(QUICK, spacing_seconds=0.3, turns_path=tmp_path / "turns.sqlite3")

    async def run() -> None:
        async with Fetcher(options) as one, Fetcher(options) as other:
            await asyncio.gather(
                *(each.get(Request(site.url + "/landing")) for each in (one, other, one, other))
            )

    asyncio.run(run())
    times = [asked.at_seconds for asked in site.asked("/landing")]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.2
    _all([site.url + "/limited"], options)
    (refused,) = _all([site.url + "/landing"], options)
    assert isinstance(refused, FetchError)
    assert refused.reason == "asked_to_wait"


def test_a_larger_limit_may_be_asked_for(site: Site, get: Get) -> None:
    url = site.put("/large", b"x" * 3000)
    options = replace(QUICK, max_bytes=2000)
    assert _refused(get, url, options).reason == "too_large"
    assert len(get(url, options, max_bytes=3000).body) == 3000
