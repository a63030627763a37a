"""What a library repeats is written seldom, and counted."""

from __future__ import annotations

import logging

from wirewatch.logs import Seldom


def _record(name: str, line: int, level: int, node: int) -> logging.LogRecord:
    return logging.LogRecord(name, level, "client.py", line, "Unable connect to node %s", (node,), None)


def test_of_lines_alike_one_is_written_in_ten_seconds_with_how_many_there_were() -> None:
    clock = [0.0]
    seldom = Seldom(every_seconds=10, now=lambda: clock[0])
    written = []
    for clock[0] in (0.0, 1.0, 9.0, 10.0, 11.0, 30.0):
        record = _record("aiokafka.client", 7, logging.ERROR, int(clock[0]))
        if seldom.filter(record):
            written.append(record.getMessage())
    assert written == [
        "Unable connect to node 0",
        "Unable connect to node 10 (and 2 more of its kind before it)",
        "Unable connect to node 30 (and 1 more of its kind before it)",
    ]


def test_other_lines_other_loggers_and_lower_levels_are_written() -> None:
    seldom = Seldom(now=lambda: 0.0)
    assert seldom.filter(_record("kafka.net", 7, logging.WARNING, 1))
    assert seldom.filter(_record("kafka.net", 8, logging.WARNING, 1))
    assert seldom.filter(_record("kafka.conn", 7, logging.WARNING, 1))
    assert not seldom.filter(_record("kafka.net", 7, logging.WARNING, 2))
    assert seldom.filter(_record("kafka.net", 7, logging.INFO, 1))
    for _ in range(2):
        assert seldom.filter(_record("sinks.bulk", 7, logging.WARNING, 1))
