"""An archive into Kafka: in batches, each acknowledged before it is noted how far we are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from producers.pages.ledger import Delivered, Ledger
from producers.pages.page import Page
from producers.unreadable import ReadError, Unreadable, dead_letter, unreadable
from producers.warc.members import Damaged, Member, read_members
from producers.warc.records import PassedOver, page_of
from producers.warc.source import Source
from producers.writer import Writer, WriterError
from schemas.article import Lane

BATCH_PAGES = 200
BATCH_BYTES = 16 * 1024 * 1024
BATCH_RECORDS = 5_000


@dataclass
class Loaded:
    """What became of an archive's records. `stopped_because` is set where writing could not go on."""

    delivered: Delivered = field(default_factory=Delivered)
    passed_over: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    stopped_because: str | None = None


@dataclass
class _Batch:
    pages: list[Page] = field(default_factory=list)
    letters: list[Unreadable] = field(default_factory=list)
    size_bytes: int = 0
    records: int = 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to deliver it."""
        return (
            len(self.pages) >= BATCH_PAGES or self.size_bytes >= BATCH_BYTES or self.records >= BATCH_RECORDS
        )


@dataclass(frozen=True)
class Loader:
    """Loads archives into one lane through one writer; `ledger` knows what is in Kafka already."""

    ledger: Ledger
    writer: Writer
    lane: Lane = "backfill"

    def load(
        self,
        source: Source,
        name: str,
        keep_offset: Callable[[int], None],
        progress: Callable[[int], None] = lambda _: None,
    ) -> Loaded:
        """Load every record from where `source` is.

        `keep_offset` is told up to where all is acknowledged by Kafka, `progress` how far we have read.
        What can't be read is kept in the dead letters.
        """
        loaded, batch = Loaded(), _Batch()
        try:
            for member in read_members(source):
                if batch.is_full:
                    self._deliver(batch, loaded)
                    keep_offset(member.offset)
                    batch = _Batch()
                self._sort_in(member, name, batch, loaded)
                progress(source.offset)
            self._deliver(batch, loaded)
            keep_offset(source.offset)
        except WriterError as error:
            loaded.stopped_because = str(error)
        return loaded

    def _sort_in(self, member: Member | Damaged, name: str, batch: _Batch, loaded: Loaded) -> None:
        batch.records += 1
        try:
            found = page_of(member, self.lane)
        except ReadError as error:
            told = ReadError(error.reason, f"record at byte {member.offset}: {error}")
            batch.letters.append(
                unreadable(name, member.offset, told, member.data, member.end - member.offset)
            )
            batch.size_bytes += len(batch.letters[-1].payload)
            loaded.unreadable[error.reason] += 1
            return
        if isinstance(found, PassedOver):
            loaded.passed_over[found.what] += 1
        else:
            batch.pages.append(found)
            batch.size_bytes += len(found.article.raw.content)

    def _deliver(self, batch: _Batch, loaded: Loaded) -> None:
        """Raises `WriterError` where anything of the batch was not acknowledged: it comes again then."""
        for letter in batch.letters:
            self.writer.write_dead_letter(dead_letter(letter))
        delivered = self.ledger.deliver(batch.pages, self.writer)
        not_acknowledged = self.writer.flush()
        if not_acknowledged:
            raise WriterError(f"{not_acknowledged[0].topic} has not acknowledged: {not_acknowledged[0].why}")
        loaded.delivered += delivered
