"""Examples of answers for the description of the API, by the name of their schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["EXAMPLES", "ID"]

ID = "Zk3vPq8Xn1LdT0aB"
TIME = "2026-03-01T12:00:00Z"
SPAN = {"start": 0, "end": 7, "unit": "characters"}
AFFECT = {"kind": "expressed", "valence": {"mean": 0.7, "std": 0.3}, "span": SPAN}

JOB = {
    "id": ID,
    "name": "talk.mp4",
    "kind": "video",
    "state": "running",
    "progress": {"done": 3.5, "total": 12.0},
    "error": None,
    "created": TIME,
    "started": TIME,
    "finished": None,
    "expires": None,
    "options": {"modalities": None, "open_only": False},
    "links": {
        "self": f"/v1/jobs/{ID}",
        "events": f"/v1/jobs/{ID}/events",
        "analysis": f"/v1/jobs/{ID}/analysis",
        "report": f"/v1/jobs/{ID}/report",
        "media": f"/v1/jobs/{ID}/media",
        "exports": {"csv": f"/v1/jobs/{ID}/exports/csv"},
    },
}
ANALYSIS = {
    "format": "mien.analysis",
    "version": 1,
    "source": {"name": "conversation", "kind": "chat", "unit": "characters", "duration": 7.0},
    "taxonomies": {},
    "tracks": [{"person": "Ada", "modality": "text", "affects": [AFFECT], "series": []}],
    "fused": [{"person": "Ada", "modality": "fused", "affects": [AFFECT], "series": []}],
    "turns": [{"speaker": "Ada", "span": SPAN, "text": "We won!"}],
    "links": [],
    "moments": [],
    "models": [{"name": "text-affect", "version": "1.0", "line": "open", "licence": "Apache-2.0"}],
    "rates": {},
    "warnings": [],
}
CARD = {
    "name": "text-affect",
    "version": "1.0",
    "modality": "text",
    "line": "open",
    "licence": "Apache-2.0",
    "summary": "Reads affect in English sentences.",
    "recipe": "text-affect",
    "taxonomies": ["goemotions28"],
    "not_for": ["decisions about a person"],
    "limits": ["English only"],
    "files": [
        {"name": "text.onnx", "sha256": "0" * 64, "bytes": 1000, "licence": "Apache-2.0", "line": "open"},
    ],
    "base": [{"name": "an encoder", "licence": "Apache-2.0", "note": ""}],
    "trained_on": [
        {"corpus": "goemotions", "licence": "CC-BY-4.0", "tier": "open", "commercial": True, "note": ""},
    ],
    "calibration": [],
    "scores": [
        {
            "task": "text/goemotions",
            "metric": "macro_f1",
            "value": 0.5,
            "low": 0.48,
            "high": 0.52,
            "n": 5427,
            "seeds": [],
            "in_corpus": True,
            "note": "",
        }
    ],
    "groups": [],
    "chosen": False,
}
TAXONOMY = {
    "name": "sentiment3",
    "labels": ["negative", "neutral", "positive"],
    "exclusive": True,
    "reference": "B. Pang and L. Lee (2008). Opinion mining and sentiment analysis.",
    "parents": {},
}
PAIR = {
    "from": "Ada",
    "to": "Ben",
    "n": 12,
    "shift": 0.31,
    "lower": 0.08,
    "upper": 0.54,
    "note": "Ben follows Ada",
}

EXAMPLES: Mapping[str, Any] = {
    "Analysis": ANALYSIS,
    "Conversation": {"analysis": ANALYSIS, "influence": [PAIR]},
    "Health": {"alive": True},
    "Info": {
        "version": "0.1.0",
        "limits": {"upload_bytes": 2147483648, "duration": 14400},
        "formats": [{"name": "csv", "ending": "csv", "label": "CSV, a row an affect", "available": True}],
        "modalities": ["text", "speech", "face"],
        "token_needed": False,
        "keep_hours": 24.0,
    },
    "JobJson": JOB,
    "JobList": {"jobs": [JOB]},
    "ModelCard": CARD,
    "ModelList": {"models": [CARD]},
    "Readiness": {"ready": True, "workers": True, "disk": True, "models": True},
    "TaxonomyList": {"taxonomies": [TAXONOMY]},
}
