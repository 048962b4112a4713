"""Every part that goes by a name: kind and name to ``"module:attribute"``.

Entries are strings, so that naming a part imports nothing. Other distributions add theirs through the entry-point group
``mien.<kind>``, such as ``mien.perceiver``.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from mien.errors import OptionError, UnknownNameError

__all__ = ["build", "find", "kinds", "names"]

TABLE: Mapping[str, Mapping[str, str]] = {
    "perceiver": {
        "text/affect": "mien.perceive.text:TextPerceiver",
        "speech/affect": "mien.perceive.speech:SpeechPerceiver",
        "face/affect": "mien.perceive.face:FacePerceiver",
    },
    "fuser": {
        "fuse/reliability": "mien.fuse:ReliabilityFuser",
    },
    "mapper": {
        "process": "mien.scale:ProcessMapper",
        "ray": "mien.scale:RayMapper",
        "serial": "mien.scale:SerialMapper",
    },
    "corpus": {
        "brighter": "mien.datasets.brighter:load",
        "brighter-intensity": "mien.datasets.brighter:load_intensity",
        "carer": "mien.datasets.carer:load",
        "context-pairs": "mien.datasets.context_pairs:load",
        "crowdflower": "mien.datasets.crowdflower:load",
        "dailydialog": "mien.datasets.dailydialog:load",
        "emobank": "mien.datasets.emobank:load",
        "emobank-readers": "mien.datasets.emobank:load_readers",
        "emobank-writers": "mien.datasets.emobank:load_writers",
        "emocontext": "mien.datasets.emocontext:load",
        "emodb": "mien.datasets.emodb:load",
        "emorynlp": "mien.datasets.emorynlp:load",
        "empathic-reactions": "mien.datasets.empathy:load",
        "fer2013": "mien.datasets.fer2013:load",
        "goemotions": "mien.datasets.goemotions:load",
        "librispeech": "mien.datasets.librispeech:load",
        "meld": "mien.datasets.meld:load",
        "nemo": "mien.datasets.nemo:load",
        "photos": "mien.datasets.photos:load",
        "ravdess": "mien.datasets.ravdess:load",
        "semeval2007": "mien.datasets.semeval2007:load",
        "semeval2018": "mien.datasets.semeval2018:load",
        "semeval2018-ec": "mien.datasets.semeval2018:load_emotions",
        "semeval2018-ei": "mien.datasets.semeval2018:load_intensity",
        "warriner": "mien.datasets.warriner:load",
        "wassa2022": "mien.datasets.empathy:load_wassa2022",
        "xed-en": "mien.datasets.xed:load_english",
        "xed-fi": "mien.datasets.xed:load_finnish",
    },
    "recipe": {
        "face-expression": "mien.learn.expression:run",
        "face-finder": "mien.learn.finder:run",
        "speech-base": "mien.learn.hearing.make:run_base",
        "speech-teacher": "mien.learn.hearing.make:run_teacher",
        "speech-tiny": "mien.learn.hearing.make:run_tiny",
        "speech-voices": "mien.learn.speech:run_voices",
        "text-affect": "mien.learn.text:run",
        "text-context": "mien.learn.heads:run_context",
        "text-empathy": "mien.learn.heads:run_empathy",
        "text-multilingual": "mien.learn.languages:run",
        "text-readers": "mien.learn.heads:run_readers",
        "text-research": "mien.learn.heads:run_research",
        "text-teacher": "mien.learn.text.teacher:run",
        "text-tweets": "mien.learn.heads:run_tweets",
        "text-writers": "mien.learn.heads:run_writers",
        "tweets-teacher": "mien.learn.heads:run_teacher",
    },
    "trainer": {
        "speech": "mien.learn.own.speech:SpeechTrainer",
        "text": "mien.learn.own.text:TextTrainer",
    },
    "trial": {
        "speech/ratings": "mien.learn.tables.ratings:RatingsTrial",
        "speech/votes": "mien.learn.tables.votes_trial:VotesTrial",
        "text/context": "mien.learn.heads.context_trial:ContextTrial",
        "text/fine-tuning": "mien.learn.text.trial:TextTrial",
        "text/from-scratch": "mien.learn.text.scratch_trial:ScratchTrial",
    },
    "task": {
        "face/fer2013": "mien.bench.tasks:FER2013",
        "face/ferplus": "mien.bench.tasks:FERPLUS",
        "face/finder": "mien.bench.tasks:FINDER",
        "speech/crosstalk": "mien.bench.tasks:CROSSTALK",
        "speech/ravdess": "mien.bench.tasks:RAVDESS",
        "speech/robust": "mien.bench.tasks:ROBUST",
        "speech/voices": "mien.bench.tasks:VOICES",
        "text/brighter": "mien.bench.tasks:BRIGHTER_EMOTIONS",
        "text/carer": "mien.bench.tasks:CARER",
        "text/context-pairs": "mien.bench.tasks:CONTEXT_PAIRS",
        "text/crowdflower": "mien.bench.tasks:CROWDFLOWER",
        "text/dailydialog": "mien.bench.tasks:DAILYDIALOG",
        "text/emobank": "mien.bench.tasks:EMOBANK",
        "text/emobank-readers": "mien.bench.tasks:EMOBANK_READERS",
        "text/emobank-writers": "mien.bench.tasks:EMOBANK_WRITERS",
        "text/emocontext": "mien.bench.tasks:EMOCONTEXT",
        "text/emorynlp": "mien.bench.tasks:EMORYNLP",
        "text/goemotions": "mien.bench.tasks:GOEMOTIONS",
        "text/goemotions-wheels": "mien.bench.tasks:GOEMOTIONS_WHEELS",
        "text/meld": "mien.bench.tasks:MELD",
        "text/meld-context": "mien.bench.tasks:MELD_CONTEXT",
        "text/semeval2007": "mien.bench.tasks:SEMEVAL2007",
        "text/semeval2018-ec": "mien.bench.tasks:SEMEVAL2018_EC",
        "text/semeval2018-ei": "mien.bench.tasks:SEMEVAL2018_EI",
        "text/semeval2018-v": "mien.bench.tasks:SEMEVAL2018_V",
        "text/wassa2022": "mien.bench.tasks:WASSA2022",
        "text/wassa2022-emotion": "mien.bench.tasks:WASSA2022_EMOTION",
        "text/words": "mien.bench.tasks:WORDS",
    },
}


def kinds() -> list[str]:
    """Return the kinds of parts."""
    return sorted(TABLE)


def names(kind: str) -> list[str]:
    """Return the names of one kind, those of other distributions included.

    Raises:
        UnknownNameError: There is no such kind.
    """
    return sorted(_table(kind))


def find(kind: str, name: str) -> Any:
    """Return the object that goes by a name, unbuilt.

    Raises:
        UnknownNameError: There is no such kind or name.
    """
    table = _table(kind)
    if name not in table:
        raise UnknownNameError(kind, name, table)
    module, _, attribute = table[name].partition(":")
    return getattr(import_module(module), attribute)


def build(kind: str, name: str, **options: Any) -> Any:
    """Build a part by name, such as ``build("perceiver", "text/affect")``.

    Raises:
        UnknownNameError: There is no such kind or name.
        OptionError: An option is unknown; the text lists the known ones.
    """
    maker = find(kind, name)
    known = [option for option in inspect.signature(maker).parameters if option != "self"]
    for option in options:
        if option not in known:
            raise OptionError(f"{name} has no option {option!r}; known: {', '.join(known) or 'none'}")
    return maker(**options)


def _table(kind: str) -> dict[str, str]:
    if kind not in TABLE:
        raise UnknownNameError("kind of part", kind, TABLE)
    plugged = {entry.name: entry.value for entry in entry_points(group=f"mien.{kind}")}
    return {**plugged, **TABLE[kind]}
