"""Whether a sentence dates what it tells to an earlier year, by number or in words: then it is no news."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml

_YEAR = re.compile(r"(?<!\d)(?:1[89]\d\d|20[0-4]\d)(?!\d)")
_PERSIAN_YEAR = re.compile(r"(?<!\d)(?:13\d\d|14[0-4]\d)(?!\d)")
_PERSIAN_BEHIND = 622
_OPENING_LETTERS, _OPENING_LETTERS_SPACELESS = 48, 16
_SPACELESS = frozenset({"zh", "ko"})
_SINCE = re.compile(
    r"(?:(?<!\w)(?:since|(?:منذ|مذ|از|depuis|desde|seit|с|со|início|ab|dès)(?!\w))|自|从|從)[^.;,]{0,40}\Z"
)
_SINCE_AFTER = re.compile(
    r"(?:년|년대)?\s*(?:\S+\s){0,2}?(?:이후|이래|부터)|年?[^,。]{0,12}以[来後后]|\S*\s(?:beri|itibaren)"
)


def is_recalled(folded: str, year: int | None, language: str) -> bool:
    """Whether all years that the folded sentence names lie before `year`, or there is none to compare with.

    A year that something has lasted since dates no event. Persian years of the solar calendar count too, and
    words for the past (two years ago, last year) near the beginning.
    """
    if _past(language).search(
        folded[: _OPENING_LETTERS_SPACELESS if language in _SPACELESS else _OPENING_LETTERS]
    ):
        return True
    years = [int(match.group()) for match in _YEAR.finditer(folded) if not _lasts(folded, match)]
    if language == "fa":
        found = _PERSIAN_YEAR.finditer(folded)
        years += [int(match.group()) + _PERSIAN_BEHIND for match in found if not _lasts(folded, match)]
    return bool(years) and (year is None or max(years) < year)


def _lasts(folded: str, match: re.Match[str]) -> bool:
    return bool(_SINCE.search(folded[: match.start()]) or _SINCE_AFTER.match(folded, match.end()))


@cache
def _past(language: str) -> re.Pattern[str]:
    text = (resources.files(__package__) / "history.yaml").read_text(encoding="utf-8")
    listed = "|".join(str(yaml.safe_load(text)[language]).split(", "))
    return re.compile(listed if language in _SPACELESS else rf"(?<!\w)[وف]?(?:{listed})(?!\w)")
