"""As many different articles as a benchmark asks for, in nine languages, from the sample articles.

Each takes one sample's own page, shuffles its body lines with those of another sample of its language,
and numbers a few of them, so that no two are near-duplicates by accident and their length stays natural.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

from wirewatch.samples import sample_files


class Sample(msgspec.Struct):
    """A sample article, as its file has it."""

    id: str
    url: str
    text: str = ""
    html: str = ""


def samples() -> list[Sample]:
    lines = [line for path in sample_files() for line in path.read_bytes().splitlines() if line.strip()]
    return [sample for line in lines if (sample := msgspec.json.decode(line, type=Sample)).text]


def articles(count: int, seed: int = 1) -> Iterator[bytes]:
    """`count` JSON Lines, the same for the same seed."""
    rng = random.Random(seed)
    pages = [[line for line in sample.text.splitlines() if line.strip()] for sample in samples()]
    for number in range(count):
        title, *lines = rng.choice(pages)
        rng.shuffle(lines)
        body = [f"{line} ({rng.randint(1, 10**6)})" if rng.random() < 0.3 else line for line in lines]
        yield msgspec.json.encode(
            {
                "id": f"bench-{seed}-{number}",
                "source": f"outlet{number % 9}.example",
                "url": f"https://outlet{number % 9}.example/{seed}/{number}",
                "fetched_at": "2026-03-01T08:00:00Z",
                "text": "\n\n".join([f"{title} {number}", *body]),
            }
        )
