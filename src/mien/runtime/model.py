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

    Args:
        asset: The folder and its card.
        threads: Threads a graph may use; by default the processors of the machine, at most two.
    """

    def __init__(self, asset: Asset, *, threads: int | None = None) -> None:
        self._asset = asset
        self._threads = threads or min(MAX_THREADS, _processors())
        self._sessions: dict[tuple[str, int], Any] = {}

    @property
    def info(self) -> ModelInfo:
        """What the card says."""
        return self._asset.info

    def file(self, name: str) -> Path:
        """Return the path of a file of the model, hash checked.

        Raises:
            AssetError: The file is not listed, missing or altered.
        """
        return self._asset.file(name)

    def run(self, graph: str, feeds: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """Run the graph ``<graph>.onnx`` and return its outputs in order.

        Raises:
            AssetError: The graph is missing, altered or cannot be opened.
        """
        outputs: list[np.ndarray] = self._session(graph, self._threads).run(None, dict(feeds))
        return outputs

    def run_each(self, graph: str, batches: Sequence[Mapping[str, np.ndarray]]) -> list[list[np.ndarray]]:
        """Run the graph on several batches and return the outputs of each, in order.

        With more than one thread, each batch is run by one of them: matrices of some hundred rows are too small to be
        shared out for every single product.

        Raises:
            AssetError: The graph is missing, altered or cannot be opened.
        """
        if self._threads == 1 or len(batches) < 2:
            return [self.run(graph, feeds) for feeds in batches]
        session = self._session(graph, 1)
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(lambda feeds: session.run(None, dict(feeds)), batches))

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
