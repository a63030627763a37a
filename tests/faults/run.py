"""One run: a stream and a schedule from one seed, on a cluster that may have seen runs before."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.account import Account, account
from tests.faults.cluster import PRODUCERS, Cluster
from tests.faults.driver import Struck, strike
from tests.faults.feeding import Job, acknowledged
from tests.faults.gather import gather
from tests.faults.schedule import KINDS, LONGEST_SECONDS, schedule
from tests.faults.stream import stream
from tests.faults.watch import Watch

ACKNOWLEDGED_SECONDS_MAX = 300.0


@dataclass
class Report:
    """What a run did and found."""

    seed: int
    struck: list[Struck] = field(default_factory=list)
    seconds: float = 0.0
    found: Account | None = None

    @property
    def is_clean(self) -> bool:
        """Nothing lost, doubled or repeated, and every group went on after every fault."""
        recovered = all(one.recovered_seconds is not None for one in self.struck)
        return recovered and self.found is not None and self.found.is_clean

    def lines(self) -> list[str]:
        """The account for reading."""
        return self.found.lines() if self.found is not None else ["no account"]


@dataclass
class Feed:
    """What producers may send: a number in a file that they look at, and the notes that they write."""

    folder: Path
    jobs: list[Job]
    portion: int
    steps_done: int = 0
    released: int = 0
    acknowledged_before: int = 0

    def release(self, part: float) -> None:
        """Let producers send so much of the next portion."""
        self._let(int((self.steps_done + part) * self.portion))
        self.steps_done += part >= 1
        self.acknowledged_before = self.acknowledged()

    def release_all(self) -> None:
        """Let producers send everything."""
        self._let(self.jobs[0].records)

    def has_gone_on(self) -> bool:
        """Whether something has been acknowledged since the last release, or nothing is left to be."""
        now = self.acknowledged()
        return now > self.acknowledged_before or now >= self.released

    def acknowledged(self) -> int:
        """How many records producers have noted."""
        return sum(len(acknowledged(Path(job.acknowledged))) for job in self.jobs)

    def _let(self, number: int) -> None:
        fresh = self.folder / "released.new"
        fresh.write_text(str(number))
        fresh.replace(self.folder / "released")
        self.released = number


@dataclass(frozen=True)
class Plan:
    """How much a run has of everything."""

    records: int
    steps: int
    longest_seconds: float = LONGEST_SECONDS
    kinds: tuple[str, ...] = tuple(KINDS)


def run(cluster: Cluster, seed: int, day: int, plan: Plan, tell: Callable[[str], None]) -> Report:
    """Feed the seed's stream bit by bit, strike a fault after each, and account for everything.

    `day` counts the runs on this cluster, so that they are told apart.
    """
    started, report, watch = time.monotonic(), Report(seed), Watch(cluster.settings)
    feed = Feed(
        cluster.folder, _jobs(cluster.folder, seed, day, plan.records), plan.records // (plan.steps + 1)
    )
    feed.release(0)
    cluster.feed(feed.jobs)
    try:
        for step in schedule(seed, plan.steps, plan.longest_seconds, plan.kinds):
            report.struck.append(strike(cluster, watch, step, feed))
            tell(told(report.struck[-1]))
        feed.release_all()
        _wait_for_producers(cluster)
        sent = list(stream(seed, plan.records, day))
        report.found = account(gather(cluster, watch, sent, [Path(job.acknowledged) for job in feed.jobs]))
    finally:
        watch.close()
    report.seconds = time.monotonic() - started
    return report


def told(struck: Struck) -> str:
    """A fault in a line of a table."""
    if struck.skipped and not struck.lasted_seconds:
        return f"  {struck.what:<58} not struck: {struck.skipped}"
    recovered = "NEVER" if struck.recovered_seconds is None else f"{struck.recovered_seconds:6.1f} s"
    also = f"   ({struck.skipped})" if struck.skipped else ""
    return f"  {struck.what:<58} lasted {struck.lasted_seconds:5.1f} s   recovered after {recovered}{also}"


def _jobs(folder: Path, seed: int, day: int, records: int) -> list[Job]:
    return [
        Job(
            seed=seed,
            records=records,
            day=day,
            share=share,
            shares=len(PRODUCERS),
            released=str(folder / "released"),
            acknowledged=str(folder / f"acknowledged-{day}-{share}"),
        )
        for share in range(len(PRODUCERS))
    ]


def _wait_for_producers(cluster: Cluster) -> None:
    deadline = time.monotonic() + ACKNOWLEDGED_SECONDS_MAX
    while not all(producer.is_done for producer in cluster.producers) and time.monotonic() < deadline:
        time.sleep(0.2)


def all_runs(
    place: Path, seeds: Sequence[int], plan: Plan, model: str, tell: Callable[[str], None]
) -> tuple[list[Report], dict[int, str]]:
    """Every seed on one cluster; what was found, and the processes left behind."""
    cluster = Cluster(place, model)
    reports = []
    with cluster:
        for day, seed in enumerate(seeds):
            tell(f"seed {seed}: {plan.records} records, {plan.steps} steps")
            reports.append(run(cluster, seed, day, plan, tell))
            tell(f"  {'clean' if reports[-1].is_clean else 'NOT CLEAN'} in {reports[-1].seconds:.0f} s")
            for line in reports[-1].lines():
                tell(f"    {line}")
    return reports, cluster.orphans()
