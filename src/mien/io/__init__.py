"""Files and bytes to signals and analyses, and back.

Only this package knows PyAV and Pillow; they load when something is decoded.
"""

from mien.io.affect_json import affect_from, affect_line, affect_record, error_record
from mien.io.ahead import ahead
from mien.io.chat import read_chat
from mien.io.container import DecodeWarning
from mien.io.exports import FORMATS, export
from mien.io.foreign import LeftOutWarning
from mien.io.frame import to_frame, to_parquet
from mien.io.frames import frames
from mien.io.image import read_image
from mien.io.json import from_json, load, to_json
from mien.io.media import open_media
from mien.io.pieces import pieces
from mien.io.read import read, read_words
from mien.io.save import make_folder, save_bytes, save_text, saving
from mien.io.sniff import sniff
from mien.io.sounds import sounds
from mien.io.text import paragraphs, read_text
from mien.io.tracks import read_tracks
from mien.io.transcript import read_transcript
from mien.io.walk import Entry, find_transcript, sources

__all__ = [
    "FORMATS",
    "DecodeWarning",
    "Entry",
    "LeftOutWarning",
    "affect_from",
    "affect_line",
    "affect_record",
    "ahead",
    "error_record",
    "export",
    "find_transcript",
    "frames",
    "from_json",
    "load",
    "make_folder",
    "open_media",
    "paragraphs",
    "pieces",
    "read",
    "read_chat",
    "read_image",
    "read_text",
    "read_tracks",
    "read_transcript",
    "read_words",
    "save_bytes",
    "save_text",
    "saving",
    "sniff",
    "sounds",
    "sources",
    "to_frame",
    "to_json",
    "to_parquet",
]
