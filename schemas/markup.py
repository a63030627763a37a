"""How much of a page of HTML is read. Parsers and extractors take minutes over what was made to hurt them,
and no page that anyone reads looks like that.
"""

from __future__ import annotations

import re

from lxml import etree

TAG_CHARACTERS_MAX = 10_000
ELEMENTS_MAX = 20_000
DEPTH_SUM_MAX = 500_000
SIBLING_SQUARES_MAX = 4_000**2

_LONG_TAG = re.compile(rf"<[^<>]{{{TAG_CHARACTERS_MAX},}}>?")


def without_long_tags(page: str) -> str:
    """The page without tags that are longer than any of use: pictures written into them, and attributes by
    the hundred thousand, over which libxml2 takes minutes.
    """
    return _LONG_TAG.sub("", page)


def overgrowth(page: etree._Element) -> str | None:
    """What a page has too much of, in a few words; `None` for one that can be read.

    Trafilatura asks elements for all above them, and passes all of an element's children for each of them:
    20,000 links in one paragraph take 45 seconds. Pages of news have 4,000 elements at most, 15 deep.
    """
    elements = depth = depths = squares = 0
    for event, element in etree.iterwalk(page, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        elements += 1
        depths += depth
        depth += 1
        squares += len(element) ** 2
        if elements > ELEMENTS_MAX:
            return f"more than {ELEMENTS_MAX} elements"
        if depths > DEPTH_SUM_MAX:
            return f"{elements} elements, {depths // elements} deep on average"
        if squares > SIBLING_SQUARES_MAX:
            return f"{len(element)} elements side by side"
    return None
