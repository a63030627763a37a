"""Calls that are worth waiting for: repeated until Elasticsearch answers for what was asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any, TypeVar

import structlog
from elasticsearch import ApiError, Elasticsearch, TransportError

from sinks.retries import Hold, delay_seconds

log = structlog.get_logger(__name__)

REASON_CHARACTERS_MAX = 1000
CONFLICT = 409
NOT_TRIED = 429
REQUEST_FAULTS = frozenset({400, CONFLICT, 413})
"""Statuses that say something about the request itself. The rest is about the cluster, or about us: no
connection, too busy, no permission, an index that is not there; none of it is mended by dropping data."""

T = TypeVar("T")


def insist(call: Callable[[], T], hold: Hold, what: str, *, settle: Callable[[], object] | None = None) -> T:
    """The call's result, tried again while Elasticsearch is away, busy or not set up.

    A conflict (409) after a failure is asked for again once `settle` has been called: see `settled`. Raises
    `elasticsearch.ApiError` with a status of `REQUEST_FAULTS`, and what `hold` raises.
    """
    is_doubtful = False
    for attempt in count():
        try:
            return call()
        except ApiError as error:
            if error.status_code == CONFLICT and is_doubtful and settle is not None:
                settle()
                is_doubtful = False
                continue
            if error.status_code in REQUEST_FAULTS:
                raise
            is_doubtful |= error.status_code != NOT_TRIED
            log.warning(
                "elasticsearch_retry", call=what, status=error.status_code, reason=reason_of(error.body)
            )
        except TransportError as error:
            is_doubtful = True
            reason = str(error.message)[:REASON_CHARACTERS_MAX]
            log.warning("elasticsearch_retry", call=what, status=0, reason=reason)
        hold(delay_seconds(attempt))
    raise AssertionError("unreachable")


def written_if(client: Elasticsearch, index: str, hold: Hold, what: str, **write: Any) -> Any | None:
    """The answer to a write with a condition (`op_type`, `if_seq_no`), or `None` where another was quicker.

    `write` is what `Elasticsearch.index` takes.
    """
    try:
        return insist(
            lambda: client.index(index=index, **write),
            hold,
            what,
            settle=partial(settled, client, index, hold),
        )
    except ApiError as error:
        if error.status_code != CONFLICT:
            raise
        return None


def settled(client: Elasticsearch, index: str, hold: Hold) -> None:
    """Wait until all that the index shows is on its disk.

    A write that fails at the disk answers 500 and is there all the same, in memory: the same write again is
    answered with 409, "already exists". With the next write the shard fails, and comes back without it. So
    a conflict after a failure tells nothing, until there was a flush between that conflict and another.
    """

    def flush() -> None:
        shards = client.indices.flush(index=index)["_shards"]
        if shards["failed"] or not shards["successful"]:
            raise TransportError(f"not flushed: {shards}")

    insist(flush, hold, "flush")


def reason_of(body: Any) -> str:
    """The reason in an error's body, the innermost last: that one names the field."""
    error = body.get("error", "") if isinstance(body, dict) else body
    reasons: list[str] = []
    while isinstance(error, dict):
        reasons.append(f"{error.get('type', 'error')}: {error.get('reason', '')}")
        error = error.get("caused_by")
    return " <- ".join(reasons or [str(error or "")])[:REASON_CHARACTERS_MAX]
