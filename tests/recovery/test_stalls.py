"""Stalls, with short limits: what hangs ends itself and is told from outside; what merely waits does not end."""

from __future__ import annotations

import os
import signal
import time

import pytest

from schemas.topics import ENRICHED
from tests.recovery.part import Part, wait_for
from tests.recovery.stalls import HANGING, HANGS, Hang, Limits, article, hung, send, stopped
from wirewatch.elastic import elasticsearch_client
from wirewatch.local import LocalServices, Progress
from wirewatch.settings import Settings
from wirewatch.up import Up

SHORT = Limits(stall=6.0, check=0.5)


@pytest.mark.parametrize("hang", HANGS, ids=lambda hang: hang.place)
def test_what_hangs_is_noticed_ends_and_goes_on_after_a_restart(ready: Settings, hang: Hang) -> None:
    noticed = hung(ready, hang, SHORT)
    assert noticed.said <= SHORT.noticed + 2
    assert noticed.outside <= SHORT.noticed + 2
    assert noticed.ended <= noticed.said + 5


def test_whoever_is_stopped_is_told_from_outside(ready: Settings) -> None:
    assert stopped(ready, SHORT).outside <= SHORT.noticed + 2


def test_a_node_that_does_not_answer_ends_no_sink(ready: Settings, services: LocalServices) -> None:
    """It holds for three times what a stall takes, and goes on when the node does."""
    variables = {
        "HANGS_IN": "sink", "HANGS_ONCE": str(ready.data_dir / "never"), "STALL_SECONDS": str(SHORT.stall), "CHECK_SECONDS": str(SHORT.check),
        "WIREWATCH_ELASTICSEARCH__REQUEST_TIMEOUT_SECONDS": "3",
    }  # fmt: skip
    first, second = article("Before"), article("While the node is away")
    assert services.elasticsearch is not None
    node = services.elasticsearch.process
    assert node is not None
    with (
        elasticsearch_client(ready.elasticsearch) as client,
        Part(ready, ("sink", "--only", "elasticsearch"), HANGING, variables) as sink,
    ):
        index = f"{ready.elasticsearch.index_prefix}-articles"
        send(ready, ENRICHED, first)
        wait_for(
            lambda: sink.supervised() and bool(client.exists(index=index, id=first.id)), "the sink works", 90
        )
        node.send_signal(signal.SIGSTOP)
        try:
            send(ready, ENRICHED, second)
            time.sleep(3 * SHORT.stall)
            assert not sink.has_ended(), sink.said()
            assert "bulk_retry" in sink.said()
        finally:
            node.send_signal(signal.SIGCONT)
        wait_for(lambda: bool(client.exists(index=index, id=second.id)), "the sink goes on", 90)


def test_up_starts_again_who_was_stopped(ready: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirewatch.up.ABSENCE_CHECK_SECONDS", 0.5)
    monkeypatch.setenv("WIREWATCH_NAMES__MODEL", "gazetteer")
    with Up(ready, Progress()) as up:
        up._absence.limit_seconds = 3.0

        def is_there() -> bool:
            up._end_absent()
            up._restart_fallen()
            return "wirewatch-intake" in up._absence._present_at

        wait_for(is_there, "the worker is in its groups", 90)
        pid = up.children.pid("flow")
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        wait_for(lambda: is_there() and up.children.pid("flow") not in (pid, None), "it is started again", 90)
