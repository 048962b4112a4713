"""What can be measured in a voice, from a file or from samples; no model takes part."""

from __future__ import annotations

from pathlib import Path

from mien.dsp.voice_quality import VoiceCues, voice_cues
from mien.io.clip import at_rate, read_clip
from mien.types import Audio

__all__ = ["VoiceCues", "measure_voice"]

RATE = 16_000


def measure_voice(source: str | Path | Audio, *, floor: float = 75.0, ceiling: float = 600.0) -> VoiceCues:
    """Measure the voice of a recording of one person: pitch, jitter, shimmer, noise, level, tilt, rate and pauses.

    Channels are mixed, and everything is measured at 16 kHz.

    Args:
        source: A recording or video of at most ten minutes, or samples.
        floor: Lowest pitch that is looked for, in Hz. A narrower range (75 to 300 for a man, 100 to 500 for a woman)
            makes errors of an octave rarer.
        ceiling: Highest pitch that is looked for, in Hz.

    Raises:
        InputError: The file holds no sound or too much of it, or samples are not finite.
        OptionError: The rate of the samples or the pitches are out of range.

    Example:
        >>> import numpy as np
        >>> time = np.arange(16000) / 16000
        >>> buzz = 0.1 * sum(np.sin(2 * np.pi * 180 * order * time) / order for order in range(1, 20))
        >>> round(measure_voice(Audio(buzz[None].astype(np.float32), 16000)).pitch)
        180
    """
    audio = at_rate(source, RATE) if isinstance(source, Audio) else read_clip(source).audio
    return voice_cues(audio.mono(), rate=audio.rate, floor=floor, ceiling=ceiling)
