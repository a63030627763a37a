"""What copies cost: articles a second at 0, 30, 60 and 90 % of copies, and with unchanged revisions.

    python benchmarks/copies.py [ARTICLES] [--model builtin|gazetteer]

Through the whole of `wirewatch up`, with processor time of the two workers, so that what a copy adds can be
read off beside what a first article does; and offline, by the same functions on the same articles, how many
lines the encoder was asked for, how many went through the model, and how many of those had before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from processes import processes, usages
from running import WARM_ARTICLES, WARM_SEED, arguments, pipeline, records, through
from variations import articles

from processors.pipeline import StageOptions
from schemas.article import Article
from wirewatch.enrichment import Enrichment

SHARES: Sequence[tuple[float, float]] = ((0, 0), (0.3, 0), (0.6, 0), (0.9, 0), (0, 0.9))
WORKERS = ("flow", "understanding")


def main() -> None:
    given = arguments(__doc__, 500).parse_args()
    shares = [
        (copies, revisions, records(articles(given.articles, seed, copies=copies, revisions=revisions)))
        for seed, (copies, revisions) in enumerate(SHARES)
    ]
    print(f"{given.articles} articles of 400 words each time, names.model {given.model}")
    print("copies  unchanged revisions  articles a second   CPU-ms an article: flow   understanding")
    with pipeline(given.model, records(articles(WARM_ARTICLES, seed=WARM_SEED))) as up:
        pids = processes(up)
        for copies, revisions, items in shares:
            before = usages(pids)
            seconds = through(up, items)
            after = usages(pids)
            flow, understanding = (
                1000 * (after[name].cpu_seconds - before[name].cpu_seconds) / len(items) for name in WORKERS
            )
            rate = len(items) / seconds
            print(
                f"{copies:6.0%} {revisions:20.0%} {rate:18.1f} {flow:25.1f} {understanding:15.1f}", flush=True
            )
    if given.model == "builtin":
        print_passes([(copies, revisions, items) for copies, revisions, items in shares])


def print_passes(shares: Sequence[tuple[float, float, list[Article]]]) -> None:
    print("\ncopies  unchanged revisions  lines asked for   through the model   again")
    for copies, revisions, items in shares:
        asked, read, again = passes(items)
        print(f"{copies:6.0%} {revisions:20.0%} {asked:16} {read:19} {again:7}", flush=True)


def passes(items: Sequence[Article]) -> tuple[int, int, int]:
    """Lines the encoder was asked for, lines that went through the model, and those that had before."""
    from processors.names.stage import installed_encoder

    encoder = installed_encoder()
    encoder.forget()
    read: Counter[str] = Counter()
    run: Callable[[Sequence[str]], Any] = encoder._read  # noqa: SLF001

    def counted(lines: Sequence[str]) -> Any:
        read.update(lines)
        return run(lines)

    encoder._read = counted  # type: ignore[method-assign]  # noqa: SLF001
    asked = encoder.lines_asked
    enrich = Enrichment(options=StageOptions())
    for item in items:
        enrich(item)
    encoder._read = run  # type: ignore[method-assign]  # noqa: SLF001
    return encoder.lines_asked - asked, read.total(), read.total() - len(read)


if __name__ == "__main__":
    main()
