"""Which address a page is known by."""

from __future__ import annotations

import pytest

from producers.pages.address import own_address

URL = "https://www.example.com/amp/2024/bridges?ref=feed"
OWN = "https://www.example.com/2024/bridges"


def _page(*head: str) -> str:
    return f"<!doctype html><html><head><title>Brücken</title>{''.join(head)}</head><body><p>Text</p></body></html>"


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


def og(url: str) -> str:
    return f'<meta property="og:url" content="{url}">'


@pytest.mark.parametrize(
    ("head", "link", "address"),
    [
        ((canonical(OWN),), "", OWN),
        ((canonical("/2024/bridges"),), "", OWN),
        (("<LINK REL='Canonical nofollow' HREF=' /2024/bridges '>",), "", OWN),
        ((canonical("https://news.example.com/b"),), "", "https://news.example.com/b"),
        ((og(OWN),), "", OWN),
        ((canonical(OWN), og("https://www.example.com/other")), "", OWN),
        ((), f'<{OWN}>; rel="canonical", <https://www.example.com/x.css>; rel=preload', OWN),
        ((canonical(OWN), canonical(OWN + "/?utm_source=feed")), "", OWN),
        # not to be believed
        ((canonical("https://other.example.org/2024/bridges"),), "", URL),
        ((canonical("https://www.example.com/"),), "", URL),
        ((canonical("https://www.example.com/?p=home"),), "", URL),
        ((canonical(""),), "", URL),
        ((canonical("javascript:void(0)"),), "", URL),
        ((canonical("http://[broken"),), "", URL),
        ((canonical(OWN), canonical("https://www.example.com/2024/other")), "", URL),
        ((canonical("https://www.example.com/" + "x" * 2000),), "", URL),
        ((), "", URL),
        # a claim that can't be believed leaves room for the next
        ((canonical("https://www.example.com/"), og(OWN)), "", OWN),
    ],
)  # fmt: skip
def test_claims(head: tuple[str, ...], link: str, address: str) -> None:
    assert own_address(_page(*head), URL, link) == address


def test_a_claim_in_the_body_is_the_article_s_own_text() -> None:
    page = f"<html><head></head><body>{canonical(OWN)}<p>Text</p></body></html>"
    assert own_address(page, URL) == URL


def test_a_copy_in_google_s_cache_is_known_by_what_it_copies() -> None:
    cached = "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/amp/2024/bridges"
    assert own_address(_page(canonical(OWN)), cached) == OWN
    assert own_address(_page(), cached) == "https://www.example.com/amp/2024/bridges"


@pytest.mark.parametrize(
    "page", ["", " ", "\0", "<", "plain text", "<?xml version='1.0' encoding='x'?><html/>"]
)
def test_a_page_without_head_keeps_its_address(page: str) -> None:
    assert own_address(page, URL) == URL
