"""One, two and four partitions and workers on this machine, and what a day's articles would need.

    python benchmarks/scaling.py [ARTICLES] [--model builtin|gazetteer] [--workers 1 2 4]

Each worker runs every group (`wirewatch worker`), and there are as many partitions as workers, of all topics
but those that have one by design; sink, broker and node beside them. On two cores four workers are no faster
than two: what is looked for is what more of them cost. From the processor time of the last run, and the
bytes in Kafka and in the index, follows what a million and ten million articles a day need, by the formula
of `docs/scaling.md`; `--day N …` asks for other numbers.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from processes import MB, Usage, processes, usages
from running import WARM_ARTICLES, WARM_SEED, arguments, records, set_for_children, through
from variations import articles

from schemas.article import Article
from sinks.elasticsearch.indices import alias
from wirewatch.local import ConsoleProgress
from wirewatch.logs import configure_logs
from wirewatch.settings import load_settings
from wirewatch.up import CHILDREN, Up

SECONDS_A_DAY = 86_400
STORE_STATS_SECONDS = 11.0  # the node looks at its disk every ten
PEAK = 3.0
BUSY_MAX = 0.6
KAFKA_DAYS = 7
KAFKA_COPIES = 3
INDEX_DAYS = 30
INDEX_COPIES = 2
DAYS = (1_000_000, 10_000_000)


@dataclass(frozen=True)
class Costs:
    """What one article costs: CPU-milliseconds by process, bytes in Kafka's log and in the index."""

    worker_ms: float
    sink_ms: float
    broker_ms: float
    node_ms: float
    kafka_bytes: float
    index_bytes: float


def main() -> None:
    parser = arguments(__doc__, 400)
    parser.add_argument("--workers", nargs="*", type=int, default=[1, 2, 4])
    parser.add_argument(
        "--day", nargs="*", type=int, default=list(DAYS), help="articles a day to reckon with"
    )
    given = parser.parse_args()
    configure_logs("warning")
    items = records(articles(given.articles, copies=0.3))
    warm = records(articles(WARM_ARTICLES, seed=WARM_SEED))
    print(f"{len(items)} articles, 30% copies, names.model {given.model}")
    print("partitions, workers   articles a second   CPU-ms an article: workers   sink   broker   node")
    costs = None
    for count in given.workers:
        with running(count, given.model) as up:
            through(up, warm)
            rate, costs = measured(up, items)
            own = f"{costs.worker_ms:26.1f} {costs.sink_ms:6.1f} {costs.broker_ms:8.1f} {costs.node_ms:6.1f}"
            print(f"{count:19} {rate:19.1f} {own}", flush=True)
    if costs:
        print()
        print("\n".join(needs(costs, given.day)))


@contextmanager
def running(count: int, model: str) -> Iterator[Up]:
    """`wirewatch up` with as many partitions, and as many workers of all groups."""
    set_for_children(names__model=model, alerts__console="false", kafka__partitions=count)
    workers = {
        f"worker {i + 1}": ("worker", "--instance", f"w{i}", "--end-with-parent") for i in range(count)
    }
    children = dict(CHILDREN)
    CHILDREN.clear()
    CHILDREN.update(workers | {"sink": children["sink"]})
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            Up(load_settings(data_dir=Path(folder, "data")), ConsoleProgress()) as up,
        ):
            yield up
    finally:
        CHILDREN.clear()
        CHILDREN.update(children)


def measured(up: Up, items: Sequence[Article]) -> tuple[float, Costs]:
    """Articles a second, and what each cost."""
    pids = processes(up)
    stored = kafka_bytes(up), index_bytes(up)
    before = usages(pids)
    seconds = through(up, items)
    after = usages(pids)

    def ms(*names: str) -> float:
        return sum(cpu_ms(before[name], after[name]) for name in names) / len(items)

    workers = [name for name in pids if name.startswith("worker")]
    kafka, index = kafka_bytes(up) - stored[0], index_bytes(up) - stored[1]
    return len(items) / seconds, Costs(
        worker_ms=ms(*workers),
        sink_ms=ms("sink"),
        broker_ms=ms("broker"),
        node_ms=ms("node"),
        kafka_bytes=kafka / len(items),
        index_bytes=index / len(items),
    )


def cpu_ms(before: Usage, after: Usage) -> float:
    return 1000 * (after.cpu_seconds - before.cpu_seconds)


def kafka_bytes(up: Up) -> int:
    """What the broker keeps, changelogs and all, without its own books."""
    folder = Path(up.settings.data_dir, "kafka", "data")
    return sum(one.stat().st_size for one in folder.glob("*/*.log") if not one.parent.name.startswith("__"))


def index_bytes(up: Up) -> int:
    """What the indices take, without copies, once their parts are merged and the node has looked again."""
    names = f"{alias(up.settings.elasticsearch.index_prefix, 'articles')}*"
    up.elasticsearch.indices.forcemerge(index=names, max_num_segments=1, flush=True)
    time.sleep(STORE_STATS_SECONDS)
    found: int = up.elasticsearch.indices.stats(index=names)["_all"]["primaries"]["store"]["size_in_bytes"]
    return found


def needs(costs: Costs, days: Sequence[int]) -> Iterator[str]:
    """What some numbers of articles a day need, by the formula of `docs/scaling.md`."""
    for one in fields(costs):
        yield f"{one.name:14} {getattr(costs, one.name):10.1f}"
    for articles_a_day in days:
        peak = PEAK * articles_a_day / SECONDS_A_DAY
        cores = {
            name: peak * getattr(costs, f"{name}_ms") / 1000 / BUSY_MAX
            for name in ("worker", "sink", "broker", "node")
        }
        kafka_gb = articles_a_day * costs.kafka_bytes * KAFKA_DAYS * KAFKA_COPIES / MB / 1024
        index_gb = articles_a_day * costs.index_bytes * INDEX_DAYS * INDEX_COPIES / MB / 1024
        told = ", ".join(f"{name} {math.ceil(count)}" for name, count in cores.items())
        yield f"\n{articles_a_day:,} articles a day: {peak:.0f} a second at the peak"
        yield f"cores: {told}"
        yield f"disk: Kafka {kafka_gb:,.0f} GB for {KAFKA_DAYS} days, {KAFKA_COPIES} copies"
        yield f"      index {index_gb:,.0f} GB for {INDEX_DAYS} days, {INDEX_COPIES} copies"


if __name__ == "__main__":
    main()
