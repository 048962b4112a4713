"""W3C EmotionML 1.0: analyses out, tracks in.

References:
    F. Burkhardt, M. Schröder et al. (2014). Emotion Markup Language (EmotionML) 1.0. W3C Recommendation, 22 May 2014.
    K. Ashimura et al. (2014). Vocabularies for EmotionML. W3C Working Group Note, 1 April 2014.
"""

from mien.io.emotionml.read import read_emotionml
from mien.io.emotionml.write import to_emotionml

__all__ = ["read_emotionml", "to_emotionml"]
