"""The vocabulary cut to what some languages use, and its tokenizer."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

__all__ = ["choose", "tokenizer"]

Pieces = Sequence[tuple[str, float]]

SPACE = "\u2581"
"""Stands for a space in a piece."""
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC", "DEVANAGARI", "ETHIOPIC", "CJK", "FULLWIDTH")
"""First words of the names of letters whose single characters stay, so that any word of these scripts can be spelt."""
BLANKS = "[\\x09\\x0A\\x0C\\x0D\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
CONTROLS = "[\\x01-\\x08\\x0B\\x0E-\\x1F\\x7F\\x8F\\x9F]"


def tokenizer(pieces: Pieces) -> Tokenizer:
    """Return a unigram tokenizer over `pieces`, of which the first four are `SPECIAL`.

    References:
        Kudo (2018). Subword regularization: improving neural network translation models with multiple subword
        candidates. ACL, 66-75.
    """
    made = Tokenizer(models.Unigram(list(pieces), SPECIAL.index("<unk>"), byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(CONTROLS), ""),
            normalizers.Replace(Regex(BLANKS), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always")
    ends = [(name, SPECIAL.index(name)) for name in ("<s>", "</s>")]
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    return made


def choose(pieces: Pieces, texts: Iterable[str], *, least: int = 2) -> np.ndarray:
    """Return the ids of the pieces to keep, in order: special ones, those that `texts` use, and single characters.

    Args:
        pieces: The whole vocabulary.
        texts: Training texts alone; what validation and test use must be spelt with what they leave.
        least: How often a piece must be used.
    """
    used: Counter[int] = Counter()
    for encoding in tokenizer(pieces).encode_batch(list(texts)):
        used.update(encoding.ids)
    kept = [
        place
        for place, (piece, _) in enumerate(pieces)
        if place < len(SPECIAL) or used[place] >= least or _is_character(piece)
    ]
    return np.array(kept)


def _is_character(piece: str) -> bool:
    letter = piece.removeprefix(SPACE)
    if len(letter) > 1:
        return False
    return not letter.isalpha() or unicodedata.name(letter, "").split(" ")[0] in SCRIPTS
