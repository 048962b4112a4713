from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from mien.errors import InputError
from mien.io.ahead import ahead


def counted(made: list[int], stop: int = 100, fail: int | None = None) -> Iterator[int]:
    for number in range(stop):
        if number == fail:
            raise InputError("broken at the fifth")
        made.append(number)
        yield number


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "mien-decode"]


def test_same_items_in_order() -> None:
    assert list(ahead(counted([]))) == list(range(100))
    assert not threads()


def test_an_error_comes_after_the_items_before_it() -> None:
    stream = ahead(counted([], fail=5))
    assert [next(stream) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(InputError, match="broken at the fifth"):
        next(stream)
    assert not threads()


def test_no_more_than_depth_wait() -> None:
    made: list[int] = []
    stream = ahead(counted(made), depth=3)
    assert next(stream) == 0
    assert len(made) <= 6
    stream.close()  # type: ignore[attr-defined]
    assert not threads()
