"""Who sanctions, whom, where, how and why, from the cues of one sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from processors.events.lexicon import Hit
from processors.events.places import Place, body_name, entity_name
from processors.sanctions.vocabulary import DENSE, Cues
from schemas.article import Party

_ADJACENT, _ATTACHED, _JOINED = 14, 16, 26
_ADJECTIVE_FOLLOWS = frozenset({"ar", "fr", "es", "ru", "fa"})
JOINS = re.compile(
    r"[\s,،、']*(?:(?:and|و|и|ve|ile|et|y|e|und|sowie|with|和|及|与|와|과|및|,|،|、)[\s,،]*"
    r"(?:the|la|le|les|l'|el|die|der|das)?)?[\s']*"
)
_BETWEEN = re.compile(r"[,،;؛:.。！？]")
_POSSESSIVE = re.compile(r"'?(?:s|in|ın|un|ün|nin|nın|nun|nün|yi|de|del|des|du|der|의)?[\s]*")
_DEEDS = ("imposed", "announced", "participles", "lifted", "extended", "threatened")
_BY_REACH = 14
_ANSWERED = 8
_GENITIVE = frozenset({"de", "del", "de la", "de los", "des", "du", "d'", "der"})
_TURKISH_FROM = re.compile(r"'?(?:den|dan|ten|tan)\b")
_LABEL = re.compile(r"\s?[:：]")
_KOREAN_SUBJECT = re.compile(r"(?:\s?정부)?(?:[은는이가의도]|[,，])")
_PREPOSITIONS = re.compile(
    r"\b(?:عن|علي|من|ضد|في|الي|ل|contre|sur|a|aux|en|dans|de|contra|sobre|против|на|с|в|علیه|بر|در)\b"
)
_PASSES_ON = re.compile(
    r"\b(?:to|on|from|for|its|their|в|на|из|с|со|auf|aus|von|zur?|ihre[nr]?|seine[nr]?)\b"
)
_PROGRAMME = re.compile(
    r" (?:sanctions )?(?:list|blacklist|regulations?|regime|rules|programme|program|framework)\b"
)
_HAVE_THEIR_OWN = frozenset(
    {"org:EU", "org:UN", "state:US", "state:GB", "state:CA", "state:AU", "state:JP", "state:CH", "state:NZ"}
)
_REASON_CHARS_MAX = 220
_PREFIX_CHARS = 26
_TARGET_REACH = 60


@dataclass(frozen=True)
class Role:
    """A place with its part in the sentence."""

    place: Place
    entity: str | None
    is_target: bool
    is_location: bool
    start: int
    end: int


def issuers(cues: Cues, *, told_as_done: bool = True) -> list[Party]:
    """Who imposes (lifts, extends, threatens): a body or state, its capital, adjective or leader.

    Where nothing is `told_as_done` (evasion, an opinion, a denial) the subject of the sentence is another;
    then only `US sanctions` and `imposed by the EU` say whose they are. A body without a state has an
    `entity` of `None`: the article's earlier sentences may know it.
    """
    roles = place_roles(cues)
    by = [role for role in roles if _is_agent(cues, role)]
    subjects = _nearest(cues, [r for r in roles if _may_be_subject(cues, r)]) if told_as_done else []
    beside = [
        role
        for role in roles
        if not role.is_target
        and _is_beside_topic(cues, role)
        and not _is_genitive_object(cues, role, subjects)
    ]
    lead = beside[:1] or by[:1] or subjects
    if not lead:
        return []
    group = _with_coordinated(cues, lead[0], roles)
    return unique([party_of(cues, role) for role in group])


def targets_and_places(cues: Cues, issuing: list[Party]) -> tuple[list[Party], list[Party]]:
    """States aimed at, and where targets are; the issuers are neither."""
    own = {None, *(party.entity for party in issuing)}
    roles = [
        role
        for role in place_roles(cues)
        if role.entity not in own and role.place.kind in {"name", "adjective"}
    ]
    aimed = [
        role
        for role in roles
        if role.is_target
        and role.place.kind == "name"
        and _is_near_topic(cues, role)
        and not _is_compounded(cues, role)
    ]
    located = [
        role for role in roles if role.is_location or (role.place.kind == "adjective" and role.is_target)
    ]
    return unique([party_of(cues, r) for r in aimed]), unique([party_of(cues, r) for r in located])


def _is_compounded(cues: Cues, role: Role) -> bool:
    """`EU-Kommissar` is a man and no union."""
    end = cues.folded.span(role.start, role.end)[1]
    return cues.original[end : end + 1] == "-"


def _is_near_topic(cues: Cues, role: Role) -> bool:
    """So that `war on Ukraine` at the end of the sentence makes no target."""
    for topic in cues.topic():
        start, end = sorted((topic.end, role.start))
        between = [h for h in cues.of("reason", "past", "cuts") if start < h.start < end]
        if abs(role.start - topic.end) <= _TARGET_REACH * cues.vocabulary.reach and not between:
            return True
    return False


def measures(cues: Cues) -> list[str]:
    """Kinds of measures, as constant words."""
    return list(dict.fromkeys(hit.tag.partition(".")[2] for hit in cues.under("measures")))


def reason(cues: Cues) -> str | None:
    """The words from a cue of reason to the end of the sentence, where it comes after the sanctions."""
    topics = cues.topic()
    for hit in cues.of("reason"):
        if topics and hit.start > topics[0].end and not any(t.start == hit.start for t in topics):
            end = min(len(cues.folded.text), hit.start + _REASON_CHARS_MAX)
            return cues.words(hit.start, end).rstrip(".。 ")
    return None


def place_roles(cues: Cues) -> list[Role]:
    """Every place whose state is known, bodies merged with the state beside them."""
    roles: list[Role] = []
    used: set[int] = set()
    for index, place in enumerate(cues.places):
        if place.kind != "body":
            continue
        partner = _partner(cues, index)
        start, end, entity = place.start, place.end, place.entity
        if partner is not None:
            other = cues.places[partner]
            used.add(partner)
            start, end, entity = min(start, other.start), max(end, other.end), other.entity
        roles.append(_role(cues, place, entity, start, end))
    for index, place in enumerate(cues.places):
        if place.kind != "body" and index not in used and place.entity:
            roles.append(_role(cues, place, place.entity, place.start, place.end))
    return _coordinated(cues, sorted(roles, key=lambda role: role.start))


def _coordinated(cues: Cues, roles: list[Role]) -> list[Role]:
    """`in Russia, China and Turkey`: what goes for the first goes for all."""
    result: list[Role] = []
    for role in roles:
        kept = role
        if result and not (role.is_target or role.is_location):
            last = result[-1]
            gap = cues.folded.text[last.end : role.start]
            joined = bool(gap.strip()) and len(gap) <= _JOINED and JOINS.fullmatch(gap)
            if last.place.kind == role.place.kind == "name" and joined and cues.vocabulary.language != "tr":
                kept = replace(role, is_target=last.is_target, is_location=last.is_location)
        result.append(kept)
    return result


def party_of(cues: Cues, role: Role) -> Party:
    """The party as told, with its English name and id."""
    place = role.place
    name = body_name(place.role, role.entity) if place.role else entity_name(role.entity or "")
    return Party(text=cues.words(role.start, role.end), name=name, entity=role.entity)


def _partner(cues: Cues, index: int) -> int | None:
    """The adjective or name that says whose body it is."""
    body = cues.places[index]
    after_first = cues.vocabulary.language in _ADJECTIVE_FOLLOWS
    for step in (1, -1) if after_first else (-1,):
        other = index + step
        if not 0 <= other < len(cues.places):
            continue
        place = cues.places[other]
        gap = (body.end, place.start) if step > 0 else (place.end, body.start)
        if (
            place.kind not in {"adjective", "name"}
            or not 0 <= gap[1] - gap[0] <= _ATTACHED * cues.vocabulary.reach
        ):
            continue
        between = cues.folded.text[gap[0] : gap[1]]
        if _BETWEEN.search(between) or (between.strip() not in _GENITIVE and _breaks(cues, *gap)):
            continue
        if body.entity and place.kind == "name" and step < 0 and not after_first and len(between) > 2:
            continue
        return other
    return None


def _breaks(cues: Cues, start: int, end: int) -> bool:
    return any(start <= h.start < end for h in cues.of("against", "in", "imposed", "terms"))


def _role(cues: Cues, place: Place, entity: str | None, start: int, end: int) -> Role:
    located = _stands_after(cues, start, "in") or cues.folded.text.startswith(" based", end)
    aimed = not located and (
        _stands_after(cues, start, "against")
        or _stands_before(cues, end, "after_against")
        or names_programme(cues, place, end)
        or (
            cues.vocabulary.language in DENSE and place.kind == "adjective"
        )  # 대북, 对俄: aimed by their form
    )
    return Role(place, entity, aimed, located, start, end)


def names_programme(cues: Cues, place: Place, end: int) -> bool:
    """`its Russia sanctions list`, `under the Russia regulations`: named after whom they are upon."""
    english = cues.vocabulary.language == "en" and place.kind == "name"
    named = english and place.entity not in _HAVE_THEIR_OWN
    return named and bool(_PROGRAMME.match(cues.folded.text, end))


def _stands_after(cues: Cues, start: int, tag: str) -> bool:
    """A preposition with the tag stands before, with at most two words between."""
    for hit in cues.of(tag):
        if 0 <= start - hit.end <= _PREFIX_CHARS * cues.vocabulary.reach:
            between = cues.folded.text[hit.end : start]
            topic_between = any(hit.end <= other.start < start for other in cues.topic())
            few_words = len(between.split()) <= _words_between(cues, tag)
            if few_words and not topic_between and not _BETWEEN.search(between):
                return True
    return False


def _words_between(cues: Cues, tag: str) -> int:
    if tag != "against":
        return 2 if tag == "in" else 1
    return 3 if cues.vocabulary.language in _ADJECTIVE_FOLLOWS else 2


def _stands_before(cues: Cues, end: int, tag: str) -> bool:
    if cues.folded.text.startswith("에서", end):  # a place, though it begins as an object does
        return False
    reach = 2 if cues.vocabulary.language == "ko" else 8
    return any(
        0 <= hit.start - end <= reach and not _BETWEEN.search(cues.folded.text[end : hit.start])
        for hit in cues.of(tag)
    ) or (tag == "after_against" and cues.vocabulary.language == "tr" and _is_turkish_object(cues, end))


def _is_turkish_object(cues: Cues, end: int) -> bool:
    return bool(
        re.match(r"'?(?:ya|ye|na|ne|a|e|daki|deki|da|de|li|lı|lu)\b", cues.folded.text[end : end + 6])
    )


def _is_beside_topic(cues: Cues, role: Role) -> bool:
    """`US sanctions`, `عقوبات أميركية`, `санкции США`, `미국의 제재`, but not `in answer to Tokyo's`."""
    tags = ("terms",) if cues.vocabulary.language == "ar" else ("terms", "weak")
    answered = [cause.end for cause in cues.of("reason")]
    topics = [t for t in cues.of(*tags) if not any(0 <= t.start - end <= _ANSWERED for end in answered)]
    reach = (_ADJACENT if role.place.kind == "adjective" else 6) * cues.vocabulary.reach
    for topic in topics:
        if 0 <= topic.start - role.end <= reach and _owns_after(cues, role, topic):
            return not _verb_at(cues, topic)
        if 0 <= role.start - topic.end <= reach and _owns_before(cues, role, topic):
            return True
    return False


def _owns_after(cues: Cues, role: Role, topic: Hit) -> bool:
    """The role stands before `sanctions` and owns them."""
    gap = cues.folded.text[role.end : topic.start]
    adjective, language = role.place.kind == "adjective", cues.vocabulary.language
    if language in {"ar", "fa", "fr", "es"} or (language == "tr" and adjective and gap.strip()):
        return False
    owning = adjective and not _BETWEEN.search(gap) and not _PASSES_ON.search(gap)
    return owning or bool(_POSSESSIVE.fullmatch(gap))


def _owns_before(cues: Cues, role: Role, topic: Hit) -> bool:
    """The role stands after `sanctions` and owns them: an adjective, or a genitive."""
    gap = cues.folded.text[topic.end : role.start]
    adjective, language = role.place.kind == "adjective", cues.vocabulary.language
    if language not in _ADJECTIVE_FOLLOWS or _BETWEEN.search(gap) or _breaks(cues, topic.end, role.start):
        return False
    if language == "ru" and (adjective or gap != " "):
        return False
    if _PREPOSITIONS.search(gap) or (adjective and not _agrees(cues, role)) or _verb_at(cues, topic):
        return False
    return adjective or len(gap.split()) <= 1


def _agrees(cues: Cues, role: Role) -> bool:
    """Arabic: `عقوبات` takes a feminine adjective; `مصرف سوري` after it has its own."""
    return cues.vocabulary.language != "ar" or cues.folded.text[role.start : role.end].endswith(("يه", "يا"))


def _is_genitive_object(cues: Cues, role: Role, subjects: list[Role]) -> bool:
    """Persian: `آمریکا تحریم‌های سوریه را …`, where another has the verb."""
    other = [subject for subject in subjects if subject.entity != role.entity]
    return cues.vocabulary.language == "fa" and role.place.kind == "name" and bool(other)


def _is_agent(cues: Cues, role: Role) -> bool:
    """`imposed by the EU`, `ABD tarafından`: not `a fleet used by Russia`."""
    if cues.vocabulary.language == "tr":
        return _stands_before(cues, role.end, "after_by") or bool(
            _TURKISH_FROM.match(cues.folded.text, role.end)
        )
    return _stands_after(cues, role.start, "by") and any(
        0 <= by.start - deed.end <= _BY_REACH * cues.vocabulary.reach or deed.start <= by.start < deed.end
        for by in cues.of("by")
        if 0 <= role.start - by.end <= _PREFIX_CHARS
        for deed in cues.of(*_DEEDS, "terms")
    )


def _verb_at(cues: Cues, topic: Hit) -> bool:
    return any(h.start == topic.start for h in cues.of("imposed"))


def _may_be_subject(cues: Cues, role: Role) -> bool:
    if role.is_target or role.is_location or role.place.kind == "adjective":
        return False
    if _LABEL.match(cues.folded.text, role.end):  # `Belarus: EU extends …` says what it is about
        return False
    if cues.vocabulary.language == "ko" and role.place.kind == "name":
        return bool(_KOREAN_SUBJECT.match(cues.folded.text, role.end))
    return True


def _nearest(cues: Cues, roles: list[Role]) -> list[Role]:
    """The subject: before the verb or the topic, whichever is first, and the nearest to it."""
    topics = cues.topic()
    verbs = cues.of("imposed", "announced", "lifted", "extended", "threatened")
    language = cues.vocabulary.language
    before_topic = [r for r in roles if r.start < topics[-1].start]
    if cues.vocabulary.verb_last or language == "zh":
        return before_topic[:1]
    if language == "ar":
        first = [r for r in roles if any(0 <= v.start - r.end <= 2 for v in verbs)]
        if first:  # `واشنطن تفرض …`: the headline puts the subject before its verb
            return first[:1]
        between = [
            r for r in roles if any(0 <= r.start - v.end <= 40 for v in verbs) and r.start < topics[-1].end
        ]
        if between:
            return between[:1]
    anchor = min([topics[0].start, *(v.start for v in verbs[:1])])
    before = [r for r in roles if r.end <= anchor + 1]
    return before[-1:] or before_topic[:1]


def _with_coordinated(cues: Cues, lead: Role, roles: list[Role]) -> list[Role]:
    """The lead and those joined to it by `and`, or by commas that end in an `and`."""
    index = roles.index(lead)
    after = _chain(cues, lead, roles[index + 1 :], backwards=False)
    before = _chain(cues, lead, roles[:index][::-1], backwards=True)
    return [*before[::-1], lead, *after]


def _chain(cues: Cues, lead: Role, neighbours: list[Role], *, backwards: bool) -> list[Role]:
    chain: list[Role] = []
    joined = 0
    edge = lead
    for role in neighbours:
        gap = (
            cues.folded.text[role.end : edge.start] if backwards else cues.folded.text[edge.end : role.start]
        )
        same_kind = (role.place.kind == "adjective") == (lead.place.kind == "adjective")
        if (
            not gap.strip()
            or len(gap) > _JOINED
            or not JOINS.fullmatch(gap)
            or role.is_location
            or not same_kind
        ):
            break
        chain.append(role)
        edge = role
        if any(char.isalpha() for char in gap):
            joined = len(chain)
    return chain[:joined]


def unique(parties: list[Party]) -> list[Party]:
    """Each entity once, or where none is known each wording; the first to be told stands for it."""
    return list({party.entity or party.text: party for party in reversed(parties)}.values())[::-1]
