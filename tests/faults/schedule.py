"""Which faults strike whom, when and for how long: drawn from a seed, before anything runs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PIPELINE = ("flow-a", "flow-b", "understanding-a", "understanding-b")
SINKS = ("sink-a", "sink-b")
PRODUCERS = ("producer-a", "producer-b")
SERVICES = ("broker", "node")

EVERYTHING = "everything at once"
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[float, float]]] = {
    "kill worker": (PIPELINE, (0, 0)),
    "kill sink": (SINKS, (0, 0)),
    "kill producer": (PRODUCERS, (0, 0)),
    "kill broker": (("broker",), (0, 4)),
    "kill node": (("node",), (0, 6)),
    "stop worker": (PIPELINE, (2, 18)),
    "stop sink": (SINKS, (2, 18)),
    "stop producer": (PRODUCERS, (2, 8)),
    "stop broker": (("broker",), (2, 12)),
    "stop node": (("node",), (2, 12)),
    "drop connections": (SERVICES, (0, 0)),
    "delay": (SERVICES, (3, 6)),
    "cut half-way": (SERVICES, (3, 8)),
    "refuse": (SERVICES, (3, 12)),
    "fill write queue": (("node",), (3, 8)),
    "fill disk": (("state", "kafka", "elasticsearch"), (3, 8)),
    "shift clock": ((*PIPELINE, *SINKS, *PRODUCERS), (5, 15)),
    EVERYTHING: (("all",), (0, 0)),
}
"""Each kind of fault: whom it may strike, and between how many seconds and how many it lasts."""

LONGEST_SECONDS = 20.0
TOGETHER = 0.25
"""How often a second fault strikes while the first one lasts."""
PAUSE_SECONDS = (0.3, 1.5)


@dataclass(frozen=True)
class Fault:
    """One fault. `number` is what the kind makes of it: seconds of delay, bytes until a cut, hours of a clock."""

    kind: str
    target: str
    seconds: float
    number: float

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


@dataclass(frozen=True)
class Step:
    """Faults that strike together, and how long to wait before."""

    faults: tuple[Fault, ...]
    pause_seconds: float


def schedule(
    seed: int, steps: int, longest_seconds: float = LONGEST_SECONDS, kinds: tuple[str, ...] = tuple(KINDS)
) -> list[Step]:
    """As many steps of faults of some kinds, which last `longest_seconds` at most.

    Seeds that follow each other go on through the kinds, so that together they miss none.
    """
    rng = random.Random(f"schedule {seed}")
    return [
        Step(tuple(_faults(rng, kind, longest_seconds, kinds)), round(rng.uniform(*PAUSE_SECONDS), 1))
        for kind in _kinds(seed, steps, kinds)
    ]


def _kinds(seed: int, steps: int, kinds: tuple[str, ...]) -> list[str]:
    """A window on endless rounds, each round every kind in an order of its own."""
    start = seed * steps
    rounds = range(start // len(kinds), (start + steps - 1) // len(kinds) + 1)
    order: list[str] = []
    for number in rounds:
        order += random.Random(f"round {number}").sample(kinds, len(kinds))
    skipped = start % len(kinds)
    return order[skipped : skipped + steps]


def _faults(rng: random.Random, kind: str, longest_seconds: float, kinds: tuple[str, ...]) -> Iterator[Fault]:
    yield _fault(rng, kind, longest_seconds)
    others = [other for other in kinds if other != EVERYTHING and _verb(other) != _verb(kind)]
    if kind != EVERYTHING and others and rng.random() < TOGETHER:
        yield _fault(rng, rng.choice(others), longest_seconds)


def _verb(kind: str) -> str:
    return kind.partition(" ")[0]


def _fault(rng: random.Random, kind: str, longest_seconds: float) -> Fault:
    targets, (shortest, longest) = KINDS[kind]
    numbers = {
        "delay": rng.choice((0.05, 0.2, 0.5)),
        "cut half-way": float(rng.choice((100, 5_000, 200_000))),
        "shift clock": float(rng.choice((-7200, -60, 60, 7200, 90_000))),
    }
    seconds = min(longest_seconds, rng.uniform(shortest, longest))
    return Fault(kind, rng.choice(targets), round(seconds, 1), numbers.get(kind, 0.0))
