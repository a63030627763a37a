"""The sample articles are what their README says: well formed, unique, invented, labelled."""

import json
import os
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest

from schemas.article import Act, Relation
from wirewatch.samples import sample_files

SAMPLES = [
    (path, json.loads(line)) for path in sample_files() for line in path.read_text("utf-8").splitlines()
]
ARTICLES = {article["id"]: article for _, article in SAMPLES}
LABELS_FILE = Path(__file__).parents[1] / "data" / "samples_expected.jsonl"
LABELS = [json.loads(line) for line in LABELS_FILE.read_text("utf-8").splitlines()]
LANGUAGES = {"ar", "ru", "ko", "tr", "en", "fr", "es", "zh", "fa"}
SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"
LINE_CHARS_MIN = 25  # shorter ones (date bars, share buttons) are everyone's


def content(article: dict[str, Any]) -> str:
    return str(article.get("text") or article["html"])


def when(article: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(article["fetched_at"])


def test_ids_and_addresses_are_unique() -> None:
    assert len(ARTICLES) == len(SAMPLES) >= 36
    assert len({article["url"] for article in ARTICLES.values()}) == len(SAMPLES)


@pytest.mark.parametrize(("path", "article"), SAMPLES, ids=list(ARTICLES))
def test_a_sample_is_well_formed(path: Path, article: dict[str, Any]) -> None:
    assert ("text" in article) != ("html" in article)
    assert set(article) - {"text", "html"} == {"id", "source", "url", "fetched_at"}
    assert article["source"] == path.stem
    host = urlsplit(article["url"]).hostname
    assert host is not None
    assert host.split(".")[0] == path.stem
    assert host.split(".", 1)[1] in {"example.com", "example.net", "example.org"}
    assert sum(bool(line.strip()) for line in content(article).splitlines()) >= 8


def test_all_were_fetched_within_a_few_hours() -> None:
    times = [when(article) for article in ARTICLES.values()]
    assert max(times) - min(times) < timedelta(hours=8)
    assert all(time.utcoffset() == timedelta(0) for time in times)


def test_every_sample_is_labelled_and_nothing_else_is() -> None:
    assert {label["id"] for label in LABELS} == set(ARTICLES)
    assert len(LABELS) == len(ARTICLES)
    assert {label["language"] for label in LABELS} == LANGUAGES


def test_a_story_begins_with_one_first_article() -> None:
    for story in {label["story"] for label in LABELS}:
        members = sorted(
            (la for la in LABELS if la["story"] == story), key=lambda la: when(ARTICLES[la["id"]])
        )
        assert members[0]["relation"] == "first"
        assert all(la["relation"] in {"copy", "related"} for la in members[1:]), story
        assert len({la["language"] for la in members}) == 1
        assert all(when(ARTICLES[a["id"]]) < when(ARTICLES[b["id"]]) for a, b in pairwise(members))


@pytest.mark.parametrize("label", LABELS, ids=[label["id"] for label in LABELS])
def test_labels_use_the_records_words_and_the_articles_names(label: dict[str, Any]) -> None:
    assert label["relation"] in get_args(Relation)
    text = content(ARTICLES[label["id"]])
    for sanction in label["sanctions"]:
        assert sanction["act"] in get_args(Act)
        assert sanction["issuers"]
        foreign = [target for target in sanction["targets"] if not target.isascii()]
        assert all(target in text for target in foreign)
    if "text" in ARTICLES[label["id"]]:
        lines = {line.strip() for line in text.splitlines()}
        assert lines.issuperset(label["margins"])
    else:
        assert all(words in text for words in label["margins"])


def test_the_mess_of_real_pages_is_there() -> None:
    everything = "".join(content(article) for article in ARTICLES.values())
    for what, character in {
        "no-break space": "\u00a0",
        "tatweel": "\u0640",
        "right-to-left mark": "\u200f",
        "zero-width non-joiner": "\u200c",
        "Arabic-Indic digit": "٣",
        "Persian digit": "۵",
    }.items():
        assert character in everything, what
    assert sum("html" in article for article in ARTICLES.values()) >= 2


@pytest.mark.shared
def test_no_sample_line_comes_from_the_shared_data() -> None:
    if not SHARED_DATA.is_dir():
        assert os.environ.get("CI") != "true", f"no shared data at {SHARED_DATA}"
        pytest.skip("the shared data folder is not beside the checkout")
    ours = {
        line.strip()
        for article in ARTICLES.values()
        for line in content(article).splitlines()
        if len(line.strip()) >= LINE_CHARS_MIN
    }
    texts = [*SHARED_DATA.glob("seeds/*.txt"), *SHARED_DATA.glob("lid/*.txt")]
    theirs = {line.strip() for text in texts for line in text.read_text(encoding="utf-8").splitlines()}
    for page in (SHARED_DATA / "lines" / "dev.jsonl").read_bytes().splitlines():
        theirs.update(line.strip() for line in json.loads(page)["lines"])
    assert len(theirs) > 10_000
    assert not ours & theirs
