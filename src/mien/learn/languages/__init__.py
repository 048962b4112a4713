"""The recipe of the multilingual text model: a small pretrained encoder, fine-tuned on 28 languages at once."""

from mien.learn.languages.make import run

__all__ = ["run"]
