"""A list of one's own in YAML: a list of entries, or `entries:` with one below.

Read as a stream of events, so that only one entry is held, every value stays the text that is written
(`no` is Norway, `1961-04-30` a date) and nothing is built that a tag asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from processors.watchlists.draft import Draft
from processors.watchlists.faults import Fault, ListError, shown
from processors.watchlists.readers.fields import KNOWN, Value, draft_of, unknown

ENTRIES = "entries"
_DEPTH_MAX = 4
_NODES_MAX = 5000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Iterator[Draft | Fault]:
    """Each entry. Raises `ListError` where the file is no YAML, uses anchors, or is no list of entries."""
    with path.open("rb") as file:
        loader = _Loader(file)
        try:
            yield from _entries(loader)
        except yaml.MarkedYAMLError as error:
            line = getattr(error.problem_mark, "line", -1) + 1
            raise ListError(f"line {line}: it is no YAML ({error.problem}): check its indents") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ListError(f"it is no YAML in UTF-8: {str(error).splitlines()[0]}") from None
        finally:
            loader.dispose()


def _entries(loader: Any) -> Iterator[Draft | Fault]:
    _open_list(loader)
    while not loader.check_event(yaml.SequenceEndEvent):
        line = loader.peek_event().start_mark.line + 1
        place = f"line {line}"
        value = _Builder(loader, line).value()
        if not isinstance(value, dict):
            yield Fault(place, "", f"it is no entry: write one as keys and values ({KNOWN})")
            continue
        fields = {key: _flat(one) for key, one in value.items()}
        if left := unknown(fields):
            yield Fault(place, "", f"keys not known are not read: {shown(', '.join(left))}", skipped=False)
        yield draft_of(fields, place)


def _open_list(loader: Any) -> None:
    """Go to the first entry."""
    for wanted in (yaml.StreamStartEvent, yaml.DocumentStartEvent):
        if not loader.check_event(wanted):
            raise ListError("it is empty")
        loader.get_event()
    if loader.check_event(yaml.MappingStartEvent):
        loader.get_event()
        while not loader.check_event(yaml.MappingEndEvent):
            line = loader.peek_event().start_mark.line + 1
            key = _Builder(loader, line).value()
            if key == ENTRIES:
                break
            _Builder(loader, line).value()
    if not loader.check_event(yaml.SequenceStartEvent):
        raise ListError(
            f"it is no list of entries: begin each with `- name: …`, at the top or below `{ENTRIES}:`"
        )
    loader.get_event()


class _Builder:
    """Plain values out of events: texts, lists and mappings, so many and no deeper."""

    def __init__(self, loader: Any, line: int) -> None:
        self._loader, self._line, self._left = loader, line, _NODES_MAX

    def value(self, depth: int = 0) -> Any:
        event = self._loader.get_event()
        self._left -= 1
        if isinstance(event, yaml.AliasEvent):
            raise ListError(f"line {self._line}: it uses an alias (*): write the value out")
        if depth > _DEPTH_MAX or self._left < 0:
            raise ListError(
                f"line {self._line}: an entry of more than {_NODES_MAX} values or {_DEPTH_MAX} levels"
            )
        if isinstance(event, yaml.ScalarEvent):
            return "" if event.implicit[0] and event.value in {"~", "null"} else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._until(yaml.SequenceEndEvent, depth))
        flat = list(self._until(yaml.MappingEndEvent, depth))
        return {str(key): value for key, value in zip(flat[::2], flat[1::2], strict=True)}

    def _until(self, end: type, depth: int) -> Iterator[Any]:
        while not self._loader.check_event(end):
            yield self.value(depth + 1)
        self._loader.get_event()


def _flat(value: Any) -> Value:
    if isinstance(value, list):
        return [str(one) for one in value]
    return str(value)
