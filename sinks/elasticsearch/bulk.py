"""Bulk writes that end with an answer for every document.

A bulk request answers 200 and hides failures inside, item by item. What is not the document's fault
(429, 5xx, no connection, no permission, no index) is tried again, for as long as it takes and only for
the documents concerned; what is (400, 413) is answered with its reason, and the rest is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from elasticsearch import ApiError, Elasticsearch, TransportError

from sinks.elasticsearch.actions import BulkAction
from sinks.elasticsearch.patience import REASON_CHARACTERS_MAX, reason_of, settled
from sinks.retries import Hold, delay_seconds

log = structlog.get_logger(__name__)

REQUEST_BYTES_MAX = 8 * 1024 * 1024
SERVER_FAULTS_MAX = 8
DOCUMENT_FAULTS = frozenset({400, 413})
DISK_FAULT = "i_o_exception"

Verdict = Literal["written", "conflict", "rejected", "retry"]


@dataclass(frozen=True)
class Answer:
    """What became of one action.

    `conflict` is a newer version, or for a create an id already taken: nothing to mend. `sequence` is
    the written document's (`_seq_no`, `_primary_term`), by which a later write can be made conditional.
    """

    action: BulkAction
    verdict: Verdict
    status: int = 0
    reason: str = ""
    sequence: tuple[int, int] | None = None


def write(
    client: Elasticsearch, actions: Sequence[BulkAction], hold: Hold, actions_max: int = 500
) -> list[Answer]:
    """Write every action, whatever it takes, and say what became of each.

    Never returns `retry`, nor a create's conflict with what may be in memory alone. Ends early only by what
    `hold` raises. A document that makes Elasticsearch itself fail (500), not its disk, is rejected after
    `SERVER_FAULTS_MAX` tries, lest it stop all that come after.
    """
    return [answer for request in requests(actions, actions_max) for answer in _settle(client, request, hold)]


def requests(
    actions: Iterable[BulkAction], actions_max: int = 500, bytes_max: int = REQUEST_BYTES_MAX
) -> Iterator[list[BulkAction]]:
    """Actions in requests no larger than the limits; one that is larger by itself goes alone."""
    request: list[BulkAction] = []
    size = 0
    for action in actions:
        weight = action.bytes_on_wire()
        if request and (len(request) == actions_max or size + weight > bytes_max):
            yield request
            request, size = [], 0
        request.append(action)
        size += weight
    if request:
        yield request


def _settle(client: Elasticsearch, request: Sequence[BulkAction], hold: Hold) -> Iterator[Answer]:
    waiting, faults, sure, attempt = list(request), Counter[str](), set[str](), 0
    while waiting:
        answers = [_give_up_on_faults(answer, faults) for answer in send(client, waiting)]
        doubtful = [answer for answer in answers if _is_doubtful(answer, sure)]
        again = [answer for answer in answers if answer.verdict == "retry"]
        yield from (a for a in answers if a.verdict != "retry" and not _is_doubtful(a, sure))
        waiting = [answer.action for answer in doubtful + again]
        for index in {answer.action.index for answer in doubtful}:
            settled(client, index, hold)
        sure = {answer.action.id for answer in doubtful}
        if again:
            log.warning(
                "bulk_retry",
                waiting=len(again),
                of=len(answers),
                status=again[0].status,
                reason=again[0].reason,
            )
            hold(delay_seconds(attempt))
            attempt += 1


def _is_doubtful(answer: Answer, sure: Collection[str]) -> bool:
    """Whether a create is told that it is there already, by what may be in memory alone (`patience.settled`).

    Whoever wrote it may have failed and be gone, so it is asked for once more after a flush.
    """
    return answer.verdict == "conflict" and answer.action.op == "create" and answer.action.id not in sure


def _give_up_on_faults(answer: Answer, faults: Counter[str]) -> Answer:
    if answer.status != 500 or answer.verdict != "retry" or answer.reason.startswith(DISK_FAULT):
        return answer
    faults[answer.action.id] += 1
    if faults[answer.action.id] < SERVER_FAULTS_MAX:
        return answer
    return Answer(answer.action, "rejected", answer.status, answer.reason)


def send(client: Elasticsearch, actions: Sequence[BulkAction]) -> list[Answer]:
    """Send one request, once.

    A request refused as a whole for what is in it is halved until the document at fault stands alone.
    """
    lines: list[Any] = [line for action in actions for line in (action.header(), action.source)]
    try:
        response = client.bulk(operations=lines, require_alias=True)
    except ApiError as error:
        if error.status_code not in DOCUMENT_FAULTS or len(actions) == 1:
            return [
                Answer(action, _verdict(error.status_code), error.status_code, reason_of(error.body))
                for action in actions
            ]
        middle = len(actions) // 2
        return send(client, actions[:middle]) + send(client, actions[middle:])
    except TransportError as error:
        return [Answer(action, "retry", 0, str(error)[:REASON_CHARACTERS_MAX]) for action in actions]
    return [_answer(action, item[action.op]) for action, item in zip(actions, response["items"], strict=True)]


def _answer(action: BulkAction, item: dict[str, Any]) -> Answer:
    sequence = (item["_seq_no"], item["_primary_term"]) if "_seq_no" in item else None
    return Answer(action, _verdict(item["status"]), item["status"], reason_of(item), sequence)


def _verdict(status: int) -> Verdict:
    if status < 300:
        return "written"
    if status == 409:
        return "conflict"
    return "rejected" if status in DOCUMENT_FAULTS else "retry"
