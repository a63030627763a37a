"""The same stage functions driven by us, by Quix Streams, by Bytewax and by a bare aiokafka loop.

    python benchmarks/peers.py [ARTICLES] [--model …] [--peers-python PYTHON] [--only NAME …] [--rounds N]

All read raw articles from a topic of one broker and end, acknowledged by all replicas, in a topic of
enriched ones: no index, no alerts. One after the other, each warmed up first, then fed the same articles.

- **wirewatch**: our two workers, `flow` and `understanding`, as `wirewatch up` runs them: five groups over
  six topics, memories in RocksDB with changelogs, acknowledged hop by hop.
- **quix groups**: the same groups over the same number of topics in two processes, memories in Quix
  Streams' own state. What it takes us to do the same with another framework.
- **quix whole**, **bytewax**, **bare loop**: one process, all stages in one function with dicts for
  memories, no topics between; only offsets survive (of Bytewax nothing). What is lost on a crash is why
  ours is not built so; the ratio says what that costs.

A round is each of them once; on a machine that others share, take several. A ratio is within a round, so that
what slows one slows the other, and the one told is the median round's, with the least and the greatest.

Without `--peers-python` only ours and the bare loop run: neither library can share our lock file's
environment. `benchmarks/README.md` says how to make theirs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic, OffsetSpec
from processes import usage
from running import WARM_ARTICLES, WARM_SEED, arguments, records, set_for_children
from variations import articles

from schemas.article import Article
from schemas.topics import ENRICHED, RAW, TOPICS
from schemas.wire import encode
from wirewatch.kafka import admin_options, producer_options
from wirewatch.local import ConsoleProgress, LocalServices
from wirewatch.logs import configure_logs
from wirewatch.settings import Settings, load_settings
from wirewatch.topics import apply_topics
from wirewatch.up import CHILDREN, child_environment

ROOT = Path(__file__).parent.parent
DRIVERS = Path(__file__).parent / "drivers"
NO_INDEX = "http://127.0.0.1:9"  # the workers ask none; nothing is started for it
PATIENCE_SECONDS = 900.0
CHECK_SECONDS = 0.1
STOP_SECONDS = 30.0


@dataclass(frozen=True)
class Contender:
    """Who drives the stages: the commands of its processes. Without a prefix, the topics are ours."""

    name: str
    commands: Sequence[Sequence[str]]
    prefix: str = ""

    def topic(self, name: str) -> str:
        """Its own topic of one of ours."""
        return f"{self.prefix}.{name}" if self.prefix else name


@dataclass(frozen=True)
class Figures:
    """Articles a second, and CPU-milliseconds an article of its own processes and of the broker."""

    articles_a_second: float
    own_ms: float
    broker_ms: float

    def row(self, name: str) -> str:
        """A line of the table."""
        return f"{name:14} {self.articles_a_second:18.1f} {self.own_ms:24.1f} {self.broker_ms:8.1f}"


def main() -> None:
    parser = arguments(__doc__, 1000)
    parser.add_argument("--copies", type=float, default=0.3, help="share of copies, 0–1")
    parser.add_argument("--peers-python", default="", help="interpreter that has quixstreams and bytewax")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], help="names of those to run")
    given = parser.parse_args()
    configure_logs("warning")
    set_for_children(names__model=given.model)
    items = records(articles(given.articles, copies=given.copies))
    warm = records(articles(WARM_ARTICLES, seed=WARM_SEED))
    print(f"{len(items)} articles of 400 words, {given.copies:.0%} copies, names.model {given.model}")
    print("                articles a second   CPU-ms an article: own   broker")
    rounds = [one_round(given, warm, items) for _ in range(given.rounds)]
    print_ratios(rounds)


def one_round(given: Namespace, warm: Sequence[Article], items: Sequence[Article]) -> dict[str, Figures]:
    """Each of those asked for once, on a broker that has seen none of them."""
    found: dict[str, Figures] = {}
    with broker() as local:
        for one in contenders(given.peers_python, local.settings, given.model):
            if given.only and one.name not in given.only:
                continue
            figures = found[one.name] = race(one, local, warm, items)
            print(figures.row(one.name), flush=True)
    return found


@contextmanager
def broker() -> Iterator[LocalServices]:
    with tempfile.TemporaryDirectory() as folder:
        given = load_settings(data_dir=Path(folder, "data"))
        index = given.elasticsearch.model_copy(update={"url": NO_INDEX})
        with LocalServices(given.model_copy(update={"elasticsearch": index}), ConsoleProgress()) as local:
            yield local


def contenders(python: str, settings: Settings, model: str) -> list[Contender]:
    brokers, folder = settings.kafka.bootstrap_servers or "", str(settings.data_dir)

    def driver(name: str, interpreter: str, *parts: str) -> Contender:
        prefix = f"bench-{name}"
        script = str(DRIVERS / f"{name}.py")
        own = (interpreter, script, brokers, prefix, model, f"{folder}/{name}")
        return Contender(name.replace("_", " "), [(*own, part) for part in parts] or [own], prefix)

    workers = [CHILDREN[name] for name in ("flow", "understanding")]
    ours = [(sys.executable, "-m", "wirewatch", *worker) for worker in workers]
    found = [Contender("wirewatch", ours), driver("bare_loop", sys.executable)]
    if python:
        groups = [worker[worker.index("--groups") + 1] for worker in workers]
        found += [
            driver("quix_groups", python, *groups),
            driver("quix_whole", python),
            driver("bytewax_flow", python),
        ]
    return found


def race(one: Contender, local: LocalServices, warm: Sequence[Article], items: Sequence[Article]) -> Figures:
    """Warm up, then take the time from the first article produced to the last one's arrival."""
    admin = KafkaAdminClient(**admin_options(local.settings.kafka))
    make_topics(admin, local.settings, one)
    with started(one, local.settings) as processes:
        through(one, admin, local.settings, warm, processes)
        pids = [process.pid for process in processes]
        assert local.kafka is not None
        assert local.kafka.process is not None
        broker_pid = local.kafka.process.pid
        own_before = sum(usage(pid).cpu_seconds for pid in pids)
        broker_before = usage(broker_pid).cpu_seconds
        seconds = through(one, admin, local.settings, items, processes)
        own = sum(usage(pid).cpu_seconds for pid in pids) - own_before
        broker_seconds = usage(broker_pid).cpu_seconds - broker_before
    admin.close()
    count = len(items)
    return Figures(count / seconds, 1000 * own / count, 1000 * broker_seconds / count)


def make_topics(admin: KafkaAdminClient, settings: Settings, one: Contender) -> None:
    if not one.prefix:
        apply_topics(admin, settings.kafka)
        return
    admin.create_topics(
        [
            NewTopic(
                one.topic(topic.name),
                num_partitions=topic.partitions or settings.kafka.partitions,
                replication_factor=1,
                topic_configs=topic.config(),
            )
            for topic in TOPICS
        ]
    )


@contextmanager
def started(one: Contender, settings: Settings) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = {**os.environ, **child_environment(settings), "PYTHONPATH": str(ROOT)}
    log = settings.data_dir / f"{one.name}.log"
    with log.open("ab") as out:
        processes = [
            subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=out, stderr=out)
            for command in one.commands
        ]
    try:
        yield processes
    except Exception:
        print(log.read_text(encoding="utf-8", errors="replace")[-4000:], file=sys.stderr)
        raise
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert process.stdin is not None
            process.stdin.close()


def through(
    one: Contender,
    admin: KafkaAdminClient,
    settings: Settings,
    items: Sequence[Article],
    processes: Sequence[subprocess.Popen[bytes]],
) -> float:
    """Seconds until as many articles have come out as went in. Raises `RuntimeError` where they don't."""
    sink, wanted = one.topic(ENRICHED.name), 0
    wanted = end_of(admin, sink) + len(items)
    began = time.monotonic()
    producer = KafkaProducer(**producer_options(settings.kafka))
    for item in items:
        producer.send(one.topic(RAW.name), key=item.source.encode(), value=encode(item))
    producer.flush()
    producer.close()
    while end_of(admin, sink) < wanted:
        if time.monotonic() - began > PATIENCE_SECONDS or any(each.poll() is not None for each in processes):
            raise RuntimeError(f"{one.name}: {wanted - end_of(admin, sink)} articles never came out")
        time.sleep(CHECK_SECONDS)
    return time.monotonic() - began


def end_of(admin: KafkaAdminClient, topic: str) -> int:
    """How many records were ever written to a topic."""
    (described,) = admin.describe_topics([topic])
    partitions = [TopicPartition(topic, found["partition_index"]) for found in described["partitions"]]
    ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    return sum(end.offset for end in ends.values())


def print_ratios(rounds: Sequence[dict[str, Figures]]) -> None:
    for name in rounds[0]:
        if name == "wirewatch" or "wirewatch" not in rounds[0]:
            continue
        ratios = [one["wirewatch"].articles_a_second / one[name].articles_a_second for one in rounds]
        spread = f" ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} rounds)" if len(ratios) > 1 else ""
        print(f"wirewatch / {name} = {median(ratios):.2f}{spread}")


if __name__ == "__main__":
    main()
