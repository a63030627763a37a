"""A producer of the run: `python -m tests.faults.feeding JOB.json`.

Sends its share of the stream through the project's own writer and notes each record that Kafka has
acknowledged. Killed and started again, it goes on with what is not noted, so some records are sent twice.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from producers.writer import Writer, WriterError
from schemas.topics import RAW
from tests.faults.stream import Sent, stream
from wirewatch.kafka import producer_options
from wirewatch.parent import end_with_parent
from wirewatch.settings import load_settings

AT_ONCE = 20
LOOK_SECONDS = 0.1

Placed = tuple[int, Sent]
"""A record and its place in the stream."""


class Job(msgspec.Struct, frozen=True):
    """What a producer is to send: every `shares`-th record, as far as the number in `released`."""

    seed: int
    records: int
    day: int
    share: int
    shares: int
    released: str
    acknowledged: str

    def placed(self) -> Iterator[Placed]:
        """The records of this share."""
        yield from islice(enumerate(stream(self.seed, self.records, self.day)), self.share, None, self.shares)


def acknowledged(file: Path) -> list[str]:
    """The names noted. A line that a kill cut short is none: its record is sent again."""
    if not file.exists():
        return []
    lines = file.read_text("utf-8").splitlines(keepends=True)
    return [line.removesuffix(" ok\n") for line in lines if line.endswith(" ok\n")]


def feed(job: Job, writer: Writer) -> None:
    """Send what is not noted yet, and note it. Raises `WriterError`."""
    done = set(acknowledged(Path(job.acknowledged)))
    waiting = [pair for pair in job.placed() if pair[1].name not in done]
    with Path(job.acknowledged).open("a", encoding="utf-8") as notes:
        notes.write("\n")  # ends what a kill cut short
        while waiting:
            batch = _released(job, waiting[:AT_ONCE])
            waiting = waiting[len(batch) :]
            failed = _sent(writer, batch)
            notes.writelines(f"{one.name} ok\n" for _, one in batch if one.name not in failed)
            notes.flush()
            waiting = [*(pair for pair in batch if pair[1].name in failed), *waiting]


def _released(job: Job, batch: Sequence[Placed]) -> Sequence[Placed]:
    """As much of a batch as may be sent, from its beginning; waits until something may."""
    while True:
        released = int(Path(job.released).read_text())  # once: it grows, and what is let go is a beginning
        if allowed := [pair for pair in batch if pair[0] < released]:
            return allowed
        time.sleep(LOOK_SECONDS)


def _sent(writer: Writer, batch: Sequence[Placed]) -> set[str]:
    """The names of those that Kafka did not take."""
    before = len(writer.not_acknowledged)
    for _, one in batch:
        writer.send(RAW.name, one.topic_key.encode(), one.value, one.name)
    return {each.article_id or "" for each in writer.flush()[before:]}


def main() -> int:
    """Exit code 0 when all is acknowledged, 1 where the writer can't go on: start it again."""
    end_with_parent()
    job = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Job)
    try:
        with Writer(producer_options(load_settings().kafka)) as writer:
            feed(job, writer)
    except WriterError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
