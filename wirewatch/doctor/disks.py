"""The room on others' disks: the brokers' and the nodes'."""

from __future__ import annotations

from collections.abc import Iterator

from wirewatch.doctor.finding import Finding, Verdict

LITTLE_SHARE, NO_SHARE = 0.10, 0.05
"""At 5 % left Elasticsearch writes no more (its flood stage); Kafka goes on to the end, and then stops."""


def room(subject: str, where: str, free_bytes: int, all_bytes: int) -> Iterator[Finding]:
    """Nothing where there is enough, or where it is not told."""
    if all_bytes <= 0 or free_bytes > LITTLE_SHARE * all_bytes:
        return
    what = f"{where} has {free_bytes / 1e9:.1f} GB free, {100 * free_bytes / all_bytes:.0f} %"
    verdict: Verdict = "fault" if free_bytes <= NO_SHARE * all_bytes else "note"
    yield Finding(subject, verdict, what, "make room there, or give it a larger disk")
