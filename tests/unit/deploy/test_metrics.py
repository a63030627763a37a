"""The text form that Prometheus reads."""

from __future__ import annotations

import pytest

from wirewatch.metrics import METRICS, Sample, exposition


def test_samples_of_a_metric_stand_together_under_one_head() -> None:
    told = exposition(
        [
            Sample("wirewatch_up", 1, {"part": "kafka"}),
            Sample("wirewatch_feed_items_waiting", 2.5),
            Sample("wirewatch_up", 0, {"part": "feeds"}),
        ]
    )
    assert told == (
        "# HELP wirewatch_up 1 where kafka, elasticsearch or feeds could be read\n"
        "# TYPE wirewatch_up gauge\n"
        'wirewatch_up{part="kafka"} 1\n'
        'wirewatch_up{part="feeds"} 0\n'
        "# HELP wirewatch_feed_items_waiting Items of feeds that are not in Kafka yet\n"
        "# TYPE wirewatch_feed_items_waiting gauge\n"
        "wirewatch_feed_items_waiting 2.5\n"
    )


def test_large_counts_lose_nothing() -> None:
    count = 2**53 - 1
    assert exposition([Sample("wirewatch_topic_records_total", count, {"topic": "t"})]).endswith(
        f" {count}\n"
    )


def test_what_others_wrote_can_not_break_a_line() -> None:
    told = exposition([Sample("wirewatch_alerts", 1, {"fate": 'a"b\\c\nwirewatch_up 0'})])
    assert told.splitlines()[2:] == [r'wirewatch_alerts{fate="a\"b\\c\nwirewatch_up 0"} 1']


def test_only_metrics_and_labels_of_the_table_are_told() -> None:
    with pytest.raises(KeyError):
        exposition([Sample("wirewatch_mood", 1)])
    with pytest.raises(ValueError, match="has the labels"):
        exposition([Sample("wirewatch_up", 1, {"node": "x"})])


def test_counters_are_named_as_counters() -> None:
    assert {name.endswith("_total") == (metric.kind == "counter") for name, metric in METRICS.items()} == {
        True
    }
