"""The state of one stream of sound: measured, cut into segments, read, and given to voices."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mien.errors import OptionError
from mien.perceive.protocol import Update
from mien.perceive.reading import Reading
from mien.perceive.speech.curves import Curves
from mien.perceive.speech.frames import RATE, Measurer
from mien.perceive.speech.growing import Growing
from mien.perceive.speech.listening import Listening
from mien.perceive.speech.quality import Heard, quality, samples_of
from mien.perceive.speech.reader import Reader
from mien.perceive.speech.segments import SECONDS, Segment, Segmenter
from mien.perceive.speech.voices import NamedTurns, Voices
from mien.types import Affect, Series, Sound, Span, Track, Utterance

__all__ = ["Parts", "SpeechFold", "check"]

GAP = 0.05
CURVE_RATE = 10.0
MORE = 1.5
"""How many times longer a segment that goes on must have grown, for whose it is to be guessed anew."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a stream is made with.

    Attributes:
        reader: The models.
        window: About how many seconds of sound a partial answer reads anew; 0 for all of the segment.
        segmenter: Makes a segmenter that knows at which times, in seconds, a segment ends.
        voices: The voices heard so far.
        affect: Takes what was read, of which stretch, and the seconds of voice in it.
    """

    reader: Reader
    window: float
    segmenter: Callable[[Sequence[float]], Segmenter]
    voices: Voices
    affect: Callable[[Reading, Span, float], Affect]


class SpeechFold:
    """One stream of mono sound at 16 kHz.

    The answers do not depend on how the stream is cut into pieces: it is measured in fixed blocks of half a second.
    Partial answers come now and then while somebody speaks, the final one when a segment ends. In updates an unnamed
    voice is the best guess so far; at the end voices that turned out alike are joined, each segment goes to the voice
    that it is most like, and the tracks hold the last word.

    Args:
        parts: The models and how to segment.
        turns: Who speaks when, if a transcript says so.
    """

    rates: Mapping[str, float] = {"sound": float(RATE), "voice_activity": CURVE_RATE}

    def __init__(self, parts: Parts, turns: NamedTurns) -> None:
        self._parts, self._turns = parts, turns
        self._measurer, self._heard = Measurer(), Heard()
        self._growing = Growing(parts.reader, parts.window)
        self._segmenter: Segmenter | None = None
        self._begin = 0.0
        self._taken = 0
        self._affects: list[tuple[str | int, Affect]] = []
        self._curves = Curves(CURVE_RATE)
        self._guess = (-1, 0, 0)  # of the segment that goes on: its start, its length when guessed, whose it is
        self.hurried = False
        """Whether answers before a segment ends are left out, to save about half of the work."""

    def push(self, piece: Sound) -> list[Update]:
        """Take the next piece and give what changed.

        Raises:
            OptionError: The piece is not mono sound at 16 kHz.
        """
        check(piece)
        updates: list[Update] = []
        if self._segmenter is None or piece.start > self._end + GAP:
            updates += self.flush()
            self._begin, self._taken, self._guess, self._heard = piece.start, 0, (-1, 0, 0), Heard()
            self._segmenter = self._parts.segmenter(self._cuts())
            self._growing.forget()
        samples = piece.audio.mono()
        self._taken += len(samples)
        self._heard.push(samples)
        for block in self._measurer.push(samples):
            for segment in self._segmenter.push(block):
                if segment.final or not self.hurried:
                    updates += self._answer(segment)
        self._heard.drop_before(int(self._segmenter.settled * RATE))
        return updates

    @property
    def settled(self) -> float:
        """Time in seconds before which no later sound can change an answer."""
        return 0.0 if self._segmenter is None else round(self._begin + self._segmenter.settled, 4)

    def lately(self, since: float) -> list[Track]:
        """Return when each voice spoke since a time, as far as segments have ended; the tracks hold no affects."""
        names: dict[str, list[str | int]] = {}
        for owner in self._curves.owners:
            names.setdefault(_name(owner, self._parts.voices.owners), []).append(owner)
        end = max(since, self.settled)
        return [
            Track(name, "speech", (), (self._curves.activity(owners, since, end),)) for name, owners in names.items()
        ]

    def know(self, turn: Utterance) -> None:
        """Take in who speaks when; it counts for segments that have not ended yet."""
        self._turns.add(turn)
        if self._segmenter is not None:
            self._segmenter.cut_at(self._cuts())

    def flush(self) -> list[Update]:
        """End the segment that goes on, as a hole in the sound does."""
        if self._segmenter is None:
            return []
        segments = [segment for block in self._measurer.finish() for segment in self._segmenter.push(block)]
        segments += list(self._segmenter.finish())
        return [update for segment in segments for update in self._answer(segment)]

    def finish(self) -> list[Track]:
        """End the stream and give one track for each voice, in order of appearance."""
        self.flush()
        joined = self._parts.voices.resolved()
        by_person: dict[str, list[Affect]] = {}
        for owner, affect in self._affects:
            by_person.setdefault(_name(owner, joined), []).append(affect)
        return [
            Track(person, "speech", tuple(affects), self._series(person, joined))
            for person, affects in by_person.items()
        ]

    @property
    def _end(self) -> float:
        return self._begin + self._taken / RATE

    def _cuts(self) -> list[float]:
        return [time - self._begin for time in self._turns.changes()]

    def _answer(self, segment: Segment) -> Iterator[Update]:
        if segment.final:
            named = self._turns.name(*self._times(segment)) is not None
            for heard in self._parts.reader.voices(segment, divide=not named):
                yield self._ended(heard)
        else:
            yield self._update(self._nearest(segment), segment)

    def _ended(self, heard: Listening) -> Update:
        """Keep what is known of a segment that is over, or of its part that one voice speaks."""
        segment, voices = heard.segment, self._parts.voices
        name = self._turns.name(*self._times(segment))
        owner = voices.place(heard.vector(), segment.seconds) if name is None else name
        update = self._update(_name(owner, voices.owners), segment)
        sound = self._heard.part(*samples_of(segment))
        self._affects.append((owner, update.affect))
        self._curves.add(owner, self._span(segment), heard, quality(segment, sound))
        return update

    def _update(self, person: str, segment: Segment) -> Update:
        affect = self._parts.affect(self._growing.read(segment), self._span(segment), segment.seconds)
        return Update(person, affect, segment.final, segment.seconds)

    def _nearest(self, segment: Segment) -> str:
        """Whose the segment that goes on seems to be: a name from the transcript, else a voice."""
        name = self._turns.name(*self._times(segment))
        if name is not None:
            return name
        start, length, guess = self._guess
        if segment.start != start or len(segment.frames) >= MORE * length:
            nearest = self._parts.voices.nearest(self._parts.reader.voice(segment), segment.seconds)
            guess = self._parts.voices.count if nearest is None else nearest
            self._guess = segment.start, len(segment.frames), guess
        return _voice(guess)

    def _times(self, segment: Segment) -> tuple[float, float]:
        span = self._span(segment)
        return span.start, span.end

    def _span(self, segment: Segment) -> Span:
        start = self._begin + segment.start * SECONDS
        return Span(round(start, 4), round(max(start, min(self._begin + segment.end * SECONDS, self._end)), 4))

    def _series(self, person: str, joined: Sequence[int]) -> tuple[Series, ...]:
        owners = [owner for owner in self._curves.owners if _name(owner, joined) == person]
        return self._curves.series(owners, self._end)


def check(piece: Sound) -> None:
    """Refuse sound at another rate.

    Raises:
        OptionError: The sound is not at 16 kHz.
    """
    if piece.audio.rate != RATE:
        raise OptionError(f"speech was given at {piece.audio.rate} Hz; allowed: {RATE} Hz, as mien.io gives it")


def _name(owner: str | int, voices: Sequence[int]) -> str:
    """A name from the transcript, or that of the voice of a segment by the segment's number."""
    return owner if isinstance(owner, str) else _voice(voices[owner])


def _voice(number: int) -> str:
    return f"voice-{number + 1}"
