"""robots.txt as RFC 9309 reads it."""

from __future__ import annotations

import pytest

from producers.fetching.robots import robots_of

PAGE = "https://news.example.com/2024/a.html"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_file_that_is_not_there_forbids_nothing(status: int) -> None:
    assert robots_of(status, b"User-agent: *\nDisallow: /").allows(PAGE)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_server_in_trouble_forbids_everything_for_now(status: int) -> None:
    robots = robots_of(status, b"")
    assert robots.rules is None
    assert not robots.allows(PAGE)
    assert (robots.interval_seconds, robots.sitemaps) == (0, [])


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("<html>no such page</html>", True),
        ("User-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Wirewatch\nAllow: /", True),
        ("User-agent: wirewatch\nDisallow: /2024/\nAllow: /2024/a", True),
        ("User-agent: wirewatch\nDisallow: /*.html$", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: otherbot\nAllow: /", False),
        ("User-agent: *\r\nDisallow: /2024\r\n", False),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\0\nDisallow: /", False),
    ],
)
def test_rules(text: str, allowed: bool) -> None:
    assert robots_of(200, text.encode()).allows(PAGE) is allowed


def test_a_path_in_arabic_is_matched_escaped_or_not() -> None:
    robots = robots_of(200, "User-agent: *\nDisallow: /أخبار/".encode())
    assert not robots.allows("https://news.example.com/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1")
    assert robots.allows("https://news.example.com/%D8%A3/1")


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("Crawl-delay: 7", 7), ("Request-rate: 1/10s", 10), ("Request-rate: 6/1m", 10),
        ("Crawl-delay: 3\nRequest-rate: 1/10s", 10), ("Crawl-delay: soon", 0), ("Request-rate: 0/10s", 0), ("", 0),
    ],
)  # fmt: skip
def test_the_wider_interval_counts(lines: str, seconds: float) -> None:
    assert robots_of(200, f"User-agent: *\n{lines}\nDisallow: /x".encode()).interval_seconds == seconds


def test_sitemaps_are_told_as_they_stand() -> None:
    text = b"Sitemap: https://news.example.com/a.xml\nUser-agent: *\nDisallow: /x\nsitemap: /b.xml"
    assert robots_of(200, text).sitemaps == ["https://news.example.com/a.xml", "/b.xml"]
