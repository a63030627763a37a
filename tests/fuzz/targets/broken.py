"""A parser that breaks in every way, for testing the fuzzer."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fuzz.target import Target


def read(data: bytes) -> None:
    """Raises, fills the memory, or never comes back, as it is told."""
    if b"!" in data:
        raise ValueError("!")
    if b"#" in data:
        bytes(1 << 40)
    while b"~" in data:
        pass


TARGETS = (
    Target(
        "broken-parser",
        read,
        (b"valid",),
        st.sampled_from((b"a!b", b"a#b")),
        (b"!", b"#", b"?"),
        bytes_max=64,
    ),
)
