"""multilingual-e5-small in float32 as one ONNX graph: what a model from a hub costs, for `names.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from processors.encoder.packed import HEADS, LAYERS, WIDTH, PackedModel

PIECES = 250_002
LABELS = 7
OURS = "com.microsoft"


class _Graph:
    def __init__(self, packed: PackedModel) -> None:
        self.packed = packed
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def add(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **settings: Any) -> list[str]:
        names = [f"t{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **settings))
        return names

    def weight(self, name: str, value: Any) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def matrix(self, flow: str, name: str, *parts: str) -> str:
        inputs = 4 * WIDTH if name.endswith("fo") else WIDTH
        weight = np.concatenate([self.packed.tensor(f"{part}.w", -1, inputs) for part in parts]).T
        bias = np.concatenate([self.packed.tensor(f"{part}.b") for part in parts])
        [product] = self.add("MatMul", flow, self.weight(f"{name}.w", weight))
        return self.add("Add", product, self.weight(f"{name}.b", bias))[0]

    def norm(self, flow: str, name: str) -> str:
        given = [self.weight(f"{name}.{part}", self.packed.tensor(f"{name}.{part}")) for part in "wb"]
        return self.add("LayerNormalization", flow, *given, axis=-1, epsilon=1e-12)[0]


def model(packed: PackedModel) -> Any:
    graph = _Graph(packed)
    table = packed.word_rows(np.arange(PIECES)).astype(np.float16)
    [half] = graph.add("Gather", graph.weight("words", table), "input_ids")
    [words] = graph.add("Cast", half, to=TensorProto.FLOAT)
    places = packed.tensor("emb.pos", -1, WIDTH) + packed.tensor("emb.type", -1, WIDTH)[:1]
    [shape] = graph.add("Shape", "input_ids")
    [length] = graph.add("Gather", shape, graph.weight("one", np.array([1])))
    nought = graph.weight("nought", np.array([0]))
    [here] = graph.add("Slice", graph.weight("places", places), nought, length, nought)
    flow = graph.norm(graph.add("Add", words, here)[0], "emb.ln")
    [mask] = graph.add("Cast", "attention_mask", to=TensorProto.INT32)
    for i in range(LAYERS):
        flow = _layer(graph, f"l{i}", flow, mask)
    head = graph.weight("head", np.zeros((WIDTH, LABELS), np.float32))
    graph.nodes.append(helper.make_node("MatMul", [flow, head], ["logits"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["rows", "pieces"])
        for name in ("input_ids", "attention_mask")
    ]
    scores = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["rows", "pieces", LABELS])
    made = helper.make_graph(graph.nodes, "peer", inputs, [scores], graph.weights)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(OURS, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def _layer(graph: _Graph, name: str, flow: str, mask: str) -> str:
    joined = graph.matrix(flow, f"{name}.qkv", *(f"{name}.{part}" for part in "qkv"))
    parts = graph.add("Split", joined, outputs=3, axis=-1, num_outputs=3)
    [mixed] = graph.add("MultiHeadAttention", *parts, "", mask, domain=OURS, num_heads=HEADS)
    attended = graph.matrix(mixed, f"{name}.ao", f"{name}.ao")
    flow = graph.norm(graph.add("Add", flow, attended)[0], f"{name}.aln")
    [inner] = graph.add("FastGelu", graph.matrix(flow, f"{name}.fi", f"{name}.fi"), domain=OURS)
    given = graph.matrix(inner, f"{name}.fo", f"{name}.fo")
    return graph.norm(graph.add("Add", flow, given)[0], f"{name}.oln")
