"""A value is what it was and a patch, whatever becomes of either."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from processors.patches import BASE_BYTES_MIN, WORTH_SHARE, patch_of, patched

BASE = Random(1).randbytes(4 * BASE_BYTES_MIN)


@given(cut=st.integers(0, len(BASE)), fresh=st.binary(max_size=300), repeated=st.integers(0, 3))
def test_a_patch_makes_the_value_and_is_small(cut: int, fresh: bytes, repeated: int) -> None:
    value = BASE[cut:] + fresh + BASE[:cut] * repeated
    patch = patch_of(BASE, value)
    if patch is not None:
        assert patched(BASE, patch) == value
        assert len(patch) * WORTH_SHARE <= len(value)


def test_a_little_change_is_worth_a_patch_and_another_value_is_not() -> None:
    assert patch_of(BASE, BASE[50:] + b"fresh") is not None
    assert patch_of(BASE, Random(2).randbytes(len(BASE))) is None
    assert patch_of(b"", BASE) is None
    assert patch_of(BASE[: BASE_BYTES_MIN - 1], BASE) is None


@given(st.binary(max_size=40))
def test_what_is_no_patch_of_the_base_leaves_it(patch: bytes) -> None:
    renewed = BASE + b"newer"
    old = patch_of(BASE, BASE[50:])
    assert old is not None
    assert patched(renewed, old) == renewed
    assert patched(renewed, patch) == renewed
