"""What a source holds, opened but not yet decoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mien.errors import InputError
from mien.io import find_transcript, open_media, paragraphs, read_image, read_text, read_words, sniff
from mien.types import Image, Recording, Source, Span, Text, Utterance, Video

__all__ = ["Material", "open_source"]


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
        return _written("text", "text", paragraphs(source), len(source.content))
    if isinstance(source, Image):
        return _picture("image", source)
    kind, name = sniff(source), str(source)
    if kind == "analysis":
        raise InputError(f"{name} is an analysis already; mien.load reads it")
    if kind == "image":
        return _picture(name, read_image(source))
    if kind in ("audio", "video"):
        return _media(Path(source))
    if kind == "text":
        text = read_text(source)
        return _written(name, kind, paragraphs(text), len(text.content))
    return _written(name, kind, read_words(source))


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
    kind = sniff(path)
    if kind == "text":
        content = read_text(path).content
        return (Utterance(content, Span(0.0, duration or 0.0)),) if content.strip() else ()
    utterances = read_words(path)
    timed = tuple(utterance for utterance in utterances if utterance.span.unit == "seconds")
    if len(timed) < len(utterances):
        notes.append(f"{path} has turns without times, which cannot be laid beside the recording; they are left out")
    return timed
