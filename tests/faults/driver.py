"""Strikes the faults of a schedule on a running cluster, undoes them, and times how it recovers."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import httpx
from kafka.errors import KafkaError

from tests.faults.cluster import PRODUCERS, SERVICES, SINKS, WORKERS, Cluster
from tests.faults.schedule import Fault, Step
from tests.faults.watch import Stand, Watch

RECOVERED_SECONDS_MAX = 150.0
FLOODERS = 8


@dataclass(frozen=True)
class Struck:
    """What was done, how long it lasted, and how long after it every group went on; `None`: not in time."""

    what: str
    lasted_seconds: float
    recovered_seconds: float | None
    skipped: str = ""


class Flow(Protocol):
    """The records of a run on their way in."""

    def release(self, part: float) -> None:
        """Let producers send so much of the step's portion, 1 being all of it."""
        ...

    def has_gone_on(self) -> bool:
        """Whether producers have had something acknowledged since the last release, or have nothing to send."""
        ...


def strike(cluster: Cluster, watch: Watch, step: Step, flow: Flow) -> Struck:
    """One step: records on their way, the faults, and the wait until producers and every group go on."""
    what = " and ".join(map(str, step.faults))
    possible = [fault for fault in step.faults if not impossible(cluster, fault)]
    skipped = "; ".join(filter(None, (impossible(cluster, fault) for fault in step.faults)))
    flow.release(0.4)
    if not possible:
        return Struck(what, 0.0, 0.0, skipped)
    time.sleep(step.pause_seconds)
    started = time.monotonic()
    with ExitStack() as lasting:
        for fault in possible:
            lasting.enter_context(STRIKES[fault.kind](cluster, fault))
        flow.release(0.8)
        time.sleep(max(fault.seconds for fault in possible))
    ended = time.monotonic()
    flow.release(1.0)
    before = _stand(watch)
    recovered = watch.wait(
        lambda now: flow.has_gone_on() and now.has_moved_since(before), RECOVERED_SECONDS_MAX
    )
    return Struck(what, ended - started, None if recovered is None else time.monotonic() - ended, skipped)


def impossible(cluster: Cluster, fault: Fault) -> str:
    """Why this machine does not let us; empty where it does."""
    if fault.kind == "shift clock" and not cluster.clocks.can_shift:
        return "shift clock: no C compiler here"
    if fault.kind == "fill disk" and not cluster.disks[fault.target].is_small:
        return "fill disk: no file system may be mounted here"
    return ""


def _stand(watch: Watch) -> Stand:
    while True:
        with suppress(KafkaError):
            return watch.stand()
        time.sleep(0.5)


@contextmanager
def _kill(cluster: Cluster, fault: Fault) -> Iterator[None]:
    """SIGKILL. A service stays down for as long as the fault lasts; the others come back at once."""
    if fault.target in SERVICES:
        cluster.held_down.add(fault.target)
    cluster.signal(fault.target, signal.SIGKILL)
    try:
        yield
    finally:
        cluster.held_down.discard(fault.target)


@contextmanager
def _stop(cluster: Cluster, fault: Fault) -> Iterator[None]:
    pid = cluster.pid(fault.target)
    cluster.signal(fault.target, signal.SIGSTOP)
    try:
        yield
    finally:
        if pid == cluster.pid(fault.target):
            cluster.signal(fault.target, signal.SIGCONT)


@contextmanager
def _drop(cluster: Cluster, fault: Fault) -> Iterator[None]:
    cluster.proxies[fault.target].drop()
    yield


@contextmanager
def _misbehave(cluster: Cluster, fault: Fault) -> Iterator[None]:
    proxy = cluster.proxies[fault.target]
    if fault.kind == "delay":
        proxy.delay_seconds = fault.number
    elif fault.kind == "cut half-way":
        proxy.cut_after_bytes = int(fault.number)
    else:
        proxy.refusing = True
        proxy.drop()
    try:
        yield
    finally:
        proxy.heal()


@contextmanager
def _flood(cluster: Cluster, fault: Fault) -> Iterator[None]:
    """Others write to the node with all their might, so that its write queue is full and we get 429."""
    stop = threading.Event()
    url = f"{cluster.node.url}/flood-{cluster.folder.name.lower()}/_bulk"
    body = "".join('{"index":{}}\n{"word":"' + "x" * 500 + '"}\n' for _ in range(500))

    def write() -> None:
        while not stop.is_set():
            with suppress(httpx.HTTPError):
                httpx.post(
                    url, content=body, headers={"Content-Type": "application/x-ndjson"}, trust_env=False
                )

    threads = [threading.Thread(target=write) for _ in range(FLOODERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@contextmanager
def _fill(cluster: Cluster, fault: Fault) -> Iterator[None]:
    """No room. Once there is again, a service is started anew, as whoever made room would do."""
    disk = cluster.disks[fault.target]
    disk.fill()
    try:
        yield
    finally:
        disk.free()
        service = {"kafka": "broker", "elasticsearch": "node"}.get(fault.target)
        if service is not None:
            cluster.signal(service, signal.SIGKILL)


@contextmanager
def _shift(cluster: Cluster, fault: Fault) -> Iterator[None]:
    pid = cluster.pid(fault.target)
    if pid is not None:
        cluster.clocks.shift(pid, int(fault.number))
    try:
        yield
    finally:
        if pid is not None:
            cluster.clocks.shift(pid, 0)


@contextmanager
def _everything(cluster: Cluster, fault: Fault) -> Iterator[None]:
    for name in (*WORKERS, *SINKS, *PRODUCERS, *SERVICES):
        cluster.signal(name, signal.SIGKILL)
    yield


STRIKES = {
    "kill worker": _kill,
    "kill sink": _kill,
    "kill producer": _kill,
    "kill broker": _kill,
    "kill node": _kill,
    "stop worker": _stop,
    "stop sink": _stop,
    "stop producer": _stop,
    "stop broker": _stop,
    "stop node": _stop,
    "drop connections": _drop,
    "delay": _misbehave,
    "cut half-way": _misbehave,
    "refuse": _misbehave,
    "fill write queue": _flood,
    "fill disk": _fill,
    "shift clock": _shift,
    "everything at once": _everything,
}
