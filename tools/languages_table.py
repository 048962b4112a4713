"""The table of how well each language is read, for docs/how-to/other-languages.md."""

from __future__ import annotations

import json
from typing import Any

from generated import ROOT, table

from mien.datasets.brighter import LANGUAGES

PAGE = ROOT / "docs" / "how-to" / "other-languages.md"
RESULTS = ROOT / "results" / "text"


def languages_table() -> str:
    """Return macro F1 of each language of BRIGHTER and of all together, beside the floor's."""
    paths = [RESULTS / f"{name}.json" for name in ("brighter", "brighter-floor")]
    rows = [json.loads(path.read_text(encoding="utf-8"))[0] for path in paths]
    lines = [[language, *(_score(row, f"macro_f1_{language}") for row in rows)] for language in LANGUAGES]
    mean = ["mean", *(_score(row, "macro_f1") for row in rows)]
    return table(("language", f"{rows[0]['model']}, macro F1", "floor"), [mean, *lines])


def _score(row: dict[str, Any], name: str) -> str:
    metric = row["metrics"][name]
    return f"{metric['value']:.3f} [{metric['low']:.3f}, {metric['high']:.3f}]"
