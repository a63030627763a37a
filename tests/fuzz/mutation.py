"""Valid bytes made invalid: flipped, cut, repeated, spliced, filled with what parsers trip over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.wording import NASTY, written

CHANGES_MAX = 8
BLOW_UP_EVERY = 100
NASTY_BYTES = (
    *map(written, NASTY), b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd", b"\x78\x9c", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\\u0000", b"\\ud800", b"<![CDATA[", b"]]>", b"<!--", b"-->",
    b"<!DOCTYPE a [<!ENTITY b '&b;&b;'>]>", b"&b;", b"</", b"/>", b"<?xml", b"<script>", b"{", b"}", b"[", b"]", b'":', b"\\", b"\r\n\r\n",
)  # fmt: skip

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]


def mutated(rng: Random, samples: Sequence[bytes], words: Sequence[bytes], bytes_max: int) -> bytes:
    """One of the samples, changed in one to eight places; one in a hundred blown up to `bytes_max`."""
    data = rng.choice(samples)
    for _ in range(1 + int(rng.expovariate(0.7)) % CHANGES_MAX):
        data = rng.choice(_CHANGES)(rng, data, words)
        if rng.random() < 0.05:
            data = _spliced(rng, data, rng.choice(samples))
    if rng.randrange(BLOW_UP_EVERY) == 0:
        data = _blown_up(rng, data, words, bytes_max)
    return data[:bytes_max]


def _place(rng: Random, data: bytes) -> int:
    return rng.randint(0, len(data))


def _stretch(rng: Random, data: bytes, most: int = 64) -> tuple[int, int]:
    start = _place(rng, data)
    return start, min(len(data), start + rng.randint(1, most))


def _flip(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    if not data:
        return rng.randbytes(4)
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def _overwrite(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    start, end = _stretch(rng, data, 8)
    return data[:start] + rng.randbytes(end - start) + data[end:]


def _cut(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    start, end = _stretch(rng, data)
    return data[:start] + data[end:]


def _end(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    return data[: _place(rng, data)]


def _repeat(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    start, end = _stretch(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 2, 3, 20)) + data[end:]


def _swap(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    """Two neighbouring stretches the other way round."""
    start, middle = _stretch(rng, data)
    end = min(len(data), middle + rng.randint(1, 64))
    return data[:start] + data[middle:end] + data[start:middle] + data[end:]


def _insert(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    at = _place(rng, data)
    return data[:at] + _word(rng, words) + data[at:]


def _replace(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    start, end = _stretch(rng, data, 24)
    return data[:start] + _word(rng, words) + data[end:]


def _exchange(rng: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    """One token of the format for another."""
    there = [word for word in words if word in data]
    return data.replace(rng.choice(there), _word(rng, words), rng.choice((1, -1))) if there else data


def _word(rng: Random, words: Sequence[bytes]) -> bytes:
    return rng.choice(words) if words and rng.random() < 0.6 else rng.choice(NASTY_BYTES)


def _spliced(rng: Random, data: bytes, other: bytes) -> bytes:
    return data[: _place(rng, data)] + other[_place(rng, other) :]


def _blown_up(rng: Random, data: bytes, words: Sequence[bytes], bytes_max: int) -> bytes:
    """A stretch or a word repeated, so that whatever takes the square of its length is found out."""
    start, end = _stretch(rng, data, 200)
    unit = data[start:end] if rng.random() < 0.5 else _word(rng, words)
    size = int(2 ** rng.uniform(10, bytes_max.bit_length()))
    return data[:start] + unit * (size // max(1, len(unit))) + data[end:]


_CHANGES: tuple[Change, ...] = (
    _flip,
    _overwrite,
    _cut,
    _end,
    _repeat,
    _swap,
    _insert,
    _insert,
    _replace,
    _exchange,
)
