"""A fetched page's text, whatever its server, its head and its bytes say of its encoding."""

from __future__ import annotations

import codecs
import re
from email.message import Message

from producers.decoding import MARKS, declared_encoding, decode_text
from producers.unreadable import ReadError

SNIFFED = (
    "cp1251", "koi8_r", "cp1256", "cp1254", "cp1252", "cp949", "gb18030", "big5", "cp932", "cp1253", "cp1255",
    "iso8859_6", "euc_jp",
)  # fmt: skip
"""What pages in our languages are written in when they aren't UTF-8."""
SNIFFED_BYTES = 20_000
WELL_PER_BROKEN = 20
"""So many letters of two bytes and more for each that is broken, and a text is UTF-8 with a flaw."""
FOREIGN_SHARE_MAX = 1 / 3
"""No Latin script writes more of its letters with accents: where cp1252 shows more, it is another script."""

TURKISH_LETTERS_MIN = 3

_TURKISH = re.compile(rb"[\xf0\xfd\xfe]")
_ICELANDIC = re.compile(rb"[\xe1\xed\xe6\xf3]")
_TAG = re.compile(rb"<[^<>]*>")
_HIGH = re.compile(rb"[\x80-\xff]")


def page_text(body: bytes, content_type: str = "") -> str:
    """The text of a page; `content_type` is the header.

    A byte-order mark decides. Then it is UTF-8 if it can be, or nearly: declarations are often left over
    from before a re-encoding. Then what header and head declare, the header first; where they differ, or
    one can't be right, what reads like language. Raises `ReadError` (`not_utf8`) where nothing does.
    """
    declared = _declared(body, content_type)
    if any(body.startswith(mark) for mark, _ in MARKS) or any(map(_is_seven_bit, declared)):
        return _seven_bit(body, declared) or decode_text(body, html=True)
    utf8 = _utf8(body)
    if utf8 is not None:
        return utf8
    for encoding in _likely(body, declared):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError(
        "not_utf8", f"it is not UTF-8, and no other encoding fits; declared: {declared or 'none'}"
    )


def header_encoding(content_type: str) -> str | None:
    """Python's name for the charset of a `Content-Type`, as browsers understand it; `None` for UTF-8."""
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    charset = message.get_param("charset")
    if not isinstance(charset, str):
        return None
    return declared_encoding(b"<meta charset=%s>" % charset.strip("'\" ").encode("ascii", "replace"))


def _declared(body: bytes, content_type: str) -> list[str]:
    found = (header_encoding(content_type), declared_encoding(body))
    return list(dict.fromkeys(encoding for encoding in found if encoding))


def _is_seven_bit(encoding: str) -> bool:
    return encoding.startswith(("iso2022", "hz"))


def _seven_bit(body: bytes, declared: list[str]) -> str | None:
    for encoding in filter(_is_seven_bit, declared):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _utf8(body: bytes) -> str | None:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    if not broken:
        return text
    well = sum(character > "\x7f" for character in text) - broken
    return text if well >= WELL_PER_BROKEN * broken else None


def _likely(body: bytes, declared: list[str]) -> list[str]:
    """Encodings to try, the likeliest first."""
    prose = b" ".join(part for part in _TAG.split(body) if _HIGH.search(part)) or body
    prose = prose[:SNIFFED_BYTES]
    trusted = [encoding for encoding in declared if not (encoding == "cp1252" and _is_foreign(prose))]
    if len(trusted) == 1:
        likely = [*trusted, *_sniffed(prose, SNIFFED)]
    else:
        likely = [*_sniffed(prose, trusted or SNIFFED), *trusted, *declared]
    return ["cp1254", *likely] if likely[:1] == ["cp1252"] and _is_turkish(prose) else likely


def _is_foreign(prose: bytes) -> bool:
    high = sum(byte > 0xA0 for byte in prose)
    plain = sum(bytes((byte,)).isalpha() for byte in prose)
    return high > FOREIGN_SHARE_MAX * (high + plain)


def _is_turkish(prose: bytes) -> bool:
    """Whether what cp1252 reads as ð, ý and þ is ğ, ı and ş: Icelandic would have á, í, æ and ó too."""
    return len(_TURKISH.findall(prose)) >= TURKISH_LETTERS_MIN and not _ICELANDIC.search(prose)


def _sniffed(prose: bytes, candidates: list[str] | tuple[str, ...]) -> list[str]:
    from charset_normalizer import from_bytes

    best = from_bytes(prose.strip(), cp_isolation=list(candidates)).best()
    return [] if best is None else [codecs.lookup(best.encoding).name]
