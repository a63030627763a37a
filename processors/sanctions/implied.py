"""Cues that no single word gives: a deed and its object apart, and headlines without an auxiliary."""

from __future__ import annotations

import re

from processors.events.lexicon import Hit

_OTHER_VERBS = (
    "imposed",
    "announced",
    "lifted",
    "extended",
    "threatened",
    "refused",
    "background",
    "evasion",
)
_NOUN_LAST = frozenset({"ko", "tr"})
_NOTHING_FOLLOWS = re.compile(r"(?:들|ı|i|lar|ler)?[\s'\"”’….!]*(?:$|:)")
_HEADLINE_VERB_MAX = 40
_OBJECT_FOLLOWS = re.compile(
    r"sanctions (?!(?:on|against|and|or|are|is|were|was|have|has|had|to|in|at|for|from|under|over|by|as|of"
    r"|with|that|which|amid|but|after|before|remain|fail|bite|bit|work|hurt|cost|cut|do|did|does|relief|evasion|list"
    r"|lists|regime|package|policy|risk|risks|law|bill|breach|breaches|chief|envoy|committee|programme|program"
    r"|compliance|monitor|monitors|case|row|deal|talks|debate|vote|pressure|pain|squeeze|busting)\b)(?!\d{4}\b)[a-z\d]"
)
_WITH_OBJECT = {"en": _OBJECT_FOLLOWS, "zh": re.compile("制裁(?=[\\d一二两兩三四五六七八九十])")}
_MEASURE_REACH = 70
# A deed near its object makes a measure, and a sentence one about sanctions: `froze … assets`.
_DEEDS = (
    ("freezing", "assets", "asset_freeze"),
    ("barring", "entry", "travel_ban"),
    ("revoking", "visas", "visa_restriction"),
    ("barring", "dual_use", "export_control"),
)


def add_implied(hits: dict[str, list[Hit]], folded: str, language: str, reach: float) -> None:
    """Add what the hits of a sentence imply together; `reach` is the vocabulary's."""
    _add_measures(hits, reach)
    if language in _WITH_OBJECT:
        _add_headline_verb(hits, folded, _WITH_OBJECT[language], _HEADLINE_VERB_MAX * reach)
    elif language in _NOUN_LAST:
        _add_noun_last(hits, folded)


def _add_measures(hits: dict[str, list[Hit]], language_reach: float) -> None:
    """`froze` and `assets` apart from each other: the one is what was done, the other the topic."""
    reach = _MEASURE_REACH * language_reach
    for deed_tag, thing_tag, measure in _DEEDS:
        things = hits.get(thing_tag, [])
        for deed in hits.get(deed_tag, []):
            near = [t for t in things if max(t.start - deed.end, deed.start - t.end) <= reach]
            if near:
                _add(hits, "measured", near[0])
                _add(hits, "imposed", deed)
                _add(hits, f"measures.{measure}", deed)
                hits["lifted"] = [h for h in hits.get("lifted", []) if not _overlap(h, deed)]


def _add_headline_verb(
    hits: dict[str, list[Hit]], folded: str, with_object: re.Pattern[str], within_chars: float
) -> None:
    """`Britain sanctions traders`, `英国制裁7名商人`: near the start, with an object, and no other verb."""
    for term in hits.get("terms", [])[:1]:
        verbs = [h for tag in _OTHER_VERBS for h in hits.get(tag, []) if h.start != term.start]
        if term.end <= within_chars and not verbs and with_object.match(folded, term.start):
            _add(hits, "imposed", term)


def _add(hits: dict[str, list[Hit]], tag: str, hit: Hit) -> None:
    known = hits.setdefault(tag, [])
    if not any(_overlap(other, hit) for other in known):
        known.append(Hit(tag, hit.start, hit.end))
        known.sort(key=lambda other: other.start)


def _add_noun_last(hits: dict[str, list[Hit]], folded: str) -> None:
    """`EU, 러시아 선박 41척 추가 제재`: a headline that ends in the noun says that it was done."""
    for term in hits.get("terms", [])[-1:]:
        verbs = [h for tag in _OTHER_VERBS for h in hits.get(tag, [])]
        if not verbs and _NOTHING_FOLLOWS.match(folded, term.end):
            _add(hits, "imposed", term)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end
