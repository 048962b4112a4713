from __future__ import annotations

import asyncio

from mien.serve.stream import StreamLimits
from mien.serve.stream.inbox import Inbox, Item


def test_oldest_pictures_go_first_and_are_counted() -> None:
    async def flood() -> tuple[Inbox, list[Item]]:
        inbox = Inbox(StreamLimits(pictures_ahead=3))
        for tick in range(10):
            inbox.put(Item("picture", b"", tick / 10))
        inbox.put(Item("turn", "hello"))
        return inbox, await inbox.take()

    inbox, items = asyncio.run(flood())
    assert [item.time for item in items if item.kind == "picture"] == [0.7, 0.8, 0.9]
    assert [item.kind for item in items][-1] == "turn"
    assert inbox.dropped == {"face": 7}


def test_sound_goes_after_a_longer_bound() -> None:
    async def flood() -> Inbox:
        inbox = Inbox(StreamLimits(sound_ahead=5.0))
        for second in range(9):
            await inbox.calm(0.001)
            inbox.put(Item("sound", None, float(second), 1.0))
        return inbox

    inbox = asyncio.run(flood())
    assert inbox.dropped == {"speech": 4}
    assert inbox.backlog == 5.0


def test_work_comes_in_shares() -> None:
    async def shares() -> list[int]:
        inbox = Inbox(StreamLimits())
        for tick in range(25):
            inbox.put(Item("sound", None, tick / 10, 0.1))
        inbox.close()
        found = []
        while items := await inbox.take():
            found.append(len(items))
        return found

    first, *others = asyncio.run(shares())
    assert 9 <= first <= 11
    assert len(others) == 2


def test_turns_wait_for_room() -> None:
    async def crowd() -> tuple[bool, bool]:
        inbox = Inbox(StreamLimits(turns_ahead=2))
        inbox.put(Item("turn", "a"))
        inbox.put(Item("turn", "b"))
        waiting = asyncio.create_task(inbox.room())
        await asyncio.sleep(0.01)
        before = waiting.done()
        await inbox.take()
        await asyncio.wait_for(waiting, 1)
        return before, waiting.done()

    assert asyncio.run(crowd()) == (False, True)
