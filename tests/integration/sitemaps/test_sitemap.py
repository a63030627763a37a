"""`wirewatch sitemap` on a local site, into real Kafka."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from producers.fetching import Fetcher, FetchingOptions
from producers.sitemaps import Walk, walk
from schemas.article import Article
from tests.site.site import Site

Run = Callable[..., subprocess.CompletedProcess[str]]
Articles = Callable[[], list[Article]]
NOW = datetime.now(UTC)


def _urlset(*entries: tuple[str, datetime | None]) -> str:
    urls = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{when.isoformat()}</lastmod>' if when else ''}</url>"
        for url, when in entries
    )
    return f"<urlset>{urls}</urlset>"


def _index(*urls: str, modified: datetime | None = None) -> str:
    lastmod = f"<lastmod>{modified.isoformat()}</lastmod>" if modified else ""
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc>{lastmod}</sitemap>' for url in urls)}</sitemapindex>"


def _walk(site: str, since_ms: int = 0) -> Walk:
    async def run() -> Walk:
        async with Fetcher(
            FetchingOptions(spacing_seconds=0, total_seconds=5, allow_private_addresses=True)
        ) as fetcher:
            return await walk(site, fetcher, since_ms)

    return asyncio.run(run())


def test_what_robots_names_is_read_to_the_last_index(site: Site) -> None:
    site.robots("Sitemap: /index.xml\nUser-agent: *\nDisallow: /x")
    site.put("/index.xml", _index("/a.xml.gz", "/news.xml", "/old.xml"))
    site.put("/a.xml.gz", gzip.compress(_urlset(("/1", NOW), ("/2", None)).encode()), "application/gzip")
    site.put("/news.xml", _urlset(("/3", NOW), ("https://elsewhere.example.org/4", NOW)))
    site.put("/old.xml", _index("/deeper.xml"))
    site.put("/deeper.xml", _index("/deepest.xml"))
    site.put("/deepest.xml", _urlset(("/5", NOW)))
    found = _walk(site.url)
    assert [url.removeprefix(site.url) for url in found.pages] == ["/3", "/1", "/2"]
    assert (found.files, found.failures) == (5, [])
    assert site.asked("/deepest.xml") == []


def test_an_index_that_names_itself_and_others_twice_ends(site: Site) -> None:
    site.robots("Sitemap: /index.xml\nSitemap: /index.xml")
    site.put("/index.xml", _index("/index.xml", "/a.xml", "/a.xml", "/missing.xml"))
    site.put("/a.xml", _urlset(("/1", NOW)))
    found = _walk(site.url)
    assert list(found.pages) == [site.url + "/1"]
    assert [url for url, _ in found.failures] == [site.url + "/missing.xml"]
    assert len(site.asked("/a.xml")) == len(site.asked("/index.xml")) == 1


def test_an_index_s_old_files_are_left(site: Site) -> None:
    site.put("/index.xml", _index("/a.xml", modified=NOW - timedelta(days=30)))
    assert _walk(site.url + "/index.xml", int((NOW - timedelta(days=2)).timestamp() * 1000)).files == 1
    assert site.asked("/a.xml") == []


def test_an_endless_index_is_cut(site: Site) -> None:
    site.put("/index.xml", _index(*(f"/more/{n}.xml" for n in range(300))))
    for n in range(300):
        site.put(f"/more/{n}.xml", _urlset((f"/{n}", NOW)))
    found = _walk(site.url + "/index.xml")
    assert (found.files, found.cut, len(found.pages)) == (100, True, 99)


def test_without_robots_the_usual_places_are_tried(site: Site) -> None:
    site.put("/news-sitemap.xml", _urlset(("/1", NOW)))
    found = _walk(site.url)
    assert (list(found.pages), found.failures) == ([site.url + "/1"], [])


def test_a_site_without_any_is_told(site: Site) -> None:
    assert [why.partition(":")[0] for _, why in _walk(site.url).failures] == ["no_sitemap"]


@pytest.mark.parametrize("path", ["/hang", "/bomb/gzip", "/landing", "/broken", "/loop", "/gone"])
def test_a_bad_sitemap_is_told_and_the_others_are_read(site: Site, path: str) -> None:
    site.robots(f"Sitemap: {path}\nSitemap: /a.xml")
    site.put("/a.xml", _urlset(("/1", NOW)))
    found = _walk(site.url)
    assert list(found.pages) == [site.url + "/1"]
    assert [url for url, _ in found.failures] == [site.url + path]


def test_what_is_new_is_pushed_once_and_again_when_modified(site: Site, run: Run, articles: Articles) -> None:
    def page(text: str) -> str:
        return f"<html><body><article>{f'<p>{text} wurde am Dienstag geprüft und danach stillgelegt.</p>' * 5}</article></body></html>"

    site.robots("Sitemap: /news.xml")
    for n in range(4):
        site.put(f"/{n}", page(f"Kran {n}"))
    hour = timedelta(hours=1)
    entries = [("/0", NOW - hour), ("/1", NOW - 2 * hour), ("/2", NOW - 100 * hour), ("/3", None)]
    site.put("/news.xml", _urlset(*entries))
    listed = run("sitemap", "--list", site.url)
    assert listed.stdout.splitlines() == [site.url + "/0", site.url + "/1"], listed.stderr
    first = run("sitemap", site.url, "--limit", "1")
    assert (first.returncode, first.stdout.splitlines()) == (
        0,
        [f"fetched  {site.url}/0", "1 new, 0 changed, 0 unchanged"],
    )
    assert "4 pages in 1 sitemaps: 2 to fetch, 0 known, 1 older, 1 undated" in first.stderr
    second = run("sitemap", site.url)
    assert second.stdout.splitlines()[0] == f"fetched  {site.url}/1"
    third = run("sitemap", site.url)
    assert "0 to fetch, 2 known" in third.stderr
    site.put("/0", page("Kran 0 wieder frei und"))
    site.put("/news.xml", _urlset(("/0", datetime.now(UTC)), *entries[1:]))
    assert run("sitemap", site.url).stdout.splitlines()[-1] == "0 new, 1 changed, 0 unchanged"
    assert [len(site.asked(f"/{n}")) for n in range(4)] == [2, 1, 0, 0]
    assert len(articles()) == 3


def test_a_site_that_can_not_be_reached_is_told(site: Site, run: Run) -> None:
    done = run("sitemap", "http://127.0.0.1:1", "--list")
    assert (done.returncode, done.stdout) == (1, "")
    assert "connection_failed" in done.stderr
