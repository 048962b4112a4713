"""How far the measured cues of a voice agree with Praat's and with openSMILE's, on acted speech.

    pip install opensmile      # beside what make test installs
    MIEN_DATA=... python benchmarks/voice_cues.py                 # prints what was found
    MIEN_DATA=... python benchmarks/voice_cues.py --save          # and writes results/speech/voice-cues.json

Clips of RAVDESS and EmoDB, spread evenly over all speakers, are measured whole by mien, by Praat with the same settings
(pitch from 75 to 600 Hz; the syllable nuclei of de Jong and Wempe 2009 from Praat's level, pauses and pitch), and by
openSMILE's eGeMAPSv02, whose definitions differ. Neither package is part of mien: Praat is under the GPL, openSMILE for
research only.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

import mien
from mien.datasets.corpus import corpus_folder
from mien.datasets.recordings import RATE, decode, rows
from mien.dsp.voice_quality import voice_cues
from mien.errors import MienError, OptionError
from mien.metrics.bootstrap import Interval, interval

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "results" / "speech" / "voice-cues.json"
CORPORA = ("ravdess", "emodb")
SPLITS = ("train", "val", "test")
SILENT = -199.0
"""Harmonicity that Praat gives to silent frames, and below."""
IN_DECIBELS = ("harmonicity", "level", "alpha_ratio", "hammarberg_index")
SHARES = ("pause_share",)
SMILE = {
    "pitch": ("F0semitoneFrom27.5Hz_sma3nz_percentile50.0", 1),
    "jitter": ("jitterLocal_sma3nz_amean", 1),
    "shimmer": ("shimmerLocaldB_sma3nz_amean", 1),
    "harmonicity": ("HNRdBACF_sma3nz_amean", 1),
    "level": ("equivalentSoundLevel_dBp", 1),
    "alpha_ratio": ("alphaRatioV_sma3nz_amean", -1),
    "hammarberg_index": ("hammarbergIndexV_sma3nz_amean", 1),
    "speech_rate": ("loudnessPeaksPerSec", 1),
}
"""Our cue to openSMILE's functional nearest to it, and its sign against ours."""
NOTE = (
    "*_r: correlation of each cue with Praat's over clips; *_off: median difference from Praat's, as a share of it (in "
    "dB for harmonicity and level, in points of share for pause_share). harmonicity_cc: against Praat's other "
    "harmonicity, by cross-correlation, its own default. known: share of what Praat measures that mien does, too. "
    "*_smile_r: correlation with openSMILE's functional nearest to the cue, whose definition differs: pitch in "
    "semitones, shimmer in dB, level of the whole clip with its silence, and peaks of loudness a second for "
    "speech_rate. Speakers are drawn whole for the intervals. Praat and openSMILE are other programs, not the truth."
)


def praat(samples: np.ndarray) -> dict[str, float]:
    """Return Praat's values of the cues; NaN where it has none."""
    import parselmouth
    from parselmouth.praat import call

    sound = parselmouth.Sound(samples, RATE)
    pitch = sound.to_pitch_ac(time_step=0.01, pitch_floor=75.0, pitch_ceiling=600.0)
    pulses = call([sound, pitch], "To PointProcess (cc)")
    level = sound.to_intensity(50.0)
    edges = (0, 0, 0.0001, 0.02, 1.3)
    return {
        "pitch": call(pitch, "Get quantile", 0, 0, 0.5, "Hertz"),
        "jitter": call(pulses, "Get jitter (local)", *edges),
        "shimmer": call([sound, pulses], "Get shimmer (local)", *edges, 1.6),
        **_harmonicities(sound, pitch),
        **_rhythm(level, pitch),
    }


def _harmonicities(sound: Any, pitch: Any) -> dict[str, float]:
    voiced = pitch.xs()[pitch.selected_array["frequency"] > 0]
    # Voiced frames count, however soft: no threshold of silence.
    by_ac = sound.to_harmonicity_ac(time_step=0.01, minimum_pitch=75.0, silence_threshold=1e-6, periods_per_window=4.5)
    by_cc = sound.to_harmonicity_cc(time_step=0.01, minimum_pitch=75.0, silence_threshold=0.1, periods_per_window=1.0)
    found = by_ac.values[0]
    there = np.interp(voiced, by_ac.xs(), np.where(found > SILENT, found, np.nan))
    return {"harmonicity": _mean(there), "harmonicity_cc": _mean(by_cc.values[0][by_cc.values[0] > SILENT])}


def _rhythm(level: Any, pitch: Any) -> dict[str, float]:
    """Return level, speech rate and pauses, by the steps of de Jong and Wempe on Praat's own curves."""
    from parselmouth.praat import call

    top = call(level, "Get quantile", 0, 0, 0.99)
    loudest, lowest = (call(level, f"Get {end}imum", 0, 0, "None") for end in ("max", "min"))
    threshold = max(top - 25.0, lowest)
    grid = call(level, "To TextGrid (silences)", threshold - loudest, 0.3, 0.1, "silent", "sounding")
    parts = [
        [call(grid, f"Get {end} time of interval", 1, place) for end in ("start", "end")]
        for place in range(1, call(grid, "Get number of intervals", 1) + 1)
        if call(grid, "Get label of interval", 1, place) == "sounding"
    ]
    if not parts:
        return dict.fromkeys(("level", "speech_rate", "pause_share"), np.nan)
    whole, spoken = parts[-1][1] - parts[0][0], sum(end - start for start, end in parts)
    nuclei = _nuclei(level, pitch, threshold, parts)
    heard = level.values[0][level.values[0] >= threshold]
    return {
        "level": 10.0 * np.log10(np.mean(10.0 ** (heard / 10.0))) + 20.0 * np.log10(2e-5),
        "speech_rate": nuclei / whole,
        "pause_share": 1.0 - spoken / whole,
    }


def _nuclei(level: Any, pitch: Any, threshold: float, parts: Sequence[Sequence[float]]) -> int:
    from parselmouth.praat import call

    tier = call(level, "To IntensityTier (peaks)")
    peaks = [call(tier, "Get time from index", place + 1) for place in range(call(tier, "Get number of points"))]
    peaks = [peak for peak in peaks if call(level, "Get value at time", peak, "Cubic") > threshold]
    found = 0
    for before, peak in zip([level.xmin, *peaks], peaks, strict=False):
        dip = call(level, "Get minimum", before, peak, "Parabolic")
        voiced = np.isfinite(call(pitch, "Get value at time", peak, "Hertz", "Linear"))
        sounds = any(start <= peak <= end for start, end in parts)
        found += bool(call(level, "Get value at time", peak, "Cubic") - dip >= 2.0 and voiced and sounds)
    return found


def smile() -> Any:
    """Return what maps samples to the eGeMAPS functionals that are nearest to our cues."""
    import opensmile

    measure = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)

    def measured(samples: np.ndarray) -> dict[str, float]:
        row = measure.process_signal(samples.astype(np.float32), RATE).iloc[0]
        return {cue: sign * float(row[name]) for cue, (name, sign) in SMILE.items()}

    return measured


def chosen(corpus: str, n: int) -> list[tuple[np.ndarray, str]]:
    """Return samples and speaker of clips that are spread evenly over the splits, and so over the speakers."""
    found = [row for split in SPLITS for row in rows(corpus_folder(f"speech/{corpus}"), split)]
    places = np.unique(np.linspace(0, len(found) - 1, min(n, len(found))).astype(int))
    return [
        (decode(row["audio"], row["clip_id"]).audio.mono().astype(np.float64), str(row["speaker"]))
        for row in (found[place] for place in places)
    ]


def compared(clips: Sequence[tuple[np.ndarray, str]]) -> dict[str, Interval]:
    """Return how far the three agree, cue by cue."""
    ours, theirs, others, features = [], [], [], smile()
    for heard, _ in clips:
        ours.append(asdict(voice_cues(heard, rate=RATE)))
        theirs.append(praat(heard))
        others.append(features(heard))
    speakers = np.array([speaker for _, speaker in clips])
    mine = {cue: np.array([row[cue] for row in ours], dtype=float) for cue in ours[0]}
    known = [np.isfinite(mine[cue]) for cue in theirs[0] if cue in mine]
    there = [np.isfinite(_column(theirs, cue)) for cue in theirs[0] if cue in mine]
    known_share = np.array([np.mean(row[both]) for row, both in zip(np.array(known).T, np.array(there).T, strict=True)])
    scores = {"known": interval(_first_mean, known_share, known_share, groups=speakers)}
    for cue in theirs[0]:
        ours_of = mine[cue.removesuffix("_cc")]
        scores |= _agreement(cue, ours_of, _column(theirs, cue), speakers)
    for cue in others[0]:
        both = np.isfinite(mine[cue])
        own = np.log2(mine[cue][both]) if cue == "pitch" else mine[cue][both]
        scores[f"{cue}_smile_r"] = interval(_correlation, own, _column(others, cue)[both], groups=speakers[both])
    return scores


def _agreement(cue: str, mine: np.ndarray, theirs: np.ndarray, speakers: np.ndarray) -> dict[str, Interval]:
    both = np.isfinite(mine) & np.isfinite(theirs)
    mine, theirs, speakers = mine[both], theirs[both], speakers[both]
    found = {}
    if np.std(mine) > 0 and np.std(theirs) > 0:
        found[f"{cue}_r"] = interval(_correlation, mine, theirs, groups=speakers)
    if cue != "harmonicity_cc":
        off = np.abs(mine - theirs) / (1.0 if cue in (*IN_DECIBELS, *SHARES) else np.maximum(np.abs(theirs), 1e-9))
        found[f"{cue}_off"] = interval(_first_median, off, off, groups=speakers)
    return found


def _column(rows: Sequence[dict[str, float]], cue: str) -> np.ndarray:
    return np.array([row[cue] for row in rows], dtype=float)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    spread = np.std(one) * np.std(other)
    if spread == 0:
        raise OptionError("a correlation with what does not vary was asked for; it has none")
    return float(np.mean((one - one.mean()) * (other - other.mean())) / spread)


def _first_mean(values: np.ndarray, _: np.ndarray) -> float:
    return float(np.mean(values))


def _first_median(values: np.ndarray, _: np.ndarray) -> float:
    return float(np.median(values))


def main() -> int:
    """Measure, print every score, and save the result if asked to."""
    parser = argparse.ArgumentParser(description="Compare the cues of a voice with Praat's and openSMILE's.")
    parser.add_argument("--clips", type=int, default=96, help="clips of each corpus (default: 96)")
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.relative_to(ROOT)}")
    given = parser.parse_args()
    results = []
    for name in CORPORA:
        start = time.perf_counter()
        try:
            clips = chosen(name, given.clips)
        except MienError as error:
            parser.error(str(error))
        scores = compared(clips)
        results.append(
            {
                "task": f"speech/voice-cues-{name}",
                "model": "",
                "n": len(clips),
                "seconds": round(time.perf_counter() - start, 1),
                "metrics": {
                    metric: {part: round(value, 5) for part, value in asdict(score).items()}
                    for metric, score in scores.items()
                },
                "version": mien.__version__,
                "seeds": [0],
                "command": f"python benchmarks/voice_cues.py --clips {given.clips} --save",
                "note": NOTE,
            }
        )
        for metric, score in results[-1]["metrics"].items():
            sys.stdout.write(f"{name} {metric}: {score}\n")
        sys.stdout.flush()
    if given.save:
        RESULT.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
