"""Make `face.webp`: the drawn head, laughing.

python -m tools.examples.portrait examples
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from PIL import Image
from tools.examples.head.light import Camera, render
from tools.examples.head.pose import MOODS


def main(folder: Path) -> None:
    """Draw the picture and write it into the folder."""
    pose = replace(MOODS["happy"], yaw=-4.0, smile=1.4, teeth=1.0, jaw=0.35, squint=0.7)
    camera = Camera(width=720, height=800, tall=3.4, up=-0.35, oversample=1.5)
    Image.fromarray(render(pose, camera, rows=1080)).save(folder / "face.webp", quality=88, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
