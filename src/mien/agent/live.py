"""Listening and looking as it happens: microphone, camera, or a file that is played."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from types import TracebackType

from mien.agent.material import Material, open_source
from mien.agent.stream import Bounds, News, Session
from mien.agent.stream.arrivals import Piece
from mien.agent.team import Team, choose
from mien.errors import InputError, OptionError
from mien.io import pieces
from mien.io.devices import camera as see
from mien.io.devices import microphone as listen
from mien.types import Analysis, Frame, Sound, Utterance

__all__ = ["Live", "stream"]

DEPTH = 64
"""Pieces that wait at most; devices drop their oldest where more come."""
BLINK = 0.2
CHUNK = 0.1
AT_HAND = 2.0
Input = Callable[[], Iterator[Piece]]


def stream(  # noqa: PLR0913 - each is a choice of the user
    *,
    microphone: bool | str | int = False,
    camera: bool | str | int = False,
    source: str | Path | None = None,
    modalities: Sequence[str] | None = None,
    models: Sequence[str] = (),
    team: Team | None = None,
    pace: bool = True,
) -> Live:
    """Listen and look as it happens, and tell what becomes known.

    Nothing is kept or sent anywhere. Ask everyone who is heard or seen before you use it.

    Args:
        microphone: Whether to listen, or the name or number of the microphone (extra ``live``).
        camera: Whether to look, or the path, name or number of the camera.
        source: A recording or video to play instead.
        modalities: Which to read, among text, speech and face; by default all that there is something for.
        models: Names or folders of models to use instead of the default ones, at most one a modality.
        team: Perceivers to use; by default those of `mien.agent.choose`.
        pace: Whether a source is played in real time, or else as fast as it can be read.

    Returns:
        An iterator of news; `Live.analysis` ends it and returns the whole.

    Raises:
        OptionError: Nothing was asked for, or both devices and a source were.
        InputError: A device or the source cannot be opened.
        MissingExtraError: The microphone needs the extra ``live``.

    Example:
        >>> live = stream(source="clip.mp4", pace=False)   # doctest: +SKIP
        >>> for news in live:                              # doctest: +SKIP
        ...     print(news.person, news.modality, news.affect.categories.top, news.final)
        >>> live.analysis().persons                        # doctest: +SKIP
    """
    devices = microphone is not False or camera is not False
    if devices == (source is not None):
        raise OptionError("a stream was asked of nothing, or of devices and a source; allowed: devices, or a source")
    if source is not None:
        material = _material(source)
        held = material.modalities
        begun = time.monotonic()
        inputs: list[Input] = [lambda: _played(material, wanted, begun if pace else None)]
    else:
        held = tuple(name for name, asked in (("speech", microphone), ("face", camera)) if asked is not False)
        inputs = _devices(microphone, camera)
    wanted = [name for name in held if modalities is None or name in modalities]
    if not wanted:
        raise OptionError(f"{', '.join(modalities or ())} was asked for, but there is only {', '.join(held)} to read")
    # The words of a file come when their sound begins, so that nothing has to wait for them.
    bounds = Bounds(patience=AT_HAND) if source is not None else Bounds()
    return Live(Session(_kept(team or choose(wanted, models=models), wanted), bounds=bounds), inputs)


class Live:
    """News of a running stream; use it as an iterator, and as a context to let go of devices.

    Args:
        session: What reads the pieces.
        inputs: Each makes an iterator of pieces; several run in threads of their own.
    """

    def __init__(self, session: Session, inputs: Sequence[Input]) -> None:
        self._session = session
        self._stop = Event()
        self._pieces = _together(inputs, self._stop)
        self._waiting: list[News] = []

    def __iter__(self) -> Live:
        return self

    def __next__(self) -> News:
        """Return the next news, as soon as there are any."""
        while not self._waiting:
            self._waiting = self._session.push(next(self._pieces))
        return self._waiting.pop(0)

    def __enter__(self) -> Live:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of devices and files; what was heard and seen so far can still be concluded."""
        self._stop.set()
        self._pieces.close()

    def analysis(self) -> Analysis:
        """End the stream and return the analysis of what was heard and seen."""
        self.close()
        return self._session.finish()


def _material(source: str | Path) -> Material:
    material = open_source(source)
    if material.media is None:
        raise InputError(f"{source} is a {material.source.kind}; only recordings and videos can be played")
    return material


def _kept(team: Team, wanted: Sequence[str]) -> Team:
    return Team({name: each for name, each in team.perceivers.items() if name in wanted}, team.left_out)


def _devices(microphone: bool | str | int, camera: bool | str | int) -> list[Input]:
    begun = time.monotonic()
    inputs: list[Input] = []
    if microphone is not False:
        heard = listen(None if microphone is True else microphone, begun=begun)
        inputs.append(lambda: heard)
    if camera is not False:
        seen = see(None if camera is True else camera, begun=begun)
        inputs.append(lambda: seen)
    return inputs


def _played(material: Material, wanted: Sequence[str], begun: float | None) -> Iterator[Piece]:
    """Give the pieces of a file, each when it is over; at once where the beginning is not given."""
    media = material.media
    if media is None:
        return
    words: Sequence[Utterance] = material.utterances
    for piece in heapq.merge(words, pieces(media, seconds=CHUNK, warn=material.notes.append), key=_begin):
        if begun is not None:
            time.sleep(max(0.0, begun + _over(piece) - time.monotonic()))
        if not isinstance(piece, Frame) or "face" in wanted:
            yield piece


def _begin(piece: Piece) -> float:
    if isinstance(piece, Frame):
        return piece.time or 0.0
    return piece.start if isinstance(piece, Sound) else piece.span.start


def _over(piece: Piece) -> float:
    return piece.span.end if isinstance(piece, Sound) else _begin(piece)


def _together(inputs: Sequence[Input], stop: Event) -> Generator[Piece, None, None]:
    """Give the pieces of all inputs as they come."""
    if len(inputs) == 1:
        yield from inputs[0]()
        return
    waiting: Queue[Piece | BaseException | None] = Queue(DEPTH)
    for number, make in enumerate(inputs):
        Thread(target=_fill, args=(make, waiting, stop), name=f"mien-input-{number}", daemon=True).start()
    running = len(inputs)
    while running and not stop.is_set():
        try:
            piece = waiting.get(timeout=BLINK)
        except Empty:
            continue
        if isinstance(piece, BaseException):
            raise piece
        if piece is None:
            running -= 1
        else:
            yield piece


def _fill(make: Input, waiting: Queue[Piece | BaseException | None], stop: Event) -> None:
    try:
        for piece in make():
            if stop.is_set():
                return
            waiting.put(piece)
        waiting.put(None)
    except BaseException as met:  # Whatever it is, the reader must hear of it.
        waiting.put(met)
