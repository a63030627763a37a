"""Write what was learned as an ONNX graph of integer kernels.

    python -m training.understanding.export LEARNED.npz MODEL.onnx

Takes word rows (batch, pieces, 384) and the kept mask (batch, pieces); gives scores (batch, pieces,
columns of `processors.encoder.heads`) and an embedding a row (batch, 384). Weights are int8 with a scale
a column; what flows into a matrix is uint8 between fixed bounds, so a text gives the same answer whatever
else is in its batch.
The kernels are onnxruntime's own (domain com.microsoft).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from processors.encoder.heads import COLUMNS
from processors.encoder.packed import HEADS, LAYERS, WIDTH, packed_model

FLOW_STEPS = 255
OURS = "com.microsoft"


class Graph:
    """Nodes and initialisers as they are added; each call returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initialisers: dict[str, Any] = {}

    def constant(self, name: str, value: Any) -> str:
        """An initialiser, once however often it is asked for."""
        if name not in self.initialisers:
            self.initialisers[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def add(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> Any:
        """A node; the names of its outputs, or the one name."""
        names = [f"{kind.lower()}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names


def matrix(graph: Graph, learned: dict[str, Any], name: str, flow: str, *, bias: bool = True) -> str:
    low, high = float(learned[f"{name}.low"]), float(learned[f"{name}.high"])
    step = np.float32((np.float32(high) - np.float32(low)) / FLOW_STEPS)
    zero = np.array(np.rint(-np.float32(low) / step), np.uint8)
    steps, scale = learned[f"{name}.steps"], learned[f"{name}.scale"]
    flow_step, flow_zero = graph.constant(f"{name}.step", step), graph.constant(f"{name}.zero", zero)
    whole = graph.add("QuantizeLinear", flow, flow_step, flow_zero)
    inputs = [
        whole,
        graph.constant(f"{name}.weight", steps),
        flow_step,
        graph.constant(f"{name}.scale", scale),
        flow_zero,
    ]
    inputs += ["", graph.constant(f"{name}.bias", learned[f"{name}.bias"])] if bias else []
    return graph.add("MatMulIntegerToFloat", *inputs, domain=OURS)


def layer(graph: Graph, learned: dict[str, Any], name: str, flow: str) -> str:
    parts = graph.add("Split", matrix(graph, learned, f"{name}.qkv", flow), outputs=3, axis=-1, num_outputs=3)
    mixed = graph.add("MultiHeadAttention", *parts, "", "mask", domain=OURS, num_heads=HEADS)
    flow = norm(
        graph,
        learned,
        f"{name}.attention_norm",
        graph.add("Add", flow, matrix(graph, learned, f"{name}.ao", mixed)),
    )
    inner = graph.add(
        "FastGelu",
        matrix(graph, learned, f"{name}.fi", flow, bias=False),
        graph.constant(f"{name}.fi.bias", learned[f"{name}.fi.bias"]),
        domain=OURS,
    )
    return norm(
        graph,
        learned,
        f"{name}.output_norm",
        graph.add("Add", flow, matrix(graph, learned, f"{name}.fo", inner)),
    )


def norm(graph: Graph, learned: dict[str, Any], name: str, flow: str) -> str:
    weight, bias = (
        graph.constant(f"{name}.{part}", learned[f"{name}.{part}"]) for part in ("weight", "bias")
    )
    return graph.add("LayerNormalization", flow, weight, bias, axis=-1, epsilon=1e-12)


def build(learned: dict[str, Any]) -> Any:
    graph = Graph()
    packed = packed_model()
    positions = packed.tensor("emb.pos", -1, WIDTH) + packed.tensor("emb.type", -1, WIDTH)[:1]
    graph.nodes.append(helper.make_node("Cast", ["kept"], ["mask"], to=TensorProto.INT32))
    length = graph.add("Gather", graph.add("Shape", "words"), graph.constant("one", np.array([1])))
    here = graph.add(
        "Slice",
        graph.constant("positions", positions),
        graph.constant("nought", np.array([0])),
        length,
        "nought",
    )
    flow = norm(graph, learned, "norm", graph.add("Add", "words", here))
    for number in range(LAYERS):
        flow = layer(graph, learned, f"layers.{number}", flow)
    heads = [
        graph.add(
            "Add",
            graph.add("MatMul", flow, graph.constant(f"{head}.weight", learned[f"{head}.weight"].T)),
            graph.constant(f"{head}.bias", learned[f"{head}.bias"]),
        )
        for head in ("labels", "told")
    ]
    graph.nodes.append(helper.make_node("Concat", heads, ["scores"], axis=-1))
    weights = graph.add(
        "Unsqueeze", graph.add("Cast", "kept", to=TensorProto.FLOAT), graph.constant("last", np.array([2]))
    )
    total = graph.add("ReduceSum", graph.add("Mul", flow, weights), "one", keepdims=0)
    mean = graph.add("Div", total, graph.add("ReduceSum", weights, "one", keepdims=0))
    placed = graph.add("MatMul", mean, graph.constant("turn.weight", learned["turn.weight"].T))
    graph.nodes.append(
        helper.make_node("Add", [placed, graph.constant("turn.bias", learned["turn.bias"])], ["embedding"])
    )
    made = helper.make_graph(
        graph.nodes,
        "names",
        [
            helper.make_tensor_value_info("words", TensorProto.FLOAT, ["batch", "pieces", WIDTH]),
            helper.make_tensor_value_info("kept", TensorProto.INT64, ["batch", "pieces"]),
        ],
        [
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", "pieces", COLUMNS]),
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH]),
        ],
        list(graph.initialisers.values()),
    )
    return helper.make_model(
        made, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(OURS, 1)], ir_version=9
    )


def main() -> None:
    learned = np.load(sys.argv[1])
    exact = {name: learned[name] for name in learned.files}
    floats = {
        name: value if value.dtype == np.int8 else value.astype(np.float32) for name, value in exact.items()
    }
    onnx.save(build(floats), sys.argv[2])
    print(sys.argv[2], Path(sys.argv[2]).stat().st_size, "bytes")


if __name__ == "__main__":
    main()
