"""The recipe of the text model: a small pretrained encoder, fine-tuned on two corpora at once."""

from mien.learn.text.make import run

__all__ = ["run"]
