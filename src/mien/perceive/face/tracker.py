"""Who is who from picture to picture: faces are given to known persons by place and by appearance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from mien.metrics.assignment import assign
from mien.perceive.face.appearance import difference

__all__ = ["Person", "Sighting", "Tracker", "overlap"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One found face.

    Attributes:
        box: Left, top, right, bottom in pixels.
        look: The description of its appearance, of length one.
    """

    box: Box
    look: Float[np.ndarray, " size"]


@dataclass(slots=True)
class Person:
    """Someone who was seen.

    Attributes:
        number: Counts the persons of a tracker from 0 in the order of their first sighting.
        box: Where the face was last.
        time: When that was, in seconds.
        pace: How far box centre moves, in pixels a second.
        look: The mean appearance while nobody stood close by.
        last: The appearance when last seen.
        seen: How often the face was found.
    """

    number: int
    box: Box
    time: float
    look: Float[np.ndarray, " size"]
    last: Float[np.ndarray, " size"]
    pace: tuple[float, float] = (0.0, 0.0)
    seen: int = 1

    def at(self, time: float) -> Box:
        """Return where the face is expected; the pace fades, for nobody walks on for ever unseen."""
        ahead = min(max(time - self.time, 0.0), 0.5)
        across, down = self.pace[0] * ahead, self.pace[1] * ahead
        return (self.box[0] + across, self.box[1] + down, self.box[2] + across, self.box[3] + down)


@dataclass(frozen=True, slots=True)
class Limits:
    """When a face may be a known person's.

    On photographs, one face under other light, noise and place of its box differs by 0.12 (0.24 at the 95th
    percentile), and two persons of one picture by 0.35 (0.25 at the 5th).

    Attributes:
        reach: Largest distance between the expected and the found place, in face sizes, for someone just seen.
        speed: How much further the place may be for each second of absence.
        away: Seconds without a sighting after which place says nothing, and only appearance counts.
        memory: Seconds after which an absent person is forgotten.
        unlike: Largest difference in appearance of one person near the expected place.
        unlike_away: The same for a person who comes back somewhere.
        weight: How much a difference in appearance counts against distance in face sizes.
        blend: How much of a new sighting goes into the mean appearance.
        crowd: Most persons that are remembered.
    """

    reach: float = 0.9
    speed: float = 1.5
    away: float = 1.0
    memory: float = 30.0
    unlike: float = 0.36
    unlike_away: float = 0.26
    weight: float = 4.0
    blend: float = 0.2
    crowd: int = 64


@dataclass(slots=True)
class Tracker:
    """Gives found faces to persons; holds at most ``limits.crowd`` persons."""

    limits: Limits = field(default_factory=Limits)
    persons: list[Person] = field(default_factory=list)
    count: int = 0

    def update(self, sightings: Sequence[Sighting], time: float) -> list[Person]:
        """Return the person of each sighting, known or new, and remember where they are."""
        self._forget(time)
        costs = np.array([[self._cost(person, one, time) for one in sightings] for person in self.persons])
        pairs = _pairs(costs.reshape(len(self.persons), len(sightings)))
        owner = {column: self.persons[row] for row, column in pairs}
        clear = [_alone(place, sightings) for place in range(len(sightings))]
        found: list[Person] = []
        for place, sighting in enumerate(sightings):
            if place in owner:
                self._see(owner[place], sighting, time, learn=clear[place])
                found.append(owner[place])
            else:
                found.append(self._meet(sighting, time))
        return found

    def pace(self, number: int) -> tuple[float, float]:
        """Return how fast a person's face moves, in pixels a second; an unknown person stands still."""
        return next((person.pace for person in self.persons if person.number == number), (0.0, 0.0))

    def forget(self, number: int) -> None:
        """Take a person for one that never was."""
        self.persons = [person for person in self.persons if person.number != number]

    def _cost(self, person: Person, sighting: Sighting, time: float) -> float:
        """Return how unlikely it is that a person is in a sighting; infinite where it cannot be."""
        limits, gone = self.limits, time - person.time
        unlike = min(difference(look, sighting.look) for look in (person.look, person.last))
        apart = _distance(person.at(time), sighting.box)
        if apart <= limits.reach + limits.speed * min(gone, limits.away) and gone <= limits.away:
            return apart + limits.weight * unlike if unlike <= limits.unlike else np.inf
        if gone > limits.away / 2 and unlike <= limits.unlike_away:
            return 2.0 + limits.weight * unlike  # dearer than any near place: the one who stayed comes first
        return np.inf

    def _see(self, person: Person, sighting: Sighting, time: float, *, learn: bool) -> None:
        passed = time - person.time
        if 0 < passed <= self.limits.away:
            new = [(b + d - a - c) / 2 / passed for a, b, c, d in _sides(person.box, sighting.box)]
            person.pace = (0.5 * person.pace[0] + 0.5 * new[0], 0.5 * person.pace[1] + 0.5 * new[1])
        else:
            person.pace = (0.0, 0.0)
        person.box, person.time, person.seen = sighting.box, time, person.seen + 1
        person.last = sighting.look
        if learn:
            mixed = (1 - self.limits.blend) * person.look + self.limits.blend * sighting.look
            person.look = mixed / max(float(np.linalg.norm(mixed)), 1e-9)

    def _meet(self, sighting: Sighting, time: float) -> Person:
        person = Person(self.count, sighting.box, time, sighting.look, sighting.look)
        self.count += 1
        self.persons.append(person)
        return person

    def _forget(self, time: float) -> None:
        kept = [person for person in self.persons if time - person.time <= self.limits.memory]
        kept.sort(key=lambda person: person.time)
        self.persons = sorted(kept[-self.limits.crowd :], key=lambda person: person.number)


def overlap(one: Box, other: Box) -> float:
    """Return the common area of two boxes over their joint area, in [0, 1]."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    common = wide * high
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return common / max(areas - common, 1e-9)


def _pairs(costs: Float[np.ndarray, "rows columns"]) -> list[tuple[int, int]]:
    """Return as many pairs as can be, at the least total cost; infinite costs are never paired."""
    possible = np.isfinite(costs)
    if not possible.any():
        return []
    dear = (float(costs[possible].max()) + 1) * (min(costs.shape) + 1)
    gain = np.where(possible, dear - np.where(possible, costs, 0), 0.0)
    return [(row, column) for row, column in assign(gain) if possible[row, column]]


def _distance(one: Box, other: Box) -> float:
    """Return the distance of two box centres in face sizes, plus how far their sizes differ."""
    sizes = [float(np.sqrt(max((box[2] - box[0]) * (box[3] - box[1]), 1.0))) for box in (one, other)]
    across = (one[0] + one[2] - other[0] - other[2]) / 2
    down = (one[1] + one[3] - other[1] - other[3]) / 2
    return float(np.hypot(across, down)) / (sum(sizes) / 2) + abs(float(np.log(sizes[0] / sizes[1])))


def _sides(old: Box, new: Box) -> list[tuple[float, float, float, float]]:
    return [(old[0], new[0], old[2], new[2]), (old[1], new[1], old[3], new[3])]


def _alone(place: int, sightings: Sequence[Sighting]) -> bool:
    """Return whether no other face reaches into the surroundings of this one, so that its appearance is its own."""
    left, top, right, bottom = sightings[place].box
    wide, high = (right - left) / 4, (bottom - top) / 2
    around = (left - wide, top - high, right + wide, bottom + high)
    return all(overlap(around, other.box) == 0 for index, other in enumerate(sightings) if index != place)
