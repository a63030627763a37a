"""Everything that was read goes to Kafka: articles to the raw topic, the rest to the dead letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from producers.resuming import EVERY_ITEMS, Bookmark
from producers.unreadable import Unreadable, dead_letter
from producers.writer import NotAcknowledged, Writer, WriterError
from schemas.article import Article
from schemas.topics import DEAD_LETTERS


@dataclass(frozen=True)
class Pushed:
    """What became of what was read.

    `articles` and `unreadable` were read and are not known from an earlier run; `acknowledged` articles and
    `letters` are safe in Kafka.
    `stopped_because` is set where writing could not go on.
    """

    articles: int
    unreadable: int
    acknowledged: int
    letters: int
    not_acknowledged: list[NotAcknowledged]
    stopped_because: str | None = None

    @property
    def complete(self) -> bool:
        """Whether all that was read was an article, and is in Kafka."""
        return not self.unreadable and self.acknowledged == self.articles and self.stopped_because is None


def push(items: Iterable[Article | Unreadable], writer: Writer, bookmark: Bookmark | None = None) -> Pushed:
    """Write everything and wait until Kafka has acknowledged it. Raises nothing of the writer's.

    With a bookmark, go on from it, and move it as acknowledgements come in: no further than to the first item
    that failed.
    """
    articles = unreadable = 0
    begun = bookmark.items if bookmark else 0
    stopped_because = None
    try:
        for count, item in enumerate(islice(items, begun, None), begun):
            if bookmark and count > begun and count % EVERY_ITEMS == 0 and not writer.flush():
                bookmark.keep(count)
            if isinstance(item, Article):
                articles += 1
                writer.write(item)
            else:
                unreadable += 1
                writer.write_dead_letter(dead_letter(item))
        if not writer.flush() and bookmark:
            bookmark.forget()
    except WriterError as error:
        stopped_because = str(error)
    letters = writer.acknowledged[DEAD_LETTERS.name]
    return Pushed(
        articles=articles,
        unreadable=unreadable,
        acknowledged=writer.acknowledged.total() - letters,
        letters=letters,
        not_acknowledged=list(writer.not_acknowledged),
        stopped_because=stopped_because,
    )
