"""How sure we are that two stories tell of one event: a small logistic score of what they share.

The weights come from a logistic regression on the pairs of `tests/quality/data/threads/dev.txt`, rounded by
hand. Time weighs heavily, because the danger is tomorrow's news of the same people: the funeral after the
shooting, the talks after the collision. What is told a day later joins on strong evidence only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from processors.threads.profile import Profile

JOINS = 0.65
SHARED_MAX = 4.0
AGREEMENT_MAX = 3.0
NUMBERS_APART_MAX = 3
STORIES_PRIOR = 20


@dataclass(frozen=True)
class Weights:
    """What each thing two stories share, or do not, adds to the log-odds that they tell of one event."""

    bias: float
    shared: float
    meaning: float
    agreement: float
    numbers_apart: float
    kinds_apart: float
    acts_apart: float
    days: float


WITH_MEANING = Weights(-4.7, 1.25, 7.5, 2.1, -1.5, -0.7, -2.0, -4.2)
WITHOUT_MEANING = Weights(-2.8, 2.1, 0.0, 3.8, -1.5, -1.0, -2.0, -4.2)


@dataclass(frozen=True)
class Common:
    """What two stories share.

    `names` are keys with their part in `shared` (0–`SHARED_MAX`, rare names more), most first; `meaning`
    the cosine of their centred embeddings, None where one has none; `agreement` how far the numbers are the
    same (0–3: two digits agree by chance, and the more numbers there are the sooner), `numbers_apart` how
    many the one with fewer has where none is shared (0–3); `kinds_apart` whether both have kinds of events
    and no kind is the same; `acts_apart` whether both count targets of sanctions and none of these acts is
    the same; `days` how far apart they were fetched.
    """

    names: tuple[tuple[str, float], ...]
    shared: float
    meaning: float | None
    numbers: tuple[str, ...]
    agreement: float
    numbers_apart: int
    kinds_apart: bool
    acts_apart: bool
    days: float

    @property
    def score(self) -> float:
        """The probability that they tell of one event, 0–1; the more cautious without embeddings."""
        weights = WITH_MEANING if self.meaning is not None else WITHOUT_MEANING
        odds = weights.bias + weights.shared * self.shared + weights.meaning * (self.meaning or 0.0)
        odds += weights.agreement * self.agreement + weights.numbers_apart * self.numbers_apart
        odds += weights.kinds_apart * self.kinds_apart + weights.acts_apart * self.acts_apart
        odds += weights.days * self.days
        return 1 / (1 + math.exp(-odds))


def prior(key: str) -> float:
    """How many stories of `STORIES_PRIOR` we take to name something before we have seen any."""
    if ">" in key:
        return 0.5
    capital = key.startswith("city:") and not key.startswith("city:geonames-")
    if capital or key.startswith(("state:", "region:")):
        return 6.0
    return 3.0 if key.startswith("org:") else 0.5


def rarity(key: str, naming: int, stories: int) -> float:
    """How telling a name is, 0–1, where `naming` of the last `stories` have it."""
    seen = stories + STORIES_PRIOR
    return max(0.0, math.log(seen / (naming + prior(key))) / math.log(2 * seen))


def common(one: Profile, other: Profile, rarities: Mapping[str, float], days: float) -> Common:
    """What the two share; `rarities` are those of `one`'s keys."""
    weights = dict(other.keys)
    names = [(key, min(weight, weights[key]) * rarities[key]) for key, weight in one.keys if key in weights]
    names.sort(key=lambda name: (-name[1], name[0]))
    first, second = one.vector(), other.vector()
    numbers = sorted(one.numbers & other.numbers, key=lambda number: (-len(number), number))
    fewest = min(len(one.numbers), len(other.numbers))
    told = sum(1.0 if len(number) > 2 else 0.5 for number in numbers)
    return Common(
        names=tuple(names),
        shared=min(SHARED_MAX, sum(part for _, part in names)),
        meaning=None if first is None or second is None else float(first @ second),
        numbers=tuple(numbers),
        agreement=min(AGREEMENT_MAX, told / fewest**0.5) if numbers else 0.0,
        numbers_apart=0 if numbers else min(fewest, NUMBERS_APART_MAX),
        kinds_apart=bool(one.types and other.types and not one.types & other.types),
        acts_apart=_are_apart(_acts(one), _acts(other)),
        days=days,
    )


def _acts(one: Profile) -> set[str]:
    """Who sanctioned how many of what."""
    return {key for key, _ in one.keys if ">" in key}


def _are_apart(one: set[str], other: set[str]) -> bool:
    return bool(one) and bool(other) and one.isdisjoint(other)
