import json

import pytest
from lxml import html

from processors.boilerplate.metadata import Metadata, metadata

TEXT = "The harbour authority will close the old northern pier. Engineers found cracks in its columns."
HEADLINE = "Harbour authority to close old northern pier"


def _read(*head: str, body: str = "") -> Metadata:
    return metadata(html.document_fromstring(f"<html><head>{''.join(head)}</head><body>{body}</body></html>"))


def _linked(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


def _meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


ARTICLE = {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": "2024-04-27T10:11:12+03:00"}


@pytest.mark.parametrize(
    "head",
    [
        _linked(**ARTICLE),
        _linked(**{"@graph": [{"@type": "WebSite", "name": "Harbour News", "headline": "All the news"}, ARTICLE]}),
        _meta("og:title", HEADLINE),
        _meta("og:title", f"{HEADLINE} | Harbour News") + _meta("og:site_name", "Harbour News"),
        f"<title>{HEADLINE}</title>",
        _meta("og:title", "Boats &amp;amp; News") + f"<title>{HEADLINE}</title>",
    ],
)  # fmt: skip
def test_the_headline_is_what_the_text_says_again(head: str) -> None:
    assert _read(head).headline(TEXT) == HEADLINE


def test_what_the_text_does_not_say_is_no_headline() -> None:
    assert _read(_meta("og:title", "Ten recipes for summer evenings")).headline(TEXT) is None


def test_a_heading_stands_in_for_a_slogan() -> None:
    page = _read(_meta("og:title", "News, weather and sports"), body=f"<h1>{HEADLINE}</h1>")
    assert page.headline(TEXT) == HEADLINE


@pytest.mark.parametrize(
    ("head", "body", "name"),
    [
        (_linked(**ARTICLE, author={"@type": "Person", "name": "Ingrid Halvorsen"}), "", "Ingrid Halvorsen"),
        (_linked(**ARTICLE, author=[{"name": "Ingrid Halvorsen"}, {"name": "Nils Aas"}]), "", "Ingrid Halvorsen, Nils Aas"),
        (_meta("author", "Ingrid Halvorsen"), "", "Ingrid Halvorsen"),
        (_meta("author", "Reuters"), "", None),
        (_meta("author", "News desk"), "", None),
        (_meta("author", "Harbour News") + _meta("og:site_name", "Harbour News"), "", None),
        (_meta("article:author", "https://harbour.example/staff/7"), "", None),
        ("", '<a rel="author" href="/7">Ingrid Halvorsen</a>', "Ingrid Halvorsen"),
        ("", '<span class="byline">By Ingrid Halvorsen</span>', "Ingrid Halvorsen"),
        ("", '<p class="byline">27 April 2024</p>', None),
        ("", "", None),
    ],
)  # fmt: skip
def test_a_byline_names_somebody(head: str, body: str, name: str | None) -> None:
    assert _read(head, body=body).byline() == name


@pytest.mark.parametrize(
    ("head", "iso"),
    [
        (_linked(**ARTICLE), "2024-04-27T10:11:12+03:00"),
        (_linked(**{"@type": "NewsArticle", "datePublished": "27 April"}), None),
        (_linked(**{"@type": "NewsArticle", "dateModified": "2024-04-27"}), None),
        (_meta("article:published_time", "2024-04-27"), "2024-04-27"),
        ('<script type="application/ld+json">{"datePublished": </script>', None),
        ('<script type="application/ld+json">' + "[" * 100_000 + "</script>", None),
    ],
)
def test_a_date_of_publication_is_whole(head: str, iso: str | None) -> None:
    published = _read(head).published
    assert (published[0] if published else None) == iso


def test_nonsense_in_linked_data_does_no_harm() -> None:
    odd = _linked(
        **{"@type": ["NewsArticle"], "headline": 7, "author": [None, 3, {"name": []}], "publisher": []}
    )
    assert _read(odd) == Metadata([], [], None, None)
