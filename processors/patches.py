"""A large value that changes by little, kept as what it once was and a patch.

A patch is the value compressed with the base as its dictionary (zstd's `--patch-from`), behind a digest of
the base: a patch whose base has been replaced says nothing. A source's lines take 15 KB and change by some
80 bytes an article; written whole each time they were two fifths of all that Kafka had to keep.
"""

from __future__ import annotations

import hashlib
import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DIGEST_BYTES = 8
BASE_BYTES_MIN = 512
WORTH_SHARE = 8
"""A patch is worth it at an eighth of the value: it grows with each change, and then the base is renewed."""


def patch_of(base: bytes, value: bytes) -> bytes | None:
    """What makes `value` of `base`; `None` where the value had better be kept whole."""
    if len(base) < BASE_BYTES_MIN:
        return None
    patch = _digest(base) + zstd.compress(value, zstd_dict=_prefix(base))
    return patch if len(patch) * WORTH_SHARE <= len(value) else None


def patched(base: bytes, patch: bytes) -> bytes:
    """The value that a patch makes of its base; of another, the other itself."""
    if patch[:DIGEST_BYTES] != _digest(base):
        return base
    return zstd.decompress(patch[DIGEST_BYTES:], zstd_dict=_prefix(base))


def _digest(base: bytes) -> bytes:
    return hashlib.blake2b(base, digest_size=DIGEST_BYTES).digest()


def _prefix(base: bytes) -> tuple[zstd.ZstdDict, int]:
    return zstd.ZstdDict(base, is_raw=True).as_prefix
