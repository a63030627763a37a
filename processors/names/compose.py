"""An institution and the state beside it make an organisation: `وزارة الخزانة الأميركية`, 美国财政部."""

from __future__ import annotations

import re
from dataclasses import dataclass

from processors.names.catalogue import institution_of
from processors.names.gazetteer import Hit, only
from schemas.article import Entity, MentionType

_AFTER = {
    "ar": re.compile(" "),
    "fa": re.compile(" "),
    "ru": re.compile(" "),
    "fr": re.compile(r" (?:de l'|de la |du |des |de |d')?"),
    "es": re.compile(r" (?:de los |de la |del |de )?"),
    "en": re.compile(r" (?:of the |of )?"),
    "de": re.compile(r" (?:der |des |von |in )?"),
}
_BEFORE = {
    "en": re.compile(r"(?:'s)? "),
    "de": re.compile(r" "),
    "ru": re.compile(" "),
    "tr": re.compile(r"(?:'[a-z]{1,4})? "),
    "ko": re.compile(" ?"),
    "zh": re.compile(""),
}
_OFFICE_HOLDER = ("长", "長")
_TITLE_BEFORE = ("وزير", "وزيره", "وزراء", "لوزير", "الوزير")
_FEMININE = frozenset(
    {"الخارجيه", "الخزانه", "المخابرات", "الاستخبارات", "الحكومه", "الشرطه", "السفاره", "الرئاسه"}
)


@dataclass(frozen=True)
class Found:
    """A mention at folded offsets."""

    start: int
    end: int
    type: MentionType
    confidence: float
    entity: Entity | None = None
    family_first: bool = False


def institutions(text: str, hits: list[Hit], language: str) -> list[Found]:
    """The institutions that name their state, and those whose name alone says what they are."""
    states = only(hits, "adjective", "LOC")
    starting = _longest_by(states, "start")
    ending = _longest_by(states, "end")
    found: list[Found] = []
    for hit in only(hits, "institution"):
        if text.startswith(_OFFICE_HOLDER, hit.end):
            continue
        after = _state_after(text, hit, starting, _AFTER.get(language))
        before = _state_before(text, hit, ending, _BEFORE.get(language))
        state = after or before
        if state is not None and _agrees(text, hit, state, language):
            start, end = (hit.start, state.end) if state is after else (state.start, hit.end)
            found.append(Found(start, end, "ORG", 0.85, _entity(hit, state)))
        elif not hit.form.weak:
            found.append(Found(hit.start, hit.end, "ORG", 0.7))
    return found


def _entity(hit: Hit, state: Hit) -> Entity | None:
    institution, of = hit.form.entity, state.form.entity
    if institution is None or of is None or not of.id.startswith("state:"):
        return None
    return institution_of(of.id.removeprefix("state:"), institution.id, institution.name)


def _longest_by(hits: list[Hit], edge: str) -> dict[int, Hit]:
    best: dict[int, Hit] = {}
    for hit in hits:
        if hit.form.entity is None or not hit.form.entity.id.startswith("state:"):
            continue
        place = hit.start if edge == "start" else hit.end
        if place not in best or hit.end - hit.start > best[place].end - best[place].start:
            best[place] = hit
    return best


def _state_after(text: str, hit: Hit, starting: dict[int, Hit], gap: re.Pattern[str] | None) -> Hit | None:
    match = gap.match(text, hit.end) if gap else None
    return starting.get(match.end()) if match else None


def _state_before(text: str, hit: Hit, ending: dict[int, Hit], gap: re.Pattern[str] | None) -> Hit | None:
    if gap is None:
        return None
    for width in range(min(6, hit.start) + 1):
        state = ending.get(hit.start - width)
        if state is not None and gap.fullmatch(text, hit.start - width, hit.start):
            return state
    return None


def _agrees(text: str, hit: Hit, state: Hit, language: str) -> bool:
    """In Arabic the adjective belongs to the institution only where its gender says so, not to a minister."""
    if language != "ar" or not hit.form.weak:
        return True
    before = text[max(0, hit.start - 24) : hit.start].rstrip(" ").rsplit(" ", 1)[-1]
    if before.startswith(_TITLE_BEFORE):
        return False
    noun = text[hit.start : hit.end]
    if state.form.kind == "adjective" and noun in _FEMININE:
        definite = text[state.start : state.end].startswith(("ال", "لل"))
        return (
            definite
            and text[state.start : state.end].split(" ", maxsplit=1)[0].endswith("ه")
            and not (before.startswith("ال") and len(before) > 4)
        )
    return True
