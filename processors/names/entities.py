"""Who is meant: short forms join their article's full name, and full names an identity across the stream.

A name we know has the id of our catalogue, in whatever script and spelling it is written; any other gets an
id made from the name alone (`processors.names.identity.stream_id`), so that every article that spells it
alike, whichever worker reads it, and in most cases another script too, gives the same. A family name that
nothing in the article completes is nobody in particular and has no entity, nor has a word without a capital.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product

import msgspec

from processors.folding import fold
from processors.names.catalogue import known_people, person
from processors.names.completion import Name
from processors.names.identity import (
    NameIndex,
    compare,
    is_native_han,
    is_native_hangul,
    keys,
    romanise,
    stream_id,
)
from schemas.article import Entity, MentionType

_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff가-힣]")
_SOUNDS_SHARED = 2
SAME_PERSON = 0.92
LIKENED_MAX = 200
_STEM_LETTERS_MIN = 3
_STEMMED_WORDS_MAX = 4
_CASES = frozenset(
    fold(case)
    for cases in ("а я у ю е ы и й ь", "ой ей ом ем ым им ый ий", "ого его ому ему ая яя ую юю")
    for case in cases.split(" ")
)


@dataclass
class _People:
    """The people of one article by id, and whom each name, and each part of one, belongs to."""

    by_id: dict[str, Entity] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)
    stems: dict[str, set[str]] = field(default_factory=dict)

    def add(self, folded: str, entity: Entity) -> None:
        """One more full name; of a person's unlisted names the shortest is kept, the least inflected."""
        before = self.by_id.get(entity.id)
        if before is None or len(entity.name) < len(before.name):
            self.by_id[entity.id] = entity
        parts = _parts(folded)
        for part in {folded, folded + "s", *parts, parts[-1] + "s"}:  # Lindenaus Sprecher
            self.ids.setdefault(part, set()).add(entity.id)
        for stem in {stem for part in (folded, *parts) for stem in _stems(part)}:
            self.stems.setdefault(stem, set()).add(entity.id)

    def owner(self, folded: str) -> Entity | None:
        """The one person of the article whom a name, whole or in short, can mean."""
        alike = (one for stem in _stems(folded) for one in self.stems.get(stem, ()))
        ids = self.ids.get(folded) or set(alike)
        return self.by_id[next(iter(ids))] if len(ids) == 1 else None


def identified(fields: Sequence[tuple[str, Sequence[Name]]]) -> list[list[Entity | None]]:
    """The entity of each name, where it has one; `fields` are the texts of an article and their names.

    Where an article names more than 200 people, the others are compared with known ones by spelling alone.
    """
    people, likened = _People(), 0
    for written, known in _in_full(fields):
        folded = fold(written)
        entity = known or people.owner(folded)
        if entity is None:
            likened += 1
            entity = full_name(written) if likened <= LIKENED_MAX else _unlisted(written)
        people.add(folded, entity)
    return [
        [_entity(" ".join(content[name.start : name.end].split()), name, people) for name in names]
        for content, names in fields
    ]


def _in_full(fields: Sequence[tuple[str, Sequence[Name]]]) -> list[tuple[str, Entity | None]]:
    """The people named in full or known, each spelling once: names of several words first, then by length.

    So a name comes before its other cases, and before the part of it that could pass for a whole one.
    """
    found: dict[str, Entity | None] = {}
    for content, names in fields:
        for name in names:
            written = content[name.start : name.end]
            if name.type == "PER" and (name.entity or is_full(written)):
                found[written] = found.get(written) or name.entity
    return sorted(found.items(), key=lambda item: (len(_parts(fold(item[0]))) == 1, len(item[0])))


def is_full(written: str) -> bool:
    """Whether a name says who is meant: two words, or three Han or Hangul letters."""
    letters = [letter for letter in written if letter.isalpha()]
    eastern = [letter for letter in letters if "\u3400" <= letter <= "\u9fff" or "가" <= letter <= "힣"]
    words = [word for word in fold(written).split(" ") if len(word.strip(".·")) > 1]
    return len(words) > 1 or "·" in written or (len(eastern) == len(letters) and 2 < len(letters) < 5)


@lru_cache(maxsize=20_000)
def full_name(written: str) -> Entity:
    """The entity of a person's full name: one we know, or one made from the name.

    It may have a word more than the known name, a patronymic for one, but no word less: Sung Kim is not Kim
    Il Sung. What a known person is called in short is listed.
    """
    if not _sounds_known(written):
        return _unlisted(written)
    for entity_id, spelling, likeness in _known_people().nearest(written, limit=1, floor=SAME_PERSON):
        partly = any(reason.endswith("left out") for reason in likeness.reasons)
        shorter = partly and len(_parts(fold(written))) < len(_parts(fold(spelling)))
        if not shorter and not _is_known_otherwise(written, entity_id):
            return person(entity_id)
    return _unlisted(written)


def _is_known_otherwise(written: str, entity_id: str) -> bool:
    """Whether a name in Han or Hangul has other characters than the person's: 王一 only sounds like 王毅."""
    for is_native in (is_native_han, is_native_hangul):
        if is_native(written) and (own := [name for name in _spellings()[entity_id] if is_native(name)]):
            return all(compare(written, name).score < SAME_PERSON for name in own)
    return False


@cache
def _spellings() -> dict[str, list[str]]:
    spelt: dict[str, list[str]] = {}
    for entity_id, spelling in known_people():
        spelt.setdefault(entity_id, []).append(spelling)
    return spelt


def _unlisted(written: str) -> Entity:
    return made(written, "PER")


def made(written: str, kind: MentionType) -> Entity:
    """An entity for a name nobody has listed, named in Latin letters where the script writes vowels."""
    plain = " ".join(written.split())
    name = romanise(plain) if kind == "PER" and _has_vowels(plain) else plain
    return Entity(id=stream_id(plain, kind), name=name or plain)


def _sounds_known(written: str) -> bool:
    """Whether two words of a name sound like two of one known person's, which nearly no name's do.

    It costs a hundredth of comparing. Foreigners' names in Han and Hangul keep too few consonants to tell.
    """
    if _EASTERN.search(written):
        return True
    shared = Counter(owner for key in keys(written) for owner in _known_sounds().get(key, ()))
    return any(count >= _SOUNDS_SHARED for count in shared.values())


@cache
def _known_sounds() -> dict[str, frozenset[str]]:
    owners: dict[str, set[str]] = {}
    for entity_id, spelling in known_people():
        for key in keys(spelling) if is_full(spelling) else ():
            owners.setdefault(key, set()).add(entity_id)
    return {key: frozenset(ids) for key, ids in owners.items()}


@cache
def _known_people() -> NameIndex:
    return NameIndex((entity_id, spelling) for entity_id, spelling in known_people() if is_full(spelling))


def _entity(written: str, name: Name, people: _People) -> Entity | None:
    if name.type == "PER":
        entity = name.entity or people.owner(fold(written))
    else:
        entity = name.entity or (made(written, name.type) if _is_proper(written) else None)
    if entity is None or entity.name == written:
        return entity
    return msgspec.structs.replace(entity, native=written)


def _is_proper(written: str) -> bool:
    """Whether a name may be somebody's own: a capital, in scripts that have them ("компании" is any one)."""
    return any(map(str.isupper, written)) or not any(map(str.islower, written))


def _parts(folded: str) -> list[str]:
    return folded.replace("·", " ").split(" ")


def _stems(name: str) -> set[str]:
    """A name, and what is left of a Russian one without what may be the endings of its case.

    Кабуловым and Кабулова share a stem; Иванов and Иван do not, nor do Johnson and John.
    """
    words = name.split(" ")
    if len(words) > _STEMMED_WORDS_MAX:
        return {name}
    return {" ".join(stems) for stems in product(*map(_word_stems, words))}


def _word_stems(word: str) -> set[str]:
    cut = {word[: -len(case)] for case in _CASES if word.endswith(case)}
    return {word, *(stem for stem in cut if len(stem) >= _STEM_LETTERS_MIN)}


def _has_vowels(written: str) -> bool:
    return not any("\u0590" <= letter <= "\u08ff" or "\u3400" <= letter <= "\u9fff" for letter in written)
