"""What a source holds, opened but not yet decoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mien.errors import InputError, OptionError
from mien.io import find_transcript, open_media, paragraphs, read_image, read_text, read_words, sniff
from mien.types import Image, Recording, Source, Span, Text, Utterance, Video

__all__ = ["Material", "open_source"]

MOST_LINES = 4000
LONG = 300_000
"""Characters that about `MOST_LINES` sentences have; of a longer text not every sentence is read."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a source holds.

    Args:
        source: Its name, kind and length.
        utterances: The words, if there are any.
        media: Sound or moving pictures, as a handle.
        image: A photograph.
        notes: Sentences of warning that opening gave; decoding adds to them.
    """

    source: Source
    utterances: tuple[Utterance, ...] = ()
    media: Recording | Video | None = None
    image: Image | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def modalities(self) -> tuple[str, ...]:
        """What there is to read: text, speech and face."""
        video = self.media if isinstance(self.media, Video) else None
        sound = self.media if isinstance(self.media, Recording) else video and video.recording
        held = {
            "text": bool(self.utterances) or self.source.kind in ("text", "chat", "transcript"),
            "speech": sound is not None,
            "face": video is not None or self.image is not None,
        }
        return tuple(name for name, there in held.items() if there)


def open_source(source: str | Path | Text | Image) -> Material:
    """Open a source.

    Args:
        source: A path, ``-`` for a text on standard input, or a `Text` or `Image`.

    Raises:
        InputError: It cannot be read, or it holds an analysis instead of something to analyse.
    """
    if isinstance(source, Text):
        return _text("text", source)
    if isinstance(source, Image):
        return _picture("image", source)
    if not isinstance(source, str | Path):
        raise OptionError(f"a {type(source).__name__} was given to analyse; allowed: a path, a Text or an Image")
    kind, name = sniff(source), str(source)
    if kind == "analysis":
        raise InputError(f"{name} is an analysis already, or other JSON; analyses are read by mien.load")
    if kind == "image":
        return _picture(name, read_image(source))
    if kind in ("audio", "video"):
        return _media(Path(source))
    if kind == "text":
        return _text(name, read_text(source))
    return _written(name, kind, read_words(source))


def _text(name: str, text: Text) -> Material:
    """A text by its lines; a very long one as a whole, which is read in stretches."""
    length = len(text.content)
    utterances = paragraphs(text)
    if len(utterances) > MOST_LINES:
        utterances = [Utterance(text.content, Span(0, length, "characters"))]
    material = _written(name, "text", utterances, length)
    if length > LONG:
        material.notes.append(f"the text is long ({length:,} characters): it is read in stretches, a sample of each")
    return material


def _written(name: str, kind: str, utterances: list[Utterance], length: int = 0) -> Material:
    end = max((utterance.span.end for utterance in utterances), default=float(length))
    unit = utterances[0].span.unit if utterances else "characters"
    return Material(Source(name, kind, unit, max(end, float(length))), tuple(utterances))


def _picture(name: str, image: Image) -> Material:
    return Material(Source(name, "image", "seconds", None, image.width, image.height), image=image)


def _media(path: Path) -> Material:
    notes: list[str] = []
    media = open_media(path, warn=notes.append)
    words = find_transcript(path)
    utterances = _words(words, media.duration, notes) if words is not None else ()
    size = (media.width, media.height) if isinstance(media, Video) else (None, None)
    kind = "video" if isinstance(media, Video) else "audio"
    return Material(Source(str(path), kind, "seconds", media.duration, *size), utterances, media, notes=notes)


def _words(path: Path, duration: float | None, notes: list[str]) -> tuple[Utterance, ...]:
    """Read the transcript beside a recording; a text without times speaks of the whole of it."""
    try:
        if sniff(path) == "text":
            content = read_text(path).content
            return (Utterance(content, Span(0.0, duration or 0.0)),) if content.strip() else ()
        utterances = read_words(path)
    except InputError as error:
        notes.append(f"the transcript beside the recording is left out: {error}")
        return ()
    timed = tuple(utterance for utterance in utterances if utterance.span.unit == "seconds")
    if len(timed) < len(utterances):
        notes.append(f"{path} has turns without times, which cannot be laid beside the recording; they are left out")
    return timed
