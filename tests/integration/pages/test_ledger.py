"""The ledger with a real writer and real Kafka."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from producers.pages import Delivered, Known, Ledger
from producers.pages.page import Page
from producers.writer import NotAcknowledged, Writer, WriterError
from schemas.article import Article, Raw
from schemas.topics import RAW
from wirewatch.kafka import producer_options
from wirewatch.settings import KafkaSettings


@pytest.fixture
def writer(cluster: KafkaSettings) -> Iterator[Writer]:
    with Writer(producer_options(cluster)) as writer:
        yield writer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pages" / "ledger.sqlite3"


def _page(name: str, text: str = "a", revision: int = 1) -> Page:
    article = Article(
        id=f"{name}-id",
        source="test",
        fetched_at="2024-06-05T00:00:00.000Z",
        raw=Raw(content=text),
        revision=revision,
    )
    return Page(article, digest=text.encode(), asked_url=f"https://example.com/{name}", etag=f'"{text}"')


def test_what_is_delivered_is_known_also_after_a_restart(path: Path, writer: Writer) -> None:
    with Ledger(path) as ledger:
        assert ledger.deliver([_page("a"), _page("b")], writer) == Delivered(new=2)
        assert ledger.deliver([_page("a", revision=2), _page("b", "c", 2), _page("d")], writer) == Delivered(
            1, 1, 1
        )
        assert ledger.deliver([], writer) == Delivered()
    with Ledger(path) as ledger:
        assert ledger.deliver([_page("b", "c", 3)], writer) == Delivered(unchanged=1)
        assert ledger.known("https://example.com/b?utm_source=x#top") == Known(3, '"c"')
        assert ledger.known("https://example.com/never") == Known()
    assert writer.acknowledged[RAW.name] == 4


def test_revisions_in_one_batch_go_in_their_order(
    path: Path, writer: Writer, articles: Callable[[], list[Article]]
) -> None:
    with Ledger(path) as ledger:
        batch = [_page("a", "1", 1), _page("a", "2", 2), _page("a", "2", 3), _page("a", "1", 4)]
        assert ledger.deliver(batch, writer) == Delivered(new=1, changed=2, unchanged=1)
        assert ledger.deliver([_page("a", "1", 5)], writer) == Delivered(unchanged=1)
    assert [(article.raw.content, article.revision) for article in articles()] == [
        ("1", 1),
        ("2", 2),
        ("1", 4),
    ]


def test_an_earlier_refusal_is_not_held_against_an_article(path: Path, writer: Writer) -> None:
    writer.not_acknowledged.append(NotAcknowledged(RAW.name, "test", "too large, an hour ago", "a-id"))
    with Ledger(path) as ledger:
        assert ledger.deliver([_page("a")], writer) == Delivered(new=1)


def test_what_is_refused_is_told_and_not_known(
    path: Path, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The raw topic takes what may travel, so that the refusal is put in by hand."""
    real = writer.flush
    refusal = NotAcknowledged(RAW.name, "test", "too large", "a-id")
    monkeypatch.setattr(writer, "flush", lambda: [*real(), refusal])
    with Ledger(path) as ledger:
        assert ledger.deliver([_page("a"), _page("b")], writer) == Delivered(
            new=1, failed=((_page("a").asked_url, "too large"),)
        )
        assert ledger.known(_page("a").asked_url) == Known()
        monkeypatch.undo()
        assert ledger.deliver([_page("a"), _page("b")], writer) == Delivered(new=1, unchanged=1)


def test_writing_that_can_not_go_on_notes_nothing(path: Path, cluster: KafkaSettings) -> None:
    broken = Writer(producer_options(cluster) | {"max_block_ms": 500})
    broken._producer.close()
    with Ledger(path) as ledger:
        with pytest.raises(WriterError):
            ledger.deliver([_page("a")], broken)
        assert ledger.known(_page("a").asked_url) == Known()
        with Writer(producer_options(cluster)) as writer:
            assert ledger.deliver([_page("a")], writer) == Delivered(new=1)


def test_many_at_once_deliver_each_article_once(path: Path, cluster: KafkaSettings) -> None:
    """Six threads with ledgers and writers of their own, and the same thirty pages."""
    pages = [_page(f"{number}") for number in range(30)]
    done: list[Delivered] = []

    def deliver() -> None:
        with Ledger(path) as ledger, Writer(producer_options(cluster)) as writer:
            done.extend(ledger.deliver([page], writer) for page in pages)

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done, Delivered()) == Delivered(new=30, unchanged=150)
