"""Maps that make confidence mean what it says: ``fit(...)`` gives a map, the map takes an affect and returns one.

Every map is a small frozen value that a card can hold: ``to_dict`` writes it, `from_dict` reads it. Beside the maps
stands `HeardConfidence`, which needs more than an affect: how long somebody was listened to before it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mien.calibrate.conformal import ConformalSet, ConformalSpread
from mien.calibrate.heard import HeardConfidence
from mien.calibrate.isotonic import Isotonic
from mien.calibrate.temperature import Temperature
from mien.errors import OptionError, UnknownNameError

__all__ = ["ConformalSet", "ConformalSpread", "HeardConfidence", "Isotonic", "Temperature", "from_dict"]

METHODS: Mapping[str, Any] = {
    "temperature": Temperature,
    "isotonic": Isotonic,
    "conformal-set": ConformalSet,
    "conformal-spread": ConformalSpread,
}


def from_dict(stored: Mapping[str, Any]) -> Temperature | Isotonic | ConformalSet | ConformalSpread:
    """Return the map that ``to_dict`` wrote.

    Raises:
        UnknownNameError: The method is unknown.
        OptionError: A value of the map is missing, unknown or out of range.

    Example:
        >>> from_dict({"method": "temperature", "temperature": 2.0}).temperature
        2.0
    """
    method, values = stored.get("method", ""), {key: value for key, value in stored.items() if key != "method"}
    if method not in METHODS:
        raise UnknownNameError("method of calibration", str(method), METHODS)
    known = METHODS[method].__dataclass_fields__
    if set(values) != set(known):
        raise OptionError(f"a {method} map has the keys {sorted(values)}; it must have {sorted(known)}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    found: Temperature | Isotonic | ConformalSet | ConformalSpread = METHODS[method](**values)
    return found
