"""Calls that are worth waiting for: repeated until Elasticsearch answers for what was asked."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

import structlog
from elasticsearch import ApiError, TransportError

from sinks.retries import Hold, delay_seconds

log = structlog.get_logger(__name__)

REASON_CHARACTERS_MAX = 1000
REQUEST_FAULTS = frozenset({400, 409, 413})
"""Statuses that say something about the request itself. The rest is about the cluster, or about us: no
connection, too busy, no permission, an index that is not there; none of it is mended by dropping data."""

T = TypeVar("T")


def insist(call: Callable[[], T], hold: Hold, what: str) -> T:
    """The call's result, tried again while Elasticsearch is away, busy or not set up.

    Raises `elasticsearch.ApiError` with a status of `REQUEST_FAULTS`, and what `hold` raises.
    """
    for attempt in count():
        try:
            return call()
        except ApiError as error:
            if error.status_code in REQUEST_FAULTS:
                raise
            log.warning(
                "elasticsearch_retry", call=what, status=error.status_code, reason=reason_of(error.body)
            )
        except TransportError as error:
            reason = str(error.message)[:REASON_CHARACTERS_MAX]
            log.warning("elasticsearch_retry", call=what, status=0, reason=reason)
        hold(delay_seconds(attempt))
    raise AssertionError("unreachable")


def reason_of(body: Any) -> str:
    """The reason in an error's body, the innermost last: that one names the field."""
    error = body.get("error", "") if isinstance(body, dict) else body
    reasons: list[str] = []
    while isinstance(error, dict):
        reasons.append(f"{error.get('type', 'error')}: {error.get('reason', '')}")
        error = error.get("caused_by")
    return " <- ".join(reasons or [str(error or "")])[:REASON_CHARACTERS_MAX]
