"""Unpacking within limits."""

from __future__ import annotations

import gzip
import tracemalloc
from contextlib import suppress
from functools import partial

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from producers.fetching import FetchError
from producers.fetching.content_encoding import decoded

PACK = {"gzip": gzip.compress, "br": partial(brotli.compress, quality=1), "zstd": zstd.compress}


@pytest.mark.parametrize("encoding", PACK)
@pytest.mark.parametrize("size_bytes", [0, 1, 999, 1000])
def test_what_fits_comes_out_whole(encoding: str, size_bytes: int) -> None:
    data = bytes(range(256)) * 4
    packed = PACK[encoding](data[:size_bytes])
    assert decoded(packed, encoding.upper(), 1000) == data[:size_bytes]


@pytest.mark.parametrize("encoding", PACK)
@pytest.mark.parametrize("size_bytes", [1001, 100_000_000])
def test_what_does_not_fit_is_refused_before_it_fills_memory(encoding: str, size_bytes: int) -> None:
    packed = PACK[encoding](bytes(size_bytes))
    tracemalloc.start()
    with pytest.raises(FetchError) as caught:
        decoded(packed, encoding, 1000)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.reason == "too_large"
    assert peak_bytes < 5_000_000


def test_an_empty_body_needs_no_unpacking() -> None:
    assert decoded(b"", "gzip", 10) == b""
    assert decoded(b"plain", "", 10) == b"plain"
    assert decoded(b"plain", "identity", 10) == b"plain"


@pytest.mark.parametrize("encoding", ["compress", "gzip, rot13", "gzip, gzip, gzip, gzip"])
def test_what_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(FetchError) as caught:
        decoded(gzip.compress(b"x"), encoding, 10)
    assert caught.value.reason == "undecodable"


@given(st.binary(), st.sampled_from(["gzip", "deflate", "br", "zstd", "br, gzip"]))
def test_any_bytes_come_out_or_are_refused(data: bytes, encoding: str) -> None:
    with suppress(FetchError):
        assert len(decoded(data, encoding, 1000)) <= 1000
