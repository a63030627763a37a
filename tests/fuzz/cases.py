"""The inputs of a run, the same for the same seed: built by hypothesis, and mutated."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.fuzz.mutation import mutated
from tests.fuzz.target import Target

BATCH = 100
MUTATIONS_OF_A_BATCH = 400
POOL_MAX = 500


def inputs(target: Target, start: int) -> Iterator[bytes]:
    """Without end: first the samples, then in turns nearly valid inputs and mutations of both."""
    rng = Random(f"{target.name} {start}")
    pool = list(target.samples)
    yield from pool
    while True:
        built = [data[: target.bytes_max] for data in _built(target.shapes, rng.getrandbits(32))]
        yield from built
        pool = [*target.samples, *pool[len(target.samples) :], *built][: len(target.samples) + POOL_MAX]
        for _ in range(MUTATIONS_OF_A_BATCH):
            yield mutated(rng, target.samples if rng.random() < 0.5 else pool, target.words, target.bytes_max)
        del pool[len(target.samples) : len(target.samples) + len(built) // 2]


def _built(shapes: SearchStrategy[bytes], start: int) -> list[bytes]:
    found: list[bytes] = []

    @seed(start)
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(shapes)
    def collect(data: bytes) -> None:
        found.append(data)

    collect()
    return found
