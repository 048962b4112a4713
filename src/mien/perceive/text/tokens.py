"""Texts to token ids, cut so that no part is longer than the model reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = ["Part", "Tokens"]

Part = tuple[int, ...]
"""Token ids of one part of a text, opening and closing token included."""

UNKNOWN = ("[UNK]", "<unk>")
"""What tokenizers call a piece that they do not know."""


class Tokens:
    """A tokenizer that never gives more than `max_tokens` ids at a time.

    Args:
        path: The tokenizer's JSON file.
        max_tokens: Ids that a part may have, opening and closing token included.
    """

    def __init__(self, path: Path, *, max_tokens: int) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._unknown = {self._tokenizer.token_to_id(name) for name in UNKNOWN}

    def parts(self, texts: Sequence[str]) -> list[list[Part]]:
        """Return the parts of each text; none where no token of a text is known, as of white space or an emoji."""
        return [self._parts(text) for text in texts]

    def _parts(self, text: str) -> list[Part]:
        # One at a time: a batch would start threads, about which the tokenizer complains when a process forks.
        whole = self._tokenizer.encode(_speakable(text))
        parts = (tuple(piece.ids) for piece in (whole, *whole.overflowing))
        return [part for part in parts if self._is_known(part)]

    def _is_known(self, part: Part) -> bool:
        return any(token not in self._unknown for token in part[1:-1])


def _speakable(text: str) -> str:
    # A lone surrogate cannot be encoded as UTF-8, which is what the tokenizer takes.
    return text.encode("utf-8", "replace").decode("utf-8")
