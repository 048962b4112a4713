from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from mien.errors import InputError, OptionError
from mien.io import read_image


def corner(path: Path, **options: int) -> tuple[int, ...]:
    return tuple(int(value) for value in read_image(path, **options).pixels[0, 0])


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_every_format(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    PIL.Image.new("RGB", (40, 30), (250, 10, 20)).save(path)
    image = read_image(path)
    assert (image.width, image.height) == (40, 30)
    np.testing.assert_allclose(image.pixels[0, 0], (250, 10, 20), atol=6)
    np.testing.assert_array_equal(read_image(path.read_bytes()).pixels, image.pixels)


@pytest.mark.parametrize(
    ("mode", "color"), [("L", 200), ("P", 0), ("1", 1), ("CMYK", (0, 0, 0, 0)), ("YCbCr", (200, 128, 128))]
)
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str, color: int) -> None:
    path = tmp_path / ("a.jpg" if mode in ("CMYK", "YCbCr") else "a.png")
    PIL.Image.new(mode, (8, 8), color).save(path)
    assert read_image(path).pixels.shape == (8, 8, 3)


def test_sixteen_bits_keep_their_scale(tmp_path: Path) -> None:
    PIL.Image.fromarray(np.full((4, 4), 32_896, np.uint16)).save(tmp_path / "deep.png")
    assert corner(tmp_path / "deep.png") == (128, 128, 128)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    PIL.Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert corner(tmp_path / "clear.png") == (255, 255, 255)


@pytest.mark.parametrize(("orientation", "place"), [(1, (0, 0)), (3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))])
def test_exif_orientation(tmp_path: Path, orientation: int, place: tuple[int, int]) -> None:
    pixels = np.zeros((16, 32, 3), np.uint8)
    pixels[:8, :8] = 255
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    PIL.Image.fromarray(pixels).save(tmp_path / "a.png", exif=exif)
    image = read_image(tmp_path / "a.png")
    assert (image.height > image.width) == (orientation in (6, 8))
    assert image.pixels[place].tolist() == [255, 255, 255]


def test_one_pixel(tmp_path: Path) -> None:
    PIL.Image.new("RGB", (1, 1), "red").save(tmp_path / "dot.png")
    assert corner(tmp_path / "dot.png") == (255, 0, 0)


def test_twenty_thousand_by_five_thousand(tmp_path: Path) -> None:
    PIL.Image.new("L", (20_000, 5_000), 90).save(tmp_path / "wide.jpg")
    image = read_image(tmp_path / "wide.jpg", max_side=1280)
    assert (image.width, image.height) == (1280, 320)


def test_more_than_200_megapixels_are_refused_unread(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_001, 10_000, 8, 2, 0, 0, 0))
    (tmp_path / "vast.png").write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    limit = PIL.Image.MAX_IMAGE_PIXELS
    with pytest.raises(InputError, match=r"has 20001 x 10000 pixels \(200 megapixels\); allowed: up to 200 megapixels"):
        read_image(tmp_path / "vast.png")
    assert limit == PIL.Image.MAX_IMAGE_PIXELS


def test_truncated_is_refused(tmp_path: Path) -> None:
    PIL.Image.effect_noise((64, 64), 50).save(tmp_path / "a.jpg")
    raw = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(InputError, match=r"a.jpg cannot be decoded; allowed: whole PNG, JPEG and WebP images"):
        read_image(tmp_path / "a.jpg")


def test_options(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="a longest side of 0 pixels was asked for; allowed: 1 or more, or None"):
        read_image(tmp_path / "a.png", max_side=0)
