"""Models as ONNX graphs on the processor. The only module that imports onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from mien.errors import AssetError
from mien.runtime.assets import Asset, find_asset
from mien.runtime.card import ModelInfo

__all__ = ["Model", "load"]

MAX_THREADS = 2


class Model:
    """A model folder, its graphs opened when first run.

    What a card with a ``trunk`` does not list is that other model's.

    Args:
        asset: The folder and its card.
        threads: Threads a graph may use; by default the processors of the machine, at most two.

    Raises:
        UnknownNameError: The model whose trunk is needed is not installed.
        AssetError: It has another trunk than the one that the heads were fitted on.
    """

    def __init__(self, asset: Asset, *, threads: int | None = None) -> None:
        self._asset, self._lender = asset, _lender(asset)
        self._threads = threads or min(MAX_THREADS, _processors())
        self._sessions: dict[tuple[str, int], Any] = {}

    @property
    def info(self) -> ModelInfo:
        """What the card says."""
        return self._asset.info

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        """What its card says, and that of the model whose trunk it uses, if it brings none of its own."""
        return (self.info,) if self._lender is None else (self.info, self._lender.info)

    def file(self, name: str) -> Path:
        """Return the path of a file of the model, hash checked.

        Raises:
            AssetError: The file is not listed, missing or altered.
        """
        own = any(item.name == name for item in self.info.files)
        return (self._asset if own or self._lender is None else self._lender).file(name)

    def run(
        self, graph: str, feeds: Mapping[str, np.ndarray], outputs: Sequence[str] | None = None
    ) -> list[np.ndarray]:
        """Run the graph ``<graph>.onnx`` and return its outputs in order.

        Args:
            graph: Name of the file without its ending.
            feeds: Input to array.
            outputs: Those that are wanted; what only others need is not computed. By default all.

        Raises:
            AssetError: The graph is missing, altered or cannot be opened, or lacks an output.
        """
        session = self._session(graph, self._threads)
        self._check(graph, session, outputs)
        return _run(session, feeds, outputs)

    def run_each(
        self, graph: str, batches: Sequence[Mapping[str, np.ndarray]], outputs: Sequence[str] | None = None
    ) -> list[list[np.ndarray]]:
        """Run the graph on several batches and return the outputs of each, in order; `outputs` as for `run`.

        With more than one thread, each batch is run by one of them: matrices of some hundred rows are too small to be
        shared out for every single product.

        Raises:
            AssetError: The graph is missing, altered or cannot be opened, or lacks an output.
        """
        if self._threads == 1 or len(batches) < 2:
            return [self.run(graph, feeds, outputs) for feeds in batches]
        session = self._session(graph, 1)
        self._check(graph, session, outputs)
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(lambda feeds: _run(session, feeds, outputs), batches))

    def _check(self, graph: str, session: Any, outputs: Sequence[str] | None) -> None:
        lacking = set(outputs or ()) - {output.name for output in session.get_outputs()}
        if lacking:
            raise AssetError(f"the graph {graph} of {self.info.name} lacks the output {min(lacking)!r}; make it again")

    def _session(self, graph: str, threads: int) -> Any:
        key = graph, threads
        if key not in self._sessions:
            self._sessions[key] = _open(self.file(f"{graph}.onnx"), threads)
        return self._sessions[key]


def load(name: str, *, threads: int | None = None) -> Model:
    """Open the model of that name, or the one in that folder.

    Raises:
        UnknownNameError: No model goes by the name.
        AssetError: The card cannot be read.
    """
    return Model(find_asset(name), threads=threads)


def _lender(asset: Asset) -> Asset | None:
    """Return the model whose trunk an asset uses, or None where it brings its own."""
    if not asset.info.trunk:
        return None
    lender = find_asset(asset.info.trunk)
    found = next((item.sha256 for item in lender.info.files if item.name == "trunk.onnx"), "none")
    if found != asset.info.trunk_sha256:
        raise AssetError(
            f"model {asset.info.name} was fitted on the trunk {asset.info.trunk_sha256[:16]}... of "
            f"{lender.info.name}, which now has {found[:16]}...; install both of one version, or make it again"
        )
    return lender


def _run(session: Any, feeds: Mapping[str, np.ndarray], outputs: Sequence[str] | None) -> list[np.ndarray]:
    options = _runtime().RunOptions()
    options.only_execute_path_to_fetches = True
    found: list[np.ndarray] = session.run(None if outputs is None else list(outputs), dict(feeds), options)
    return found


def _processors() -> int:
    """Return how many processors this process may use; not every system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=1)
def _runtime() -> Any:
    """Import onnxruntime with its reports to its makers turned off, which it would send from 1.29 on.

    Only what is set before it is imported keeps it from writing an identifier to the disk and sending where it runs.
    Where another package has imported it before, it is at least told to be silent from now on.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def _open(path: Path, threads: int) -> Any:
    onnxruntime = _runtime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Spinning threads would take the processor from decoding, which runs beside the models.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Weights are stored as int8 and computed with as floats. Left alone, the runtime would round the activations, too,
    # which differs from processor to processor and takes longer on those without instructions for it.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises types of its own, none of them public
        raise AssetError(f"model file {path} cannot be opened: {error}") from error
