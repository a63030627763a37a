"""The encoder and its two heads in PyTorch, as they will run in 8 bits: labels of pieces, and an embedding.

Every weight matrix is multilingual-e5-small's plus a low-rank update (Hu et al., 2021, "LoRA"). When
`quantise` is on, weights and what flows into them are rounded as the integer kernels will round them
(Jacob et al., 2018, quantisation-aware training), with bounds for what flows in that are found once,
so that the same words give the same answer in any batch, and nothing is lost when the model is put into integers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from processors.encoder.packed import HEADS, LAYERS, WIDTH, unpacked
from processors.encoder.decoding import LABELS

MATRICES = {
    "qkv": (WIDTH, 3 * WIDTH),
    "ao": (WIDTH, WIDTH),
    "fi": (WIDTH, 4 * WIDTH),
    "fo": (4 * WIDTH, WIDTH),
}
WEIGHT_STEPS = 63
FLOW_STEPS = 255


@dataclass(frozen=True)
class Shape:
    """How much may change: `rank` of the updates, or 0 for whole matrices."""

    rank: int = 32
    dropout: float = 0.1


class Linear(nn.Module):
    """A matrix of the encoder with its update; `(inputs, outputs)`, as ONNX multiplies."""

    def __init__(self, weight: Tensor, bias: Tensor, rank: int) -> None:
        super().__init__()
        inputs, outputs = weight.shape
        self.rank = rank
        if rank:
            self.register_buffer("weight", weight)
            self.down = nn.Parameter(torch.randn(inputs, rank) / math.sqrt(inputs))
            self.up = nn.Parameter(torch.zeros(rank, outputs))
        else:
            self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(bias)
        self.register_buffer("low", torch.tensor(-1.0))
        self.register_buffer("high", torch.tensor(1.0))
        self.quantise = False
        self.watch = False
        self.seen: list[Tensor] = []

    def merged(self) -> Tensor:
        return self.weight + self.down @ self.up if self.rank else self.weight

    @torch.no_grad()
    def steps(self) -> tuple[Tensor, Tensor]:
        """The merged matrix as int8 steps, and the size of a step in each column."""
        weight = self.merged()
        scale = weight.abs().amax(0).clamp_min(1e-8) / WEIGHT_STEPS
        return (weight / scale).round().clamp(-WEIGHT_STEPS, WEIGHT_STEPS).to(torch.int8), scale

    def flow_scale(self) -> tuple[Tensor, Tensor]:
        """The size of a step of what flows in, and the step at which zero lies."""
        step = (self.high - self.low) / FLOW_STEPS
        return step, (-self.low / step).round().int()

    def forward(self, flow: Tensor, kept: Tensor) -> Tensor:
        weight = self.merged()
        if self.watch:
            values = flow.detach()[kept].float().flatten()
            few = values[torch.randint(len(values), (200_000,), device=values.device)]
            self.seen.append(torch.stack([few.quantile(0.0001), few.quantile(0.9999)]))
        if self.quantise:
            scale = weight.detach().abs().amax(0).clamp_min(1e-8) / WEIGHT_STEPS
            middle = torch.zeros_like(scale, dtype=torch.int32)
            weight = torch.fake_quantize_per_channel_affine(
                weight, scale, middle, 1, -WEIGHT_STEPS, WEIGHT_STEPS
            )
            step, zero = self.flow_scale()
            flow = torch.fake_quantize_per_tensor_affine(flow, step, zero, 0, FLOW_STEPS)
        return flow @ weight + self.bias


class Layer(nn.Module):
    def __init__(self, raw: dict[str, Tensor], shape: Shape) -> None:
        super().__init__()
        for name in MATRICES:
            setattr(self, name, Linear(raw[f"{name}.w"], raw[f"{name}.b"], shape.rank))
        self.attention_norm = _norm(raw, "aln")
        self.output_norm = _norm(raw, "oln")
        self.drop = nn.Dropout(shape.dropout)

    def forward(self, flow: Tensor, kept: Tensor) -> Tensor:
        rows, width, _ = flow.shape
        parts = self.qkv(flow, kept).view(rows, width, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(
            parts[0], parts[1], parts[2], attn_mask=kept[:, None, None, :]
        )
        mixed = mixed.transpose(1, 2).reshape(rows, width, WIDTH)
        flow = self.attention_norm(flow + self.drop(self.ao(mixed, kept)))
        inner = functional.gelu(self.fi(flow, kept), approximate="tanh")
        return self.output_norm(flow + self.drop(self.fo(inner, kept)))


class Network(nn.Module):
    """Word rows to label scores and an embedding of unit length."""

    def __init__(self, raw: dict[str, Tensor], shape: Shape) -> None:
        super().__init__()
        self.register_buffer("positions", raw["emb.pos"] + raw["emb.type"][:1])
        self.norm = _norm(raw, "emb.ln")
        layers = [
            {key[len(f"l{i}.") :]: value for key, value in raw.items() if key.startswith(f"l{i}.")}
            for i in range(LAYERS)
        ]
        self.layers = nn.ModuleList(Layer(one, shape) for one in layers)
        self.drop = nn.Dropout(shape.dropout)
        self.labels = nn.Linear(WIDTH, len(LABELS))
        self.turn = nn.Linear(WIDTH, WIDTH)
        with torch.no_grad():
            self.turn.weight.copy_(torch.eye(WIDTH))
            self.turn.bias.zero_()

    def flow(self, words: Tensor, kept: Tensor) -> Tensor:
        flow = self.drop(self.norm(words + self.positions[: words.shape[1]]))
        for layer in self.layers:
            flow = layer(flow, kept)
        return flow

    def forward(self, words: Tensor, kept: Tensor) -> tuple[Tensor, Tensor]:
        flow = self.flow(words, kept)
        return self.labels(self.drop(flow)), self.embedding(flow, kept)

    def embedding(self, flow: Tensor, kept: Tensor) -> Tensor:
        weights = kept.unsqueeze(-1).to(flow.dtype)
        mean = (flow * weights).sum(1) / weights.sum(1)
        return functional.normalize(self.turn(mean), dim=-1)

    def linears(self) -> list[Linear]:
        return [module for module in self.modules() if isinstance(module, Linear)]


def _norm(raw: dict[str, Tensor], name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH, eps=1e-12)
    with torch.no_grad():
        norm.weight.copy_(raw[f"{name}.w"])
        norm.bias.copy_(raw[f"{name}.b"])
    return norm


def raw_weights(pack: Any) -> dict[str, Tensor]:
    """The encoder's own weights from a pack, matrices as `(inputs, outputs)`, q, k and v joined."""
    flat = {}
    for key in pack.files:
        if key.startswith("raw."):
            name, count = key[4:], int(pack["size." + key[4:]])
            data = pack[key]
            values = data.view("<f4")[:count] if data.nbytes == 4 * count else unpacked(data)
            flat[name] = np.array(values, np.float32)
    raw = {"emb.pos": flat["emb.pos"].reshape(-1, WIDTH), "emb.type": flat["emb.type"].reshape(-1, WIDTH)}
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
