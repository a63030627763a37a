"""From a file's bytes to text: byte-order marks, UTF-8, and what an HTML page declares."""

from __future__ import annotations

import codecs
import re

from producers.unreadable import ReadError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARATION_BYTES = 4096

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE
)
_ON_PAGES = re.compile(
    r"cp(?:125\d|866|874)|iso8859-\d+|koi8-[ru]|mac-cyrillic|tis-620|ascii"
    r"|gb\w+|hz|big5\w*|euc_\w+|iso2022_\w+|shift_jis\w*"
)
# What browsers take these labels to mean (WHATWG Encoding Standard, https://encoding.spec.whatwg.org).
_BROWSERS_READ = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}


def decode_text(data: bytes, *, html: bool = False) -> str:
    """The text in `data`, as it stands, without a byte-order mark.

    A mark decides; else it is UTF-8 if it can be; else, for HTML, what the page declares. A declaration
    comes second because saved pages are often re-encoded as UTF-8 and keep their old one; text in
    another encoding hardly ever passes for UTF-8, but for the seven-bit ones, which come first. Raises
    `ReadError` (`not_utf8`) rather than guess.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _decode(data, encoding)
    declared = declared_encoding(data) if html else None
    if declared is not None and declared.startswith(("iso2022", "hz")):
        return _decode(data, declared)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, declared or "utf-8")


def declared_encoding(data: bytes) -> str | None:
    """Python's name for the encoding that an HTML page declares in its first bytes.

    `None` for UTF-8, for what Python does not know, and for what no page is written in (Python also has
    codecs that execute escapes).
    """
    found = _DECLARED.search(data[:DECLARATION_BYTES])
    if found is None:
        return None
    try:
        codec = codecs.lookup(found[1].decode("ascii"))
    except LookupError:
        return None
    return _BROWSERS_READ.get(codec.name, codec.name) if _ON_PAGES.fullmatch(codec.name) else None


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError("not_utf8", f"the text can't be decoded as {encoding}: {error}") from None
