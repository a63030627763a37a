"""What a stage remembers, packed into the bytes that a Faust table holds."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_encoder = msgspec.msgpack.Encoder()


class Packed:
    """Values by key in `store`, msgpack, every key after `prefix`, which others in the store haven't."""

    def __init__(self, store: MutableMapping[str, bytes], prefix: str) -> None:
        self._store = store
        self._prefix = prefix

    def get(self, key: str, kind: type[T]) -> T | None:
        """The value, or `None` where there is none."""
        data = self._store.get(self._prefix + key)
        return None if data is None else msgspec.msgpack.decode(data, type=kind)

    def put(self, key: str, value: Any) -> None:
        """Keep a value, in place of any before."""
        self._store[self._prefix + key] = _encoder.encode(value)

    def drop(self, key: str) -> None:
        """Forget a value, where there is one."""
        self._store.pop(self._prefix + key, None)
