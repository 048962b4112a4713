"""What every test may rely on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from mien.datasets.corpus import DEFAULT, VARIABLE
from mien.runtime import find_asset

# Tests that load the runtime of the models by themselves keep it silent, too.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# How long an example takes depends on what else the machine does.
settings.register_profile("mien", deadline=None)
settings.load_profile("mien")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what measures on corpora where there are none."""
    folder = Path(os.environ.get(VARIABLE, DEFAULT))
    if folder.is_dir():
        return
    missing = pytest.mark.skip(reason=f"the corpora are not here: {VARIABLE} names no folder that exists ({folder})")
    for item in items:
        if item.get_closest_marker("data"):
            item.add_marker(missing)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the models of other distributions: what is tested is this one, whatever stands beside it."""
    monkeypatch.setattr("mien.runtime.assets.entry_points", lambda group: [])


@pytest.fixture
def mood(tmp_path: Path) -> Path:
    """The folder of a text model that is not installed: our own under another name."""
    folder = Path(shutil.copytree(find_asset("text-affect").folder, tmp_path / "models" / "mood"))
    card = folder / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace('"text-affect"', '"mood"', 1), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def states_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small speech model whose heads read what a network of its own makes of the mel frames.

    Its weights are random: it stands in for models of its kind, and says nothing of worth.
    """
    onnx = pytest.importorskip("onnx")
    card = pytest.importorskip("mien.learn.card")
    folder = tmp_path_factory.mktemp("models") / "stand-in"
    folder.mkdir()
    rng = np.random.default_rng(11)
    _write_trunk(onnx, folder / "trunk.onnx", rng)
    weights = {"heads": rng.normal(size=(WIDTH * 2, 8)), "shift": rng.normal(size=8)}
    nodes = [("MatMul", ["states", "heads"], "scores", {}), ("Add", ["scores", "shift"], "logits", {})]
    _write_graph(
        onnx, folder / "affect.onnx", nodes, weights, {"states": ["batch", WIDTH * 2]}, {"logits": ["batch", 8]}
    )
    known = find_asset("speech-base").info.options
    options = {
        "features": "states",
        "activity": known["activity"],
        "segments": known["segments"] | {"every": 0.5, "window": 1.0},
        "confidence_heard": {"slope": 1.0, "offset": -0.5, "weight": 0.5, "least": 0.2, "most": 6.0},
    }
    card.publish_card(folder, card.About(STAND_IN, ("affect.onnx", "trunk.onnx"), (), CORPORA), options)
    return folder


WIDTH = 12
STAND_IN = {
    "name": "stand-in",
    "version": "1.0.0",
    "modality": "speech",
    "line": "open",
    "licence": "Apache-2.0",
    "summary": "Random weights.",
    "recipe": "none",
    "taxonomies": ["ravdess8"],
    "not_for": ["anything"],
    "limits": ["It knows nothing."],
}
CORPORA = [{"corpus": "none", "licence": "none", "tier": "own", "commercial": True, "note": "random numbers"}]
Nodes = Sequence[tuple[str, list[str], str, Mapping[str, object]]]


def _write_trunk(onnx: object, path: Path, rng: np.random.Generator) -> None:
    """Frames mixed with their neighbours, then mean and mean square over those that the mask keeps."""
    weights = {
        "bands": 0.05 * rng.normal(size=(80, WIDTH)),
        "near": 0.2 * rng.normal(size=(WIDTH, WIDTH, 5)),
        "last": np.array([2]),
        "time": np.array([1]),
    }
    nodes: Nodes = [
        ("Cast", ["mask"], "flat", {"to": 1}),
        ("Unsqueeze", ["flat", "last"], "kept", {}),
        ("MatMul", ["mel", "bands"], "mixed", {}),
        ("Mul", ["mixed", "kept"], "own", {}),
        ("Transpose", ["own"], "channels", {"perm": [0, 2, 1]}),
        ("Conv", ["channels", "near"], "moved", {"pads": [2, 2]}),
        ("Transpose", ["moved"], "back", {"perm": [0, 2, 1]}),
        ("Tanh", ["back"], "bent", {}),
        ("Mul", ["bent", "bent"], "squares", {}),
        ("Concat", ["bent", "squares"], "both", {"axis": 2}),
        ("Mul", ["both", "kept"], "heard", {}),
        ("ReduceSum", ["heard", "time"], "sum", {"keepdims": 0}),
        ("ReduceSum", ["kept", "time"], "count", {"keepdims": 0}),
        ("Div", ["sum", "count"], "states", {}),
    ]
    feeds = {"mel": ["batch", "time", 80], "mask": ["batch", "time"]}
    _write_graph(onnx, path, nodes, weights, feeds, {"states": ["batch", WIDTH * 2]})


def _write_graph(
    onnx: object,
    path: Path,
    nodes: Nodes,
    weights: Mapping[str, np.ndarray],
    feeds: Mapping[str, list[str | int]],
    outputs: Mapping[str, list[str | int]],
) -> None:
    helper, kinds = onnx.helper, onnx.TensorProto  # type: ignore[attr-defined]
    graph = helper.make_graph(
        [helper.make_node(kind, inputs, [output], **options) for kind, inputs, output, options in nodes],
        path.stem,
        [helper.make_tensor_value_info(n, kinds.BOOL if n == "mask" else kinds.FLOAT, s) for n, s in feeds.items()],
        [helper.make_tensor_value_info(name, kinds.FLOAT, shape) for name, shape in outputs.items()],
        [
            onnx.numpy_helper.from_array(array.astype(array.dtype if array.dtype == int else np.float32), name)  # type: ignore[attr-defined]
            for name, array in weights.items()
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)  # type: ignore[attr-defined]
    onnx.save(model, str(path))  # type: ignore[attr-defined]
