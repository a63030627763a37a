"""Stories and threads: CPU-ms an article, beside MinHash LSH (rensa, datasketch) on the same texts.

    python benchmarks/stories.py [ARTICLES]

Articles are put together from the same phrases, in nine languages, six in ten of them copies, so that all
have near relatives and every comparison is made: the dear case. They are understood before the clock starts
(known names, events, sanctions), since names have a benchmark of their own. `different` are the same
articles with words drawn anew, so that none is like another. A peer does less: it estimates a likeness above
one threshold and remembers for ever. Peers are run where they are installed (`pip install rensa datasketch`).
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import msgspec
from variations import Sample, articles

from processors.language import LanguageStage
from processors.pipeline import StageOptions, build_stages
from processors.stage import Passed, apply_stages
from processors.stories import StoriesStage
from processors.threads import ThreadsStage
from schemas.article import Article, Clean, Raw

PERMUTATIONS = 128
BANDS = 32
THRESHOLD = 0.5
WORDS_A_SHINGLE = 3


def given(count: int, *, different: bool) -> list[Article]:
    """Articles with their language and clean text; `different` has each word drawn from a large stock."""
    chance = random.Random(1)
    language = LanguageStage()
    found = []
    for i, row in enumerate(articles(count, copies=0.6)):
        sample = msgspec.json.decode(row, type=Sample)
        _, title, *lines = sample.text.split("\n\n")
        text = "\n\n".join(lines)
        if different:
            text = re.sub(r"[^\W\d_]{4,}", lambda word: f"{word[0][:2]}{chance.randrange(10**5)}", text)
        raw = Raw(content=sample.text)
        article = Article(id=sample.id, source=f"outlet{i % 9}", fetched_at="2026-03-01T08:00:00Z", raw=raw)
        told = language(article)
        assert isinstance(told, Article)
        found.append(msgspec.structs.replace(told, clean=Clean(title=title, text=text)))
    return found


def understood(plain: Sequence[Article]) -> list[Article]:
    """The articles with known names, events and sanctions."""
    stages = build_stages(["names", "events", "sanctions"], StageOptions(names_model="gazetteer"))
    outcomes = [apply_stages(stages, article) for article in plain]
    return [outcome.article for outcome in outcomes if isinstance(outcome, Passed)]


def cpu_ms(run: Callable[[Article], object], plain: Sequence[Article]) -> float:
    """CPU milliseconds an article, the first tenth apart, which fills caches."""
    warm = len(plain) // 10
    for article in plain[:warm]:
        run(article)
    start = time.process_time()
    for article in plain[warm:]:
        run(article)
    return (time.process_time() - start) * 1000 / (len(plain) - warm)


def shingled(article: Article) -> list[str]:
    words = article.field_text("text").split()
    return [" ".join(words[i : i + WORDS_A_SHINGLE]) for i in range(len(words))] or [""]


def rensa_peer() -> Callable[[Article], object]:
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(THRESHOLD, PERMUTATIONS, BANDS)
    keys = iter(range(10**9))

    def run(article: Article) -> object:
        sketch = RMinHash(PERMUTATIONS, 1)
        sketch.update(shingled(article))
        met = lsh.query(sketch)
        lsh.insert(next(keys), sketch)
        return met

    return run


def datasketch_peer() -> Callable[[Article], object]:
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)

    def run(article: Article) -> object:
        sketch = MinHash(PERMUTATIONS)
        sketch.update_batch([part.encode() for part in shingled(article)])
        met = lsh.query(sketch)
        lsh.insert(article.id, sketch)
        return met

    return run


PEERS = {"rensa": rensa_peer, "datasketch": datasketch_peer}


def main(count: int) -> None:
    for different in (False, True):
        plain = given(count, different=different)
        print("different articles" if different else "related articles")
        memory: dict[str, bytes] = {}
        stories = cpu_ms(StoriesStage(memory), plain)
        kept = sum(len(key) + len(value) for key, value in memory.items()) / count / 1024
        print(f"  stories     {stories:6.2f} CPU-ms an article, {kept:.1f} KB remembered")
        known = understood(plain)
        memory = {}
        threads = cpu_ms(ThreadsStage(memory), known)
        kept = sum(len(key) + len(value) for key, value in memory.items()) / count / 1024
        print(f"  threads     {threads:6.2f} CPU-ms an article, {kept:.1f} KB remembered")
        for name, peer in PEERS.items():
            if find_spec(name) is None:
                print(f"  {name} not run: it is not installed")
                continue
            cost = cpu_ms(peer(), plain)
            print(f"  {name:11} {cost:6.2f} CPU-ms an article; stories / {name} = {stories / cost:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
