"""What is fuzzed: one parser of outside bytes, the inputs it is given, and what must hold of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis.strategies import SearchStrategy

CASE_CPU_SECONDS_MAX = 5.0
INPUT_BYTES_MAX = 256 * 1024
MEMORY_BYTES_MAX = 1 << 30
"""What a parser may take on top of what its libraries take."""


class BreachError(AssertionError):
    """A property that does not hold of an input."""


@dataclass(frozen=True)
class Target:
    """One parser. `read` gives it an input and checks what comes out: whatever it raises is a fault.

    `samples` are small valid inputs, to be mutated; `shapes` builds nearly valid ones; `words` are tokens
    of the format that mutation puts in. A `cost` of n makes the short run n times shorter.
    """

    name: str
    read: Callable[[bytes], None]
    samples: tuple[bytes, ...]
    shapes: SearchStrategy[bytes]
    words: tuple[bytes, ...] = ()
    cost: int = 1
    bytes_max: int = INPUT_BYTES_MAX


def holds(truth: object, what: str) -> None:
    """Raise `BreachError` where it does not. Unlike an assert, it says what, and runs under -O."""
    if not truth:
        raise BreachError(what)


def text_of(data: bytes) -> str:
    """An input as text, lone surrogates among it, as JSON's escapes and file names bring them in."""
    return data.decode("utf-8", "surrogatepass") if _passes(data) else data.decode("utf-8", "replace")


def _passes(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True
