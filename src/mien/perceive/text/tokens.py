"""Texts to token ids, cut so that no part is longer than the model reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unicodedata import category, name

__all__ = ["Part", "Tokens", "name_emoji"]

SKIN_TONES = "".join(map(chr, range(0x1F3FB, 0x1F400)))

FIRST_SYMBOL = "\N{LEFTWARDS ARROW}"
"""Below it are letters, and marks that the vocabulary knows."""
SYMBOLS = frozenset({"So", "Sk"})
SILENT = frozenset("\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-15}\N{VARIATION SELECTOR-16}" + SKIN_TONES)
Part = tuple[int, ...]
"""Token ids of one part of a text, opening and closing token included."""

UNKNOWN = ("[UNK]", "<unk>")
"""What tokenizers call a piece that they do not know."""


class Tokens:
    """A tokenizer that never gives more than `max_tokens` ids at a time.

    Args:
        path: The tokenizer's JSON file.
        max_tokens: Ids that a part may have, opening and closing token included.
        emoji_names: Read an emoji as its name in Unicode, not as an unknown token.
    """

    def __init__(self, path: Path, *, max_tokens: int, emoji_names: bool = False) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._emoji_names = emoji_names
        self._unknown = {self._tokenizer.token_to_id(name) for name in UNKNOWN}

    def parts(self, texts: Sequence[str]) -> list[list[Part]]:
        """Return the parts of each text; none where no token of a text is known, as of white space or an emoji."""
        return [self._parts(text) for text in texts]

    def _parts(self, text: str) -> list[Part]:
        # One at a time: a batch would start threads, about which the tokenizer complains when a process forks.
        named = name_emoji(text) if self._emoji_names else text
        whole = self._tokenizer.encode(_speakable(named))
        parts = (tuple(piece.ids) for piece in (whole, *whole.overflowing))
        return [part for part in parts if self._is_known(part)]

    def _is_known(self, part: Part) -> bool:
        return any(token not in self._unknown for token in part[1:-1])


def name_emoji(text: str) -> str:
    """Return a text with each emoji as the words of its name in Unicode; skin tones and joiners fall away.

    Example:
        >>> name_emoji("late again \N{WEARY FACE}")
        'late again  weary face '
    """
    return text if text.isascii() else "".join(map(_named, text))


def _named(character: str) -> str:
    if character in SILENT:
        return ""
    if character < FIRST_SYMBOL or category(character) not in SYMBOLS:
        return character
    return f" {name(character, '').lower()} "


def _speakable(text: str) -> str:
    # A lone surrogate cannot be encoded as UTF-8, which is what the tokenizer takes.
    return text.encode("utf-8", "replace").decode("utf-8")
