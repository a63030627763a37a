"""The passage of an article that shows why it answers, with its marks as code-point offsets. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

BEFORE, AFTER = "\ue000", "\ue001"
"""Private-use letters, which tell marks from text without markup."""
SNIPPET_CHARACTERS = 240
_MARK = re.compile(f"[{BEFORE}{AFTER}]")
_LEAD_CHARACTERS = 60
_SPACE = re.compile(r"\s")

Marks = list[list[int]]


def snippet(
    source: Mapping[str, Any], highlight: Mapping[str, Sequence[str]], entity_ids: frozenset[str]
) -> dict[str, Any]:
    """`text` with `marks` as [start, end] in it, and `title_marks` in the article's title.

    Found words come first, then the names of those asked for, in whatever script they stand; else the lead.
    """
    mentions = source.get("record", {}).get("mentions", []) if entity_ids else []
    named = [one for one in mentions if (one.get("entity") or {}).get("id") in entity_ids]
    title_marks = _passage(highlight, "title")[1] or _spans(named, "title")
    text, marks = _passage(highlight, "text")
    if not marks:
        text, marks = _around(source.get("text", ""), _spans(named, "text"))
    return {"text": text, "marks": marks, "title_marks": title_marks}


def _passage(highlight: Mapping[str, Sequence[str]], field: str) -> tuple[str, Marks]:
    """The passage with most marks, of the field as written and as its language has it."""
    passages = [
        marked(some[0]) for name, some in highlight.items() if name.partition("_")[0] == field and some
    ]
    return max(passages, key=lambda passage: len(passage[1]), default=("", []))


def marked(passage: str) -> tuple[str, Marks]:
    """A passage without the letters that mark, and where they were."""
    marks: Marks = []
    start: int | None = None
    for removed, found in enumerate(_MARK.finditer(passage)):
        place = found.start() - removed
        if found[0] == BEFORE:
            start = place
        elif start is not None:
            if marks and marks[-1][1] == start:  # Han, found letter by letter
                marks[-1][1] = place
            else:
                marks.append([start, place])
            start = None
    return _MARK.sub("", passage), marks


def _spans(mentions: Sequence[Mapping[str, Any]], field: str) -> Marks:
    return [[one["start"], one["end"]] for one in mentions if one["field"] == field]


def _around(text: str, spans: Marks) -> tuple[str, Marks]:
    """The text around the first span, cut at blanks where there are any; the lead where there is none."""
    first = min((start for start, _ in spans), default=0)
    begin = _cut(text, first - _LEAD_CHARACTERS, first) if first > _LEAD_CHARACTERS else 0
    passage = text[begin : begin + SNIPPET_CHARACTERS]
    inside = [
        [start - begin, end - begin] for start, end in spans if begin <= start and end <= begin + len(passage)
    ]
    return passage, inside


def _cut(text: str, at: int, before: int) -> int:
    blank = _SPACE.search(text, at, before)
    return blank.end() if blank else at
