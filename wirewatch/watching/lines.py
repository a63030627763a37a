"""What is logged of a hop, so that an article's id, grepped over all logs, shows where it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from schemas.hops import Arrival, Fate, StageTime

log = structlog.get_logger(__name__)

SLOW_SECONDS = 10.0
IDS_MAX = 100


def tell(
    group: str,
    records: Sequence[Arrival],
    fates: Sequence[Fate],
    times: Mapping[str, StageTime],
    *,
    every: bool,
) -> None:
    """A line for each record that was set aside, with `every` for each one; one for records that took long.

    Of records taken together it can't be told which was the slow one: all are named.
    """
    for record, fate in zip(records, fates, strict=True):
        if fate.verdict == "dead":
            log.warning("dead_letter", **_told(group, record, fate))
        elif fate.verdict == "dropped":
            log.info("dropped", **_told(group, record, fate))
        elif every:
            log.info("passed", **_told(group, record, fate))
    if sum(time.seconds for time in times.values()) > SLOW_SECONDS:
        _tell_slow(group, records, fates, times)


def _told(group: str, record: Arrival, fate: Fate) -> dict[str, object]:
    why = {"stage": fate.stage, "reason": fate.reason, "detail": fate.detail}
    return {
        "article_id": fate.article_id,
        "group": group,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        **{name: word for name, word in why.items() if word},
    }


def _tell_slow(
    group: str, records: Sequence[Arrival], fates: Sequence[Fate], times: Mapping[str, StageTime]
) -> None:
    slowest = max(times, key=lambda stage: times[stage].seconds)
    log.warning(
        "slow",
        group=group,
        stage=slowest,
        seconds=round(times[slowest].seconds, 3),
        records=len(records),
        article_ids=[fate.article_id for fate in fates[:IDS_MAX]],
        topic=records[0].topic,
        partition=records[0].partition,
        offset=records[0].offset,
    )
