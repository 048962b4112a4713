"""The tree of emotion words: 6 primary, 25 secondary and 135 tertiary emotions.

A label is the path to its node, because one word stands at several tiers: ``sadness`` is a primary emotion,
``sadness/sadness`` a secondary one and ``sadness/sadness/sadness`` a word.

References:
    P. Shaver, J. Schwartz, D. Kirson and C. O'Connor (1987). Emotion knowledge: further exploration of a prototype
    approach. Journal of Personality and Social Psychology 52(6), 1061-1086 (the clusters).
    W. G. Parrott (2001). Emotions in Social Psychology. Psychology Press (the tree under its usual name).
"""

from collections.abc import Iterator, Mapping

TREE: Mapping[str, Mapping[str, str]] = {
    "love": {
        "affection": "adoration affection love fondness liking attraction caring tenderness compassion sentimentality",
        "lust": "arousal desire lust passion infatuation",
        "longing": "longing",
    },
    "joy": {
        "cheerfulness": "amusement bliss cheerfulness gaiety glee jolliness joviality joy delight enjoyment gladness "
        "happiness jubilation elation satisfaction ecstasy euphoria",
        "zest": "enthusiasm zeal zest excitement thrill exhilaration",
        "contentment": "contentment pleasure",
        "pride": "pride triumph",
        "optimism": "eagerness hope optimism",
        "enthrallment": "enthrallment rapture",
        "relief": "relief",
    },
    "surprise": {"surprise": "amazement surprise astonishment"},
    "anger": {
        "irritation": "aggravation irritation agitation annoyance grouchiness grumpiness",
        "exasperation": "exasperation frustration",
        "rage": "anger rage outrage fury wrath hostility ferocity bitterness hate loathing scorn spite vengefulness "
        "dislike resentment",
        "disgust": "disgust revulsion contempt",
        "envy": "envy jealousy",
        "torment": "torment",
    },
    "sadness": {
        "suffering": "agony suffering hurt anguish",
        "sadness": "depression despair hopelessness gloom glumness sadness unhappiness grief sorrow woe misery "
        "melancholy",
        "disappointment": "dismay disappointment displeasure",
        "shame": "guilt shame regret remorse",
        "neglect": "alienation isolation neglect loneliness rejection homesickness defeat dejection insecurity "
        "embarrassment humiliation insult",
        "sympathy": "pity sympathy",
    },
    "fear": {
        "horror": "alarm shock fear fright horror terror panic hysteria mortification",
        "nervousness": "anxiety nervousness tenseness uneasiness apprehension worry distress dread",
    },
}


def nodes() -> Iterator[str]:
    """Yield the path of every node, each tier before the one below it."""
    yield from TREE
    yield from (f"{first}/{second}" for first, branch in TREE.items() for second in branch)
    for first, branch in TREE.items():
        for second, words in branch.items():
            yield from (f"{first}/{second}/{word}" for word in words.split())


def parents() -> dict[str, str]:
    """Return the path of the parent of every node below the first tier."""
    return {node: node.rpartition("/")[0] for node in nodes() if "/" in node}


def node_of(word: str) -> str | None:
    """Return the highest node that carries a word, or None where the tree does not hold it.

    Example:
        >>> node_of("fear"), node_of("relief"), node_of("curiosity")
        ('fear', 'joy/relief', None)
    """
    return next((node for node in nodes() if node.rpartition("/")[2] == word), None)
