"""Sitemap files, well and badly written."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.sitemaps import Entry, News, SitemapError, read_sitemap
from producers.sitemaps.read import ENTRIES_MAX, FILE_BYTES_MAX, epoch_ms
from tests.pace import within

URL = "https://www.example.com/sitemaps/news.xml"
SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
JUNE_5 = 1717545600000


def _urlset(
    *entries: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', spaces: str = SPACES
) -> bytes:
    return f"{head}<urlset {spaces}>{''.join(entries)}</urlset>".encode()


NEWS = """
<url><loc> https://www.example.com/ar/1?a=1&amp;b=2 </loc><lastmod>2024-06-05T00:00:00Z</lastmod>
 <image:image><image:loc>https://cdn.example.com/1.jpg</image:loc><image:title>صورة</image:title></image:image>
 <news:news><news:publication><news:name>المرفأ</news:name><news:language>ar</news:language></news:publication>
  <news:publication_date>2024-06-05T03:00+03:00</news:publication_date><news:title><![CDATA[إغلاق & رصيفين]]></news:title></news:news>
 <xhtml:link rel="alternate" hreflang="en" href="/en/1"/><xhtml:link rel="amphtml" href="/amp/1"/>
</url>"""
READ = Entry(
    url="https://www.example.com/ar/1?a=1&b=2",
    modified_ms=JUNE_5,
    news=News("المرفأ", "ar", "إغلاق & رصيفين", published_ms=JUNE_5, published="2024-06-05T03:00:00+03:00"),
    alternates=(("en", "https://www.example.com/en/1"),),
)


def test_a_news_sitemap() -> None:
    assert read_sitemap(_urlset(NEWS), URL).pages == (READ,)


def test_namespaces_may_be_missing_or_wrong() -> None:
    assert read_sitemap(_urlset(NEWS, spaces=""), URL).pages == (READ,)
    wrong = SPACES.replace("www.google.com/schemas", "example.org").replace("sitemap/0.9", "sitemap/9.9")
    assert read_sitemap(_urlset(NEWS, spaces=wrong), URL).pages == (READ,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-6"])
def test_encodings(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    assert read_sitemap(_urlset(NEWS, head=head).decode().encode(encoding), URL).pages == (READ,)


def test_blank_lines_before_the_beginning() -> None:
    assert read_sitemap(b"\n\n" + _urlset(NEWS, head=""), URL).pages == (READ,)


def test_an_index_packed() -> None:
    body = b"""<sitemapindex><sitemap><loc>/a.xml.gz</loc><lastmod>2024-06-05</lastmod></sitemap>
      <sitemap><loc>https://www.example.com/b.xml</loc></sitemap></sitemapindex>"""
    found = read_sitemap(gzip.compress(body), URL)
    assert found.sitemaps == (
        Entry("https://www.example.com/a.xml.gz", JUNE_5),
        Entry("https://www.example.com/b.xml"),
    )
    assert found.pages == ()


def test_a_list_of_addresses() -> None:
    body = b"\xef\xbb\xbfhttps://www.example.com/1\r\n\r\n# no\nhttps://www.example.com/2"
    assert [page.url for page in read_sitemap(body, URL).pages] == [
        "https://www.example.com/1",
        "https://www.example.com/2",
    ]


def test_what_is_broken_in_the_middle_counts_up_to_there() -> None:
    whole = _urlset(*[f"<url><loc>/{n}</loc></url>" for n in range(100)])
    assert 40 < len(read_sitemap(whole[: len(whole) // 2], URL).pages) < 60


def test_bare_ampersands_and_unknown_entities_lose_no_entry() -> None:
    body = _urlset(
        "<url><loc>/1?a=1&b=2</loc></url>",
        "<url><loc>/2</loc><news:news><news:title>a&nbsp;b</news:title></news:news></url>",
        "<url><loc>/3</loc></url>",
    )
    assert len(read_sitemap(body, URL).pages) == 3


@pytest.mark.parametrize(
    "loc", ["", " ", "javascript:alert(1)", "ftp://example.com/1", "http://[broken", "x" * 3000, "<b/>"]
)
def test_an_entry_that_is_no_address_is_left(loc: str) -> None:
    body = _urlset(f"<url><loc>{loc}</loc></url>", "<url/>", "<url><loc>/2</loc></url>")
    assert [page.url for page in read_sitemap(body, URL).pages] == ["https://www.example.com/2"]


@pytest.mark.parametrize(
    "body",
    [b"", b"plain", b"<html><body>404</body></html>", b"<rss/>", b"<", b"\x00\x01", b"\x1f\x8b\x00broken"],
)
def test_what_is_no_sitemap_is_said(body: bytes) -> None:
    with pytest.raises(SitemapError) as caught:
        read_sitemap(body, URL)
    assert caught.value.reason in ("not_a_sitemap", "broken_gzip")


def _with_entities(entities: str, title: str) -> bytes:
    head = f'<?xml version="1.0"?><!DOCTYPE urlset [{entities}]>'
    return _urlset(
        f"<url><loc>/1</loc><news:news><news:title>{title}</news:title></news:news></url>", head=head
    )


@pytest.mark.parametrize(
    "entity", ['"haha"', 'SYSTEM "file:///etc/hostname"', 'SYSTEM "http://127.0.0.1:9/"']
)
def test_entities_stay_as_they_are_written(entity: str) -> None:
    (page,) = read_sitemap(_with_entities(f"<!ENTITY x {entity}>", "a &x; b"), URL).pages
    assert page.news == News(title="a &x; b")


def test_billion_laughs_end_the_file() -> None:
    entities = '<!ENTITY a "haha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 50}">' for n in range(9)
    )
    with within(2):
        tracemalloc.start()
        found = read_sitemap(_with_entities(entities, "&j;"), URL)
        peak_bytes = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert "haha" not in str(found)
        assert peak_bytes < 1_000_000


def test_more_entries_than_the_protocol_allows_are_cut() -> None:
    found = read_sitemap(_urlset("<url><loc>/1</loc></url>" * (ENTRIES_MAX + 10)), URL)
    assert (len(found.pages), found.cut) == (ENTRIES_MAX, True)


@pytest.mark.parametrize("inside", ["<url>", ""])
def test_endless_elements_end_the_file(inside: str) -> None:
    """After which memory would fill with them."""
    body = f"<urlset><url><loc>/1</loc></url>{inside}{'<x/>' * 2_000_000}".encode()
    with within(2):
        assert [page.url for page in read_sitemap(body, URL).pages] == ["https://www.example.com/1"]


def test_a_bomb_is_refused() -> None:
    with pytest.raises(SitemapError) as caught:
        read_sitemap(gzip.compress(b"<urlset>" + b" " * (FILE_BYTES_MAX + 1)), URL)
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024-06-05", JUNE_5), ("2024-06-05T03:00:00+03:00", JUNE_5), ("2024-06-05T00:00:00.000Z", JUNE_5), (" 2024-06-05T00:00Z\n", JUNE_5),
     ("2024-06", None), ("05/06/2024", None), ("Wed, 05 Jun 2024", None), ("2024-13-45", None), ("0000-00-00", None), ("", None), (None, None)],
)  # fmt: skip
def test_dates(text: str | None, expected: int | None) -> None:
    assert epoch_ms(text) == expected


@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=300).map(lambda data: b"<urlset><url><loc>/1</loc>" + data),
    )
)
def test_any_bytes_are_a_sitemap_or_refused(body: bytes) -> None:
    try:
        found = read_sitemap(body, URL)
    except SitemapError:
        return
    assert all(page.url.startswith("http") for page in found.pages)
