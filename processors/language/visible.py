"""The text of an HTML page that a reader sees, as lines."""

from __future__ import annotations

from lxml import etree, html

_UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe", "object")


def visible_lines(page: str) -> list[str]:
    """The page's text nodes, one a line, in order; empty where the page can't be parsed."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return []
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    return [text for text in map(str, root.itertext()) if text.strip()]
