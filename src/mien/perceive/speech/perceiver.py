"""Affect from the voice: eight emotions of speech, who speaks, and when."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.errors import OptionError
from mien.perceive.speech.activity import ActivityOptions
from mien.perceive.speech.fold import Parts, SpeechFold, check
from mien.perceive.speech.frames import Measurer
from mien.perceive.speech.reader import Reader
from mien.perceive.speech.segments import Segment, Segmenter, SegmentOptions
from mien.perceive.speech.voices import NamedTurns, VoiceOptions, Voices
from mien.runtime import Model, ModelInfo, find_fitting
from mien.types import Affect, Distribution, Evidence, Sound, Span, Taxonomy, Utterance
from mien.types.project import project_vad
from mien.types.taxonomies import taxonomy

__all__ = ["SpeechPerceiver"]

DERIVED = "valence, arousal and dominance are derived from the categories, not measured"
AT_ONCE = 64


class SpeechPerceiver:
    """Reads affect from voices.

    Args:
        model: Name or folder of the emotion model.
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

    def __init__(
        self, *, model: str = "speech-affect", voices: str = "speech-voices", threads: int | None = None
    ) -> None:
        self._affect = Model(find_fitting(model, modality="speech", taker=self.name), threads=threads)
        self._voices = Model(
            find_fitting(voices, modality="speech", taker=f"the voices of {self.name}", affect=False), threads=threads
        )
        self._reader = Reader(self._affect, self._voices)
        self._activity = ActivityOptions.read(self.info.options["activity"])
        self._segments = SegmentOptions.read(self.info.options["segments"])
        self._apart = VoiceOptions.read(self._voices.info.options["clustering"])

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels: `RAVDESS8`, of which one holds."""
        return taxonomy(self.info.taxonomies[0])

    @property
    def info(self) -> ModelInfo:
        """The card of the emotion model."""
        return self._affect.info

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        """The cards of both models."""
        return (self.info, self._voices.info)

    def read(self, pieces: Sequence[Sound]) -> list[Affect | None]:
        """Return one affect per recording, its segments pooled by their voiced time; None where there is no voice.

        Raises:
            OptionError: A recording is not sound at 16 kHz.
        """
        affects: list[Affect | None] = []
        for start in range(0, len(pieces), AT_ONCE):
            affects += self._read_some(pieces[start : start + AT_ONCE])
        return affects

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

        return SpeechFold(Parts(self._reader, segmenter, Voices(self._apart), self._answer), NamedTurns(turns))

    def _read_some(self, pieces: Sequence[Sound]) -> list[Affect | None]:
        found = [self._segments_of(piece) for piece in pieces]
        every = [segment for segments in found for segment in segments]
        if not every:
            return [None] * len(pieces)
        probs = self._reader.emotions(every)
        affects: list[Affect | None] = []
        first = 0
        for piece, segments in zip(pieces, found, strict=True):
            rows = probs[first : first + len(segments)]
            first += len(segments)
            if not segments:
                affects.append(None)
                continue
            weights = np.array([segment.voiced.sum() for segment in segments], dtype=np.float64)
            affects.append(self._answer(weights @ rows / weights.sum(), piece.span))
        return affects

    def _segments_of(self, piece: Sound) -> list[Segment]:
        check(piece)
        measurer, segmenter = Measurer(), Segmenter(self._segments, self._activity, partial=False)
        samples = piece.audio.mono()
        blocks = [*measurer.push(samples), *measurer.finish()]
        found = [segment for block in blocks for segment in segmenter.push(block)]
        return [*found, *segmenter.finish()]

    def _answer(self, probs: Float[ndarray, " labels"], span: Span) -> Affect:
        categories = Distribution(self.taxonomy, probs / probs.sum())
        bare = Affect(categories, span=span, confidence=categories.top[1], model=self.info.name)
        return project_vad(bare).because(Evidence("projection", 0.0, note=DERIVED))
