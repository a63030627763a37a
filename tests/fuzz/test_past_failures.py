"""What the fuzzer once found, as small as it could be made."""

from __future__ import annotations

import time

import pytest

from tests.fuzz.targets import load

PAST = {
    "a tab in a feed's address": ("url", b"https://example.\t#!"),
    "an address that outgrows the limit once escaped": ("url", b"https://google.com/amp/s/example.org/x-1s" + b"*" * 2700),
    "a slash at the end of a callback's path": ("callback", b"G\ntoken/\n\n\n"),
    "a slash at the end of the push endpoint's path": ("push", b"articles/\n\n\n\n\n"),
    "thirty thousand broken records": ("warc", b"WARC/1." * 36_000),
    "records that each say they are as long as the file": ("warc", b"WARC/1.0\r\nContent-Length: 99999\r\n\r\n" * 4000),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), PAST.values(), ids=PAST)
def test_it_is_read_or_refused_and_soon(name: str, data: bytes) -> None:
    begun = time.process_time()
    load(name).read(data)
    assert time.process_time() - begun < 5
