"""Whether the words that are named as reasons are those that an answer hangs on.

References:
    J. DeYoung et al. (2020). ERASER: A benchmark to evaluate rationalized NLP models. ACL, 4443-4458.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from mien.errors import OptionError
from mien.explain.words import Reads, words_of
from mien.metrics.faithfulness import SHARES, strongest
from mien.types import Affect, Span, Utterance

__all__ = ["Erased", "erase", "reductions"]


@dataclass(frozen=True, slots=True, eq=False)
class Erased:
    """The probability of each text's top label, before and after its words were erased.

    Args:
        whole: Of the whole texts, shape ``(texts,)``.
        without: Without their strongest words, shape ``(texts, shares)``.
        kept: With their strongest words alone, shape ``(texts, shares)``.
    """

    whole: Float[np.ndarray, "texts"]
    without: Float[np.ndarray, "texts shares"]
    kept: Float[np.ndarray, "texts shares"]


def reductions(
    text: str, weights: Sequence[float] | np.ndarray, *, shares: Sequence[float] = SHARES, filler: str = ""
) -> list[tuple[str, str]]:
    """Return a text without its strongest words and with those alone, a pair for each share.

    Args:
        text: The text.
        weights: How much each of `words_of` the text matters; of equal ones, the first counts as stronger.
        shares: Shares of the words that count as the strongest.
        filler: What stands in place of a word that is erased.

    Raises:
        OptionError: There is not one weight a word, or a share is not in (0, 1].

    Example:
        >>> reductions("I love it", [0.1, 0.8, 0.0], shares=[0.3])
        [('I  it', ' love ')]
    """
    words = words_of(text)
    if len(words) != len(weights):
        raise OptionError(f"{len(weights)} weights were given for {len(words)} words; allowed: one a word")
    order = np.argsort(-np.asarray(weights, dtype=np.float64), kind="stable")
    counts = strongest(len(words), shares)
    ranked = [words[place] for place in order]
    return [(_erased(text, ranked[:n], filler), _erased(text, ranked[n:], filler)) for n in counts]


def erase(
    perceiver: Reads,
    texts: Sequence[str],
    affects: Sequence[Affect],
    weights: Sequence[np.ndarray],
    *,
    shares: Sequence[float] = SHARES,
    filler: str = "",
) -> Erased:
    """Read texts again with words erased, as `comprehensiveness` and `sufficiency` need it.

    Args:
        perceiver: What read the texts.
        texts: The texts.
        affects: What the perceiver said of each; its top label is looked at.
        weights: How much each of `words_of` a text matters, one array a text.
        shares: Shares of the words that count as the strongest.
        filler: What stands in place of a word that is erased.

    Raises:
        OptionError: An affect has no labels, there is not one weight a word, or a share is not in (0, 1].
    """
    tops = [_top(affect) for affect in affects]
    pairs = [reductions(text, given, shares=shares, filler=filler) for text, given in zip(texts, weights, strict=True)]
    flat = [words for found in pairs for pair in found for words in pair]
    read = iter(perceiver.read([Utterance(words, Span(0, max(1, len(words)), "characters")) for words in flat]))
    after = [
        [[_probability(next(read), place) for _ in pair] for pair in found]
        for found, (place, _) in zip(pairs, tops, strict=True)
    ]
    values = np.array(after, dtype=np.float64).reshape(len(texts), len(shares), 2)
    return Erased(np.array([before for _, before in tops]), values[:, :, 0], values[:, :, 1])


def _top(affect: Affect) -> tuple[int, float]:
    if affect.categories is None:
        raise OptionError("an affect without labels was given; its words cannot be erased to see what becomes of one")
    label, before = affect.categories.top
    return affect.categories.taxonomy.index(label), before


def _probability(affect: Affect | None, place: int) -> float:
    # Without words a text says nothing: all of the probability hung on them.
    return 0.0 if affect is None or affect.categories is None else float(affect.categories.probs[place])


def _erased(text: str, ranges: Sequence[tuple[int, int]], filler: str) -> str:
    return "".join(_pieces(text, sorted(ranges), filler))


def _pieces(text: str, ranges: Sequence[tuple[int, int]], filler: str) -> Iterator[str]:
    start = 0
    for first, last in ranges:
        yield text[start:first] + filler
        start = last
    yield text[start:]
