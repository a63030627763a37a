"""The whole pipeline on this machine: articles a second, and what they cost where.

    python benchmarks/pipeline.py [ARTICLES] [--model builtin|gazetteer] [--copies SHARE]

It is what `wirewatch up` runs: broker, node, two workers, sink, desk. Articles have 400 words in nine
languages, three in ten are copies. What a hop costs (reading, waiting, writing, remembering; Faust and
Kafka's clients) is what a worker's processor time leaves when its stages' own is taken away; a stage's own
is measured afterwards, offline, by the same functions on the first thousand of the same articles. Bytes on
the wire are those of the broker's log, which keeps what producers sent as they sent it, compressed; each
reader of a topic fetches them once more.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from processes import processes, table, usages
from running import WARM_ARTICLES, WARM_SEED, arguments, pipeline, records, through
from stages import WARM_ARTICLES as LEFT_OUT
from stages import stage_seconds
from variations import articles

from processors.pipeline import PIPELINE, StageOptions
from schemas.article import Article
from schemas.topics import TOPICS
from schemas.wire import encode
from wirewatch.up import CHILDREN, Up

OFFLINE_ARTICLES = 1000


def main() -> None:
    parser = arguments(__doc__, 10_000)
    parser.add_argument("--copies", type=float, default=0.3, help="share of copies, 0–1")
    given = parser.parse_args()
    items = records(articles(given.articles, copies=given.copies))
    with pipeline(given.model, records(articles(WARM_ARTICLES, seed=WARM_SEED))) as up:
        logged = log_bytes(up)
        pids = processes(up)
        before = usages(pids)
        seconds = through(up, items)
        after = usages(pids)
        print(f"{len(items)} articles of 400 words, {given.copies:.0%} copies, names.model {given.model}")
        print(f"{len(items) / seconds:.1f} articles a second ({seconds:.0f} s)\n")
        print(table(before, after, len(items)), "\n")
        print(wire_table(logged, log_bytes(up), len(items)), "\n")
        dead = len(up.arrivals.dead_letters)
        print(f"alerts {up.arrivals.alerts_seen}, dropped or dead-lettered {dead}\n")
    spent_ms = {
        name: 1000 * (after[name].cpu_seconds - before[name].cpu_seconds) / len(items) for name in CHILDREN
    }
    print(cost_table(stage_ms(items[:OFFLINE_ARTICLES], given.model), spent_ms))


def log_bytes(up: Up) -> Counter[str]:
    """Bytes in the broker's log by topic."""
    found: Counter[str] = Counter()
    for segment in Path(up.settings.data_dir, "kafka", "data").glob("*/*.log"):
        found[segment.parent.name.rpartition("-")[0]] += segment.stat().st_size
    return found


def wire_table(before: Counter[str], after: Counter[str], count: int) -> str:
    ours = {topic.name for topic in TOPICS}
    written = after - before
    kept = Counter({name: size for name, size in written.items() if name in ours})
    memory = sum(size for name, size in written.items() if name.endswith("-changelog"))
    rows = [f"{name:22} {size / count / 1024:8.2f}" for name, size in kept.items()]
    rows += [f"{'changelogs':22} {memory / count / 1024:8.2f}"]
    rows += [f"{'all':22} {written.total() / count / 1024:8.2f}"]
    return "\n".join(["topic                  KB written an article", *rows])


def stage_ms(items: list[Article], model: str) -> dict[str, float]:
    """CPU-milliseconds an article of each stage, and of reading and writing each group's records."""
    spent = stage_seconds([encode(item) for item in items], StageOptions(names_model=model))
    return {name: 1000 * seconds / max(1, len(items) - LEFT_OUT) for name, seconds in spent.items()}


def cost_table(stage_ms: dict[str, float], worker_ms: dict[str, float]) -> str:
    """Stages, and of each worker what its stages leave, by hop."""
    rows = [f"{name:24} {spent:8.2f}" for name, spent in stage_ms.items()]
    for worker, command in CHILDREN.items():
        if "--groups" in command:
            names = command[command.index("--groups") + 1].split(",")
            own = sum(stage_ms.get(part, 0.0) for part in _parts(names))
            left = worker_ms[worker] - own
            hops = f"in {len(names)} hops: {left / len(names):.2f} each"
            rows.append(f"{worker + ', besides':24} {left:8.2f}   {hops}")
    return "\n".join(["stage                    CPU-ms an article", *rows])


def _parts(groups: list[str]) -> list[str]:
    """What a worker of these groups does beside hops, as `stage_ms` calls it."""
    chosen = [group for group in PIPELINE if group.name in groups]
    named = [part for group in chosen for part in (*group.stages, f"{group.name}: records")]
    return named + [group.name for group in chosen if not group.stages]


if __name__ == "__main__":
    main()
