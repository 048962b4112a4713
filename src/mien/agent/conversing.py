"""A conversation that is not in a file: its turns, read like a chat log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mien.agent.concluding import conclude
from mien.agent.material import Material
from mien.agent.perceiving import perceive_material
from mien.agent.team import Team
from mien.errors import InputError
from mien.io.chat import parse_chat
from mien.types import Analysis, Source

__all__ = ["analyze_turns", "chat_log"]


def chat_log(turns: Sequence[Mapping[str, object]]) -> str:
    r"""Return turns as a chat log, one JSON object a line.

    Args:
        turns: Each with ``text``, and where known ``speaker``, ``start`` and ``end`` (seconds).

    Example:
        >>> chat_log([{"speaker": "Ada", "text": "Hi!", "start": None}])
        '{"speaker": "Ada", "text": "Hi!"}\n'
    """
    known = [{name: value for name, value in turn.items() if value is not None} for turn in turns]
    return "".join(f"{json.dumps(turn)}\n" for turn in known)


def analyze_turns(turns: Sequence[Mapping[str, object]], team: Team, *, name: str = "conversation") -> Analysis:
    """Turn a conversation into one timeline of affect per person, as `mien.analyze` does with a chat log of it.

    Args:
        turns: Each with ``text``, and where known ``speaker``, ``start`` and ``end`` (seconds), in order.
        team: The perceivers.
        name: What the analysis calls its source.

    Raises:
        InputError: No turn has words, or a turn cannot be read.

    Example:
        >>> from mien.agent import choose
        >>> analyze_turns([{"speaker": "Ada", "text": "We won!"}], choose(["text"])).persons
        ('Ada',)
    """
    utterances = parse_chat(chat_log(turns), f"the {name}") if turns else []
    if not utterances:
        raise InputError(f"the {name} has {len(turns)} turns without words; at least one needs some")
    end = max(utterance.span.end for utterance in utterances)
    material = Material(Source(name, "chat", utterances[0].span.unit, end), tuple(utterances))
    return conclude(perceive_material(material, team, _silent), team)


def _silent(done: float, total: float | None) -> None:
    """Take no notice of progress."""
