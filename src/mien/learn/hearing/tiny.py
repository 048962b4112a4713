"""The trainings of the tiny network: on the corpora beside, then on the main one with a teacher's answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from numpy import ndarray

from mien.learn.hearing.fit import Plan, answers, fit
from mien.learn.hearing.material import BESIDE, MAIN, Chosen, Material, clips_of, imitated
from mien.learn.hearing.nets import TinyNet
from mien.learn.hearing.spoil import Spoil
from mien.learn.hearing.stages import Soft, heard_in

__all__ = ["TinyTrainer"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TinyTrainer:
    """Trains the tiny network; every training that is done is kept in a file.

    Args:
        corpora: The corpora by name.
        options: Of the recipe; tables ``beside`` and ``main`` hold a `Plan` each, ``spoil`` a `Spoil`.
        out: Folder of the files.
        soft: For a fold, or the shipped split, a teacher's logits of all clips of the main corpus.
    """

    corpora: Mapping[str, Material]
    options: Mapping[str, Any]
    out: Path
    soft: Soft

    def net(self, part: str, seed: int) -> TinyNet:
        """Return the network that never heard the speakers of a fold, or those of `val` and `test`."""
        return self._kept(f"{part}-{seed}", lambda: self._main(part, seed))

    def fold(self, part: str, seed: int) -> Float[ndarray, "tested labels"]:
        """Return the logits of the clips of a fold."""
        main = self.corpora[MAIN]
        return answers(self.net(part, seed), main.plain(~heard_in(main, part)))

    def _beside(self) -> TinyNet:
        clips = clips_of([self._part(name, self.corpora[name].all) for name in BESIDE])
        torch.manual_seed(0)
        net = TinyNet(dropout=float(self.options["dropout"]))
        return fit(net, clips, _plan(self.options["beside"]), self._spoil, seed=0)

    def _main(self, part: str, seed: int) -> TinyNet:
        chosen = heard_in(self.corpora[MAIN], part)
        clips = clips_of([self._part(MAIN, chosen)], [self.soft(part)[chosen]])
        net = deepcopy(self._kept("beside", self._beside))
        return fit(net, clips, _plan(self.options["main"]), self._spoil, seed=seed)

    def _part(self, name: str, chosen: Chosen) -> tuple[Material, Float[ndarray, "clips wide"], Chosen]:
        return self.corpora[name], imitated(name, self.corpora[name], self.options), chosen

    @property
    def _spoil(self) -> Spoil:
        return Spoil(**self.options["spoil"])

    def _kept(self, name: str, make: Callable[[], TinyNet]) -> TinyNet:
        path = self.out / f"{name}.pt"
        if not path.exists():
            log.info("training %s", name)
            torch.save(make(), path)
        net: TinyNet = torch.load(path, weights_only=False)
        return net


def _plan(numbers: Mapping[str, Any]) -> Plan:
    return Plan(**{item.name: numbers[item.name] for item in fields(Plan) if item.name in numbers})
