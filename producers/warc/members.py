"""The records of a WARC file as bytes, one at a time, whatever is broken between them.

warcio reads what is well: of a broken member it gives the beginning, as if that were all, and it reads
lines of any length. So records are cut out here, bounded, and warcio parses each. The format: WARC 1.1,
ISO 28500:2017, annex A for gzip: each record is a gzip member of its own.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from producers.warc.source import PIECE_BYTES, Source

RECORD_BYTES_MAX = 32 * 1024 * 1024
HEAD_BYTES_MAX = 64 * 1024
GZIP = b"\x1f\x8b\x08"
BEGINNING = b"WARC/1."
SEPARATOR = b"\r\n\r\n"
INFLATED_BYTES = 1024 * 1024
BEGINNING_BYTES = 4096
"""So much of a member tells whether a record begins in it."""
BROKEN_IN_A_ROW_MAX = 200
"""Looking for the next record costs up to the length of one; with more broken it is no archive any more."""

_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_MARK = re.compile(re.escape(GZIP) + b"|" + re.escape(BEGINNING))
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Member:
    """A record: its bytes, uncompressed, and where it lies in the file, from `offset` up to `end`.

    Of one larger than `RECORD_BYTES_MAX` only the beginning; then it is not `complete`.
    """

    offset: int
    end: int
    data: bytes
    complete: bool = True


@dataclass(frozen=True)
class Damaged:
    """A stretch of the file that holds no record that can be read, and why."""

    offset: int
    end: int
    detail: str
    data: bytes


class _BrokenError(Exception):
    pass


def read_members(source: Source) -> Iterator[Member | Damaged]:
    """Every record from where `source` is. After a broken one it looks for the next beginning; after
    `BROKEN_IN_A_ROW_MAX` of them the rest of the file is one more.
    """
    broken = 0
    while beginning := source.look(PIECE_BYTES):
        offset = source.offset
        if not beginning.strip(b"\r\n"):
            source.skip(len(beginning))
            continue
        try:
            member = _gzip_member(source) if beginning.startswith(GZIP) else _plain_record(source)
        except _BrokenError as error:
            broken += 1
            if broken > BROKEN_IN_A_ROW_MAX:
                yield _rest(source, offset, beginning)
                return
            _to_next_beginning(source, offset)
            yield Damaged(offset, source.offset, str(error), beginning[:1024])
        else:
            broken = 0
            yield from _split(member)


def _rest(source: Source, offset: int, beginning: bytes) -> Damaged:
    while source.skip(PIECE_BYTES):
        pass
    detail = f"{BROKEN_IN_A_ROW_MAX} records in a row are broken: what follows is not looked at"
    return Damaged(offset, source.offset, detail, beginning[:1024])


def record_bytes(data: bytes) -> int:
    """How long the record at the beginning of `data` says it is, head included.

    Raises `_BrokenError` where no record begins there.
    """
    end = _HEAD_END.search(data, 0, HEAD_BYTES_MAX)
    length = _LENGTH.search(data, 0, end.start()) if end else None
    if end is None or length is None or not data.startswith(BEGINNING):
        raise _BrokenError("no record with a length begins here")
    return end.end() + int(length[1])


def _gzip_member(source: Source) -> Member:
    """One gzip member. What is larger than may be is not unpacked to its end: the next is looked for."""
    offset = source.offset
    inflater, parts, size_bytes = zlib.decompressobj(zlib.MAX_WBITS | 16), list[bytes](), 0
    while not inflater.eof:
        piece = inflater.unconsumed_tail or source.take()
        if not piece:
            raise _BrokenError("the file ends within a record")
        try:
            parts.append(inflater.decompress(piece, INFLATED_BYTES))
        except zlib.error as error:
            source.give_back(piece)
            raise _BrokenError(f"broken gzip: {error}") from None
        size_bytes += len(parts[-1])
        if size_bytes > RECORD_BYTES_MAX:
            _to_next_beginning(source, offset)
            return Member(offset, source.offset, b"".join(parts), complete=False)
    source.give_back(inflater.unused_data)
    return Member(offset, source.offset, b"".join(parts))


def _plain_record(source: Source) -> Member:
    offset = source.offset
    if not source.look(HEAD_BYTES_MAX).startswith(BEGINNING):
        source.skip(len(source.look(4)) - len(source.look(4).lstrip(b"\r\n")))
        offset = source.offset
    size_bytes = record_bytes(source.look(HEAD_BYTES_MAX))
    data = source.look(min(size_bytes, RECORD_BYTES_MAX))
    if source.skip(size_bytes) < size_bytes:
        raise _BrokenError("the file ends within a record")
    following = source.look(len(BEGINNING) + 4)
    source.skip(len(following) - len(following.lstrip(b"\r\n")))
    if not following.startswith(SEPARATOR) and source.look(len(BEGINNING)) not in {b"", BEGINNING}:
        raise _BrokenError("the record is not as long as it says")
    return Member(offset, source.offset, data, complete=len(data) == size_bytes)


def _split(member: Member) -> Iterator[Member | Damaged]:
    """The records in a member: one, unless the whole file was compressed at once."""
    data = member.data
    while data:
        try:
            size_bytes = _checked_bytes(data, is_all=member.complete)
        except _BrokenError as error:
            yield Damaged(member.offset, member.end, str(error), data[:1024])
            return
        yield Member(member.offset, member.end, data[:size_bytes], complete=len(data) >= size_bytes)
        data = data[size_bytes:].lstrip(b"\r\n")


def _checked_bytes(data: bytes, *, is_all: bool) -> int:
    size_bytes = record_bytes(data)
    if is_all and len(data) < size_bytes:
        raise _BrokenError("the record is not as long as it says")
    if not is_all and len(data) >= size_bytes:
        raise _BrokenError("the file is compressed as a whole: unpack it first (gunzip)")
    return size_bytes


def _to_next_beginning(source: Source, broken_offset: int) -> None:
    """Go to where a record may begin, after the beginning of the broken one; else to the end."""
    source.back_to(broken_offset)
    source.skip(1 if source.offset == broken_offset else 0)
    while piece := source.look(PIECE_BYTES):
        certain = len(piece) if len(piece) < PIECE_BYTES else len(piece) - BEGINNING_BYTES
        at = next(
            (each for each in _marks(piece, certain) if _begins(piece[each : each + BEGINNING_BYTES])), None
        )
        source.skip(certain if at is None else at)
        if at is not None:
            return


def _marks(piece: bytes, end: int) -> Iterator[int]:
    return (found.start() for found in _MARK.finditer(piece) if found.start() < end)


def _begins(data: bytes) -> bool:
    if data.startswith(GZIP):
        try:
            data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, HEAD_BYTES_MAX)
        except zlib.error:
            return False
    return data.startswith(BEGINNING)
