"""A partition that stands still: who notices, and when. Real processes that hang and are stopped.

    python -m tests.recovery.stalls

measures it with the limits that are in force (minutes); the tests do the same with short ones.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from kafka.admin import KafkaAdminClient

from producers.writer import Writer
from schemas.article import Article, Clean, Language, Raw
from schemas.topics import CLEAN, ENRICHED, RAW, Topic
from schemas.wire import encode
from tests.recovery.part import Part, wait_for
from wirewatch.kafka import admin_options, producer_options
from wirewatch.lag import Reader, places
from wirewatch.settings import Settings, load_settings
from wirewatch.stalls import CHECK_SECONDS, LIMIT_SECONDS
from wirewatch.standing import Offsets, Standing

HANGING = ("-m", "tests.recovery.hanging")
NOTICED_SECONDS_MAX = 60.0
JOINED_SECONDS = 90.0


@dataclass(frozen=True)
class Limits:
    """What watches wait, in seconds."""

    stall: float = LIMIT_SECONDS
    check: float = CHECK_SECONDS

    @property
    def noticed(self) -> float:
        """How soon a stall must be noticed."""
        return self.stall + 3 * self.check


@dataclass(frozen=True)
class Hang:
    """Where something hangs: the command, the stage (or `sink`), the topic before it, its group."""

    name: str
    arguments: tuple[str, ...]
    place: str
    topic: Topic
    group: str


HANGS = (
    Hang("a stage in its thread", ("worker", "--groups", "intake", "--instance", "h"), "language", RAW, "wirewatch-intake"),
    Hang("a stage on the event loop", ("worker", "--groups", "stories", "--instance", "h"), "stories", CLEAN, "wirewatch-stories"),
    Hang("a sink", ("sink", "--only", "elasticsearch"), "sink", ENRICHED, "wirewatch-sink-elasticsearch"),
)  # fmt: skip


@dataclass(frozen=True)
class Noticed:
    """Seconds from the record until the process said so, until its end, until all was told from outside and
    until the partition moved again after the restart."""

    said: float
    ended: float
    outside: float
    mended: float


def article(text: str) -> Article:
    """An article that any stage takes."""
    name = uuid.uuid4().hex
    page = f"{text} {name}\n\nThe harbour office said on Monday that the pier would be closed for a week."
    return Article(
        id=name,
        source="pier.example",
        fetched_at="2026-03-01T08:00:00Z",
        raw=Raw(content=page),
        language=Language(code="en", confidence=1.0),
        clean=Clean(title=text, text=page),
    )


def send(settings: Settings, topic: Topic, record: Article) -> None:
    """One record into a topic."""
    with Writer(producer_options(settings.kafka)) as writer:
        writer.send(topic.name, record.id.encode(), encode(record))


def hung(settings: Settings, hang: Hang, limits: Limits) -> Noticed:
    """Let a process hang on a record, and see who notices, and what a restart does."""
    mark = f"hangs{uuid.uuid4().hex}"
    once = settings.data_dir / f"{hang.place}.hung"
    variables = {
        "HANGS_IN": hang.place,
        "HANGS_ON": mark,
        "HANGS_ONCE": str(once),
        "STALL_SECONDS": str(limits.stall),
        "CHECK_SECONDS": str(limits.check),
        "WIREWATCH_ELASTICSEARCH__REQUEST_TIMEOUT_SECONDS": str(min(30.0, limits.stall / 2)),
    }
    with (
        closing(KafkaAdminClient(**admin_options(settings.kafka))) as admin,
        closing(Offsets(settings.kafka)) as offsets,
        Standing(offsets, limits.check, limits.stall) as standing,
        Part(settings, hang.arguments, HANGING, variables) as part,
    ):
        send(settings, hang.topic, article("Before"))
        wait_for(lambda: part.supervised() and is_through(admin, hang), "it works", JOINED_SECONDS)
        send(settings, hang.topic, article(mark))
        began = time.monotonic()
        wait_for(once.exists, "it hangs")
        outside = _Stopwatch(began, lambda: hang.group in _standing_still(standing))
        said = _Stopwatch(began, lambda: '"partition_stalled"' in part.said())
        ended = _Stopwatch(began, part.has_ended)
        wait_for(lambda: all([outside(), said(), ended()]), "all have noticed", 2 * limits.noticed + 30)
        assert part.process is not None
        assert part.process.returncode == 1, part.said()
        part.start()
        restarted = time.monotonic()
        wait_for(lambda: part.supervised() and is_through(admin, hang), "it goes on", JOINED_SECONDS)
        mended = time.monotonic() - restarted
        wait_for(lambda: hang.group not in _standing_still(standing), "nothing stands still any more")
    return Noticed(said.seconds, ended.seconds, outside.seconds, mended)


@dataclass(frozen=True)
class Stopped:
    """Seconds from SIGSTOP until it is told from outside, and from SIGCONT until it goes on; `restarted`
    where it had lost its place by then, noticed that itself, and ended for its supervisor to start again."""

    outside: float
    mended: float
    restarted: bool


def stopped(settings: Settings, limits: Limits) -> Stopped:
    """Stop the only member of a group by SIGSTOP until it is noticed, and let it go on."""
    hang = HANGS[0]
    with (
        closing(KafkaAdminClient(**admin_options(settings.kafka))) as admin,
        closing(Offsets(settings.kafka)) as offsets,
        Standing(offsets, limits.check, limits.stall) as standing,
        Part(settings, hang.arguments) as part,
    ):
        send(settings, hang.topic, article("Before"))
        wait_for(lambda: is_through(admin, hang), "it works", JOINED_SECONDS)
        part.signal(signal.SIGSTOP)
        send(settings, hang.topic, article("While it is stopped"))
        seconds = wait_for(
            lambda: hang.group in _standing_still(standing), "it is noticed", 2 * limits.noticed + 30
        )
        told = {
            (sample.labels["group"], sample.labels["topic"]): sample.value
            for sample in standing.samples()
            if sample.value
        }
        assert told[hang.group, hang.topic.name] >= limits.stall
        part.signal(signal.SIGCONT)
        assert part.process is not None
        pid = part.process.pid
        mended = wait_for(
            lambda: part.supervised() and is_through(admin, hang),
            "it goes on",
            limits.noticed + JOINED_SECONDS,
        )
        restarted = part.process.pid != pid
    return Stopped(seconds, mended, restarted)


class _Stopwatch:
    """Notes when a condition first held."""

    def __init__(self, began: float, condition: Callable[[], bool]) -> None:
        self._began = began
        self._condition = condition
        self.seconds = 0.0

    def __call__(self) -> bool:
        if not self.seconds and self._condition():
            self.seconds = time.monotonic() - self._began
        return bool(self.seconds)


def is_through(admin: KafkaAdminClient, hang: Hang) -> bool:
    """Whether the group has committed all there is in the topic."""
    return not any(one.waiting for one in places(admin, Reader(hang.group, hang.topic.name)).values())


def _standing_still(standing: Standing) -> set[str]:
    """The groups that the health endpoint calls out."""
    answer = standing.health()
    told = {one["group"] for one in json.loads(answer.body)["standing_still"]}
    assert not told or answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    return told


def main() -> int:
    """The measured run. The exit code."""
    from wirewatch.local import ConsoleProgress, LocalServices

    with tempfile.TemporaryDirectory() as folder:
        given = load_settings(data_dir=Path(folder))
        given = given.model_copy(update={"names": given.names.model_copy(update={"model": "gazetteer"})})
        with LocalServices(given, ConsoleProgress()) as services:
            prepare(services.settings)
            found = {hang.name: hung(services.settings, hang, Limits()) for hang in HANGS}
            frozen = stopped(services.settings, Limits())
    for name, noticed in found.items():
        print(  # noqa: T201
            f"{name:26} said after {noticed.said:.0f} s, ended after {noticed.ended:.0f} s, "
            f"told outside after {noticed.outside:.0f} s, goes on {noticed.mended:.0f} s after its restart"
        )
    print(  # noqa: T201
        f"{'SIGSTOP of a worker':26} told outside after {frozen.outside:.0f} s, goes on {frozen.mended:.0f} s "
        f"after SIGCONT{', having ended itself' if frozen.restarted else ''}"
    )
    latest = max([frozen.outside, *(max(noticed.said, noticed.outside) for noticed in found.values())])
    return 0 if latest <= NOTICED_SECONDS_MAX else 1


def prepare(settings: Settings) -> None:
    """Make topics and indices."""
    from sinks.elasticsearch.indices import apply
    from wirewatch.elastic import elasticsearch_client
    from wirewatch.topics import apply_topics

    with closing(KafkaAdminClient(**admin_options(settings.kafka))) as admin:
        apply_topics(admin, settings.kafka)
    with elasticsearch_client(settings.elasticsearch) as client:
        apply(client, settings.elasticsearch.index_prefix)


if __name__ == "__main__":
    sys.exit(main())
