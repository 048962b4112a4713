"""Affect from the voice: how somebody speaks, who it is of those that speak, and when."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from mien.errors import OptionError
from mien.perceive.reading import Reading
from mien.perceive.speech.activity import ActivityOptions
from mien.perceive.speech.answers import affect_of
from mien.perceive.speech.fold import Parts, SpeechFold, check
from mien.perceive.speech.frames import Measurer
from mien.perceive.speech.heads import heads_of
from mien.perceive.speech.listening import ChangeOptions, Listener
from mien.perceive.speech.reader import Reader
from mien.perceive.speech.segments import Segment, Segmenter, SegmentOptions
from mien.perceive.speech.voices import NamedTurns, VoiceOptions, Voices
from mien.runtime import Model, ModelInfo, find_fitting
from mien.types import Affect, Sound, Span, Taxonomy, Utterance

__all__ = ["DEFAULT", "SpeechPerceiver"]

DEFAULT = "speech-base"
"""Name of the affect model that is used where none is named."""
AT_ONCE = 64


class SpeechPerceiver:
    """Reads affect from voices.

    Args:
        model: Name or folder of the affect model, such as a folder that ``mien train speech`` wrote.
        voices: Name or folder of the model that tells voices apart.
        threads: Threads to use; by default the machine's processors, at most two.

    Raises:
        UnknownNameError: There is no such model.

    Example:
        >>> from mien.types import Audio
        >>> SpeechPerceiver().read([Sound(Audio(np.zeros((1, 16000), dtype=np.float32), 16000))])
        [None]
    """

    name = "speech/affect"
    modality = "speech"

    def __init__(self, *, model: str = DEFAULT, voices: str = "speech-voices", threads: int | None = None) -> None:
        self._affect = Model(find_fitting(model, modality="speech", taker=self.name), threads=threads)
        self._voices = Model(
            find_fitting(voices, modality="speech", taker=f"the voices of {self.name}", affect=False), threads=threads
        )
        self._heads = heads_of(self._affect.info)
        changes = ChangeOptions.read(self._voices.info.options["changes"])
        self._reader = Reader(self._affect, Listener(self._voices, changes), self._heads)
        self._activity = ActivityOptions.read(self.info.options["activity"])
        self._segments = SegmentOptions.read(self.info.options["segments"])
        self._apart = VoiceOptions.read(self._voices.info.options["clustering"])

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels that the model answers in."""
        return self._heads.labels.taxonomy

    @property
    def info(self) -> ModelInfo:
        """The card of the affect model."""
        return self._affect.info

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        """The cards of both models, and of the one whose network the first uses, if it brings none of its own."""
        return (*self._affect.infos, self._voices.info)

    def read(self, pieces: Sequence[Sound]) -> list[Affect | None]:
        """Return one affect per recording, its segments pooled by their voiced time; None where there is no voice.

        Raises:
            OptionError: A recording is not sound at 16 kHz.
        """
        affects: list[Affect | None] = []
        for start in range(0, len(pieces), AT_ONCE):
            affects += self._read_some(pieces[start : start + AT_ONCE])
        return affects

    def vectors(self, pieces: Sequence[Sound]) -> list[Float[np.ndarray, " width"] | None]:
        """Return what the model's heads read of each recording, on which heads can be trained.

        The mean over its segments by their voiced time; None where there is no voice.

        Raises:
            OptionError: A recording is not sound at 16 kHz.
        """
        found = [self._segments_of(piece) for piece in pieces]
        return [self._vector(segments) if segments else None for segments in found]

    def fold(self, turns: Sequence[Utterance] = (), *, partial: bool = True, every: float | None = None) -> SpeechFold:
        """Begin a stream of mono sound at 16 kHz.

        Args:
            turns: Utterances of a transcript; where they name a speaker, that name is used for the voice.
            partial: Whether to answer before a segment ends; final answers are the same either way.
            every: Seconds of speech between two partial answers; the card's own where not given.

        Raises:
            OptionError: The time between two answers is not positive.
        """
        if every is not None and not every > 0:
            raise OptionError(f"answers every {every} s of speech were asked for; it must be positive")
        options = self._segments if every is None else replace(self._segments, every=every)

        def segmenter(cuts: Sequence[float]) -> Segmenter:
            return Segmenter(options, self._activity, cuts=cuts, partial=partial)

        parts = Parts(self._reader, options.window, segmenter, Voices(self._apart), self._answer)
        return SpeechFold(parts, NamedTurns(turns))

    def _read_some(self, pieces: Sequence[Sound]) -> list[Affect | None]:
        found = [self._segments_of(piece) for piece in pieces]
        every = [segment for segments in found for segment in segments]
        if not every:
            return [None] * len(pieces)
        readings = self._reader.read(every)
        affects: list[Affect | None] = []
        first = 0
        for piece, segments in zip(pieces, found, strict=True):
            rows = range(first, first + len(segments))
            first += len(segments)
            affects.append(
                self._answer(readings.pool(rows, _weights(segments)), piece.span, _seconds(segments))
                if segments
                else None
            )
        return affects

    def _vector(self, segments: Sequence[Segment]) -> Float[np.ndarray, " width"]:
        mean = np.average(self._reader.features(segments), axis=0, weights=_weights(segments))
        return np.asarray(mean, dtype=np.float32)

    def _segments_of(self, piece: Sound) -> list[Segment]:
        check(piece)
        measurer, segmenter = Measurer(), Segmenter(self._segments, self._activity, partial=False)
        samples = piece.audio.mono()
        blocks = [*measurer.push(samples), *measurer.finish()]
        found = [segment for block in blocks for segment in segmenter.push(block)]
        return [*found, *segmenter.finish()]

    def _answer(self, reading: Reading, span: Span, seconds: float) -> Affect:
        return affect_of(reading, self._heads, span, seconds=seconds, model=self.info.name)


def _weights(segments: Sequence[Segment]) -> list[int]:
    """Return how much each segment counts: its voiced frames."""
    return [int(segment.voiced.sum()) for segment in segments]


def _seconds(segments: Sequence[Segment]) -> float:
    """Return how much voice there is in all of them."""
    return sum(segment.seconds for segment in segments)
