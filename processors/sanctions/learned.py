"""What the encoder read in a sentence about sanctions, put together with what the vocabulary knows.

The encoder says which act it is and where issuers, targets, places, reason, date and legal ground stand;
the vocabulary and the table of places say who they are, how many, and by what measures. Where the two
disagree about the act, the encoder's odds and the rules' finding are weighed together: the rules count as
one more witness, whose worth was fitted on sentences that neither was made from.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from processors.encoder.heads import ACTS
from processors.encoder.telling import SentenceReading
from processors.sanctions.counts import Counted, count_targets
from processors.sanctions.parties import Role, party_of, place_roles
from processors.sanctions.vocabulary import Cues
from schemas.article import Count, Party

RULES_WORTH = 0.6
_ODDS_MIN = 1e-3
_NUMBER = re.compile(r"(?<![\d.,])\d{1,4}(?![\d.,%])")


def weigh(acts: Sequence[float], rules: str) -> tuple[str, float]:
    """The act that encoder and rules make likeliest together (`none` among them), and its probability."""
    weights = [
        math.exp(math.log(max(_ODDS_MIN, odds)) + RULES_WORTH * (act == rules))
        for act, odds in zip(ACTS, acts, strict=True)
    ]
    best = max(range(len(ACTS)), key=weights.__getitem__)
    return ACTS[best], weights[best] / sum(weights)


@dataclass(frozen=True)
class Parts:
    """The parts of one act, at folded offsets of its sentence."""

    cues: Cues
    spans: Sequence[tuple[str, int, int]]

    def of(self, part: str) -> list[tuple[int, int]]:
        """Where a part stands, in order."""
        return [(start, end) for kind, start, end in self.spans if kind == part]

    def words(self, part: str) -> str | None:
        """The first such part's words."""
        return next((self.cues.words(*span) for span in self.of(part)), None)

    def within(self, cues: Cues, start: int, end: int) -> Parts:
        """The parts that stand in a clause."""
        return Parts(cues, [one for one in self.spans if start <= one[1] and one[2] <= end])

    def issuers(self) -> list[Party]:
        """Who acts, each state or body once."""
        return _unique([party for span in self.of("issuer") for party in self._parties(span)])

    def targets(self) -> list[Party]:
        """Upon whom, each as told."""
        return _unique([self._target(span) for span in self.of("target")])

    def places(self) -> list[Party]:
        """Where the targets are: places told beside them, and those in the words for them."""
        roles = [role for span in self.of("place") for role in self._roles(span)]
        roles += [
            role
            for start, end in self.of("target")
            for role in self._roles((start, end))
            if (role.start, role.end) != (start, end) and not _is_all_of(role, (start, end))
        ]
        return _unique([party_of(self.cues, role) for role in roles if role.entity])

    def counts(self) -> list[Counted]:
        """How many of what: the numbers in the words for targets."""
        spans = self.of("target")
        known = [one for one in count_targets(self.cues) if any(_overlap(one, span) for span in spans)]
        return sorted([*known, *self._bare_numbers(spans, known)], key=lambda one: one.start)

    def _bare_numbers(self, spans: list[tuple[int, int]], known: list[Counted]) -> list[Counted]:
        """Targets that begin with a number of things no vocabulary lists: `14 refineries`."""
        found = []
        for start, end in spans:
            number = _NUMBER.search(self.cues.folded.text, start, end)
            if number and not any(_overlap(one, (start, end)) for one in known):
                count = Count(n=int(number.group()), of="unknown", text=self.cues.words(start, end))
                found.append(Counted(start, end, count))
        return found

    def _parties(self, span: tuple[int, int]) -> list[Party]:
        roles = [role for role in self._roles(span) if role.entity or role.place.role]
        return [party_of(self.cues, role) for role in roles] or [Party(text=self.cues.words(*span))]

    def _target(self, span: tuple[int, int]) -> Party:
        whole = next((role for role in self._roles(span) if _is_all_of(role, span)), None)
        party = party_of(self.cues, whole) if whole and whole.entity else Party(text="")
        return Party(text=self.cues.words(*span), name=party.name, entity=party.entity)

    def _roles(self, span: tuple[int, int]) -> list[Role]:
        return [role for role in place_roles(self.cues) if role.start < span[1] and span[0] < role.end]


def parts_of(reading: SentenceReading, cues: Cues) -> Parts:
    """The encoder's parts in the folded sentence."""
    return Parts(
        cues, [(part.part, *cues.folded.folded_span(part.start, part.end)) for part in reading.parts]
    )


def _is_all_of(role: Role, span: tuple[int, int]) -> bool:
    return 2 * (min(role.end, span[1]) - max(role.start, span[0])) > span[1] - span[0]


def _overlap(counted: Counted, span: tuple[int, int]) -> bool:
    return counted.start < span[1] and span[0] < counted.end


def _unique(parties: list[Party]) -> list[Party]:
    return list({party.entity or party.text: party for party in reversed(parties)}.values())[::-1]
