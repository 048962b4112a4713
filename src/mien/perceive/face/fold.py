"""Faces of a stream of pictures: found, followed, told apart and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from mien.perceive.face.appearance import describe
from mien.perceive.face.expression import Reader
from mien.perceive.face.places import Finder, Found, Place, crop_face, distinct, follow
from mien.perceive.face.stream import Crop, Rates, Stream
from mien.perceive.face.tracker import Sighting, Tracker
from mien.perceive.protocol import Update
from mien.types import Affect, Evidence, Frame, Image, Track

__all__ = ["FaceFold", "with_place"]

ENOUGH = 3
"""How often a face must be found in a stream before it is believed."""


CROWD = 6
"""Up to so many faces, each is followed in a window of its own; above, the whole picture is cheaper."""


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A face of a photograph, which has no time."""

    person: str
    affect: Affect
    crop: Crop

    @property
    def kept(self) -> Mapping[int, Crop]:
        """The crop of the only affect."""
        return {0: self.crop}

    def track(self) -> Track:
        """Return the face as a track."""
        return Track(self.person, "face", (self.affect,))


def with_place(affect: Affect, face: Found) -> Affect:
    """Return an affect that says where in the picture its face is."""
    return affect.because(Evidence("face", float(face.score), region=face.box))


@dataclass(slots=True)
class FaceFold:
    """The state of one stream of pictures.

    Pictures may come at any rate; those that are not due are passed over. Memory does not grow with the stream, apart
    from the affects and curves that it answers with.

    Args:
        finder: Finds faces.
        reader: Reads expressions.
        rates: How often to search and read.
        size: Pixels on the longer side of a searched picture; the finder's own where not given.
    """

    finder: Finder
    reader: Reader
    rates: Rates
    size: int | None = None
    _tracker: Tracker = field(default_factory=Tracker)
    _streams: dict[int, Stream] = field(default_factory=dict)
    _places: dict[int, Place] = field(default_factory=dict)
    _tracks: list[Stream | Photo] = field(default_factory=list)
    _tick: int = -1
    _look: int = -1
    _looks: int = 0
    _oldest: int | None = None

    def push(self, piece: Frame) -> list[Update]:
        """Take the next picture; return the affects that it changed or ended."""
        if piece.time is None:
            return self._photograph(piece.image)
        tick = self.rates.tick(piece.time)
        if tick <= self._tick:
            return []
        self._tick = tick
        for number, place in self._find(piece.image, piece.time).items():
            self._streams[number].see(tick, place.box, crop_face(piece.image, place))
            self._oldest = tick if self._oldest is None else self._oldest
        if self._oldest is None or tick - self._oldest + 1 < self.rates.delay * self.rates.read:
            return []
        return self._read()

    @property
    def settled(self) -> float:
        """Time in seconds before which no later picture can change an answer."""
        firsts = [first for stream in self._streams.values() if (first := stream.first_open) is not None]
        return min([self._tick + 1, *firsts]) / self.rates.read

    def flush(self) -> list[Update]:
        """End the spans that are open, as a long hole in the stream does."""
        updates = self._read()
        for stream in self._streams.values():
            done = stream.close(self._tick + 1, self.reader.affect)
            updates += [Update(stream.person or "", one, final=True) for one in done]
        return updates

    def finish(self) -> list[Track]:
        """End the stream; return one track per face, in the order of their first sighting."""
        if self._looks <= ENOUGH:
            self._believe(list(self._streams))
        self.flush()
        return [item.track() for item in self._tracks]

    def due(self, time: float) -> bool:
        """Whether a picture of that time would be looked at."""
        return self.rates.tick(time) > self._tick

    def lately(self, since: float) -> list[Track]:
        """Return how each mouth moved since a time; the tracks hold no affects."""
        streams = [item for item in self._tracks if isinstance(item, Stream)]
        moved = [(stream.person or "", stream.motion(since)) for stream in streams]
        return [Track(person, "face", (), (motion,)) for person, motion in moved if len(motion.values)]

    def box(self, person: str) -> tuple[float, float, float, float] | None:
        """Return where a face was last seen, in pixels."""
        return next((item.box for item in self._tracks if isinstance(item, Stream) and item.person == person), None)

    def crops(self, person: str) -> Mapping[int, Crop]:
        """Return the crop that shows an affect best, by the affect's place in its track; only the surest are kept."""
        return next((item.kept for item in self._tracks if item.person == person), {})

    def _photograph(self, image: Image) -> list[Update]:
        faces = distinct(self.finder.find(image, size=self.size))
        if not faces:
            return []
        crops = [crop_face(image, face) for face in faces]
        rows = self.reader.probabilities(np.stack([crop.pixels for crop in crops]))
        affects = [self.reader.affect(row) for row in rows]
        updates = []
        for face, affect, crop in zip(faces, affects, crops, strict=True):
            update = Update(f"face-{len(self._tracks) + 1}", with_place(affect, face), final=True)
            self._tracks.append(Photo(update.person, update.affect, crop))
            updates.append(update)
        return updates

    def _find(self, image: Image, time: float) -> dict[int, Place]:
        """Return where each face is now, by the number of its person."""
        look = self.rates.look(time)
        if look > self._look or len(self._places) > CROWD:
            self._look = look
            self._places = self._search(image, time)
        else:
            self._places = {number: self._follow(image, number) for number in self._places}
        return self._places

    def _search(self, image: Image, time: float) -> dict[int, Place]:
        """Look at the whole picture and tell who is who."""
        self._drop()
        faces = distinct(self.finder.find(image, size=self.size))
        persons = self._tracker.update([Sighting(face.box, describe(image.pixels, face.box)) for face in faces], time)
        self._looks += 1
        for person in persons:
            self._streams.setdefault(person.number, Stream(self.rates))
        self._believe([person.number for person in persons if person.seen >= ENOUGH])
        places = {person.number: Place.of(face) for person, face in zip(persons, faces, strict=True)}
        known = {number: self._places.get(number, place) for number, place in places.items()}
        return {number: place.calmed(known[number]) for number, place in places.items()}

    def _follow(self, image: Image, number: int) -> Place:
        """Return where a face went; one that is not seen is taken to move on as before."""
        place = self._places[number]
        found = follow(self.finder, image, place)
        if found is not None:
            return found
        across, down = self._tracker.pace(number)
        passed = 1 / self.rates.read
        return place.moved(across * passed, down * passed)

    def _believe(self, numbers: list[int]) -> None:
        for number in numbers:
            if self._streams[number].person is None:
                self._streams[number].person = f"face-{len(self._tracks) + 1}"
                self._tracks.append(self._streams[number])

    def _drop(self) -> None:
        """Forget faces that were found once or twice and never again."""
        late = self._tick - round(2 * self.rates.read / self.rates.detect)
        gone = [n for n, stream in self._streams.items() if stream.person is None and 0 <= stream.last < late]
        for number in gone:
            del self._streams[number]
            self._tracker.forget(number)

    def _read(self) -> list[Update]:
        """Read all waiting crops of believed faces at once."""
        streams = [stream for stream in self._streams.values() if stream.person is not None]
        # Every second crop is read mirrored: a span's mean then holds both sides at the price of one.
        crops = [crop.pixels[:, :: -1 if tick % 2 else 1] for stream in streams for tick, crop in stream.waiting]
        nobody = np.zeros((0, len(self.reader.taxonomy)))
        probs = self.reader.probabilities(np.stack(crops), once=True) if crops else nobody
        self._oldest = None
        updates: list[Update] = []
        for stream in streams:
            mine, probs = probs[: len(stream.waiting)], probs[len(stream.waiting) :]
            updates += self._news(stream, mine)
        return updates

    def _news(self, stream: Stream, probs: Float[np.ndarray, "reading label"]) -> list[Update]:
        affect, person, fresh = self.reader.affect, stream.person or "", len(probs) > 0
        done = stream.take(probs, affect) + stream.close((self._tick + 1) // self.rates.ticks, affect)
        updates = [Update(person, one, final=True) for one in done]
        open_now = stream.partial(affect) if fresh else None
        return updates if open_now is None else [*updates, Update(person, open_now, final=False)]
