"""A token classifier small enough to write by hand: one table from token to label scores, as ONNX bytes.

The `onnx` package builds such files; two messages of its schema are all that is needed here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _bytes(field: int, data: bytes | str) -> bytes:
    raw = data.encode() if isinstance(data, str) else data
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _number(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _value(name: str, element_type: int, dimensions: list[str | int]) -> bytes:
    shape = b"".join(
        _bytes(1, _bytes(2, size) if isinstance(size, str) else _number(1, size)) for size in dimensions
    )
    tensor = _number(1, element_type) + _bytes(2, shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


def lookup_model(scores: npt.NDArray[np.float32]) -> bytes:
    """A model whose logits are `scores[token]`; `scores` is tokens by labels.

    Pieces that the mask leaves out are token 0; the third input is of int32, and is wanted for nothing.
    """
    table = b"".join(_number(1, size) for size in scores.shape)
    table += _number(2, 1) + _bytes(8, "table") + _bytes(9, scores.astype("<f4").tobytes())
    masked = _bytes(1, "input_ids") + _bytes(1, "attention_mask") + _bytes(2, "seen") + _bytes(4, "Mul")
    gather = _bytes(1, "table") + _bytes(1, "seen") + _bytes(2, "logits") + _bytes(4, "Gather")
    graph = _bytes(1, masked) + _bytes(1, gather) + _bytes(2, "lookup") + _bytes(5, table)
    for name, element_type in (("input_ids", 7), ("attention_mask", 7), ("token_type_ids", 6)):
        graph += _bytes(11, _value(name, element_type, ["batch", "tokens"]))
    graph += _bytes(12, _value("logits", 1, ["batch", "tokens", scores.shape[1]]))
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 13))
