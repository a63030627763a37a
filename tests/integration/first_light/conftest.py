"""A whole pipeline of its own for these tests: broker, node, workers and sinks, as `wirewatch up` runs it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import msgspec
import pytest

from wirewatch.local import LocalServices, Progress
from wirewatch.settings import load_settings
from wirewatch.up import Up

PLACES = ["Kirkwall", "Porto", "Izmir", "Daegu", "Tunis", "Arequipa", "Lviv", "Qingdao", "Shiraz", "Nantes"]
PEOPLE = ["the harbour master", "a union leader", "the deputy mayor", "an insurer", "the port's engineer"]
THINGS = ["grain silos", "tram lines", "fishing quotas", "school roofs", "river locks", "night trains"]
ACTIONS = [
    "will be rebuilt",
    "cost twice as much",
    "have been delayed",
    "opened to the public",
    "stay closed",
]


def sentence(rng: random.Random) -> str:
    return (
        f"{rng.choice(PEOPLE).capitalize()} in {rng.choice(PLACES)} said on day {rng.randint(1, 9999)} that "
        f"{rng.randint(2, 900)} {rng.choice(THINGS)} near {rng.choice(PLACES)} {rng.choice(ACTIONS)}, "
        f"and that {rng.randint(2, 900)} families would receive help before the winter."
    )


def _json_lines(count: int, seed: int) -> bytes:
    """`count` articles as JSON Lines; the same seed gives the same articles."""
    rng = random.Random(seed)
    lines = []
    for number in range(count):
        body = "\n\n".join(" ".join(sentence(rng) for _ in range(3)) for _ in range(4))
        title = f"Report {seed}-{number} from {rng.choice(PLACES)} on {rng.choice(THINGS)}"
        lines.append(
            msgspec.json.encode(
                {
                    "id": f"{seed}-{number}",
                    "source": f"outlet{number % 7}.example",
                    "url": f"https://outlet{number % 7}.example/{seed}/{number}",
                    "fetched_at": "2026-03-01T08:00:00Z",
                    "text": f"{title}\n\n{body}",
                }
            )
        )
    return b"\n".join(lines)


@pytest.fixture(scope="session")
def json_lines() -> Callable[[int, int], bytes]:
    """`json_lines(count, seed)`: plain articles, each different, as JSON Lines."""
    return _json_lines


@pytest.fixture(scope="module")
def up(services: LocalServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """`services` is asked for first: where it can't start, these tests are skipped with the reason."""
    with Up(load_settings(data_dir=tmp_path_factory.mktemp("up")), Progress()) as running:
        yield running
