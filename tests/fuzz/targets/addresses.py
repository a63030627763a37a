"""URLs, canonicalised, resolved and told where they lead."""

from __future__ import annotations

import re
from contextlib import suppress

from hypothesis import strategies as st

from producers.feeds.opml import feed_address
from producers.feeds.words import address
from producers.fetching.addresses import is_public, literal_address
from producers.fetching.domains import registered_domain
from producers.fetching.exchange import FetchError
from producers.page import url_domain
from schemas.identity import article_id, canonical_url
from tests.fuzz.target import Target, holds, text_of
from tests.fuzz.wording import pieces, written

BASE = "https://www.example.org/x/feed.xml"


def read(data: bytes) -> None:
    """One form, which is its own one form, of an address that still leads to a host."""
    text = text_of(data)
    canonical = canonical_url(text)
    if canonical is not None:
        holds(
            canonical.startswith("https://") and len(canonical) > len("https://"),
            f"{canonical!r} leads nowhere",
        )
        holds(not re.search(r"[\s\x00-\x20]", canonical), "blanks in an address")
        holds(
            canonical_url(canonical) == canonical,
            f"{canonical!r} has another canonical form {canonical_url(canonical)!r}",
        )
        holds(article_id(text, "s", "t") == article_id(canonical, "s", "t"), "two ids for one address")
        holds(url_domain(canonical) is not None, "an address without a domain")
    for base, resolved in ((BASE, address(text, BASE)), ("", feed_address(text))):
        holds(
            resolved is None or address(resolved, base) in {resolved, resolved.strip()},
            f"{resolved!r} resolves to another address",
        )
        holds(resolved is None or not re.search(r"[\t\r\n]", resolved), "a line break in an address")
    with suppress(FetchError):
        literal = literal_address(text)
        if literal is None:
            registered_domain(text)
        else:
            is_public(literal)


_URLS = (
    "https://user:pw@m.Example.org:443/a/../b//c/%7euser/print?utm_source=x&b=2&a=1&amp;c=3#!/route",
    "http://www-example-org.cdn.ampproject.org/c/s/www.example.org/a-slug-12/amp?usqp=mq331",
    "https://أخبار.example/خبر/١٢?q=%D8%B9;jsessionid=AB12", "http://[2001:db8::1]:8080/a;b=c?PHPSESSID=0123456789abcdef0123456789abcdef", "//cdn.example.org/a", "feed://a.example/f",
    "http://0x7f.1/a", "https://example.org./a.amp.html", "http://xn--mgbh0fb.example/(S(abc))/x", "::ffff:127.0.0.1", "https://google.com/amp/s/example.org/x-1",
)  # fmt: skip
_PARTS = (
    "http://", "https://", "HTTPS://", "//", "/", "m.", "amp.", "www.", "example.org", ".", "..", "/amp", "/print/", ".amp.html", "?", "&", "&amp;", "=", "#", "#!", ";jsessionid=", "utm_source=", "fbclid=", "%2e", "%2E%2e/", "%25",
    "%", "%zz", "%D8", ":", ":443", ":0", ":99999", "@", "[", "]", "::1", "%25eth0", "\\", " ", "\t", "\u200f", "ß", "İ", "。", "xn--", "ا", "cdn.ampproject.org/c/s/", "google.com/amp/s/", "(S(a))/", "a-1", "{", "|", "*",
)  # fmt: skip

TARGETS = (
    Target("url", read, tuple(map(written, _URLS)), pieces(_PARTS, st.sampled_from(("a", "", "é")) | st.text(max_size=4), 25).map(lambda data: b"http://" * (len(data) % 2) + data), tuple(map(written, _PARTS)), bytes_max=16 * 1024),
)  # fmt: skip
