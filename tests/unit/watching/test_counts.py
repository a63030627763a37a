"""Counters of a process: each stage's way in and out, what was set aside where, and seconds."""

from __future__ import annotations

from schemas.hops import Fate, StageTime
from wirewatch.metrics import PROCESS_METRICS, exposition
from wirewatch.watching.counts import Counts, process_samples

GROUP, STAGES = "wirewatch-understanding", ("names", "events", "sanctions")


def values(counts: Counts) -> dict[tuple[str, ...], float]:
    return {(one.metric, *one.labels.values()): one.value for one in counts.samples()}


def counted(*fates: Fate, times: dict[str, StageTime] | None = None) -> dict[tuple[str, ...], float]:
    counts = Counts()
    counts.expect(GROUP, STAGES)
    counts.add(GROUP, STAGES, fates, times or {}, 0.5)
    return values(counts)


def ways(found: dict[tuple[str, ...], float]) -> list[tuple[float, float]]:
    return [
        (
            found["wirewatch_stage_in_records_total", GROUP, stage],
            found["wirewatch_stage_out_records_total", GROUP, stage],
        )
        for stage in STAGES
    ]


def test_what_passes_goes_in_and_out_of_every_stage() -> None:
    assert ways(counted(Fate("a"), Fate("b"))) == [(2, 2), (2, 2), (2, 2)]


def test_what_a_stage_sets_aside_goes_into_it_and_no_further() -> None:
    found = counted(
        Fate("a"), Fate("b", "dropped", "events", "empty"), Fate("c", "dead", "names", "stage_failed")
    )
    assert ways(found) == [(3, 2), (2, 1), (1, 1)]
    assert found["wirewatch_stage_dropped_records_total", GROUP, "events", "empty"] == 1
    assert found["wirewatch_stage_dead_lettered_records_total", GROUP, "names", "stage_failed"] == 1


def test_what_could_not_be_read_reaches_no_stage_and_what_could_not_be_written_reached_all() -> None:
    assert ways(counted(Fate(None, "dead", "decode", "not_json"))) == [(0, 0), (0, 0), (0, 0)]
    assert ways(counted(Fate("a", "dead", "understanding", "too_large"))) == [(1, 1), (1, 1), (1, 1)]


def test_seconds_add_up_by_stage_and_for_the_hop() -> None:
    counts = Counts()
    for _ in range(2):
        counts.add(GROUP, STAGES, [Fate("a")], {"names": StageTime(0.0, 0.25, 0.125)}, 0.5)
    found = values(counts)
    assert found["wirewatch_stage_seconds_total", GROUP, "names"] == 0.5
    assert found["wirewatch_stage_cpu_seconds_total", GROUP, "names"] == 0.25
    assert found["wirewatch_stage_cpu_seconds_total", GROUP, "events"] == 0
    assert found["wirewatch_hop_seconds_total", GROUP] == 1


def test_series_are_there_before_the_first_record() -> None:
    counts = Counts()
    counts.expect(GROUP, STAGES)
    assert ways(values(counts)) == [(0, 0)] * 3


def test_all_that_is_counted_is_in_the_table() -> None:
    counts = Counts()
    counts.add(GROUP, STAGES, [Fate("a", "dropped", "names", "x"), Fate("a", "dead", "names", "x")], {}, 0.1)
    told = {
        line.split()[2]
        for line in exposition([*counts.samples(), *process_samples()]).splitlines()
        if line.startswith("# TYPE")
    }
    assert told == set(PROCESS_METRICS) - {"wirewatch_group_healthy"}


def test_a_process_tells_of_its_memory_and_files() -> None:
    found = {one.metric: one.value for one in process_samples()}
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert 3 <= found["process_open_fds"] < 100_000
    assert found["process_start_time_seconds"] > 1_700_000_000
