"""Upon whom: the things counted, else the words that say at whom or what the act is aimed."""

from __future__ import annotations

import re
from itertools import pairwise

from processors.events.lexicon import Hit
from processors.sanctions.counts import CONJUNCTION, SEPARATOR, Counted
from processors.sanctions.parties import place_roles
from processors.sanctions.vocabulary import Cues
from schemas.article import Party

_PHRASE = re.compile(r"[^,،;؛:.。，；：()（）!?؟\n]{2,120}")
_BREAK = re.compile(r"[,،;؛:.。，；：()（）!?؟\n]")
_QUOTES = " \"'“”„«»‘’"
_ARTICLES = re.compile(
    r"(?:\s*(?:of|held by|belonging to|von|de|du|des|d'|для|the|a|an|la|le|les|l'|el|los|las|un|une|una|der"
    r"|die|das|den|einen?|einer|eine|списка|список|перечня|перечень|اسم|اسماء)\b\W*)+"
)
_OPENING = re.compile("[«“„]")
_TURKISH_SUFFIX = re.compile(r"'\w{1,6}$")
_POSSESSIVE = re.compile(r"'s\b")
_WORDS_MAX, _WORDS_BEFORE_MAX = 7, 4
_REACH, _ADJACENT = 60, 16
_SHORT_PREPOSITION = 2
_OBJECTS_MAX = 4
_CHINESE_PHRASE_MAX = 24
_GENERIC_LETTERS_MAX = 3


def counted_targets(cues: Cues, counted: list[Counted]) -> list[Party]:
    """`six individuals and two entities`: what is counted anew, as told; a running total is no target."""
    spans = [(c.start, c.end) for c in counted if not c.count.cumulative]
    joined = spans[:1]
    for (_, end), (start, stop) in pairwise(spans):
        gap = cues.folded.text[end:start]
        if start >= end and (CONJUNCTION.fullmatch(gap) or SEPARATOR.fullmatch(gap)):
            joined[-1] = (joined[-1][0], stop)
        elif start >= end:
            joined.append((start, stop))
    return [Party(text=cues.words(start, end)) for start, end in joined]


def named_target(cues: Cues, aimed: list[Party]) -> Party | None:
    """The words after `against`, `على`, `против`, or the object of the verb, without what is told of it.

    `None` where they are only a state (one of `aimed`), a kind of thing, or a day.
    """
    for start, end in _stretches(cues):
        phrase = _trimmed(cues, start, end)
        if phrase is None:
            continue
        text = cues.words(*phrase)
        state = next((p for p in aimed if text.startswith(p.text)), None)
        if state and not _POSSESSIVE.match(text[len(state.text) :]):
            return None
        return Party(text=text)
    return None


def _stretches(cues: Cues) -> list[tuple[int, int]]:
    if cues.vocabulary.language == "zh":
        return [(hit.end, hit.end + _CHINESE_PHRASE_MAX) for hit in cues.of("against")]
    if cues.vocabulary.language == "fa":
        return [*_persian_objects(cues), *_after_prepositions(cues)]
    before = [_before(cues, hit) for hit in cues.of("after_against")[:_OBJECTS_MAX] if _is_near(cues, hit)]
    objects = [] if cues.vocabulary.verb_last else _objects(cues)
    return [*before, *_after_prepositions(cues), *((start, len(cues.folded.text)) for start in objects)]


def _after_prepositions(cues: Cues) -> list[tuple[int, int]]:
    return [(hit.end, len(cues.folded.text)) for hit in cues.of("against") if _is_aiming(cues, hit)]


def _persian_objects(cues: Cues) -> list[tuple[int, int]]:
    """What `را` marks: after the sanctions of the sentence (`تحریم‌های … را`), or before its first verb."""
    found = []
    for mark in re.finditer(r" را\b", cues.folded.text):
        topics = [hit.end for hit in [*cues.topic(), *cues.of("against")] if hit.end < mark.start()]
        hit = Hit("object", mark.start(), mark.end())
        found.append((max(topics), mark.start()) if topics else _before(cues, hit))
    return found


def _objects(cues: Cues) -> list[int]:
    """Where the object of a verb may begin: after it, after the list it names, after the assets frozen."""
    starts = []
    for verb in _verbs_with_object(cues)[:_OBJECTS_MAX]:
        listed = [t.end for t in cues.topic() if 0 < t.start - verb.end <= _SHORT_PREPOSITION + 2]
        starts.append(listed[0] if listed else _past_issuer(cues, verb.end))
    return [*starts, *(hit.end for hit in cues.of("measured"))]


def _past_issuer(cues: Cues, start: int) -> int:
    """Arabic: the subject stands between the verb and its object."""
    return next((role.end for role in place_roles(cues) if 0 <= role.start - start <= 1), start)


def _is_aiming(cues: Cues, hit: Hit) -> bool:
    reach = _ADJACENT if hit.end - hit.start <= _SHORT_PREPOSITION else _REACH
    anchors = [*cues.topic(), *cues.of("imposed", "lifted", "extended")]
    return any(0 <= hit.start - anchor.end <= reach for anchor in anchors)


def _is_near(cues: Cues, hit: Hit) -> bool:
    """Korean and Turkish: the word that follows the target stands before the sanctions."""
    reach = _REACH if hit.end - hit.start > _SHORT_PREPOSITION else 2
    return any(0 <= topic.start - hit.end <= reach * cues.vocabulary.reach for topic in cues.topic())


def _before(cues: Cues, hit: Hit) -> tuple[int, int]:
    text = cues.folded.text
    bounds = [match.end() for match in _BREAK.finditer(text, 0, hit.start)]
    bounds += [role.end + 1 for role in place_roles(cues)[:1] if role.end < hit.start and not role.is_target]
    bounds += [other.end for other in cues.of("recent", "past") if other.end < hit.start]
    start = max([0, *bounds])
    words = text[start : hit.start].split(" ")
    return hit.start - len(" ".join(words[-_WORDS_BEFORE_MAX:])), hit.start


def _verbs_with_object(cues: Cues) -> list[Hit]:
    """`sanctioned Acme`, `removed Acme from its list`."""
    topics = {topic.start for topic in cues.of("terms")}
    verbs = [hit for hit in cues.of("imposed") if hit.start in topics]
    listings = cues.of("listings", "terms")
    moved = [
        hit
        for hit in cues.of("lifted", "announced", "imposed")
        if any(0 < listing.start - hit.end <= _REACH for listing in listings)
    ]
    return [hit for hit in [*verbs, *moved] if not _holds_listing(cues, hit)]


def _holds_listing(cues: Cues, hit: Hit) -> bool:
    return any(hit.end <= topic.start <= hit.end + 1 for topic in cues.topic())


def _trimmed(cues: Cues, start: int, end: int) -> tuple[int, int] | None:
    """The phrase without its article, up to a relative clause, a verb, a day or a mark."""
    text = cues.folded.text
    while start < end and start < len(text) and text[start] in _QUOTES:
        start += 1
    match = _PHRASE.match(text, start, min(end, len(text)))
    if match is None:
        return None
    end = match.end()
    if article := _ARTICLES.match(text, start, end):
        start = article.end()
    stops = [h.start for h in cues.of("against") if start < h.start < end]
    stops += [h.start for h in cues.of("cuts", "recent", "past", "by", *_VERBS) if start <= h.start < end]
    topics = [h.start for h in cues.topic() if start <= h.start < end]
    end = min([end, *stops, *topics])
    if end in topics and cues.vocabulary.reach == 1:  # `its own sanctions list`
        return None
    words = text[start:end].split(" ")
    end = start + len(" ".join(words[:_WORDS_MAX]))
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    if suffix := cues.vocabulary.language == "tr" and _TURKISH_SUFFIX.search(text, start, end):
        end = suffix.start()
    edges = " -–—" if _OPENING.search(text, start, end) else _QUOTES + "-–—"
    while end > start and text[end - 1] in edges:
        end -= 1
    return None if _is_generic(cues, start, end) else (start, end)


_VERBS = ("imposed", "lifted", "extended", "threatened", "called", "evasion")


def _is_generic(cues: Cues, start: int, end: int) -> bool:
    """Nothing is left but kinds of things, numbers and small words."""
    text = cues.folded.text[start:end]
    if len(text.strip()) < 2 or text.strip().isdecimal():
        return True
    if cues.vocabulary.reach < 1:
        return False
    known = [h for h in [*cues.under("kinds"), *cues.under("number")] if start <= h.start and h.end <= end]
    left = [
        word.group()
        for word in re.finditer(r"\w+", text)
        if len(word.group()) > _GENERIC_LETTERS_MAX
        and not any(h.start <= start + word.start() < h.end for h in known)
    ]
    places = any(start <= p.start and p.end <= end for p in cues.places)
    return not left and not places
