"""What an article says around a name, as far as it helps to tell who is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from processors.folding import fold

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_SEVEN_DIGITS = re.compile(r"(?<!\d)\d{7}(?!\d)")


@dataclass(frozen=True)
class Named:
    """Another name that the article mentions, and the id of its entity where it has one."""

    text: str
    entity_id: str | None = None


@dataclass(frozen=True)
class Context:
    """What is known of a mention beside its name. Nothing is needed; the less, the fewer hits.

    `countries` (ISO 3166 codes) are those the article mentions, by name, adjective or city; `beside` those
    that it mentions near the name; `home` those its language is written in, which tell nothing. `text` is
    what stands around the name, where a year of birth or a ship's number may be; `entity_id` and
    `wikidata` are those of the mention itself.
    """

    others: tuple[Named, ...] = ()
    countries: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()
    text: str = ""
    entity_id: str | None = None
    wikidata: str | None = None

    def years(self) -> frozenset[int]:
        """The years in `text`, in any digits."""
        return frozenset(int(year) for year in _YEAR.findall(fold(self.text)))

    def numbers(self) -> frozenset[str]:
        """The numbers of seven digits in `text`."""
        return frozenset(_SEVEN_DIGITS.findall(fold(self.text)))
