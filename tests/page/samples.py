"""Small made-up analyses, one of each kind, in the JSON format; nothing in them was measured.

``python tests/page/samples.py FOLDER`` writes them, for work on the page with ``npm run dev``.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Document = dict[str, Any]
EKMAN = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
# ruff: noqa: E501 - tables of made-up sentences read better in one line each
CENTRES = {
    "anger": (-0.55, 0.65), "disgust": (-0.6, 0.3), "fear": (-0.6, 0.6), "joy": (0.75, 0.45),
    "sadness": (-0.6, -0.35), "surprise": (0.2, 0.65), "neutral": (0.05, -0.1),
}  # fmt: skip
SIZE = {"width": 640, "height": 360}
TAXONOMIES = {"ekman7": {"labels": list(EKMAN), "exclusive": True, "reference": "made up", "parents": {}}}
MODELS = [
    {"name": "text-affect", "version": "1.0.0", "line": "open", "licence": "Apache-2.0"},
    {"name": "speech-base", "version": "1.0.0", "line": "research", "licence": "CC-BY-NC-SA-4.0"},
    {"name": "face-expression", "version": "1.0.0", "line": "research", "licence": "research use only"},
]


def span(start: float, end: float, unit: str = "seconds") -> Document:
    return {"start": round(start, 3), "end": round(end, 3), "unit": unit}


def evidence(source: str, weight: float, note: str, **where: Any) -> Document:
    return {"source": source, "weight": weight, "note": note} | where


def affect(weights: dict[str, float], where: Document | None, confidence: float, *reasons: Document) -> Document:
    """An affect whose categories follow ``weights`` and whose dimensions follow its categories."""
    raw = {label: weights.get(label, 0.02) for label in EKMAN}
    total = sum(raw.values())
    probs = {label: value / total for label, value in raw.items()}
    valence = sum(p * CENTRES[label][0] for label, p in probs.items())
    arousal = sum(p * CENTRES[label][1] for label, p in probs.items())
    std = round(0.12 + 0.35 * (1 - confidence), 3)
    place = {"span": where} if where else {}
    return place | {
        "categories": {"taxonomy": "ekman7", "probs": probs},
        "valence": {"mean": round(valence, 4), "std": std},
        "arousal": {"mean": round(arousal, 4), "std": std},
        "dominance": {"mean": round(0.4 * arousal, 4), "std": std + 0.1},
        "evidence": list(reasons),
        "confidence": confidence,
        "kind": "expressed",
        "model": "fused",
    }


def track(person: str, modality: str, affects: list[Document], series: list[Document] | None = None) -> Document:
    return {"person": person, "modality": modality, "affects": affects, "series": series or []}


def series(name: str, rate: float, values: Any) -> Document:
    array = np.asarray(values, dtype=float)
    return {
        "name": name,
        "start": 0.0,
        "rate": rate,
        "shape": list(array.shape),
        "values": array.round(2).ravel().tolist(),
    }


def document(name: str, kind: str, duration: float | None, size: Document | None = None, **parts: Any) -> Document:
    source: Document = {"name": name, "kind": kind, "unit": parts.pop("unit", "seconds")}
    source |= {key: value for key, value in (("duration", duration), *(size or {}).items()) if value is not None}
    lists: Document = {key: [] for key in ("tracks", "fused", "turns", "links", "moments", "warnings")}
    head = {"format": "mien.analysis", "version": 1, "source": source, "taxonomies": TAXONOMIES}
    return head | lists | {"models": MODELS, "rates": {}} | parts


SENTENCES = [
    ("The letter came on a Tuesday, and for a while I could not open it.", {"fear": 0.5, "neutral": 0.4}, 0.52, "could not"),
    ("When I did, I laughed out loud in the empty kitchen.", {"joy": 0.8, "surprise": 0.3}, 0.81, "laughed"),
    ("They had said yes! \U0001f389", {"joy": 0.9, "surprise": 0.4}, 0.86, "yes"),
    ("My brother would have been proud, and I miss him every day.", {"sadness": 0.7, "joy": 0.2}, 0.67, "miss"),
    ("Nobody had told me that the old house was already sold.", {"anger": 0.4, "sadness": 0.4, "surprise": 0.3}, 0.38, "already sold"),
    ("How dare they decide that without asking us?", {"anger": 0.9, "disgust": 0.2}, 0.79, "How dare"),
    ("I put the kettle on and counted the chairs.", {"neutral": 0.9}, 0.72, "counted"),
    ("Somehow it will be fine; it usually is.", {"joy": 0.4, "neutral": 0.5}, 0.18, "fine"),
]  # fmt: skip


def text() -> Document:
    """Two paragraphs of four sentences: a turn is a paragraph, an affect a sentence."""
    affects, turns, at = [], [], 0
    for half in (SENTENCES[:4], SENTENCES[4:]):
        begin = at
        for sentence, weights, confidence, word in half:
            first, words = at + sentence.index(word), sentence.split()
            reason = evidence("word", 0.42, word, span=span(first, first + len(word), "characters"))
            against = evidence("word", -0.08, words[0], span=span(at, at + len(words[0]), "characters"))
            affects.append(affect(weights, span(at, at + len(sentence), "characters"), confidence, reason, against))
            at += len(sentence) + 1
        turns.append({"span": span(begin, at - 1, "characters"), "text": " ".join(line[0] for line in half)})
        at += 1
    moments = [
        {"span": affects[2]["span"], "person": "writer", "note": "the happiest point"},
        {"span": affects[5]["span"], "person": "writer", "note": "turns from neutral to anger"},
    ]
    return document(
        "letter.txt", "text", at - 2, unit="characters", turns=turns, moments=moments, models=MODELS[:1],
        tracks=[track("writer", "text", affects)], fused=[track("writer", "fused", affects)],
    )  # fmt: skip


CHAT = [
    ("Mira", "Did you see the results?? We passed, all of us!", {"joy": 0.8, "surprise": 0.5}, 0.83, "passed"),
    ("Tom", "Wait, really? I was sure I had failed.", {"surprise": 0.7, "fear": 0.3}, 0.64, "really"),
    ("Mira", "Really. Check the board, your name is third from the top.", {"joy": 0.5, "neutral": 0.5}, 0.55, "third"),
    ("Tom", "I am so relieved. I have not slept since Friday.", {"joy": 0.5, "sadness": 0.3}, 0.48, "relieved"),
    ("Mira", "Party at mine tonight?", {"joy": 0.5, "neutral": 0.5}, 0.6, "Party"),
    ("Tom", "Can't. They moved my shift again, without a word. Third time this month.", {"anger": 0.7, "sadness": 0.3}, 0.71, "again"),
    ("Mira", "That is not fair, you told them about the exam.", {"anger": 0.6, "sadness": 0.2}, 0.58, "not fair"),
    ("Tom", "It is what it is. Save me some cake.", {"neutral": 0.6, "sadness": 0.4}, 0.35, "It is what it is"),
]  # fmt: skip


def chat() -> Document:
    turns, own = [], {"Mira": [], "Tom": []}
    for index, (speaker, words, weights, confidence, word) in enumerate(CHAT):
        where = span(9 * index, 9 * index + 8)
        begin = words.index(word)
        reason = evidence("word", 0.35, word, span=span(begin, begin + len(word), "characters"))
        own[speaker].append(affect(weights, where, confidence, reason))
        turns.append({"speaker": speaker, "span": where, "text": words, "affect": own[speaker][-1]})
    return document(
        "examples/group-chat.jsonl", "chat", 9.0 * len(CHAT), turns=turns, models=MODELS[:1],
        tracks=[track(person, "text", affects) for person, affects in own.items()],
        fused=[track(person, "fused", affects) for person, affects in own.items()],
        moments=[{"span": turns[5]["span"], "person": "Tom", "note": "turns from joy to anger"}],
    )  # fmt: skip


def wave(at: float, phase: float) -> dict[str, float]:
    """Weights that wander smoothly through the categories."""
    return {
        label: max(0.02, math.sin(at / (5.0 + index) + phase * (index + 1))) ** 2 for index, label in enumerate(EKMAN)
    }


def stream(seconds: int, phase: float, *, rate: float = 1.0, talk: float | None = None) -> list[Document]:
    """Affects at ``rate`` a second; with ``talk``, only while the person talks, in stretches of that many seconds."""
    affects = []
    for step in range(int(seconds * rate)):
        at = step / rate
        if talk and int(at / talk + phase) % 2:
            continue
        confidence = 0.5 + 0.4 * math.sin(at / 7 + phase)
        affects.append(affect(wave(at, phase), span(at, at + 1 / rate), round(confidence, 3)))
    return affects


def audio() -> Document:
    words = [
        ("Ada", 0, 6, "I told you that the train leaves at six, not at seven."),
        ("Ben", 6, 12, "You told me nothing, and now we stand here in the rain."),
        ("Ada", 12, 18, "Fine. There is a bus, it takes an hour longer."),
        ("Ben", 18, 24, "An hour with you and a sandwich? I have had worse days."),
        ("Ada", 24, 30, "You are impossible. Give me half of it."),
    ]
    turns = [{"speaker": who, "span": span(a, b), "text": said} for who, a, b, said in words]
    tracks, fused = [], []
    for index, person in enumerate(("Ada", "Ben")):
        spans = [(a, b, said) for who, a, b, said in words if who == person]
        spoken = [
            affect(wave(a, index), span(a, b), 0.55, evidence("pitch", 0.4, "pitch 18 % above own median"),
                   evidence("loudness", -0.2, "loudness 3 dB below own median"), evidence("rate", 0.1, "speaks as fast as usual"))
            for a, b, _ in spans
        ]  # fmt: skip
        said = [
            affect(
                wave(a + 3, index + 1), span(a, b), 0.6, evidence("word", 0.3, "hour", span=span(0, 4, "characters"))
            )
            for a, b, _ in spans
        ]
        pitch = [180 + 60 * index + 20 * math.sin(step / 6) for step in range(300)]
        tracks.append(track(person, "speech", spoken, [series("pitch", 10, pitch)]))
        tracks.append(track(person, "text", said))
        both = [
            affect(wave(second, index), span(second, second + 1), 0.65) for a, b, _ in spans for second in range(a, b)
        ]
        both[7]["evidence"] = [evidence("conflict", 0.62, "text says joy, speech says anger")]
        both[8]["evidence"] = both[7]["evidence"]
        fused.append(track(person, "fused", both))
    return document(
        "examples/dialogue.wav", "audio", 30.0, turns=turns, tracks=tracks, fused=fused, models=MODELS[:2],
        moments=[
            {"span": span(6, 12), "person": "Ben", "note": "turns to anger"},
            {"span": span(19, 21), "person": "Ben", "note": "text and speech disagree"},
        ],
        rates={"speech": 1.0},
    )  # fmt: skip


def box_series(seconds: int, centre: float) -> Document:
    steps = np.arange(seconds * 10) / 10
    left = centre + 20 * np.sin(steps / 2)
    boxes = np.stack([left - 55, 80 + 0 * left, left + 55, 210 + 0 * left], axis=1)
    return series("box", 10.0, boxes)


def video(seconds: int = 12, persons: int = 2) -> Document:
    tracks, fused = [], []
    for index in range(persons):
        person = f"face-{index + 1}" if index else "Ada"
        region = evidence("region", 0.38, "the mouth", region=[150 + 200 * index, 170, 190 + 200 * index, 200])
        faces = stream(seconds, index, rate=10)
        for seen in faces[::3]:
            seen["evidence"] = [region]
        both = stream(seconds, index)
        both[min(6, seconds - 1)]["evidence"] = [evidence("conflict", 0.7, "face says neutral, speech says sadness")]
        tracks.append(track(person, "face", faces, [box_series(seconds, 180 + 280 * index)]))
        if index == 0:
            tracks.append(track(person, "speech", stream(seconds, index + 2, talk=4)))
        fused.append(track(person, "fused", both))
    return document(
        "examples/two-faces.mp4", "video", float(seconds), SIZE, tracks=tracks, fused=fused,
        links=[{"voice": "voice-1", "face": "Ada", "score": 0.71, "joined": True},
               {"voice": "voice-1", "face": "face-2", "score": -0.12, "joined": False}],
        moments=[{"span": span(t, t + 2), "person": "Ada", "note": f"peak of {label}"}
                 for t, label in ((3, "joy"), (6, "conflict"), (9, "surprise"))],
        rates={"detect": 5.0, "read": 10.0},
        warnings=["2 of 3 models are research models: their training data is not for commercial use."],
    )  # fmt: skip


def photo() -> Document:
    regions = ([120, 90, 250, 250], [390, 110, 510, 260])
    tracks, fused = [], []
    for index, box in enumerate(regions):
        region = [box[0] + 30, box[3] - 50, box[2] - 30, box[3] - 15]
        seen = affect(
            wave(3 + 4 * index, index), None, 0.74 - 0.3 * index, evidence("region", 0.44, "the mouth", region=region)
        )
        seen["evidence"].append(evidence("face", 0.97, "", region=box))
        tracks.append(track(f"face-{index + 1}", "face", [seen]))
        fused.append(track(f"face-{index + 1}", "fused", [seen]))
    return document("examples/photo.png", "image", None, SIZE, tracks=tracks, fused=fused, models=MODELS[2:])


def empty() -> Document:
    return document(
        "silence.wav",
        "audio",
        12.0,
        models=MODELS[:2],
        warnings=["Nothing to perceive: no voice was found in 12.0 s of sound."],
    )


def long() -> Document:
    made = video(600, 3)
    made["source"]["name"] = "long-meeting.mp4"
    return made


SAMPLES: dict[str, Callable[[], Document]] = {
    "text": text, "chat": chat, "audio": audio, "video": video, "photo": photo, "empty": empty, "long": long,
}  # fmt: skip


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in SAMPLES.items():
        (folder / f"{name}.json").write_text(json.dumps(make()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
