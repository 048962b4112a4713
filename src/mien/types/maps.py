"""Published correspondences between the labels of two taxonomies.

A row says where the mass of a label goes. Mass that no row mentions goes nowhere in particular: `mien.types.project`
spreads it evenly over the target at the very end, so that what is not known stays not known on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mien.types import parrott
from mien.types.taxonomies import EKMAN7, GOEMOTIONS28

__all__ = ["EKMAN_GROUPS", "MAPS", "SENTIMENT_GROUPS", "Correspondence"]

Rows = Mapping[str, Mapping[str, float]]

DEMSZKY = "D. Demszky et al. (2020). GoEmotions. ACL, 4040-4054: the authors' grouping"
SAME_WORDS = "the same words in both"
SHAVER = "P. Shaver et al. (1987). Emotion knowledge. JPSP 52(6), 1061-1086: contempt and disgust lie under anger"
LIVINGSTONE = "S. R. Livingstone and F. A. Russo (2018). RAVDESS. PLoS ONE 13(5): calm is a second baseline to neutral"
BOSTAN = (
    "L. A. M. Bostan and R. Klinger (2018). An analysis of annotated corpora. COLING, 2104-2119, and its published code"
)
PLUTCHIK = "R. Plutchik (1980): six of the eight are basic emotions of Ekman; trust and anticipation are not"

EKMAN_GROUPS: Mapping[str, tuple[str, ...]] = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": (
        *("joy", "amusement", "approval", "excitement", "gratitude", "love"),
        *("optimism", "relief", "pride", "admiration", "desire", "caring"),
    ),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
    "neutral": ("neutral",),
}
"""Which labels of GoEmotions belong to which basic emotion (Demszky et al. 2020)."""

SENTIMENT_GROUPS: Mapping[str, tuple[str, ...]] = {
    "positive": EKMAN_GROUPS["joy"],
    "negative": EKMAN_GROUPS["anger"] + EKMAN_GROUPS["disgust"] + EKMAN_GROUPS["fear"] + EKMAN_GROUPS["sadness"],
    "neutral": ("neutral",),
}
"""Which labels of GoEmotions are positive and negative; the four of surprise are ambiguous (Demszky et al. 2020)."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Where the labels of one taxonomy go in another.

    Args:
        rows: Label to the shares of the labels it goes to; a row adds up to at most one.
        reference: Who says so.
    """

    rows: Rows
    reference: str


def _rename(**names: str) -> dict[str, dict[str, float]]:
    return {source: {target: 1.0} for source, target in names.items()}


def _same(words: str) -> dict[str, dict[str, float]]:
    return _rename(**{word: word for word in words.split()})


def _even(*labels: str) -> dict[str, float]:
    return {label: 1 / len(labels) for label in labels}


def _back(rows: Rows) -> dict[str, dict[str, float]]:
    """Turn one-to-one rows around."""
    return {target: {source: 1.0} for source, row in rows.items() for target, share in row.items() if share == 1}


def _members(groups: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, float]]:
    return {member: {group: 1.0} for group, members in groups.items() for member in members}


def _words_to_nodes() -> dict[str, dict[str, float]]:
    """Give each label of GoEmotions the node that carries its word, else the node of its basic emotion."""
    basic = {member: group for group, members in EKMAN_GROUPS.items() for member in members}
    nodes = {label: parrott.node_of(label) or parrott.node_of(basic[label]) for label in GOEMOTIONS28.labels}
    return {label: {node: 1.0} for label, node in nodes.items() if node is not None}


def _nodes_to_basic() -> dict[str, dict[str, float]]:
    """Give each node the basic emotion of its own word, its parent or its branch; love counts as joy."""
    rows: dict[str, dict[str, float]] = {}
    for node in parrott.nodes():
        above = rows.get(node.rpartition("/")[0])
        rows[node] = above or {"joy" if node == "love" else node: 1.0}
        if node == "anger/disgust":
            rows[node] = {"disgust": 1.0}
    return rows


def _nodes_to_words() -> dict[str, dict[str, float]]:
    """Give each node the label of GoEmotions that is its word, else that of the node above."""
    rows: dict[str, dict[str, float]] = {}
    for node in parrott.nodes():
        above, _, word = node.rpartition("/")
        rows[node] = {word: 1.0} if word in GOEMOTIONS28.labels else rows[above]
    return rows


_CONTEMPT = _even("anger", "disgust")
_SIX = "anger disgust fear joy sadness surprise"
_FER = _rename(
    angry="anger",
    disgust="disgust",
    fear="fear",
    happy="joy",
    sad="sadness",
    surprise="surprise",
    neutral="neutral",
)
_FERPLUS = {**_same("neutral surprise sadness anger disgust fear"), **_rename(happiness="joy")}
_RAVDESS = _rename(
    neutral="neutral",
    happy="joy",
    sad="sadness",
    angry="anger",
    fearful="fear",
    disgust="disgust",
    surprised="surprise",
)
_PARROTT = {**_same("anger fear joy sadness surprise"), "disgust": {"anger/disgust": 1.0}}

MAPS: Mapping[tuple[str, str], Correspondence] = {
    ("goemotions28", "ekman7"): Correspondence(_members(EKMAN_GROUPS), DEMSZKY),
    ("ekman7", "goemotions28"): Correspondence(
        {label: _even(*EKMAN_GROUPS[label]) for label in EKMAN7.labels}, f"{DEMSZKY}, shared evenly within a group"
    ),
    ("goemotions28", "sentiment3"): Correspondence(_members(SENTIMENT_GROUPS), f"{DEMSZKY}; ambiguous ones go nowhere"),
    ("goemotions28", "parrott"): Correspondence(_words_to_nodes(), f"{SAME_WORDS}, else {DEMSZKY}"),
    ("ekman7", "sentiment3"): Correspondence(
        {
            **_rename(joy="positive", neutral="neutral"),
            **_rename(anger="negative", disgust="negative", fear="negative", sadness="negative"),
        },
        f"{DEMSZKY}; surprise is ambiguous",
    ),
    ("sentiment3", "ekman7"): Correspondence(
        {**_rename(positive="joy", neutral="neutral"), "negative": _even("anger", "disgust", "fear", "sadness")},
        f"{DEMSZKY}, shared evenly within a group",
    ),
    ("plutchik8", "ekman7"): Correspondence(_same(_SIX), PLUTCHIK),
    ("ekman7", "plutchik8"): Correspondence(_same(_SIX), PLUTCHIK),
    ("ferplus8", "ekman7"): Correspondence({**_FERPLUS, "contempt": _CONTEMPT}, f"{SAME_WORDS}; {SHAVER}"),
    ("ekman7", "ferplus8"): Correspondence(_back(_FERPLUS), SAME_WORDS),
    ("ferplus8", "parrott"): Correspondence(
        {
            **{label: _PARROTT[label] for label in ("surprise", "sadness", "anger", "disgust", "fear")},
            **_rename(happiness="joy", contempt="anger/disgust/contempt"),
        },
        SHAVER,
    ),
    ("fer7", "ekman7"): Correspondence(_FER, SAME_WORDS),
    ("ekman7", "fer7"): Correspondence(_back(_FER), SAME_WORDS),
    ("ravdess8", "ekman7"): Correspondence({**_RAVDESS, **_rename(calm="neutral")}, f"{SAME_WORDS}; {LIVINGSTONE}"),
    ("ekman7", "ravdess8"): Correspondence(_back(_RAVDESS), SAME_WORDS),
    ("parrott", "ekman7"): Correspondence(_nodes_to_basic(), f"{SHAVER}; love counts as joy as in {DEMSZKY}"),
    ("parrott", "goemotions28"): Correspondence(_nodes_to_words(), f"{SAME_WORDS}, else that of the node above"),
    ("ekman7", "parrott"): Correspondence(_PARROTT, SHAVER),
    ("brighter6", "ekman7"): Correspondence(_same(_SIX), SAME_WORDS),
    ("crowdflower13", "ekman7"): Correspondence(
        {
            **_same("anger neutral sadness surprise"),
            **_rename(enthusiasm="joy", fun="joy", happiness="joy", relief="joy", hate="anger", worry="fear"),
            **_rename(boredom="disgust", empty="neutral", love="joy"),
        },
        f"{BOSTAN}; love counts as joy as in {DEMSZKY}",
    ),
    ("emorynlp7", "ekman7"): Correspondence(
        _rename(joyful="joy", scared="fear", mad="anger", sad="sadness", neutral="neutral"),
        f"{BOSTAN}; peaceful and powerful go nowhere",
    ),
}
"""Every published correspondence, by the names of source and target; all others go through ``ekman7``."""
