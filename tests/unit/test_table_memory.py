"""A table as memory: what the disk does not take ends the worker, and no article is set aside for it."""

from __future__ import annotations

import pytest

from processors.tables import TableMemory


class Disk(dict[bytes, bytes]):
    """A table whose disk is full, or whose user errs."""

    fault: Exception | None = None

    def __setitem__(self, key: bytes, value: bytes) -> None:
        if self.fault is not None:
            raise self.fault
        super().__setitem__(key, value)


@pytest.fixture
def ended() -> list[str]:
    return []


def test_a_full_disk_ends_the_worker(ended: list[str]) -> None:
    disk = Disk()
    memory = TableMemory(disk, lambda why, error: ended.append(f"{why}: {error}"))
    memory["a"] = b"1"
    disk.fault = Exception("IO error: No space left on device")
    with pytest.raises(Exception, match="No space left"):
        memory["b"] = b"2"
    assert ended == ["state: IO error: No space left on device"]
    assert dict(memory.items()) == {"a": b"1"}


def test_a_fault_of_the_stage_does_not(ended: list[str]) -> None:
    disk = Disk()
    memory = TableMemory(disk, lambda why, **_: ended.append(why))
    disk.fault = TypeError("not bytes")
    with pytest.raises(TypeError):
        memory["b"] = b"2"
    with pytest.raises(KeyError):
        memory["nothing"]
    assert ended == []
