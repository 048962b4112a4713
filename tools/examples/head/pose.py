"""What the head can do: a pose is its expression and its turn, moods are poses, and poses can be mixed."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Pose:
    """Expression weights (0 is at rest, 1 is strong) and the turn of the head in degrees.

    Attributes:
        smile: corners of the mouth up and apart, cheeks up, lower lids up.
        frown: corners of the mouth down, chin up.
        jaw: mouth open.
        round_lips: mouth narrow and forward.
        teeth: upper lip raised.
        brow_up: whole brow up.
        brow_inner: inner end of the brow up.
        brow_down: brow down and together.
        wide: eyes wide open.
        blink: eyes closed.
        squint: eyes narrow.
        gaze_x: eyes to the picture's right, in eye radii.
        gaze_y: eyes up, in eye radii.
        yaw: turn to the picture's right.
        pitch: turn up.
        roll: tilt to the picture's right.
        move_x: place of the head to the picture's right, in decimetres.
        move_y: place of the head upwards, in decimetres.
    """

    smile: float = 0.0
    frown: float = 0.0
    jaw: float = 0.0
    round_lips: float = 0.0
    teeth: float = 0.0
    brow_up: float = 0.0
    brow_inner: float = 0.0
    brow_down: float = 0.0
    wide: float = 0.0
    blink: float = 0.0
    squint: float = 0.0
    gaze_x: float = 0.0
    gaze_y: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    move_x: float = 0.0
    move_y: float = 0.0


MOODS = {
    "neutral": Pose(),
    "happy": Pose(smile=1.0, teeth=0.75, jaw=0.12, squint=0.45, brow_up=0.12, roll=3.0, pitch=2.0),
    "surprised": Pose(brow_up=1.0, wide=1.0, jaw=0.75, round_lips=0.45, pitch=3.0),
    "sad": Pose(frown=1.0, brow_inner=1.0, squint=0.25, brow_down=0.25, gaze_y=-0.25, pitch=-5.0, roll=-4.0),
}


def mix(poses: dict[str, float]) -> Pose:
    """Return the weighted sum of moods.

    >>> mix({"happy": 0.5}).smile
    0.5
    """
    return Pose(**{f.name: sum(w * getattr(MOODS[name], f.name) for name, w in poses.items()) for f in fields(Pose)})


def add(first: Pose, second: Pose) -> Pose:
    """Return the sum of two poses, field by field."""
    return Pose(**{f.name: getattr(first, f.name) + getattr(second, f.name) for f in fields(Pose)})
