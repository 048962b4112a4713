"""Conversations that are answered at once."""

from __future__ import annotations

import json
from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse

from mien.agent.conversing import analyze_turns
from mien.explain.influence import influence
from mien.io.json import to_json
from mien.serve.answers import problems
from mien.serve.parts import Parts, Shared
from mien.serve.problems import Problem
from mien.serve.shapes import Conversation, Influence, NewConversation

__all__ = ["router"]

router = APIRouter(tags=["conversations"])
MOST_CHARACTERS = 100_000
_reading = CapacityLimiter(1)


@router.post("/v1/conversations", response_model=Conversation, responses=problems(408, 415, 422, 429))
async def converse(given: NewConversation, request: Request, parts: Shared) -> Response:
    """Return the affect of each turn and who moves whom. Nothing of it is kept; longer ones are jobs."""
    if len(given.turns) > parts.settings.limits.turns:
        raise Problem(422, f"{len(given.turns)} turns were given; allowed: up to {parts.settings.limits.turns}")
    if (size := sum(len(turn.text) for turn in given.turns)) > MOST_CHARACTERS:
        raise Problem(422, f"the turns have {size:,} characters; allowed: up to {MOST_CHARACTERS:,}; add a job instead")
    with parts.talks.taken(request.client.host if request.client else ""):
        answer = await to_thread.run_sync(partial(_answer, given, parts), limiter=_reading)
    return JSONResponse(answer)


def _answer(given: NewConversation, parts: Parts) -> dict[str, object]:
    team = parts.readers(open_only=given.open_only)
    analysis = analyze_turns([turn.model_dump() for turn in given.turns], team)
    found = [
        Influence(
            source=pair.source,
            to=pair.target,
            n=pair.n,
            shift=pair.shift,
            lower=pair.lower,
            upper=pair.upper,
            note=pair.note,
        ).model_dump(by_alias=True)
        for pair in influence(analysis.tracks)
    ]
    return {"analysis": json.loads(to_json(analysis)), "influence": found}
