"""Pictures at another size, smoothed where they shrink."""

from __future__ import annotations

import numpy as np

from mien.errors import OptionError
from mien.types.signals import Image

__all__ = ["resize"]

SKIP = 8
"""Shrinking by more than this takes every n-th pixel first, so that a huge picture costs no huge copy."""


def resize(image: Image, *, width: int, height: int) -> Image:
    """Return the picture at another size.

    Args:
        image: The picture.
        width: New width in pixels, at least 1.
        height: New height in pixels, at least 1.

    Raises:
        OptionError: A side is below 1.

    Example:
        >>> import numpy as np
        >>> resize(Image(np.zeros((4, 6, 3), np.uint8)), width=3, height=2).pixels.shape
        (2, 3, 3)
    """
    from PIL import Image as Pillow

    if min(width, height) < 1:
        raise OptionError(f"a size of {width} x {height} was asked for; allowed: at least 1 x 1")
    if (width, height) == (image.width, image.height):
        return image
    pixels = image.pixels
    if min(image.width / width, image.height / height) > SKIP:
        step = int(min(image.width / width, image.height / height) / (SKIP / 2))
        pixels = pixels[::step, ::step]
    picture = Pillow.fromarray(np.ascontiguousarray(pixels))
    whole = min(picture.width // width, picture.height // height)
    if whole > 1:
        # Means of whole blocks cost a third of a filter, and leave it little to do.
        picture = picture.reduce(whole)
    if picture.size != (width, height):
        picture = picture.resize((width, height), Pillow.Resampling.BILINEAR)
    return Image(np.array(picture))
