"""What Prometheus is told, and how: the table of metrics, and their text form.

The form is version 0.0.4 of Prometheus' text format: a `# HELP` and `# TYPE` line for each metric, then a
line for each set of labels. Nothing here talks to anyone; `wirewatch.measuring` reads the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Metric:
    """One metric. `labels` are the names every sample of it has."""

    kind: Literal["gauge", "counter"]
    help: str
    labels: tuple[str, ...] = ()


METRICS: Mapping[str, Metric] = {
    "wirewatch_up": Metric("gauge", "1 where kafka, elasticsearch or feeds could be read", ("part",)),
    "wirewatch_lag_records": Metric("gauge", "Records a consumer group has before it", ("group", "topic")),
    "wirewatch_partition_still_seconds": Metric(
        "gauge",
        "How long a consumer group has committed nothing in a partition with records before it",
        ("group", "topic", "partition"),
    ),
    "wirewatch_group_members": Metric("gauge", "Processes in a consumer group", ("group",)),
    "wirewatch_topic_records_total": Metric("counter", "Records ever written to a topic", ("topic",)),
    "wirewatch_set_aside_total": Metric("counter", "Dead letters since the metrics began", ("kind",)),
    "wirewatch_dead_letters_total": Metric(
        "counter", "The same by what was wrong and where", ("kind", "reason", "stage")
    ),
    "wirewatch_documents": Metric("gauge", "Documents in an index", ("index",)),
    "wirewatch_newest_article_timestamp_seconds": Metric("gauge", "When the newest article was fetched"),
    "wirewatch_alerts": Metric("gauge", "Alerts by what became of them", ("fate",)),
    "wirewatch_feeds": Metric("gauge", "Feeds that are followed, by state", ("status",)),
    "wirewatch_feed_items_waiting": Metric("gauge", "Items of feeds that are not in Kafka yet"),
}

"""What `wirewatch metrics` tells of the whole pipeline."""

_STAGE = ("group", "stage")
_SET_ASIDE = ("group", "stage", "reason")
PROCESS_METRICS: Mapping[str, Metric] = {
    "wirewatch_stage_in_records_total": Metric("counter", "Records a stage was given", _STAGE),
    "wirewatch_stage_out_records_total": Metric("counter", "Records a stage gave on", _STAGE),
    "wirewatch_stage_dropped_records_total": Metric("counter", "Records a stage found of no use", _SET_ASIDE),
    "wirewatch_stage_dead_lettered_records_total": Metric(
        "counter", "Records a stage could not handle", _SET_ASIDE
    ),
    "wirewatch_stage_seconds_total": Metric("counter", "How long a stage took by the clock", _STAGE),
    "wirewatch_stage_cpu_seconds_total": Metric("counter", "How long a stage took of a core", _STAGE),
    "wirewatch_hop_seconds_total": Metric(
        "counter", "How long a group had records in hand, until all they became was safe", ("group",)
    ),
    "wirewatch_group_healthy": Metric(
        "gauge", "1 where a group's partitions move; where a producer reaches Kafka", ("group",)
    ),
    "process_cpu_seconds_total": Metric("counter", "What the process took of cores"),
    "process_start_time_seconds": Metric("gauge", "When the process began"),
    "process_resident_memory_bytes": Metric("gauge", "Memory the process holds"),
    "process_open_fds": Metric("gauge", "Files and sockets the process has open"),
}
"""What each process tells of itself, where `metrics.port` is set."""

PRODUCER_METRICS: Mapping[str, Metric] = {
    "wirewatch_produced_articles_total": Metric(
        "counter", "Articles a producer brought, by what became of them", ("producer", "fate")
    ),
    "wirewatch_feed_readings_total": Metric(
        "counter", "Readings of feeds, by the state they left a feed in", ("status",)
    ),
    "wirewatch_push_requests_total": Metric("counter", "Requests that brought articles", ("status",)),
    "wirewatch_push_request_seconds_total": Metric("counter", "How long such requests took"),
}
"""What the producers that run for ever tell of themselves beside that, where `metrics.port` is set."""

TABLE: Mapping[str, Metric] = {**METRICS, **PROCESS_METRICS, **PRODUCER_METRICS}


@dataclass(frozen=True)
class Sample:
    """One value of one metric."""

    metric: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def exposition(samples: Iterable[Sample]) -> str:
    """Samples as Prometheus reads them, those of a metric together.

    Raises `KeyError` for a metric that is not in the table, `ValueError` for labels it does not have.
    """
    by_metric: dict[str, list[str]] = {}
    for sample in samples:
        by_metric.setdefault(sample.metric, []).append(_line(sample))
    return "".join(_head(name) + "".join(lines) for name, lines in by_metric.items())


def _head(name: str) -> str:
    metric = TABLE[name]
    return f"# HELP {name} {metric.help}\n# TYPE {name} {metric.kind}\n"


def _line(sample: Sample) -> str:
    if tuple(sample.labels) != TABLE[sample.metric].labels:
        raise ValueError(f"{sample.metric} has the labels {TABLE[sample.metric].labels}")
    labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
    return f"{sample.metric}{f'{{{labels}}}' if labels else ''} {sample.value:.17g}\n"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
