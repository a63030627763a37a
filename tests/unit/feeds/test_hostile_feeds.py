"""Whatever comes instead of a feed: nothing crashes, nothing hangs."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from producers.feeds.discovery import announced_feeds
from producers.feeds.feed import Feed, FeedError, Item
from producers.feeds.opml import read_opml
from producers.feeds.reading import read_feed
from tests.pace import within

URL = "https://www.example.org/feed"
SECONDS_MAX = 5.0
PIECES = [
    "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "</link>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>", "</entry>", "<content type='xhtml'>", "</content>", "<rdf:RDF>", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x [", "]>", "<!ENTITY a '&a;'>",
    "&a;", "&", "&amp;", "&#0;", "&#x110000;", "&#99999999;", "&nbsp;", "<", ">", "'", '"', "<?xml version='1.0' encoding='utf-16'?>", "<?", "?>", "\x00", "\ufeff", "\ud800",
    "<pubDate>", "</pubDate>", "Fri, 27 Nov 2026 10:00:00 GMT", "xmlns:a=", "xml:base='http://['", "<a:b>", "<outline xmlUrl='http://['>", "<opml>", "\u202e", "http://", "عقوبات",
    '{"version":"https://jsonfeed.org/version/1","items":[', '{"id":', "null", "]}", "1e999", '"\\ud800"',
]  # fmt: skip


def _read(body: bytes) -> Feed | None:
    with within(SECONDS_MAX):
        try:
            feed = read_feed(body, URL)
        except FeedError as error:
            feed = None
            reason = error.reason
        else:
            reason = "empty"
        assert reason in {"empty", "not_a_feed", "broken", "too_large"}
    return feed


def _assert_travels(feed: Feed | None) -> None:
    for item in feed.items if feed else ():
        assert item.id
        assert msgspec.json.decode(msgspec.json.encode(item), type=Item) == item


def _joined(parts: list[str]) -> bytes:
    return "".join(parts).encode("utf-8", "surrogatepass")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60).map(_joined)
    | st.binary(max_size=300)
)
def test_any_bytes(body: bytes) -> None:
    _assert_travels(_read(body))
    announced_feeds(body, URL)
    with suppress(FeedError):
        read_opml(body)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map(_joined))
def test_any_bytes_inside_a_feed(inside: bytes) -> None:
    _assert_travels(
        _read(
            b"<rss version='2.0'><channel><title>t</title><item><guid>1</guid>"
            + inside
            + b"</item></channel></rss>"
        )
    )


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "url",
                        "title",
                        "items",
                        "authors",
                        "name",
                        "content_text",
                        "date_published",
                        "hubs",
                    ]
                ),
                inner,
                max_size=5,
            )
        ),
    )
)
def test_any_json_in_a_json_feed(value: object) -> None:
    item = value if isinstance(value, dict) else {"id": value}
    _assert_travels(
        _read(
            msgspec.json.encode(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "items": [item, value],
                    "authors": value,
                    "hubs": value,
                }
            )
        )
    )


@pytest.mark.parametrize("piece", ["<", "&", "<a>", "<![CDATA[", "<!--", "]]>", "<!", "<?x ", "<item>", "<a b=", "<description><div>", "&a;", "<!ENTITY a 'b'>", " ", "<title>", "\x00", "&lt;", "<entry><content type='xhtml'>"])  # fmt: skip
@pytest.mark.parametrize(
    "head", ["<rss version='2.0'><channel>", "<rss version='2.0'><channel><item><title>"]
)
def test_one_piece_repeated_to_two_megabytes(piece: str, head: str) -> None:
    _read((head + piece * (2_000_000 // len(piece))).encode())
