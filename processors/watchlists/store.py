"""Imported lists on disk: a folder with a manifest, a file of JSON lines a list, and what was dismissed.

A list's file is named by its content and never changed; the manifest is replaced last, at once, so that a
reader sees the old list or the new one and nothing between. Writers exclude each other by a lock.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
from filelock import FileLock, Timeout

from processors.watchlists.entry import Entry
from processors.watchlists.faults import ListError

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_MANIFEST, _DISMISSED, _LOCK = "manifest.json", "dismissed.json", ".lock"
_LOCK_SECONDS = 60

T = TypeVar("T")
_decoder = msgspec.json.Decoder(Entry)
_encoder = msgspec.json.Encoder()


class ListInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One imported list. `count` is its entries, `names` all their names, `sha256` of the file kept."""

    name: str
    file: str
    source: str
    format: str
    imported_at: str
    count: int
    names: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The lists there are, by name."""

    version: int = 1
    lists: dict[str, ListInfo] = msgspec.field(default_factory=dict)


class Dismissal(msgspec.Struct, frozen=True, kw_only=True):
    """A name that is not the entry it looks like."""

    name: str
    list_name: str
    entry_id: str
    reason: str = ""
    dismissed_at: str = ""


class Store:
    """The folder. What reads it makes nothing; it need not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def manifest(self) -> Manifest:
        """The lists; none where nothing was imported. Raises `ListError` where it is broken."""
        return self._read(_MANIFEST, Manifest) or Manifest()

    def dismissals(self) -> list[Dismissal]:
        """What was dismissed, in order. Raises `ListError` where it is broken."""
        return self._read(_DISMISSED, list[Dismissal]) or []

    def stamp(self) -> tuple[tuple[int, int, int], ...]:
        """Something that differs once a list or a dismissal has changed: two calls of `stat`."""
        found = []
        for name in (_MANIFEST, _DISMISSED):
            try:
                status = (self.folder / name).stat()
            except OSError:
                found.append((0, 0, 0))
            else:
                found.append((status.st_mtime_ns, status.st_size, status.st_ino))
        return tuple(found)

    def lines(self, info: ListInfo) -> list[bytes]:
        """The entries of a list, encoded. Raises `ListError` where its file is gone or was changed."""
        try:
            data = (self.folder / Path(info.file).name).read_bytes()
        except OSError as error:
            raise ListError(f"list {info.name}: {error.strerror}: {info.file}: import it again") from None
        if hashlib.sha256(data).hexdigest() != info.sha256:
            raise ListError(f"list {info.name}: {info.file} is not what was imported: import it again")
        return data.splitlines()

    def entries(self, info: ListInfo) -> Iterator[Entry]:
        """The entries of a list. Raises `ListError` as `lines` does."""
        return map(decode_entry, self.lines(info))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out. Raises `ListError` where one does not end, `OSError` for a bad folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / _LOCK, timeout=_LOCK_SECONDS):
                yield
        except Timeout:
            raise ListError(
                f"another import has held {self.folder} for {_LOCK_SECONDS} s: wait for it"
            ) from None

    def replace(self, draft: ListInfo, entries: Iterable[Entry]) -> ListInfo:
        """Put a list in the place of the one of its name; the caller is `writing`.

        `file`, `count`, `names` and `sha256` of `draft` are filled in. If `entries` raises, nothing changes.
        """
        temporary = self.folder / f".{draft.name}.{os.getpid()}.tmp"
        try:
            info = _write(temporary, draft, entries)
            temporary.replace(self.folder / info.file)
        finally:
            temporary.unlink(missing_ok=True)
        manifest = self.manifest()
        self._put_manifest({**manifest.lists, info.name: info})
        self._drop(manifest.lists.get(info.name), kept=info.file)
        return info

    def remove(self, name: str) -> None:
        """Forget a list; the caller is `writing`. Its dismissals stay."""
        manifest = self.manifest()
        self._put_manifest({key: info for key, info in manifest.lists.items() if key != name})
        self._drop(manifest.lists.get(name), kept="")

    def put_dismissals(self, dismissals: list[Dismissal]) -> None:
        """Store what is dismissed from now on; the caller is `writing`."""
        self._put(_DISMISSED, dismissals)

    def _put_manifest(self, lists: dict[str, ListInfo]) -> None:
        self._put(_MANIFEST, Manifest(lists=lists))

    def _put(self, name: str, content: object) -> None:
        temporary = self.folder / f".{name}.tmp"
        data = msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / name)

    def _drop(self, info: ListInfo | None, kept: str) -> None:
        if info is not None and info.file != kept:
            (self.folder / info.file).unlink(missing_ok=True)

    def _read(self, name: str, kind: type[T]) -> T | None:
        try:
            data = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ListError(f"{self.folder / name}: {error.strerror}") from None
        try:
            return msgspec.json.decode(data, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ListError(f"{self.folder / name} is broken ({error}): delete it and import again") from None


def decode_entry(line: bytes) -> Entry:
    """An entry as the store keeps it."""
    return _decoder.decode(line)


def encode_entry(entry: Entry) -> bytes:
    """An entry as the store keeps it, on one line."""
    return _encoder.encode(entry)


def _write(path: Path, draft: ListInfo, entries: Iterable[Entry]) -> ListInfo:
    digest, count, names = hashlib.sha256(), 0, 0
    with path.open("wb") as file:
        for entry in entries:
            line = encode_entry(entry) + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
            names += sum(1 for _ in entry.names())
        file.flush()
        os.fsync(file.fileno())
    sha256 = digest.hexdigest()
    name = f"{draft.name}-{sha256[:12]}.jsonl"
    return msgspec.structs.replace(draft, file=name, count=count, names=names, sha256=sha256)
