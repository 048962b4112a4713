"""Workers on Ray (extra ``cluster``): here, or on a cluster by its address. The only module that imports ray.

The items go through Ray Data, one a block, to a pool of actors. Ray restarts an actor that dies and runs its item
again, without end; how often an item was begun is counted by an actor of its own, so that one that kills its workers is
given up. Nothing is sent off the machine or cluster: usage statistics and the dashboard are off.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from mien.errors import MissingExtraError, OptionError
from mien.scale.work import TRIES, Hand, Maker, Outcome, checked_workers, died

__all__ = ["RayMapper"]

Item = TypeVar("Item")
Result = TypeVar("Result")

SETTINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
"""What Ray reads from the environment as it starts."""

PATIENCE = 10.0
"""Seconds that a cluster has to answer a knock."""

STORE = 128 << 20
"""Bytes of shared memory for Ray's objects on this machine: what travels are names of files and short reports."""


class RayMapper:
    """Calls the function in actors of Ray.

    Args:
        workers: Actors, each with one processor; by default one per processor of this machine or of the cluster.
        address: The cluster that this machine belongs to, such as ``"auto"`` or ``"10.0.0.1:6379"``; where not given,
            Ray is started on this machine and ended afterwards. All machines need the same mien.
        tries: How often an item is tried before it is given up, where workers die of it.

    Raises:
        MissingExtraError: Ray is not installed.
        OptionError: A number is below 1.
    """

    def __init__(self, *, workers: int | None = None, address: str | None = None, tries: int = TRIES) -> None:
        if tries < 1:
            raise OptionError(f"{tries} tries were asked for; allowed: 1 or more")
        _ray()
        self.workers = checked_workers(workers)
        self._given = workers
        self._address = address
        self._tries = tries

    def map(self, maker: Maker[Item, Result], items: Sequence[Item]) -> Iterator[Outcome[Result]]:
        """Yield one outcome per item, in the order in which they are ready.

        Raises:
            OptionError: No cluster answers at the address, or its machines cannot run the function.
        """
        if not items:
            return
        with self._session() as ray:
            try:
                for row in self._dataset(ray, maker, items).iter_rows():
                    yield pickle.loads(row["pickled"])  # noqa: S301 - from our own actors
            except ray.exceptions.RayError as error:
                said = str(error).strip().splitlines()[-1]
                raise OptionError(f"the Ray cluster cannot do the work ({said}); it needs the same mien") from error

    def _dataset(self, ray: Any, maker: Maker[Any, Any], items: Sequence[Any]) -> Any:
        ledger = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(_Ledger).remote()
        blocks = [{"pickled": pickle.dumps(pair)} for pair in enumerate(items)]
        # One item a block and in flight: an item waits for a worker, never in line behind another one.
        pool = ray.data.ActorPoolStrategy(size=min(self.workers, len(items)), max_tasks_in_flight_per_actor=1)
        return ray.data.from_items(blocks, override_num_blocks=len(blocks)).map_batches(
            _Actor,
            fn_constructor_args=(maker, ledger, self._tries),
            batch_size=1,
            batch_format="numpy",
            compute=pool,
            num_cpus=1,
        )

    @contextmanager
    def _session(self) -> Iterator[Any]:
        """Connect to Ray, or start it, unless the program has done so already."""
        ray = _ray()
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        ray.data.DataContext.get_current().enable_progress_bars = False
        if ray.is_initialized():
            yield ray
            return
        try:
            _knock(self._address)
            with _hushed():
                ray.init(**self._options(), log_to_driver=False, logging_level=logging.CRITICAL)
        except (OSError, RuntimeError, ValueError) as error:
            raise OptionError(self._unreachable(error)) from error
        try:
            if self._given is None and self._address is not None:
                self.workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
            yield ray
        finally:
            ray.shutdown()

    def _unreachable(self, error: Exception) -> str:
        if self._address is None:
            return f"Ray cannot be started on this machine ({' '.join(str(error).split())}); try the local engine"
        return (
            f"no Ray cluster answers at {self._address!r}; give the address of one, and its token in RAY_AUTH_TOKEN if "
            "it asks for one, or give no address for this machine"
        )

    def _options(self) -> dict[str, Any]:
        if self._address is not None:
            return {"address": self._address}
        return {"address": "local", "include_dashboard": False, "num_cpus": self.workers, "object_store_memory": STORE}


class _Ledger:
    """Counts how often each item was begun."""

    def __init__(self) -> None:
        self._begun: Counter[int] = Counter()

    def begin(self, index: int) -> int:
        """Return how often the item was begun, this time included."""
        self._begun[index] += 1
        return self._begun[index]


class _Actor:
    """What Ray keeps in each worker process."""

    def __init__(self, maker: Maker[Any, Any], ledger: Any, tries: int) -> None:
        self._hand = Hand(maker)
        self._ledger = ledger
        self._tries = tries

    def __call__(self, batch: Any) -> dict[str, list[bytes]]:
        """Answer the items of a batch."""
        pairs = [pickle.loads(blob) for blob in batch["pickled"]]  # noqa: S301 - from our own driver
        return {"pickled": [pickle.dumps(self._answer(index, item)) for index, item in pairs]}

    def _answer(self, index: int, item: Any) -> Outcome[Any]:
        begun = _ray().get(self._ledger.begin.remote(index))
        return self._hand(index, item) if begun <= self._tries else died(index, self._tries)


def _ray() -> Any:
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError("the engine ray", "cluster") from error
    return ray


def _knock(address: str | None) -> None:
    """Raise an OSError where nothing listens at a host and port: Ray itself would wait there for minutes."""
    host, _, port = (address or "").rpartition(":")
    if host and port.isdigit() and "//" not in host:
        socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE).close()


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep what Ray's native parts say while they start off standard error; what goes wrong is raised anyway."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
