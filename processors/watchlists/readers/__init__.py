"""Lists as their publishers write them, one reader a format; each gives `Draft`s and `Fault`s, streaming."""

from processors.watchlists.readers.formats import FORMATS, Format, read_list, sniff

__all__ = ["FORMATS", "Format", "read_list", "sniff"]
