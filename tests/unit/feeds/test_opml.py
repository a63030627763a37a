"""Lists of feeds: what readers export is understood, and what we export is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.feeds.feed import FeedError
from producers.feeds.opml import Subscription, feed_address, read_opml, write_opml

NESTED = """<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>Mine</title></head><body>
<outline text="World"><outline title="Asia &amp; Pacific" text="ignored">
<outline type="rss" text="Pacific &lt;Post&gt;" xmlUrl="https://a.example.org/feed?x=1&amp;y=2" htmlUrl="https://a.example.org/"/></outline>
<outline text="" xmlURL="https://b.example.org/rss"/><outline text="empty"/></outline>
<outline text="Again"><outline xmlUrl="https://b.example.org/rss" title="B"/></outline>
<outline xmlUrl="feed:https://c.example.org/atom" category="/Law/Sanctions,/World"/>
<outline xmlUrl="javascript:alert(1)" title="no"/><outline xmlUrl="" title="also no"/>
</body></opml>"""


def test_folders_nested_repeated_and_stated() -> None:
    assert read_opml(NESTED.encode()) == [
        Subscription("https://a.example.org/feed?x=1&y=2", "Pacific <Post>", "https://a.example.org/", (("World", "Asia & Pacific"),)),
        Subscription("https://b.example.org/rss", "", None, (("World",), ("Again",))),
        Subscription("https://c.example.org/atom", "", None, (("Law", "Sanctions"), ("World",))),
    ]  # fmt: skip


def test_bare_ampersands_and_other_encodings_are_put_up_with() -> None:
    broken = NESTED.replace("&amp;y=2", "&y=2").replace("Again", "Снова").encode("utf-8")
    assert read_opml(broken)[0].url == "https://a.example.org/feed?x=1&y=2"
    cyrillic = NESTED.replace("UTF-8", "windows-1251").replace("Again", "Снова").encode("windows-1251")
    assert read_opml(cyrillic)[1].categories == (("World",), ("Снова",))


@pytest.mark.parametrize("body", [b"", b"<html><body/></html>", b"<rss version='2.0'/>", b'{"feeds": []}'])
def test_what_is_no_list_is_said(body: bytes) -> None:
    with pytest.raises(FeedError):
        read_opml(body)


@pytest.mark.parametrize(
    "told", ["feed://www.example.org/f", "feed:http://www.example.org/f", "  http://www.example.org/f "]
)
def test_addresses_of_feeds_as_they_are_handed_on(told: str) -> None:
    assert feed_address(told) == "http://www.example.org/f"


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Z")), min_size=1, max_size=12)
paths = st.lists(words, min_size=1, max_size=3).map(tuple)
subscriptions = st.builds(
    Subscription,
    url=words.map(lambda word: f"https://www.example.org/{word.encode().hex()}"),
    title=words,
    home_url=st.none() | st.just("https://www.example.org/?a=1&b=<2>"),
    categories=st.lists(paths, max_size=3, unique=True).map(tuple),
)


@given(st.lists(subscriptions, max_size=8, unique_by=lambda one: one.url))
def test_whatever_goes_out_comes_back(given_: list[Subscription]) -> None:
    back = {one.url: one for one in read_opml(write_opml(given_))}
    assert {url: (one.title, one.home_url, set(one.categories)) for url, one in back.items()} == {
        one.url: (one.title, one.home_url, set(one.categories)) for one in given_
    }
    assert write_opml(read_opml(write_opml(given_))) == write_opml(read_opml(write_opml(list(back.values()))))
