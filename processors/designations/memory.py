"""What is remembered of designations, as small values in any mapping of text to bytes.

All keys begin with the issuer's key and `|`, since state lives with the issuer's partition:

    state:US|index            ids of the issuer's designations, each with its days
    state:US|d|<id>           one designation and what mentions are matched against
    state:US|m|<mention id>   the answer a mention got
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import NamedTuple

import msgspec

from schemas.designation import Decision, Designation

MENTIONS_MAX = 2000
SIGHTINGS_MAX = 200


class Entry(msgspec.Struct, kw_only=True):
    """One designation. Days are ordinals: `first_day` and `last_day` of the news, `touched` of fetching."""

    designation: Designation
    first_day: int
    last_day: int
    touched: int
    titles: list[str] = []
    states: list[str] = []
    names: list[str] = []
    bodies: list[str] = []
    article_ids: list[str] = []
    mention_ids: list[str] = []


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a mention was told, and the digest of the mention that asked."""

    digest: str
    designation_id: str
    decision: Decision
    why: str


class _Days(NamedTuple):
    touched: int
    first: int
    last: int


class Memory:
    """One issuer's designations in the mapping given."""

    def __init__(self, values: MutableMapping[str, bytes], issuer: str) -> None:
        self._values = values
        self._issuer = issuer

    def entries(self, day: int, window_days: int) -> Iterator[Entry]:
        """Designations with news within the window around `day`, in the order in which they were told."""
        for designation_id, days in self._index().items():
            near = days.first - window_days <= day <= days.last + window_days
            if near and (entry := self.entry(designation_id)):
                yield entry

    def newest_touched(self) -> int:
        """The latest day on which any of the issuer's designations was touched; 0 where there is none."""
        return max((days.touched for days in self._index().values()), default=0)

    def entry(self, designation_id: str) -> Entry | None:
        """One designation, if remembered."""
        value = self._values.get(f"{self._issuer}|d|{designation_id}")
        return msgspec.msgpack.decode(value, type=Entry) if value else None

    def answer(self, mention_id: str) -> Answer | None:
        """The answer a mention got, if it was one of a designation."""
        value = self._values.get(f"{self._issuer}|m|{mention_id}")
        return msgspec.msgpack.decode(value, type=Answer) if value else None

    def remember(self, entry: Entry, mention_id: str, answer: Answer) -> None:
        """Write the designation, the answer and the index."""
        identity = entry.designation.id
        self._values[f"{self._issuer}|d|{identity}"] = msgspec.msgpack.encode(entry)
        self._values[f"{self._issuer}|m|{mention_id}"] = msgspec.msgpack.encode(answer)
        index = self._index()
        days = _Days(entry.touched, entry.first_day, entry.last_day)
        if index.get(identity) != days:
            index[identity] = days
            self._values[f"{self._issuer}|index"] = msgspec.msgpack.encode(index)

    def forget_before(self, day: int) -> None:
        """Drop designations that nothing has touched since `day`, with their mentions' answers."""
        index = self._index()
        stale = [identity for identity, days in index.items() if days.touched < day]
        for identity in stale:
            entry = self.entry(identity)
            keys = [f"{self._issuer}|m|{mention}" for mention in (entry.mention_ids if entry else [])]
            for key in [*keys, f"{self._issuer}|d|{identity}"]:
                self._values.pop(key, None)
            del index[identity]
        if stale:
            self._values[f"{self._issuer}|index"] = msgspec.msgpack.encode(index)

    def _index(self) -> dict[str, _Days]:
        value = self._values.get(f"{self._issuer}|index")
        return msgspec.msgpack.decode(value, type=dict[str, _Days]) if value else {}
