"""Reading files, folders and standard input: everything comes out as an article or a report."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest

from producers.files import read_articles
from producers.unreadable import Unreadable, dead_letter
from schemas.article import Article
from schemas.wire import DEAD_LETTER_PAYLOAD_BYTES, RECORD_BYTES_MAX, encode

ARABIC = "فرضت الوزارة عقوبات على ١٢ شركة.\r\nوقال المتحدث إن القرار نافذ."


def _read(*paths: Path | str, **options: object) -> list[Article | Unreadable]:
    return list(read_articles(paths, **options))  # type: ignore[arg-type]


def _article(path: Path, **options: object) -> Article:
    (item,) = _read(path, **options)
    assert isinstance(item, Article), item
    return item


def _report(path: Path, **options: object) -> Unreadable:
    (item,) = _read(path, **options)
    assert isinstance(item, Unreadable), item
    return item


def test_a_text_file_is_kept_to_the_letter(tmp_path: Path) -> None:
    folder = tmp_path / "outlet"
    folder.mkdir()
    file = folder / "a.txt"
    file.write_bytes(ARABIC.encode())
    os.utime(file, ns=(0, 1_714_212_000_123_456_789))
    article = _article(file)
    assert (article.raw.content, article.raw.format) == (ARABIC, "text")
    assert (article.source, article.fetched_at, article.revision) == (
        "outlet",
        "2024-04-27T10:00:00.123Z",
        1_714_212_000_123,
    )
    assert (article.lane, article.url, article.external_id, article.stages) == ("live", None, None, [])


def test_the_same_file_is_the_same_bytes_wherever_it_is_read_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "outlet"
    folder.mkdir()
    (folder / "a.txt").write_text(ARABIC, encoding="utf-8")
    monkeypatch.chdir(folder)
    ways = [_article(Path("a.txt")), _article(folder / "a.txt"), _article(Path()), _article(tmp_path)]
    assert len({encode(article) for article in ways}) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(ARABIC.encode(encoding))
    assert _article(file).raw.content == ARABIC


@pytest.mark.parametrize(
    ("declared", "written", "text"),
    [
        ("windows-1256", "cp1256", "خبر عاجل"),
        ("windows-1251", "cp1251", "Санкции введены"),
        ("EUC-KR", "cp949", "제재 명단 똠방"),
        ("gb2312", "gb18030", "制裁名單 鎔"),
        ("ISO-8859-9", "cp1254", "yaptırım “kararı”"),
        ("iso-2022-jp", "iso2022_jp", "制裁を発表"),
        ("windows-1256", "utf-8", "أعيد ترميزها"),
        ("utf-16", "utf-8", "declared as browsers don't believe"),
    ],
)
def test_a_page_is_decoded_as_it_declares(tmp_path: Path, declared: str, written: str, text: str) -> None:
    file = tmp_path / "a.HTM"
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head>{text}'
    )
    file.write_bytes(page.encode(written))
    article = _article(file)
    assert (article.raw.content, article.raw.format) == (page, "html")


@pytest.mark.parametrize("declared", ["unicode_escape", "utf-7", "punycode", "base64", "no-such-thing"])
def test_no_page_is_decoded_by_what_is_no_encoding_of_pages(tmp_path: Path, declared: str) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(f'<meta charset="{declared}">'.encode() + b"\xff\xfe")
    assert _report(file).reason == "not_utf8"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no_text"),
        (b" \r\n\t\xc2\xa0\xe2\x80\x8b\n", "no_text"),
        (b"\xef\xbb\xbf", "no_text"),
        ("Санкции".encode("cp1251"), "not_utf8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_utf8"),
        (b"\xff\xfea", "not_utf8"),
        ("\ud800".encode("utf-8", "surrogatepass"), "not_utf8"),
        (b"x" * (RECORD_BYTES_MAX + 1), "too_large"),
        (b"\x01" * (RECORD_BYTES_MAX // 3), "too_large"),
    ],
    ids=[
        "empty",
        "blank",
        "only a mark",
        "cp1251",
        "a picture",
        "half utf-16",
        "surrogate",
        "large",
        "large once escaped",
    ],
)
def test_what_holds_no_article_is_reported_with_its_bytes(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    report = _report(file)
    assert (report.path, report.line, report.reason, report.place) == (str(file), 0, reason, str(file))
    assert report.payload == content[:DEAD_LETTER_PAYLOAD_BYTES]
    assert report.payload_bytes == len(content)
    letter = dead_letter(report)
    assert letter.truncated == (len(content) > DEAD_LETTER_PAYLOAD_BYTES)
    encode(letter)


def test_a_million_lines_are_one_article(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"one\n" * 1_000_000)
    assert len(_article(file).raw.content) == 4_000_000


def test_the_rest_goes_on_after_what_can_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff")
    (tmp_path / "b.txt").write_text("read", encoding="utf-8")
    (tmp_path / "c.txt").mkdir()
    (tmp_path / "noname").touch()
    items = _read(
        tmp_path / "gone", tmp_path / "gone.txt", tmp_path / "a.txt", tmp_path / "noname", tmp_path / "b.txt"
    )
    assert [getattr(item, "reason", "article") for item in items] == [
        "missing",
        "missing",
        "not_utf8",
        "unknown_format",
        "article",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("secret", encoding="utf-8")
    file.chmod(0)
    assert _report(file).reason == "no_permission"


def test_a_folder_is_read_with_its_folders_in_order_and_without_what_is_hidden(tmp_path: Path) -> None:
    for name in (
        "b/2.txt",
        "b/1.txt",
        "a/3.html",
        ".git/4.txt",
        "b/.5.txt",
        "b/6.pdf",
        "7.TXT",
        "b/c/8.txt.gz",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(name.encode()) if name.endswith(".gz") else name.encode())
    os.mkfifo(tmp_path / "b" / "9.txt")
    items = _read(tmp_path)
    read = [item.raw.content for item in items if isinstance(item, Article)]
    assert read == ["7.TXT", "a/3.html", "b/1.txt", "b/2.txt", "b/c/8.txt.gz"]
    assert [item.detail for item in items if isinstance(item, Unreadable)] == ["not a regular file"]


def test_json_lines_of_other_things_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('{"text": "a line", "label": "body"}\n' * 30, encoding="utf-8")
    (tmp_path / "articles.jsonl").write_text(
        '{"title": "no text"}\n{"id": "1", "text": "an article"}\n', encoding="utf-8"
    )
    (tmp_path / "broken.jsonl").write_text("{\n", encoding="utf-8")
    assert [getattr(item, "reason", "article") for item in _read(tmp_path)] == [
        "no_text",
        "article",
        "not_json",
    ]
    assert len(_read(tmp_path / "labels.jsonl")) == 30


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz"])
@pytest.mark.parametrize(
    "damage", [lambda data: data[:-12], lambda _: b"no gzip", lambda data: data[:20] + b"\xff" * 20 + data[40:]],
    ids=["cut", "not one", "overwritten"],
)  # fmt: skip
def test_a_broken_gzip_is_reported_after_what_could_be_read(
    tmp_path: Path, name: str, damage: object
) -> None:
    file = tmp_path / name
    lines = b"".join(
        b'{"id": "%d", "text": "%s"}\n' % (n, os.urandom(40).hex().encode()) for n in range(2000)
    )
    file.write_bytes(damage(gzip.compress(lines)))  # type: ignore[operator]
    for read in (_read(file), _read(tmp_path)):
        assert isinstance(read[-1], Unreadable)
        assert read[-1].reason in ("broken_gzip", "not_json")
        assert any(isinstance(item, Unreadable) and item.reason == "broken_gzip" for item in read)


def test_a_gzip_that_unpacks_to_more_than_a_record_is_not_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "a.txt.gz"
    file.write_bytes(gzip.compress(b"x" * 200_000_000))
    assert _report(file).reason == "too_large"


@pytest.mark.parametrize(
    ("given", "form"),
    [(b'  {"text": "x"}', "text"), (b"\xef\xbb\xbf<p>x", "html"), ("خبر".encode(), "text"), (b"", None)],
)
def test_standard_input_is_told_by_its_first_character(given: bytes, form: str | None) -> None:
    (item,) = _read("-", stdin=io.BytesIO(given))
    assert (item.raw.format if isinstance(item, Article) else None) == form
    assert isinstance(item, Unreadable) or item.source == "stdin"


def test_a_name_that_is_no_utf8_is_survived(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    file.write_bytes(b"\xff")
    report = _report(file)
    assert report.path.endswith(r"\xff.txt")
    encode(dead_letter(report))
