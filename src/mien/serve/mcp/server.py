"""The tools behind the protocol: their names, what they say of themselves, and errors in one sentence."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Annotated, Any

import anyio.from_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field, ValidationError

import mien
from mien.errors import MienError
from mien.serve.mcp.digest import HONESTY, Digest
from mien.serve.mcp.roots import Roots
from mien.serve.mcp.tools import Conversation, Modality, Models, Tools, Turn
from mien.types.taxonomies import TAXONOMIES

__all__ = ["Server", "make_server"]

INSTRUCTIONS = (
    "mien reads affect from English text, voices and faces, on this machine. " + HONESTY + " Do not use it to judge "
    "people at work or in education, to detect lies, intent or illness, or on people who have not agreed. Say how sure "
    "a reading is: where 'unsure' is true, its label is more likely wrong than right."
)
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
Labels = Annotated[str | None, Field(description=f"Labels to answer in: {', '.join(TAXONOMIES)}.")]
TOLD_EVERY = 0.5
_log = logging.getLogger(__name__)


class Server(MCPServer[Any]):
    """A server whose failed calls answer with one sentence."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None) -> Any:
        """Call a tool; a failure is a result that says in one sentence what was wrong."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            return CallToolResult(content=[TextContent(type="text", text=_sentence(name, error))], is_error=True)


def make_server(roots: Roots, *, models: Sequence[str] = (), open_only: bool = False) -> Server:
    """Return a server with the tools ``analyze_text``, ``analyze_file``, ``analyze_conversation``, ``list_models``.

    Args:
        roots: Which files may be analysed.
        models: Folders of models that read in place of the default ones of their modalities.
        open_only: Leave out models whose training data allow no commercial use.
    """
    server = Server("mien", version=mien.__version__, instructions=INSTRUCTIONS, log_level="WARNING")
    tools = Tools(roots, models=models, open_only=open_only)

    def analyze_text(text: str, taxonomy: Labels = None) -> Digest:
        """Read what an English text expresses: emotions, valence, arousal, dominance, and its most telling passages."""
        return tools.text(text, taxonomy)

    def analyze_file(
        context: Context[Any, Any],
        path: Annotated[str, Field(description="A file in the folders that the server was given.")],
        modalities: Annotated[
            list[Modality] | None, Field(description="Which to read; by default all it holds.")
        ] = None,
        taxonomy: Labels = None,
    ) -> Digest:
        """Read what a file expresses, per person: a text, chat log, transcript, recording, photograph or video."""
        return tools.file(path, modalities, taxonomy, progress=_Teller(context))

    def analyze_conversation(turns: list[Turn], taxonomy: Labels = None) -> Conversation:
        """Read what each turn of a conversation expresses, and whether one person's mood goes with another's."""
        return tools.conversation(turns, taxonomy)

    def list_models() -> Models:
        """List the installed models: licences, measured scores, limits, and what they must not be used for."""
        return tools.models()

    for tool in (analyze_text, analyze_file, analyze_conversation, list_models):
        server.add_tool(tool, annotations=READS)
    return server


class _Teller:
    """Tells the client how far a file is, at most twice a second; a call that was cancelled ends here."""

    def __init__(self, context: Context[Any, Any]) -> None:
        self._context = context
        self._last = 0.0

    def __call__(self, done: float, total: float | None) -> None:
        anyio.from_thread.check_cancelled()
        if time.monotonic() - self._last >= TOLD_EVERY:
            self._last = time.monotonic()
            anyio.from_thread.run(self._context.report_progress, done, total)


def _sentence(name: str, error: ToolError) -> str:
    cause = error.__cause__
    if isinstance(cause, MienError):
        return " ".join(str(cause).split())
    if isinstance(cause, ValidationError):
        first = cause.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the arguments"
        return f"{name} was called with a wrong {where}: {first['msg'].lower()}"
    if cause is None:
        return " ".join(str(error).split())
    _log.error("%s failed", name, exc_info=cause)
    return f"{name} failed inside mien ({type(cause).__name__}); the log of the server says more"
