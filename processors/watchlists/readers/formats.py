"""Which of the formats a file has, and its reader."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, get_args

from processors.watchlists.draft import Draft
from processors.watchlists.faults import Fault, ListError, shown

Format = Literal["ftm", "ofac-xml", "ofac-advanced", "ofac-csv", "un", "eu", "csv", "yaml"]
FORMATS: tuple[Format, ...] = get_args(Format)
LIST_BYTES_MAX = 1 << 30
_HEAD_BYTES = 64 * 1024
_BY_ROOT: dict[str, Format] = {
    "sdnList": "ofac-xml",
    "Sanctions": "ofac-advanced",
    "CONSOLIDATED_LIST": "un",
    "export": "eu",
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_list(path: Path, format_: Format) -> Iterator[Draft | Fault]:
    """Each entry of a list as it is written, and what could not be read.

    Raises `ListError`: a file that is not there, too large, or not of its format; `OSError` while reading.
    """
    check_size(path)
    return _reader(format_)(path)


def check_size(path: Path) -> None:
    """Raise `ListError` for a file of more than `LIST_BYTES_MAX`, or none."""
    if not path.is_file():
        raise ListError("there is no such file")
    size = path.stat().st_size
    if size > LIST_BYTES_MAX:
        raise ListError(
            f"it has {size >> 20} MiB, {LIST_BYTES_MAX >> 20} at most: take a smaller collection of the list"
        )
    if size == 0:
        raise ListError("it is empty: download it again")


def sniff(path: Path) -> Format:
    """The format that name and beginning tell. Raises `ListError` where they tell none."""
    check_size(path)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    first = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:1]
    if first == b"<" or head.startswith(_UTF16):
        return _sniff_xml(path)
    if path.suffix.lower() in {".yaml", ".yml"}:
        return "yaml"
    if first == b"{":
        return "ftm"
    if first == b"[":
        raise ListError("it is one JSON array: FollowTheMoney is one JSON object a line (entities.ftm.json)")
    return _sniff_text(path, head.decode("utf-8-sig", "replace"))


def _sniff_xml(path: Path) -> Format:
    from processors.watchlists.readers.xml import root_name

    name = root_name(path)
    if name.lower() == "html":
        raise ListError("it is a web page, not a list: download it again")
    if name not in _BY_ROOT:
        raise ListError(f"its root is <{shown(name)}>, which is no list known: {_choices()}")
    return _BY_ROOT[name]


def _sniff_text(path: Path, head: str) -> Format:
    from processors.watchlists.readers import ofac_csv
    from processors.watchlists.readers.fields import MEANING, column
    from processors.watchlists.readers.rows import delimiter_of

    line = next((line for line in head.splitlines() if line.strip()), "")
    cells = [cell.strip(" \"'") for cell in line.split(delimiter_of(line))]
    if line.startswith(("- ", "---", "entries:")):
        return "yaml"
    if cells[0].isdecimal() and len(cells) >= ofac_csv.COLUMNS:
        return "ofac-csv"
    if path.suffix.lower() in {".csv", ".tsv"} or "name" in {MEANING.get(column(cell)) for cell in cells}:
        return "csv"
    raise ListError(f"neither its name nor its beginning tells a format: {_choices()}")


def _choices() -> str:
    return f"say which with --format ({', '.join(FORMATS)})"


def _reader(format_: Format) -> Callable[[Path], Iterator[Draft | Fault]]:
    from processors.watchlists.readers import eu, ftm, ofac_advanced, ofac_csv, ofac_xml, table, un, yaml_list

    readers: dict[Format, Callable[[Path], Iterator[Draft | Fault]]] = {
        "ftm": ftm.read,
        "ofac-xml": ofac_xml.read,
        "ofac-advanced": ofac_advanced.read,
        "ofac-csv": ofac_csv.read,
        "un": un.read,
        "eu": eu.read,
        "csv": table.read,
        "yaml": yaml_list.read,
    }
    return readers[format_]
