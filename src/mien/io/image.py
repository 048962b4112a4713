"""Pictures through Pillow: PNG, JPEG and WebP, upright, as eight-bit RGB whatever the file holds."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Shaped, UInt8

from mien.errors import InputError, OptionError
from mien.io.paths import readable_file
from mien.types.signals import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

__all__ = ["read_image"]

MOST_PIXELS = 200_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
DEEP = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")
STRIP = 256
ORIENTATION = 0x0112
_pillow = threading.Lock()


def read_image(path: str | Path | bytes, *, max_side: int | None = None, most_pixels: int = MOST_PIXELS) -> Image:
    """Return a picture as RGB, turned as its EXIF orientation says, on white where it is transparent.

    Args:
        path: The file, or its content.
        max_side: Longest side in pixels; a larger picture is scaled down. ``None`` keeps every size.
        most_pixels: Pixels of the largest picture that is decoded at all.

    Raises:
        InputError: The file is no PNG, JPEG or WebP, is damaged, or has more pixels than that.
        OptionError: The longest side is not positive.

    Example:
        >>> import PIL.Image, tempfile
        >>> photo = Path(tempfile.mkdtemp()) / "photo.png"
        >>> PIL.Image.new("L", (40, 20)).save(photo)
        >>> read_image(photo, max_side=10).pixels.shape
        (5, 10, 3)
    """
    if max_side is not None and max_side < 1:
        raise OptionError(f"a longest side of {max_side} pixels was asked for; allowed: 1 or more, or None")
    name = f"a picture of {len(path)} bytes" if isinstance(path, bytes) else str(path)
    source = io.BytesIO(path) if isinstance(path, bytes) else readable_file(path)
    with _our_limit():
        try:
            return Image(_pixels(source, name, max_side, most_pixels))
        except InputError:
            raise
        except Exception as error:  # Pillow's decoders raise what they like on damaged bytes.
            raise InputError(f"{name} cannot be decoded; allowed: whole PNG, JPEG and WebP images") from error


def _pixels(
    source: Path | io.BytesIO, name: str, max_side: int | None, most_pixels: int
) -> UInt8[np.ndarray, "height width 3"]:
    import PIL.Image
    from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401 (they register their formats)

    with PIL.Image.open(source, formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > most_pixels:
            raise InputError(
                f"{name} has {width} x {height} pixels ({width * height / 1e6:.0f} megapixels); "
                f"allowed: up to {most_pixels / 1e6:.0f} megapixels"
            )
        if max_side is not None:
            # A JPEG decodes straight to a half, quarter or eighth of its size.
            picture.draft("RGB", (max_side, max_side))
        picture.load()
        return _array(_fitted(_rgb(_upright(picture)), max_side))


def _array(picture: Picture) -> UInt8[np.ndarray, "height width 3"]:
    """Copy strip by strip: Pillow would make three copies of a large picture at once."""
    width, height = picture.size
    pixels = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, STRIP):
        bottom = min(top + STRIP, height)
        pixels[top:bottom] = np.asarray(picture.crop((0, top, width, bottom)))
    return pixels


def _upright(picture: Picture) -> Picture:
    from PIL import ImageOps

    try:
        # Where it is upright already, this would be a whole copy.
        return picture if picture.getexif().get(ORIENTATION, 1) == 1 else ImageOps.exif_transpose(picture)
    except Exception:  # The picture is whole; only what is written about it is damaged.
        return picture


def _rgb(picture: Picture) -> Picture:
    import PIL.Image

    if picture.mode in DEEP:
        return _from_deep(np.asarray(picture))
    if picture.mode in ("RGBA", "LA", "La", "RGBa", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        white = PIL.Image.new("RGBA", clear.size, "white")
        return PIL.Image.alpha_composite(white, clear).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _from_deep(values: Shaped[np.ndarray, "height width"]) -> Picture:
    """Grey of more than eight bits: the upper eight of sixteen."""
    import PIL.Image

    grey = np.clip(np.nan_to_num(values.astype(np.float32)) / 257, 0, 255).round().astype(np.uint8)
    return PIL.Image.fromarray(grey).convert("RGB")


def _fitted(picture: Picture, max_side: int | None) -> Picture:
    longest = max(picture.size)
    if max_side is None or longest <= max_side:
        return picture
    width, height = (max(1, round(side * max_side / longest)) for side in picture.size)
    return picture.resize((width, height), reducing_gap=2.0)


@contextmanager
def _our_limit() -> Iterator[None]:
    """Set Pillow's own limit and warnings aside while ours holds; its limit is one for the whole process."""
    import PIL.Image

    with _pillow, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = PIL.Image.MAX_IMAGE_PIXELS
        PIL.Image.MAX_IMAGE_PIXELS = None
        try:
            yield
        finally:
            PIL.Image.MAX_IMAGE_PIXELS = before
