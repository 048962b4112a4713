"""Published mean pleasure, arousal and dominance of emotion words, and the words that stand for each label.

The means are those of Russell and Mehrabian's 151 terms, on [-1, 1] in each dimension; only the terms that a label
needs are listed. Which term stands for a label is this module's choice; where no single term fits, several stand for
it and their disagreement widens the spread.

References:
    J. A. Russell and A. Mehrabian (1977). Evidence for a three-factor theory of emotions. Journal of Research in
    Personality 11(3), 273-294, table 2.
"""

from collections.abc import Mapping

REFERENCE = "J. A. Russell and A. Mehrabian (1977). Journal of Research in Personality 11(3), 273-294"

WITHIN_STD = 0.3
"""Spread of one term in each dimension: people who rate the same term differ by about 0.2 to 0.4 (same source)."""

UNKNOWN_STD = 3**-0.5
"""Spread of a label that no term describes: that of an even chance over [-1, 1]."""

TERMS: Mapping[str, tuple[float, float, float]] = {
    "affectionate": (0.64, 0.35, 0.24),
    "angry": (-0.51, 0.59, 0.25),
    "anxious": (0.01, 0.59, -0.15),
    "appreciative": (0.55, 0.07, -0.14),
    "aroused": (0.24, 0.57, 0.22),
    "awed": (0.18, 0.40, -0.38),
    "confused": (-0.53, 0.27, -0.32),
    "contempt": (-0.23, 0.31, 0.18),
    "curious": (0.22, 0.62, -0.01),
    "depressed": (-0.72, -0.29, -0.41),
    "discouraged": (-0.61, -0.15, -0.29),
    "disdainful": (-0.32, -0.11, 0.05),
    "disgusted": (-0.60, 0.35, 0.11),
    "displeased": (-0.55, 0.16, -0.05),
    "embarrassed": (-0.46, 0.54, -0.24),
    "enjoyment": (0.77, 0.44, 0.42),
    "excited": (0.62, 0.75, 0.38),
    "fearful": (-0.64, 0.60, -0.43),
    "friendly": (0.69, 0.35, 0.30),
    "grateful": (0.64, 0.16, -0.18),
    "guilty": (-0.57, 0.28, -0.34),
    "happy": (0.81, 0.51, 0.46),
    "hopeful": (0.51, 0.23, 0.14),
    "impressed": (0.41, 0.30, -0.32),
    "in love": (0.82, 0.65, -0.05),
    "interested": (0.64, 0.51, 0.17),
    "joyful": (0.76, 0.48, 0.35),
    "kind": (0.73, 0.19, 0.57),
    "leisurely": (0.58, -0.32, 0.11),
    "loved": (0.87, 0.54, -0.18),
    "mildly annoyed": (-0.28, 0.17, 0.04),
    "proud": (0.77, 0.38, 0.65),
    "regretful": (-0.52, 0.02, -0.21),
    "relaxed": (0.68, -0.46, 0.06),
    "respectful": (0.38, 0.13, -0.08),
    "sad": (-0.63, -0.27, -0.33),
    "scornful": (-0.35, 0.35, 0.29),
    "secure": (0.74, -0.13, 0.03),
    "sexually excited": (0.58, 0.62, -0.01),
    "skeptical": (-0.22, 0.21, 0.03),
    "surprised": (0.40, 0.67, -0.13),
    "tense": (-0.33, 0.58, -0.11),
    "thankful": (0.61, 0.10, -0.13),
    "untroubled": (0.79, -0.01, 0.33),
    "neutral": (0.0, 0.0, 0.0),  # the origin of the scales, not one of the 151 terms
}

_BASIC: Mapping[str, tuple[str, ...]] = {
    "anger": ("angry",),
    "disgust": ("disgusted",),
    "fear": ("fearful",),
    "joy": ("joyful",),
    "sadness": ("sad",),
    "surprise": ("surprised",),
    "neutral": ("neutral",),
}

GOEMOTIONS28_TERMS: Mapping[str, tuple[str, ...]] = {
    **_BASIC,
    "admiration": ("impressed", "respectful", "awed"),
    "amusement": ("enjoyment",),
    "annoyance": ("mildly annoyed",),
    "approval": ("appreciative", "respectful"),
    "caring": ("affectionate", "kind"),
    "confusion": ("confused",),
    "curiosity": ("curious", "interested"),
    "desire": ("in love", "sexually excited", "aroused"),
    "disappointment": ("discouraged", "displeased"),
    "disapproval": ("displeased", "skeptical", "disdainful"),
    "embarrassment": ("embarrassed",),
    "excitement": ("excited",),
    "gratitude": ("grateful", "thankful"),
    "grief": ("sad", "depressed"),
    "love": ("loved", "in love", "affectionate"),
    "nervousness": ("anxious", "tense"),
    "optimism": ("hopeful",),
    "pride": ("proud",),
    "realization": ("surprised", "interested", "neutral"),
    "relief": ("relaxed", "untroubled"),
    "remorse": ("guilty", "regretful"),
}

LABEL_TERMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ekman7": _BASIC,
    "goemotions28": GOEMOTIONS28_TERMS,
    "plutchik8": {
        **{label: _BASIC[label] for label in ("joy", "fear", "surprise", "sadness", "disgust", "anger")},
        "trust": ("respectful", "secure", "friendly"),
        "anticipation": ("interested", "hopeful", "anxious"),
    },
    "ferplus8": {
        **{label: _BASIC[label] for label in ("neutral", "surprise", "sadness", "anger", "disgust", "fear")},
        "happiness": ("happy",),
        "contempt": ("contempt", "scornful", "disdainful"),
    },
    "fer7": {
        "angry": ("angry",),
        "disgust": ("disgusted",),
        "fear": ("fearful",),
        "happy": ("happy",),
        "sad": ("sad",),
        "surprise": ("surprised",),
        "neutral": ("neutral",),
    },
    "ravdess8": {
        "neutral": ("neutral",),
        "calm": ("relaxed", "leisurely", "neutral"),
        "happy": ("happy",),
        "sad": ("sad",),
        "angry": ("angry",),
        "fearful": ("fearful",),
        "disgust": ("disgusted",),
        "surprised": ("surprised",),
    },
    "parrott": {
        "love": ("loved", "in love", "affectionate"),
        **{label: _BASIC[label] for label in ("joy", "surprise", "anger", "sadness", "fear")},
        "anger/disgust": ("disgusted",),
    },
}
"""Terms by taxonomy and label; a node of a tree without terms takes those of its parent."""
