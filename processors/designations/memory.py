"""What is remembered of designations, as small values in any mapping of text to bytes.

    authorities               who has an index, and the latest day of fetching
    i|state:US                ids of that authority's designations, each with its days; the same for
                              `aimed-at:state:RU`, and for `unnamed` issuers
    d|<id>                    one designation and what mentions are matched against
    m|<mention id>            the answer a mention got

An index is written before its designation and that before the answer, so a crash between two writes
leaves nothing that the same mention, read again, does not put right.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Literal, NamedTuple

import msgspec

from schemas.designation import Change, Decision, Designation

MENTIONS_MAX = 2000
SIGHTINGS_MAX = 200
UNNAMED = "unnamed"
Standing = Literal["announced", "pending", "known"]
"""Announced; to be announced by the first mention that can be; or history, never to be announced."""


class Entry(msgspec.Struct, kw_only=True):
    """One designation. Days are ordinals: `first_day` and `last_day` of the news, `touched` of fetching.

    `ledger` is the `Designation`, packed, since few of those compared are read. `tellings` are the counts
    as different articles told them; `names` ids of named targets; `bodies` the issuing bodies; `subjects`
    and `about` as in the mentions; `revisions` that of each article that tells of it.
    """

    id: str
    ledger: msgspec.Raw
    standing: Standing
    first_day: int
    last_day: int
    touched: int
    authorities: list[str] = []
    states: list[str] = []
    names: list[str] = []
    bodies: list[str] = []
    tellings: list[list[tuple[int, str]]] = []
    clusters: list[str] = []
    titles: list[str] = []
    subjects: list[str] = []
    about: list[str] = []
    revisions: dict[str, int] = {}
    mention_ids: list[str] = []
    confirmed: bool = False

    @property
    def designation(self) -> Designation:
        """The ledger's entry."""
        return msgspec.msgpack.decode(self.ledger, type=Designation)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a mention was told, and the digest and revision of the mention that asked."""

    digest: str
    revision: int
    designation_id: str
    decision: Decision
    why: str
    changes: list[Change] = []


def aimed_at(state: str) -> str:
    """The index of designations that aim at a state: a target may be taken for the issuer."""
    return f"aimed-at:{state}"


class _Days(NamedTuple):
    touched: int
    first: int
    last: int


class _Clock(msgspec.Struct):
    newest_day: int = 0
    authorities: list[str] = []


class Memory:
    """All designations, in the mapping given."""

    def __init__(self, values: MutableMapping[str, bytes]) -> None:
        self._values = values

    def entries(
        self, authorities: list[str], states: list[str], day: int, window_days: int
    ) -> Iterator[Entry]:
        """Designations with news within the window around `day`: the authorities' own and those of nobody
        named; since an issuer may be taken for a target, those aimed at the authorities and those of the
        states aimed at too. All where no authority is given.
        """
        keys = [*authorities, UNNAMED, *map(aimed_at, authorities), *states]
        keys = keys if authorities else self._clock().authorities
        seen: set[str] = set()
        for key in keys:
            for identity, days in self._index(key).items():
                near = days.first - window_days <= day <= days.last + window_days
                if near and identity not in seen and (entry := self.entry(identity)):
                    seen.add(identity)
                    yield entry

    def newest_day(self) -> int:
        """The latest day of fetching so far; 0 before there is one."""
        return self._clock().newest_day

    def entry(self, designation_id: str) -> Entry | None:
        """One designation, if remembered."""
        value = self._values.get(f"d|{designation_id}")
        return msgspec.msgpack.decode(value, type=Entry) if value else None

    def answer(self, mention_id: str) -> Answer | None:
        """The answer a mention got, if it was one of a designation."""
        value = self._values.get(f"m|{mention_id}")
        return msgspec.msgpack.decode(value, type=Answer) if value else None

    def remember(self, entry: Entry, mention_id: str, answer: Answer) -> None:
        """Write the indices, the designation and the answer."""
        days = _Days(entry.touched, entry.first_day, entry.last_day)
        for key in [*(entry.authorities or [UNNAMED]), *map(aimed_at, entry.states)]:
            self._file(key, entry.id, days)
        self._values[f"d|{entry.id}"] = msgspec.msgpack.encode(entry)
        self._values[f"m|{mention_id}"] = msgspec.msgpack.encode(answer)

    def advance(self, day: int, horizon_days: int) -> None:
        """On a new day of fetching, drop what nothing has touched within the horizon before it."""
        clock = self._clock()
        if day <= clock.newest_day:
            return
        for authority in clock.authorities:
            self._forget(authority, day - horizon_days)
        self._set("authorities", _Clock(day, clock.authorities))

    def _file(self, authority: str, identity: str, days: _Days) -> None:
        index = self._index(authority)
        if not index and authority not in (clock := self._clock()).authorities:
            self._set("authorities", _Clock(clock.newest_day, [*clock.authorities, authority]))
        if index.get(identity) != days:
            index[identity] = days
            self._set(f"i|{authority}", index)

    def _forget(self, authority: str, before_day: int) -> None:
        index = self._index(authority)
        stale = [identity for identity, days in index.items() if days.touched < before_day]
        for identity in stale:
            del index[identity]
            entry = self.entry(identity)
            if entry and entry.touched < before_day:  # another authority's index may know better
                for key in [*(f"m|{mention}" for mention in entry.mention_ids), f"d|{identity}"]:
                    self._values.pop(key, None)
        if stale:
            self._set(f"i|{authority}", index)

    def _index(self, authority: str) -> dict[str, _Days]:
        value = self._values.get(f"i|{authority}")
        return msgspec.msgpack.decode(value, type=dict[str, _Days]) if value else {}

    def _clock(self) -> _Clock:
        value = self._values.get("authorities")
        return msgspec.msgpack.decode(value, type=_Clock) if value else _Clock()

    def _set(self, key: str, value: object) -> None:
        self._values[key] = msgspec.msgpack.encode(value)
