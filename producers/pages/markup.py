"""Markup that no parser should see."""

from __future__ import annotations

import re

TAG_CHARACTERS_MAX = 10_000

_LONG_TAG = re.compile(rf"<[^<>]{{{TAG_CHARACTERS_MAX},}}>?")


def without_long_tags(page: str) -> str:
    """The page without tags that are longer than any of use: pictures written into them, and attributes by
    the hundred thousand, over which libxml2 takes minutes.
    """
    return _LONG_TAG.sub("", page)
