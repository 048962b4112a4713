"""The errors that mien raises on purpose.

    MienError
    ├── InputError         (ValueError)   a source that cannot be read
    ├── OptionError        (ValueError)   an option with a wrong value
    ├── UnknownNameError   (LookupError)  a name that nothing goes by
    ├── AssetError         (OSError)      a model file that is missing or altered
    ├── OutputError        (OSError)      a place that cannot be written
    └── MissingExtraError  (ImportError)  an optional dependency that is not installed

Each text says what was wrong, what was given and what is allowed, in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "AssetError",
    "InputError",
    "MienError",
    "MissingExtraError",
    "OptionError",
    "OutputError",
    "UnknownNameError",
]


class MienError(Exception):
    """The root of every error that mien raises on purpose."""


class InputError(MienError, ValueError):
    """A source that cannot be read: missing, empty, broken or of an unknown format."""


class OptionError(MienError, ValueError):
    """An option, field or argument with a value that is not allowed."""


class UnknownNameError(MienError, LookupError):
    """A name that nothing goes by.

    Args:
        kind: What was looked for, such as ``"taxonomy"``.
        name: The name as given.
        known: The names that exist.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        listed = ", ".join(sorted(known)) or "none"
        super().__init__(f"unknown {kind} {name!r}; known: {listed}")


class AssetError(MienError, OSError):
    """A model file that is missing, altered or malformed."""


class OutputError(MienError, OSError):
    """A place that cannot be written."""


class MissingExtraError(MienError, ImportError):
    """An optional dependency that is not installed.

    Args:
        purpose: What needs it, such as ``"to_frame"``.
        extra: The extra that brings it, such as ``"tables"``.
    """

    def __init__(self, purpose: str, extra: str) -> None:
        super().__init__(f"{purpose} needs the extra {extra!r}; install it with: pip install 'mien[{extra}]'")
