"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), taken as leniently as feeds are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from producers.decoding import decode_text
from producers.feeds.dates import stated_time
from producers.feeds.feed import Feed, FeedError, Item
from producers.feeds.words import address, as_html, author, clean, language, plain
from producers.unreadable import ReadError

ITEMS_MAX = 50_000


def read_json_feed(body: bytes, url: str) -> Feed:
    """The feed in a JSON object. A value of a wrong type counts as missing. Raises `FeedError`."""
    try:
        found = msgspec.json.decode(decode_text(body))
    except (msgspec.MsgspecError, ReadError, ValueError, RecursionError) as error:
        raise FeedError("broken", f"it is no JSON: {error}") from None
    if not isinstance(found, dict) or "jsonfeed.org" not in clean(found.get("version")):
        raise FeedError("not_a_feed", "it is JSON and no JSON Feed")
    base = address(found.get("home_page_url"), url) or url
    tongue = language(found.get("language"))
    names = tuple(_authors(found))
    return Feed(
        form="JSON Feed",
        title=plain(clean(found.get("title"))),
        home_url=address(found.get("home_page_url"), url),
        language=tongue,
        self_url=address(found.get("feed_url"), url),
        hubs=tuple(hub for each in _objects(found, "hubs") if (hub := address(each.get("url"), url))),
        items=tuple(filter(None, (_item(each, base, tongue, names) for each in _objects(found, "items")))),
        finished=found.get("expired") is True,
    )


def _item(given: dict[str, Any], base: str, tongue: str | None, names: tuple[str, ...]) -> Item | None:
    url = address(given.get("url"), base) or address(given.get("external_url"), base)
    content = clean(given.get("content_html")) or as_html(clean(given.get("content_text")))
    item_id = given.get("id")
    known_by = (str(item_id) if isinstance(item_id, int | float) else clean(item_id)) or url
    if known_by is None:
        return None
    return Item(
        id=known_by,
        url=url,
        title=plain(clean(given.get("title"))),
        summary=as_html(clean(given.get("summary"))),
        content=content,
        published=stated_time(clean(given.get("date_published"))),
        updated=stated_time(clean(given.get("date_modified"))),
        language=language(given.get("language")) or tongue,
        authors=tuple(dict.fromkeys(_authors(given))) or names,
    )


def _authors(given: dict[str, Any]) -> Iterator[str]:
    single = given.get("author")
    for each in [*_objects(given, "authors"), *([single] if isinstance(single, dict) else [])]:
        if name := author(clean(each.get("name"))):
            yield name


def _objects(given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = given.get(name)
    return [each for each in found[:ITEMS_MAX] if isinstance(each, dict)] if isinstance(found, list) else []
