"""Who is meant: short forms join the full name of their article, and full names an identity across the stream.

A name we know has the id of our catalogue, in whatever script and spelling it is written; any other gets an id
made from the name alone (`processors.names.identity.stream_id`), so that every article that spells it alike,
whichever worker reads it, and in most cases another script too, gives the same. A family name that nothing
in the article completes is nobody in particular and has no entity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from os.path import commonprefix

import msgspec

from processors.folding import fold
from processors.names.catalogue import known_people, person
from processors.names.completion import Name
from processors.names.identity import NameIndex, romanise, stream_id
from schemas.article import Entity, MentionType

SAME_PERSON = 0.92
_STEM_LETTERS = 4
_ENDING_LETTERS_MAX = 3


@dataclass
class _People:
    """The people of one article by id, and whom each name, and each part of one, belongs to."""

    by_id: dict[str, Entity] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)

    def add(self, folded: str, entity: Entity) -> None:
        """One more full name; of a person's unlisted names the shortest is kept, which is the least inflected."""
        before = self.by_id.get(entity.id)
        if before is None or len(entity.name) < len(before.name):
            self.by_id[entity.id] = entity
        for part in {folded, *folded.split(" ")}:
            self.ids.setdefault(part, set()).add(entity.id)

    def owner(self, folded: str) -> Entity | None:
        """The one person of the article whom a name, whole or in short, can mean."""
        ids = self.ids.get(folded) or {
            one for part, ids in self.ids.items() if _inflected(folded, part) for one in ids
        }
        return self.by_id[next(iter(ids))] if len(ids) == 1 else None


def identified(fields: Sequence[tuple[str, Sequence[Name]]]) -> list[list[Entity | None]]:
    """The entity of each name, where it has one; `fields` are the texts of an article and their names."""
    people = _People()
    for content, names in fields:
        for name in names:
            written = content[name.start : name.end]
            if name.type == "PER" and (name.entity or is_full(written)):
                people.add(fold(written), name.entity or full_name(written))
    return [
        [_entity(" ".join(content[name.start : name.end].split()), name, people) for name in names]
        for content, names in fields
    ]


def is_full(written: str) -> bool:
    """Whether a name says who is meant: two words, or three Han or Hangul letters."""
    letters = [letter for letter in written if letter.isalpha()]
    eastern = [letter for letter in letters if "\u3400" <= letter <= "\u9fff" or "가" <= letter <= "힣"]
    words = [word for word in fold(written).split(" ") if len(word.strip(".·")) > 1]
    return len(words) > 1 or "·" in written or (len(eastern) == len(letters) and 2 < len(letters) < 5)


@lru_cache(maxsize=20_000)
def full_name(written: str) -> Entity:
    """The entity of a person's full name: one we know, or one made from the name."""
    near = _known_people().nearest(written, limit=1, floor=SAME_PERSON)
    if near:
        return person(near[0][0])
    return made(written, "PER")


def made(written: str, kind: MentionType) -> Entity:
    """An entity for a name nobody has listed. `name` is in Latin letters where the script writes its vowels."""
    plain = " ".join(written.split())
    name = romanise(plain) if _has_vowels(plain) else plain
    return Entity(id=stream_id(plain, kind), name=name or plain)


@cache
def _known_people() -> NameIndex:
    return NameIndex((entity_id, spelling) for entity_id, spelling in known_people() if is_full(spelling))


def _entity(written: str, name: Name, people: _People) -> Entity | None:
    if name.type == "PER":
        entity = name.entity or people.owner(fold(written))
    else:
        entity = name.entity or made(written, name.type)
    if entity is None or entity.name == written:
        return entity
    return msgspec.structs.replace(entity, native=written)


def _inflected(short: str, part: str) -> bool:
    """Whether two words of one script differ in their endings alone, as a family name does in its cases."""
    shared = len(commonprefix([short, part]))
    longest = max(len(short), len(part))
    return shared >= _STEM_LETTERS and longest - shared <= _ENDING_LETTERS_MAX and short[:1].isalpha()


def _has_vowels(written: str) -> bool:
    return not any("\u0590" <= letter <= "\u08ff" or "\u3400" <= letter <= "\u9fff" for letter in written)
