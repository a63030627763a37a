"""How long waits are shown: nothing by default, bars and spinners on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

Advance = Callable[[int], None]


class Progress:
    """Says nothing. Services report to one of these; a subclass shows it."""

    def downloading(self, what: str, total_bytes: int) -> AbstractContextManager[Advance]:  # noqa: ARG002
        """A download of `total_bytes`; what is entered is called with the size of each piece in bytes."""
        return nullcontext(lambda _: None)

    def waiting(self, what: str) -> AbstractContextManager[object]:  # noqa: ARG002
        """A wait of unknown length, such as a service coming up."""
        return nullcontext()


class ConsoleProgress(Progress):
    """Bars for downloads and a spinner for waits, on standard error; plain lines if it is no terminal."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True)

    @contextmanager
    def downloading(self, what: str, total_bytes: int) -> Iterator[Advance]:
        """A bar with speed and time left."""
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        if not self._console.is_terminal:
            self._console.print(f"{what}: fetching {total_bytes / 1e6:.0f} MB")
        with Bars(*columns, console=self._console, disable=not self._console.is_terminal) as bars:
            task = bars.add_task(what, total=total_bytes)
            yield lambda piece_bytes: bars.advance(task, piece_bytes)

    @contextmanager
    def waiting(self, what: str) -> Iterator[object]:
        """A spinner while the body runs."""
        with self._console.status(what):
            yield None
        self._console.print(f"{what}: done")
