"""One stream of sound, pictures and words, read as it comes in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mien.agent.concluding import conclude
from mien.agent.perceiving import Perceived
from mien.agent.stream.arrivals import Arrivals, Bounds, Piece, modality_of
from mien.agent.stream.ear import Ear, check_sound
from mien.agent.stream.news import News
from mien.agent.stream.recent import Recent
from mien.agent.team import MODALITIES, Team
from mien.errors import OptionError
from mien.fuse import link, reliabilities
from mien.registry import build
from mien.types import Analysis, Frame, Sound, Source, Utterance

__all__ = ["Session"]

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    # Sound is measured in blocks of half a second; whatever is spoken in one is answered at its end.
    "speech": {"every": 0.1},
    "text": {"pending": 1},
}
LINK_EVERY, LINK_OVER = 5.0, 60.0
"""Seconds between two looks at which voice belongs to which face, and how far back each goes."""


class Session:
    """The state of one stream: pieces in, news out, and an analysis at the end.

    Pieces of the three kinds may come in any order of their times within `Bounds.patience`; each kind must be in order
    among itself. A name that a turn gives counts for the voice of sound that comes after it. Memory does not grow with
    the stream, apart from the affects, the curves and the words of the analysis; `Bounds` cap them.

    Args:
        team: The perceivers.
        explain: Whether the analysis at the end gives reasons.
        bounds: How much is taken.

    Example:
        >>> from mien.agent import choose
        >>> from mien.types import Span
        >>> session = Session(choose(["text"]))
        >>> news = session.push(Utterance("Thank you so much!", Span(0.0, 1.5), "Ada"))
        >>> [(one.modality, one.person, one.final) for one in news]
        [('text', 'Ada', True), ('fused', 'Ada', False)]
        >>> session.finish().persons
        ('Ada',)
    """

    def __init__(self, team: Team, *, explain: bool = True, bounds: Bounds | None = None) -> None:
        self._team, self._explain, self._bounds = team, explain, bounds or Bounds()
        self._arrivals = Arrivals(self._bounds)
        self._folds: dict[str, Any] = {}
        self._ear = Ear()
        self._held: set[str] = set()
        self._starved: set[str] = set()
        self._words: list[Utterance] = []
        self._size: tuple[int | None, int | None] = (None, None)
        self._analysis: Analysis | None = None
        self._linked = 0.0
        self._fresh: set[str] = set()
        infos = [info for name in team.perceivers for info in team.infos(name)]
        fuser = build("fuser", "fuse/reliability", reliability=reliabilities(infos))
        self._recent = Recent(fuser, patience=self._bounds.patience)
        self.remaining: tuple[News, ...] = ()
        """Final news that only the end of the stream could give; there after `finish`."""

    @property
    def dropped(self) -> Mapping[str, int]:
        """How many pieces of each modality were left out: too late, out of order, or past the bounds."""
        return self._arrivals.dropped

    def hurry(self, *, hurried: bool) -> None:
        """Leave out partial answers of speech while there is more to do than time; final ones stay the same."""
        if "speech" in self._folds:
            self._folds["speech"].hurried = hurried

    def due(self, time: float) -> bool:
        """Whether a picture of that time would be looked at; others need not be decoded."""
        fold = self._folds.get("face")
        return fold is None or bool(fold.due(time))

    def push(self, piece: Piece) -> list[News]:
        """Take the next piece and return what became known.

        Sound may have any rate and channels; within a stretch without holes they must stay the same.

        Raises:
            OptionError: The stream has ended, the piece has no possible time, or its samples are not finite.
        """
        if self._analysis is not None:
            raise OptionError("a piece was pushed to a stream that has ended; begin a new session")
        modality = modality_of(piece)
        if isinstance(piece, Sound):
            check_sound(piece)
        if not self._arrivals.take(piece):
            return []
        self._held.add(modality)
        if isinstance(piece, Utterance):
            self._remember(piece)
        if modality not in self._team.perceivers:
            return []
        news = self._perceive(modality, piece)
        news += self._starve()
        self._link()
        return [*news, *self._recent.take(news, self._settled(), self._until())]

    def finish(self) -> Analysis:
        """End the stream and return its analysis, which is that of a file with the same signal."""
        if self._analysis is None:
            news = [one for sound in self._ear.finish() for one in self._told("speech", sound)]
            for name in ("speech", "face"):
                if name in self._folds:
                    news += self._news(name, self._folds[name].flush())
            self._fresh |= {one.modality for one in news}
            perceived = self._perceived()
            self._analysis = conclude(perceived, self._team, reasons=self._explain)
            self.remaining = (*news, *self._unsaid(perceived), *self._last_fused(self._analysis))
        return self._analysis

    def _remember(self, turn: Utterance) -> None:
        """Keep what was said, and let the voices know whose it is."""
        self._words.append(turn)
        if "speech" in self._folds:
            self._folds["speech"].know(turn)

    def _perceive(self, modality: str, piece: Piece) -> list[News]:
        self._starved.discard(modality)
        if isinstance(piece, Frame) and self._size == (None, None):
            self._size = piece.image.width, piece.image.height
        parts = self._ear.push(piece) if isinstance(piece, Sound) else (piece,)
        return [one for part in parts for one in self._told(modality, part)]

    def _told(self, modality: str, piece: Piece) -> list[News]:
        news = self._news(modality, self._fold(modality).push(piece))
        self._fresh |= {one.modality for one in news}
        return news

    def _fold(self, modality: str) -> Any:
        if modality not in self._folds:
            options = dict(OPTIONS.get(modality, {}))
            if modality == "speech":
                options["turns"] = tuple(self._words)
            self._folds[modality] = self._team.perceivers[modality].fold(**options)
        return self._folds[modality]

    def _starve(self) -> list[News]:
        """End what is open in a modality that has brought nothing for so long that it can only begin anew."""
        news: list[News] = []
        for name in ("speech", "face"):
            silent = self._arrivals.ends.get(name, 0.0) < self._arrivals.earliest
            if name in self._folds and silent and name not in self._starved:
                self._starved.add(name)
                news += self._news(name, self._folds[name].flush())
        return news

    def _link(self) -> None:
        """Hold voices against faces now and then, by the same rules as at the end, over the last minute."""
        if self._arrivals.latest < self._linked + LINK_EVERY or not {"speech", "face"} <= set(self._folds):
            return
        self._linked = self._arrivals.latest
        since = max(0.0, self._linked - LINK_OVER)
        found = link(self._folds["speech"].lately(since), self._folds["face"].lately(since))
        self._recent.links.update({one.voice: one for one in found if one.joined})

    def _settled(self) -> dict[str, float]:
        """Return the time up to which each modality is final."""
        earliest = self._arrivals.earliest
        settled = {"text": earliest} if "text" in self._team.perceivers else {}
        for name in ("speech", "face"):
            if name in self._team.perceivers:
                known = name in self._folds and name not in self._starved
                settled[name] = self._folds[name].settled if known else earliest
        return settled

    def _until(self) -> float:
        return max(0.0, min(self._settled().values(), default=0.0))

    def _perceived(self) -> Perceived:
        order = [name for name in MODALITIES if name in self._folds]
        tracks = tuple(track for name in order for track in self._folds[name].finish())
        rates = getattr(self._team.perceivers["face"], "rates", {}) if "face" in order else {}
        return Perceived(
            source=self._source(),
            tracks=tracks,
            folds={name: self._folds[name] for name in order},
            held=tuple(name for name in MODALITIES if name in self._held),
            read=tuple(order),
            utterances=tuple(sorted(self._words, key=lambda turn: turn.span.start)),
            rates=rates,
            warnings=tuple(self._arrivals.remarks()),
        )

    def _source(self) -> Source:
        ends = self._arrivals.ends
        if "face" in self._held or "speech" in self._held:
            kind = "video" if "face" in self._held else "audio"
            return Source("stream", kind, "seconds", max(ends.get("speech", 0.0), ends.get("face", 0.0)), *self._size)
        unit = self._words[0].span.unit if self._words else "seconds"
        return Source("stream", "transcript" if unit == "seconds" else "chat", unit, ends.get("text", 0.0))

    def _unsaid(self, perceived: Perceived) -> list[News]:
        """Return the affects of a modality that could say nothing before the end, such as a face seen but once."""
        unsaid = [track for track in perceived.tracks if track.modality not in self._fresh]
        return [News(track.modality, track.person, affect, final=True) for track in unsaid for affect in track.affects]

    def _last_fused(self, analysis: Analysis) -> list[News]:
        return [
            News("fused", track.person, affect, final=True)
            for track in analysis.fused
            for affect in track.affects
            if affect.span is None or affect.span.unit != "seconds" or affect.span.end > self._recent.told
        ]

    def _news(self, modality: Any, updates: Any) -> list[News]:
        seen = self._folds["face"].box if modality == "face" else _nowhere
        return [News(modality, one.person, one.affect, one.final, seen(one.person)) for one in updates]


def _nowhere(person: str) -> None:
    """Voices and words have no place in a picture."""
