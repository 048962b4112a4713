"""Streams over WebSocket: sound, pictures and words in, affects out while they come, and an analysis at the end."""

from mien.serve.stream.hub import Streams, router
from mien.serve.stream.limits import StreamLimits

__all__ = ["StreamLimits", "Streams", "router"]
