from __future__ import annotations

import numpy as np

from mien.perceive.face.mouth import mouth_motion


def face(gape: int = 2, shift: int = 0, light: int = 0) -> np.ndarray:
    crop = np.full((48, 48), 150, np.uint8)
    crop[18:21, 12:19] = crop[18:21, 29:36] = 40
    crop[26:29, 22:26] = 100
    crop[37 - gape // 2 : 37 + gape // 2, 16:32] = 30
    return np.roll(crop, shift, axis=1) + np.uint8(light)


def test_a_still_face_does_not_move() -> None:
    assert mouth_motion(face(), face()) == 0


def test_a_mouth_that_opens_moves() -> None:
    assert mouth_motion(face(2), face(8)) > 0.1


def test_a_shifted_box_or_other_light_is_no_speech() -> None:
    assert abs(mouth_motion(face(), face(shift=2))) < 0.02
    assert abs(mouth_motion(face(), face(light=40))) < 0.02


def test_more_motion_counts_more() -> None:
    assert mouth_motion(face(2), face(10)) > mouth_motion(face(2), face(4)) > 0
