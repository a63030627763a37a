"""Records of web archives: the whole ones are read, whatever lies between them."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.pages.page import Page
from producers.unreadable import ReadError
from producers.warc import members
from producers.warc.members import Damaged, Member, read_members
from producers.warc.records import PassedOver, page_of
from producers.warc.source import Source
from tests.unit.producers.warc.archives import DATE_MS, Archive, page

URL = "https://news.example.com/2026/{}"


class _Pipe(io.BytesIO):
    """A stream that can't be gone back in."""

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def seekable(self) -> bool:
        return False


@cache
def _three(*, gzip: bool = True) -> Archive:
    archive = Archive(gzip=gzip)
    for number in range(3):
        archive.add(URL.format(number), page(f"санкции {number} " * 40))
    return archive


def _read(data: bytes, offset: int = 0) -> list[Member | Damaged]:
    return list(read_members(Source(io.BytesIO(data), offset)))


def _urls(found: list[Member | Damaged]) -> list[str | None]:
    pages = [page_of(each, "backfill") for each in found if isinstance(each, Member)]
    return [each.article.url for each in pages if isinstance(each, Page)]


ALL = [URL.format(number) for number in range(3)]


@pytest.mark.parametrize("packed", [True, False])
def test_every_record_is_read_and_says_where_it_lies(packed: bool) -> None:
    archive = _three(gzip=packed)
    found = _read(archive.data)
    assert _urls(found) == ALL
    assert [each.offset for each in found] == archive.offsets
    assert [each.end for each in found] == [*archive.offsets[1:], len(archive.data)]


@pytest.mark.parametrize("packed", [True, False])
def test_reading_goes_on_from_any_record(packed: bool) -> None:
    archive = _three(gzip=packed)
    for number, offset in enumerate(archive.offsets):
        assert _urls(_read(archive.data, offset)) == ALL[number:]


@pytest.mark.parametrize("packed", [True, False])
def test_the_others_are_read_where_one_is_broken(packed: bool) -> None:
    archive = _three(gzip=packed)
    begin, end = archive.offsets[1:]
    broken = bytearray(archive.data)
    broken[begin + 3 : begin + 53] = b"\x00" * 50
    cut = archive.data[: (begin + end) // 2] + archive.data[end:]
    for data in (bytes(broken), cut):
        found = _read(data)
        assert _urls(found) == [ALL[0], ALL[2]]
        assert [(each.offset, bool(each.detail)) for each in found if isinstance(each, Damaged)] == [
            (begin, True)
        ]


def test_a_pipe_is_read_too_and_goes_on_after_what_is_broken() -> None:
    archive = _three()
    begin = archive.offsets[1]
    broken = bytearray(archive.data)
    broken[begin + 3 : begin + 53] = b"\x00" * 50
    assert _urls(list(read_members(Source(_Pipe(archive.data))))) == ALL
    assert _urls(list(read_members(Source(_Pipe(bytes(broken)))))) == [ALL[0], ALL[2]]


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_that_ends_too_early_is_told_and_what_came_before_stands(packed: bool) -> None:
    archive = _three(gzip=packed)
    found = _read(archive.data[: archive.offsets[2] + 60])
    assert _urls(found) == ALL[:2]
    assert isinstance(found[-1], Damaged)


def test_a_wrong_length_swallows_no_neighbour() -> None:
    archive = _three(gzip=False)
    begin = archive.offsets[1]
    head, rest = archive.data[:begin], archive.data[begin:]
    for wrong in (b"Content-Length: 99999", b"Content-Length: 10"):
        at = rest.index(b"Content-Length: ")
        data = head + rest[:at] + wrong + rest[rest.index(b"\r\n", at) :]
        assert {ALL[0], ALL[2]} <= set(_urls(_read(data)))
        assert any(isinstance(each, Damaged) for each in _read(data))


def test_a_bomb_is_passed_by_and_its_neighbours_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "RECORD_BYTES_MAX", 1_000_000)
    archive = Archive()
    archive.add(ALL[0], page("a")).add(ALL[1], page("b" * 40_000_000)).add(ALL[2], page("c"))
    found = _read(archive.data)
    bomb = found[1]
    assert isinstance(bomb, Member)
    assert (len(bomb.data) < 3_000_000, bomb.complete) == (True, False)
    with pytest.raises(ReadError) as told:
        page_of(bomb, "backfill")
    assert told.value.reason == "too_large"
    assert [each.offset for each in found] == archive.offsets


def test_a_file_compressed_at_once_is_read_while_it_is_small_and_told_of_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = gzip.compress(Archive(gzip=False).info().data + _three(gzip=False).data)
    assert _urls(_read(data)) == ALL
    monkeypatch.setattr(members, "RECORD_BYTES_MAX", 500)
    monkeypatch.setattr(members, "INFLATED_BYTES", 1000)
    (told,) = [each for each in _read(data) if isinstance(each, Damaged)]
    assert "gunzip" in told.detail


@pytest.mark.parametrize(
    ("data", "count"), [(b"", 0), (b"\r\n\r\n", 0), (b"no archive", 1), (b"\x1f\x8b\x08", 1), (b"WARC/1.0\r\n\r\n", 1)]
)  # fmt: skip
def test_what_is_no_archive_is_told_once(data: bytes, count: int) -> None:
    found = _read(data)
    assert len(found) == count
    assert all(isinstance(each, Damaged) for each in found)


@settings(deadline=None)
@given(st.data())
def test_any_damage_is_survived_and_every_byte_accounted_for(data: st.DataObject) -> None:
    packed = data.draw(st.booleans())
    content = bytearray(_three(gzip=packed).data)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    end = 0
    for each in _read(bytes(content)):
        assert end <= each.offset <= each.end
        end = each.end
        with suppress(ReadError):
            page_of(each, "backfill")
    assert end <= len(content)


def _one(**fields: object) -> Page | PassedOver:
    body = fields.pop("body", page("제재 대상"))
    archive = Archive().add(str(fields.pop("url", ALL[0])), body, **fields)  # type: ignore[arg-type]
    (member,) = _read(archive.data)
    return page_of(member, "backfill")


def test_an_article_has_the_archives_time_and_the_lane() -> None:
    found = _one()
    assert isinstance(found, Page)
    article = found.article
    assert (article.revision, article.fetched_at) == (DATE_MS, "2026-03-01T06:00:00.000Z")
    assert (article.lane, article.source, article.url) == ("backfill", "example.com", ALL[0])
    assert "제재 대상" in article.raw.content


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"content_type": "image/png"}, "not HTML"),
        ({"content_type": "application/rss+xml"}, "not HTML"),
        ({"status": "404 Not Found"}, "gone"),
        ({"status": "301 Moved"}, "refused"),
        ({"status": "503 Busy"}, "failing"),
        ({"kind": "resource"}, "resource"),
    ],
)
def test_what_is_no_page_is_passed_over(fields: dict[str, str], what: str) -> None:
    assert _one(**fields) == PassedOver(what)


def test_records_of_other_kinds_are_passed_over() -> None:
    (info,) = _read(Archive().info().data)
    assert page_of(info, "backfill") == PassedOver("warcinfo")
    (revisit,) = _read(Archive(gzip=False).add(ALL[0], b"").data.replace(b"Type: response", b"Type: revisit"))
    assert page_of(revisit, "backfill") == PassedOver("revisit")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (page("قرار جديد"), {}),
        ("<p>قرار جديد</p>".encode("cp1256"), {"content_type": "text/html; charset=windows-1256"}),
        (gzip.compress(page("قرار جديد")), {"Content_Encoding": "gzip"}),
        (zlib.compress(page("قرار جديد")), {"Content_Encoding": "deflate"}),
        (page("قرار جديد"), {"Content_Encoding": "gzip"}),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(page("قرار جديد")), page("قرار جديد")), {"Transfer_Encoding": "chunked"}),
        (page("قرار جديد"), {"Transfer_Encoding": "chunked"}),
    ],
    ids=["plain", "cp1256", "gzip", "deflate", "unpacked-already", "chunked", "joined-already"],
)  # fmt: skip
def test_the_text_is_read_however_it_was_sent(body: bytes, headers: dict[str, str]) -> None:
    found = _one(body=body, **headers)
    assert isinstance(found, Page)
    assert "قرار جديد" in found.article.raw.content


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"body": gzip.compress(b"x" * 50_000_000), "Content_Encoding": "gzip"}, "too_large"),
        ({"body": b"\x1f\x8b\x08broken", "Content_Encoding": "gzip"}, "broken_record"),
        ({"body": b"  "}, "no_text"),
        ({"date": "yesterday"}, "wrong_type"),
        ({"date": "0001-01-01T01:00:00Z"}, "wrong_type"),
        ({"date": "9999-12-31T23:59:59-23:59"}, "wrong_type"),
    ],
)
def test_what_can_not_be_read_says_why(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(ReadError) as told:
        _one(**fields)
    assert told.value.reason == reason


@pytest.mark.parametrize("field", [b"WARC-Target-URI", b"WARC-Date"])
def test_a_record_that_lacks_a_field_is_no_end_of_the_archive(field: bytes) -> None:
    data = _three(gzip=False).data.replace(field, b"X" * len(field), 1)
    found = _read(data)
    assert len(found) == 3
    with pytest.raises(ReadError):
        page_of(found[0], "backfill")
    assert _urls(found[1:]) == ALL[1:]
