"""Analyses the files that standard input names, one a line, and answers each with one line: what came of it.

Run as a program, so that a crash of a decoder ends this process and not the tests.
"""

from __future__ import annotations

import resource
import sys
import traceback
import warnings
from typing import Any

MOST_MEMORY = 4 << 30


def outcome(path: str, team: Any) -> str:
    from mien.agent import analyze
    from mien.errors import MienError
    from mien.io import load, sniff

    try:
        analysis = load(path) if sniff(path) == "analysis" else analyze(path, team=team)
        analysis.to_json()
    except MienError as error:
        text = str(error)
        return f"refused {text}" if "\n" not in text else f"failed: the sentence has line breaks: {text!r}"
    except BaseException:  # Whatever it is, the tests want to hear of it.
        return f"failed {traceback.format_exc()!r}"
    return "read"


def main() -> None:
    from mien.agent import choose

    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    team = choose()
    for line in sys.stdin:
        sys.stdout.write(outcome(line.rstrip("\n"), team) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
