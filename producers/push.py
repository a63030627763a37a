"""Everything that was read goes to Kafka: articles to the raw topic, the rest to the dead letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from producers.unreadable import Unreadable, dead_letter
from producers.writer import NotAcknowledged, Writer, WriterError
from schemas.article import Article
from schemas.topics import DEAD_LETTERS


@dataclass(frozen=True)
class Pushed:
    """What became of what was read.

    `articles` and `unreadable` were read; `acknowledged` articles and `letters` are safe in Kafka.
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


def push(items: Iterable[Article | Unreadable], writer: Writer) -> Pushed:
    """Write everything and wait until Kafka has acknowledged it. Raises nothing of the writer's."""
    articles = unreadable = 0
    stopped_because = None
    try:
        for item in items:
            if isinstance(item, Article):
                articles += 1
                writer.write(item)
            else:
                unreadable += 1
                writer.write_dead_letter(dead_letter(item))
        writer.flush()
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
