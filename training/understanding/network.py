"""The encoder and its heads in PyTorch, as they will run in 8 bits: scores of pieces, and an embedding.

When `quantise` is on, weights and what flows into them are rounded as the integer kernels will round
them (Jacob et al., 2018, quantisation-aware training), between bounds that are found once, so that
the same words give the same answer in any batch, and nothing is lost when the model is put into
integers. Weights keep to 7 bits: 8-bit products of pairs overflow on processors without VNNI.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from processors.encoder.decoding import LABELS
from processors.encoder.heads import COLUMNS
from processors.encoder.packed import HEADS, LAYERS, POSITIONS, WIDTH, unpacked

MATRICES = {
    "qkv": (WIDTH, 3 * WIDTH),
    "ao": (WIDTH, WIDTH),
    "fi": (WIDTH, 4 * WIDTH),
    "fo": (4 * WIDTH, WIDTH),
}
WEIGHT_STEPS = 63
FLOW_STEPS = 255
RARE_SHARE = 0.0001
WATCHED_VALUES = 200_000


class Linear(nn.Module):
    """A matrix of the encoder, `(inputs, outputs)` as ONNX multiplies, and the bounds of what flows in."""

    low: Tensor
    high: Tensor

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(bias)
        self.register_buffer("low", torch.tensor(-1.0))
        self.register_buffer("high", torch.tensor(1.0))
        self.quantise = self.watch = False
        self.seen: list[Tensor] = []

    def begin_quantising(self) -> None:
        """Take the bounds that were seen while `watch` was on; all but the rarest values lie between them."""
        low, high = torch.stack(self.seen).mean(0)
        self.low.copy_(low)
        self.high.copy_(high)
        self.watch, self.quantise, self.seen = False, True, []

    @torch.no_grad()
    def steps(self) -> tuple[Tensor, Tensor]:
        """The matrix as int8 steps, and the size of a step in each column."""
        scale = self._scale()
        return (self.weight / scale).round().clamp(-WEIGHT_STEPS, WEIGHT_STEPS).to(torch.int8), scale

    def forward(self, flow: Tensor, kept: Tensor) -> Tensor:
        """`flow` times the matrix; `kept` says which pieces are no padding."""
        if self.watch:
            values = flow.detach()[kept].float().flatten()
            few = values[torch.randint(len(values), (WATCHED_VALUES,), device=values.device)]
            self.seen.append(torch.stack([few.quantile(RARE_SHARE), few.quantile(1 - RARE_SHARE)]))
        weight = self.weight
        if self.quantise:
            scale = self._scale()
            middle = torch.zeros_like(scale, dtype=torch.int32)
            weight = torch.fake_quantize_per_channel_affine(
                weight, scale, middle, 1, -WEIGHT_STEPS, WEIGHT_STEPS
            )
            step = (self.high - self.low) / FLOW_STEPS
            zero = (-self.low / step).round().int()
            flow = torch.fake_quantize_per_tensor_affine(flow, step, zero, 0, FLOW_STEPS)
        return flow @ weight + self.bias

    def _scale(self) -> Tensor:
        return self.weight.detach().abs().amax(0).clamp_min(1e-8) / WEIGHT_STEPS


class Layer(nn.Module):
    """One layer of the encoder: attention, then two matrices with GELU between, each normed."""

    def __init__(self, raw: dict[str, Tensor], dropout: float) -> None:
        super().__init__()
        self.qkv, self.ao, self.fi, self.fo = (
            Linear(raw[f"{name}.w"], raw[f"{name}.b"]) for name in MATRICES
        )
        self.attention_norm = _norm(raw, "aln")
        self.output_norm = _norm(raw, "oln")
        self.drop = nn.Dropout(dropout)

    def forward(self, flow: Tensor, kept: Tensor) -> Tensor:
        """`flow` (rows, pieces, 384) one layer on."""
        rows, width, _ = flow.shape
        parts = self.qkv(flow, kept).view(rows, width, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(*parts, attn_mask=kept[:, None, None, :])
        mixed = mixed.transpose(1, 2).reshape(rows, width, WIDTH)
        flow = self.attention_norm(flow + self.drop(self.ao(mixed, kept)))
        inner = functional.gelu(self.fi(flow, kept), approximate="tanh")
        return self.output_norm(flow + self.drop(self.fo(inner, kept)))


class Network(nn.Module):
    """Word rows to label scores and an embedding of unit length."""

    positions: Tensor

    def __init__(self, raw: dict[str, Tensor], dropout: float) -> None:
        super().__init__()
        self.register_buffer("positions", raw["emb.pos"] + raw["emb.type"][:1])
        self.norm = _norm(raw, "emb.ln")
        self.layers = nn.ModuleList(Layer(_of_layer(raw, i), dropout) for i in range(LAYERS))
        self.drop = nn.Dropout(dropout)
        self.labels = nn.Linear(WIDTH, len(LABELS))
        self.told = nn.Linear(WIDTH, COLUMNS - len(LABELS))
        self.turn = nn.Linear(WIDTH, WIDTH)
        with torch.no_grad():
            self.turn.weight.copy_(torch.eye(WIDTH))
            self.turn.bias.zero_()

    def forward(self, words: Tensor, kept: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (rows, pieces, columns of `processors.encoder.heads`) and embeddings (rows, 384)."""
        flow = self.drop(self.norm(words + self.positions[: words.shape[1]]))
        for layer in self.layers:
            flow = layer(flow, kept)
        weights = kept.unsqueeze(-1).to(flow.dtype)
        mean = (flow * weights).sum(1) / weights.sum(1)
        dropped = self.drop(flow)
        scores = torch.cat([self.labels(dropped), self.told(dropped)], -1)
        return scores, functional.normalize(self.turn(mean), dim=-1)

    def linears(self) -> list[Linear]:
        """Every matrix that will run in integers."""
        return [module for module in self.modules() if isinstance(module, Linear)]


def save(network: Network, path: Path) -> None:
    """What was learned: matrices as the integers they will run in, the rest in float16."""
    arrays = {}
    for name, value in network.state_dict().items():
        if name != "positions" and not name.endswith(tuple(f"{matrix}.weight" for matrix in MATRICES)):
            exact = name.endswith(("low", "high"))
            arrays[name] = value.cpu().numpy().astype(np.float32 if exact else np.float16)
    for name, module in network.named_modules():
        if isinstance(module, Linear):
            steps, scale = module.steps()
            arrays[f"{name}.steps"], arrays[f"{name}.scale"] = steps.cpu().numpy(), scale.cpu().numpy()
    np.savez_compressed(path, **arrays)


def from_model(path: Path, dropout: float) -> Network:
    """A network that goes on from an exported model: matrices from their integers, bounds as they were.

    Heads that the model has not are new.
    """
    given = {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    network = Network(_blank(), dropout)
    state = network.state_dict()
    for name in state:
        if name in given and name.startswith(("labels", "told", "turn")) and name.endswith("weight"):
            state[name] = torch.from_numpy(given[name].T.copy())
        elif name in given:
            state[name] = torch.from_numpy(given[name].astype(np.float32))
    for name, module in network.named_modules():
        if isinstance(module, Linear):
            step, zero = (given[f"{name}.{part}"].item() for part in ("step", "zero"))
            state[f"{name}.weight"] = torch.from_numpy(given[f"{name}.weight"] * given[f"{name}.scale"])
            state[f"{name}.low"] = torch.tensor(-zero * step)
            state[f"{name}.high"] = torch.tensor((FLOW_STEPS - zero) * step)
            module.quantise = True
    network.load_state_dict(state)
    return network


def _blank() -> dict[str, Tensor]:
    raw = {"emb.pos": torch.zeros(POSITIONS, WIDTH), "emb.type": torch.zeros(1, WIDTH)}
    shapes = {"emb.ln.w": (WIDTH,), "emb.ln.b": (WIDTH,)}
    for i in range(LAYERS):
        for name, (inputs, outputs) in MATRICES.items():
            shapes |= {f"l{i}.{name}.w": (inputs, outputs), f"l{i}.{name}.b": (outputs,)}
        shapes |= {f"l{i}.{name}": (WIDTH,) for name in ("aln.w", "aln.b", "oln.w", "oln.b")}
    return raw | {name: torch.zeros(shape) for name, shape in shapes.items()}


def raw_weights(pack: Any) -> dict[str, Tensor]:
    """The encoder's own weights from a pack, matrices as `(inputs, outputs)`, q, k and v joined."""
    flat = {key[4:]: _tensor(pack, key[4:]) for key in pack.files if key.startswith("raw.")}
    raw = {name: flat[name].reshape(-1, WIDTH) for name in ("emb.pos", "emb.type")}
    raw |= {name: flat[name] for name in ("emb.ln.w", "emb.ln.b")}
    for i in range(LAYERS):
        raw[f"l{i}.qkv.w"] = np.concatenate(
            [flat[f"l{i}.{part}.w"].reshape(WIDTH, WIDTH) for part in "qkv"]
        ).T
        raw[f"l{i}.qkv.b"] = np.concatenate([flat[f"l{i}.{part}.b"] for part in "qkv"])
        for name in ("ao", "fi", "fo"):
            inputs, outputs = MATRICES[name]
            raw[f"l{i}.{name}.w"] = flat[f"l{i}.{name}.w"].reshape(outputs, inputs).T
            raw[f"l{i}.{name}.b"] = flat[f"l{i}.{name}.b"]
        for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
            raw[f"l{i}.{name}"] = flat[f"l{i}.{name}"]
    return {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in raw.items()}


def _tensor(pack: Any, name: str) -> Any:
    data, count = pack[f"raw.{name}"], int(pack[f"size.{name}"])
    return np.array(data.view("<f4")[:count] if data.nbytes == 4 * count else unpacked(data), np.float32)


def _of_layer(raw: dict[str, Tensor], number: int) -> dict[str, Tensor]:
    prefix = f"l{number}."
    return {key[len(prefix) :]: value for key, value in raw.items() if key.startswith(prefix)}


def _norm(raw: dict[str, Tensor], name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH, eps=1e-12)
    with torch.no_grad():
        norm.weight.copy_(raw[f"{name}.w"])
        norm.bias.copy_(raw[f"{name}.b"])
    return norm
