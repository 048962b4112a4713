"""How near the text model comes to what a processor can do, and what that bounds.

    MIEN_DATA=... python benchmarks/roofline.py [--rounds 20] [--save]

The roof is measured, not read from a data sheet: products of a matrix of `ROWS` rows with the model's weights, by the
runtime that runs the model, in float32 and in int8. Times are processor time of one core, the least of many runs, so
that others on the machine matter little. The work of a sentence is what its products and its attention take, counted
in the graph, for comments of the usual length of GoEmotions' test split. With `--save`, the figures are also written to
results/text/roofline.json. Needs the extra `learn`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from mien.perceive.text.tokens import Tokens
from mien.registry import find
from mien.runtime import load

SAVED = Path(__file__).resolve().parents[1] / "results" / "text" / "roofline.json"
MODEL = "text-affect"
ROWS = 128
SENTENCES = 96
CORES = 2
SECONDS = 3.0
"""How long each kind of product is measured."""
KINDS = {
    "float": (TensorProto.FLOAT, TensorProto.FLOAT, "MatMul"),
    "int8": (TensorProto.UINT8, TensorProto.INT32, "MatMulInteger"),
}


def least(run: Callable[[], object], *, seconds: float = SECONDS, most: int = 10_000) -> float:
    """Return the least processor time that a call takes in this thread, in seconds."""
    found, end = [], time.perf_counter() + seconds
    run()
    while len(found) < most and (time.perf_counter() < end or len(found) < 3):
        began = time.thread_time()
        run()
        found.append(time.thread_time() - began)
    return min(found)


def peak(kind: str, width: int, inner: int) -> float:
    """Return the operations a second of one core, in 1e9, in a product ``(ROWS, width) @ (width, inner)``."""
    given, answered, name = KINDS[kind]
    rng = np.random.default_rng(0)
    right = rng.integers(-127, 128, (width, inner)).astype(np.int8 if kind == "int8" else np.float32)
    left = rng.integers(0, 256, (ROWS, width)).astype(np.uint8 if kind == "int8" else np.float32)
    graph = helper.make_graph(
        [helper.make_node(name, ["left", "right"], ["product"])],
        "product",
        [helper.make_tensor_value_info("left", given, [ROWS, width])],
        [helper.make_tensor_value_info("product", answered, [ROWS, inner])],
        [numpy_helper.from_array(right, "right")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return 2 * ROWS * width * inner / least(lambda: session.run(None, {"left": left})) / 1e9


def layers(path: Path) -> list[tuple[int, int]]:
    """Return the shapes of the weights that every token is multiplied with."""
    graph = onnx.load(str(path)).graph
    shapes = {weight.name: tuple(weight.dims) for weight in graph.initializer}
    scaled = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "DequantizeLinear"}
    found = [
        shapes[scaled[name]] for node in graph.node if node.op_type == "MatMul" for name in node.input if name in scaled
    ]
    if not found:
        raise SystemExit(f"{path} holds no product with a weight in int8")
    return [(shape[0], shape[1]) for shape in found]


def work(tokens: int, shapes: list[tuple[int, int]]) -> int:
    """Return the operations that a sentence of so many tokens takes: its products, and attention to one another."""
    width = shapes[0][0]
    blocks = sum(shape == (width, 3 * width) for shape in shapes)
    return 2 * tokens * sum(left * right for left, right in shapes) + 4 * tokens**2 * width * blocks


def feeds(parts: list[tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Return parts of one length as the trunk takes them."""
    ids = np.array(parts, dtype=np.int64)
    return {"ids": ids, "mask": np.ones_like(ids)}


def row(rounds: int) -> dict[str, Any]:
    began = time.perf_counter()
    model = load(MODEL, threads=1)
    shapes = layers(model.file("trunk.onnx"))
    options = model.info.options
    tokens = Tokens(model.file("tokenizer.json"), max_tokens=int(options["max_tokens"]))
    texts = [sample.signal.text for sample in find("corpus", "goemotions")("test")]
    parts = [part for found in tokens.parts(texts) for part in found]
    usual = round(float(np.mean([len(part) for part in parts])))
    alike = [part for part in parts if len(part) == usual][:SENTENCES]
    together = alike[: max(1, int(options["batch_tokens"]) // usual)]
    whole = work(usual, shapes)
    roofs = {kind: max(peak(kind, *shape) for shape in sorted(set(shapes))) for kind in KINDS}
    alone = least(lambda: model.run("trunk", feeds(alike[:1])), most=10 * rounds)
    batched = least(lambda: model.run("trunk", feeds(together)), most=rounds, seconds=60) / len(together)
    metrics = {
        "batched_gigaops_per_core": whole / batched / 1e9,
        "batched_share_of_float_peak": whole / batched / 1e9 / roofs["float"],
        "tokens_per_sentence": float(usual),
        "mega_operations_per_sentence": whole / 1e6,
        "peak_float_gigaops_per_core": roofs["float"],
        "peak_int8_gigaops_per_core": roofs["int8"],
        "alone_gigaops_per_core": whole / alone / 1e9,
        "alone_processor_milliseconds": 1000 * alone,
        "batched_processor_milliseconds": 1000 * batched,
        "bound_float_sentences_per_second": CORES * roofs["float"] * 1e9 / whole,
        "bound_int8_sentences_per_second": CORES * roofs["int8"] * 1e9 / whole,
    }
    return {
        "task": "text/roofline",
        "model": MODEL,
        "version": model.info.version,
        "n": len(parts),
        "seconds": round(time.perf_counter() - began, 1),
        "metrics": {name: round(value, 3) for name, value in metrics.items()},
        "seeds": [],
        "command": f"python benchmarks/roofline.py --rounds {rounds} --save",
        "note": f"On one core of {processor()}; bounds are for {CORES} such cores.",
    }


def processor() -> str:
    """Return what the system calls the processor, and which instructions for int8 it has."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    found = {line.partition(":")[0].strip(): line.partition(":")[2].strip() for line in lines}
    known = [
        flag for flag in ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8") if flag in found["flags"].split()
    ]
    return f"{found['model name']} ({', '.join(known)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    found = row(given.rounds)
    print(json.dumps(found, indent=1))
    if given.save:
        SAVED.write_text(json.dumps([found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
