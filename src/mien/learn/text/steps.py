"""What every fine-tuning here has in common: rates by layer, a warm-up, a straight line down, and clipped steps.

References:
    Howard and Ruder (2018). Universal language model fine-tuning for text classification. ACL (rates by layer).
    Devlin et al. (2019). BERT: pre-training of deep bidirectional transformers. NAACL (the schedule).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["Plan", "Steps", "is_half_fast"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of a fine-tuning; of a batch the most, of a text its most tokens."""

    epochs: int = 4
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warmup: float = 0.1
    dropout: float = 0.1
    max_tokens: int = 96
    half: bool = False


class Steps:
    """An optimizer and its schedule over a net whose ``trunk`` has ``blocks``.

    Args:
        net: What is trained; word vectors stand still.
        plan: Numbers of the training.
        count: How many steps there will be.
    """

    def __init__(self, net: nn.Module, plan: Plan, count: int) -> None:
        self._net, self._plan, self._count = net, plan, count
        self._optimizer = torch.optim.AdamW(_groups(net, plan), betas=(0.9, 0.98))
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, self._height)

    def take(self, loss: Tensor) -> float:
        """Take one step down a loss and return it."""
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        return loss.item()

    def half(self) -> torch.autocast:
        """Compute in bfloat16 inside of this context, where the plan says so."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self._plan.half)

    def state_dict(self) -> dict[str, Any]:
        """Return what going on needs."""
        return {"optimizer": self._optimizer.state_dict(), "schedule": self._schedule.state_dict()}

    def load_state_dict(self, stored: dict[str, Any]) -> None:
        """Go on from what `state_dict` returned."""
        self._optimizer.load_state_dict(stored["optimizer"])
        self._schedule.load_state_dict(stored["schedule"])

    def _height(self, step: int) -> float:
        warm = max(1, int(self._plan.warmup * self._count))
        return min((step + 1) / warm, max(0.0, (self._count - step) / max(1, self._count - warm)))


def is_half_fast() -> bool:
    """Whether this processor computes in bfloat16 by itself; elsewhere it would take longer than floats."""
    known = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(known and known())


def _groups(net: nn.Module, plan: Plan) -> list[dict[str, object]]:
    """Group weights with rates that fall towards the input; the word vectors stand still."""
    depth = len(net.trunk.blocks)
    groups: list[dict[str, object]] = []
    for name, weight in net.named_parameters():
        if name == "trunk.words.weight":
            weight.requires_grad_(requires_grad=False)
            continue
        height = int(name.split(".")[2]) + 1 if name.startswith("trunk.blocks.") else 0
        rate = plan.rate * plan.layer_decay ** (depth - height) if name.startswith("trunk.") else plan.head_rate
        groups.append({"params": [weight], "lr": rate, "weight_decay": plan.weight_decay if weight.ndim > 1 else 0.0})
    return groups
