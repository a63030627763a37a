"""Articles from files, folders and standard input.

One article or one report at a time, in a stable order; what can't be read is reported and the rest goes
on. The same input read again gives the same bytes: `fetched_at` is the file's modification time, and the
id comes from URL or text (`schemas.identity`).
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Literal, cast

import structlog

from producers.json_lines import holds_articles, read_lines
from producers.page import Input, page_article
from producers.unreadable import ReadError, Unreadable, unreadable
from schemas.article import Article, Lane
from schemas.wire import RECORD_BYTES_MAX

log = structlog.get_logger(__name__)

Format = Literal["text", "html", "jsonl"]
FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
STDIN = "-"


def read_articles(
    paths: Iterable[Path | str],
    *,
    source: str | None = None,
    lane: Lane = "live",
    form: Format | None = None,
    stdin: IO[bytes] | None = None,
) -> Iterator[Article | Unreadable]:
    """Every article in `paths`, in their order; folders with their folders, sorted by name.

    `-` is standard input. A file's format comes from its name (`.txt`, `.html`, `.htm`, `.jsonl`,
    `.ndjson`, each also `.gz`), else from `form`; standard input's from `form`, else from its first
    character. In a folder, hidden files, files of other names and JSON Lines of other things are passed
    over. `source` names the outlet where neither a JSON object nor its URL does; without it, it is the
    name of the file's folder. Raises nothing for what it reads.
    """
    for path in paths:
        if str(path) == STDIN:
            given = Input(STDIN, "stdin", time.time_ns() // 1_000_000, source, lane)
            yield from _read_stdin(stdin or sys.stdin.buffer, given, form)
        elif os.path.isdir(path):  # noqa: PTH112 - unlike Path's, it is False for what can't be looked at
            yield from _read_folder(Path(path), source, lane)
        else:
            yield from _read_file(Path(path), source, lane, form)


def format_of(path: Path) -> Format | None:
    """The format that a file's name tells."""
    return FORMATS.get(Path(path.name.lower().removesuffix(".gz")).suffix)


def _read_folder(folder: Path, source: str | None, lane: Lane) -> Iterator[Article | Unreadable]:
    denied: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=denied.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and format_of(Path(name)) is not None:
                yield from _read_file(Path(place, name), source, lane, form=None, in_folder=True)
    for error in denied:
        yield unreadable(_printable(Path(error.filename)), 0, _system_error(error))


def _read_file(
    path: Path, source: str | None, lane: Lane, form: Format | None, *, in_folder: bool = False
) -> Iterator[Article | Unreadable]:
    name = _printable(path)
    form = format_of(path) or form
    if form is None and os.path.exists(path):  # noqa: PTH110 - unlike Path's, it never raises
        yield Unreadable(name, 0, "unknown_format", "its name tells no format; say which with --format")
        return
    try:
        status = path.stat()
        if in_folder and not stat.S_ISREG(status.st_mode):
            yield Unreadable(name, 0, "not_readable", "not a regular file")
        elif in_folder and form == "jsonl" and not _holds_articles(path):
            log.warning("not_articles", path=name)
        else:
            folder = _printable(Path(path.resolve().parent.name))
            with _open(path) as stream:
                given = Input(name, folder, status.st_mtime_ns // 1_000_000, source, lane)
                yield from _read_stream(stream, form or "text", given)
    except OSError as error:
        yield unreadable(name, 0, _system_error(error))


def _read_stdin(stream: IO[bytes], given: Input, form: Format | None) -> Iterator[Article | Unreadable]:
    buffered = io.BufferedReader(cast(io.RawIOBase, stream))
    try:
        yield from _read_stream(buffered, form or _guess(buffered.peek(1)), given)
    finally:
        buffered.detach()


def _guess(beginning: bytes) -> Format:
    first = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "jsonl" if first == b"{" else "html" if first == b"<" else "text"


def _read_stream(stream: IO[bytes], form: Format, given: Input) -> Iterator[Article | Unreadable]:
    """What is broken on the way ends the stream with a report; what came before it stands."""
    try:
        if form == "jsonl":
            yield from read_lines(stream, given)
        else:
            yield _read_page(stream.read(RECORD_BYTES_MAX + 1), form, given)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield Unreadable(given.path, 0, "broken_gzip", f"the compressed file is broken: {error}")
    except OSError as error:
        yield unreadable(given.path, 0, _system_error(error))


def _read_page(data: bytes, form: Literal["text", "html"], given: Input) -> Article | Unreadable:
    if len(data) > RECORD_BYTES_MAX:
        error = ReadError("too_large", f"it is larger than the limit of {RECORD_BYTES_MAX} bytes")
        return unreadable(given.path, 0, error, data)
    try:
        return page_article(data, form, given)
    except ReadError as error:
        return unreadable(given.path, 0, error, data)


def _open(path: Path) -> IO[bytes]:
    if path.suffix.lower() == ".gz":
        return gzip.open(path)  # type: ignore[return-value]
    return path.open("rb")


def _holds_articles(path: Path) -> bool:
    try:
        with _open(path) as stream:
            return holds_articles(stream)
    except (OSError, EOFError, zlib.error):  # reported when it is read
        return True


def _printable(path: Path) -> str:
    """The path as text that UTF-8 can carry: bytes in it that are none are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _system_error(error: OSError) -> ReadError:
    reason = {FileNotFoundError: "missing", PermissionError: "no_permission"}.get(type(error), "not_readable")
    return ReadError(reason, error.strerror or str(error))
