"""What is installed: models with their cards, and taxonomies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from mien.runtime.card import Base, Calibration, Corpus, Group, ModelFile, Score
from mien.serve.answers import problems
from mien.serve.models import Listed, listed
from mien.serve.parts import Shared
from mien.serve.problems import Problem
from mien.types.taxonomies import TAXONOMIES

__all__ = ["router"]

router = APIRouter(tags=["models"])


class ModelCard(BaseModel):
    """The card of a model: what it is, what it was trained on, how well it does, for whom, and what it is not for.

    Where `chosen`, the operator of the server named it, and it reads in place of the default of its modality.
    """

    model_config = {"from_attributes": True}

    name: str
    version: str
    modality: str
    line: str
    licence: str
    summary: str
    recipe: str
    taxonomies: tuple[str, ...]
    not_for: tuple[str, ...]
    limits: tuple[str, ...]
    files: tuple[ModelFile, ...]
    base: tuple[Base, ...]
    trained_on: tuple[Corpus, ...]
    calibration: tuple[Calibration, ...]
    scores: tuple[Score, ...]
    groups: tuple[Group, ...]
    chosen: bool


class ModelList(BaseModel):
    """The models that the operator of the server named, and those that are installed."""

    models: list[ModelCard]


class TaxonomyJson(BaseModel):
    """A set of labels, and the work that defines it."""

    name: str
    labels: tuple[str, ...]
    exclusive: bool
    reference: str
    parents: dict[str, str]


class TaxonomyList(BaseModel):
    """The taxonomies onto which results can be projected."""

    taxonomies: list[TaxonomyJson]


@router.get("/v1/models", responses=problems())
def models(parts: Shared) -> ModelList:
    """Return the cards of all models."""
    return ModelList(models=[_card(each) for each in listed(parts.settings.models).values()])


@router.get("/v1/models/{name}", responses=problems(404, 422))
def model(
    parts: Shared,
    name: Annotated[str, Path(max_length=100, description="Of a model.", examples=["text-affect"])],
) -> ModelCard:
    """Return the card of one model."""
    found = listed(parts.settings.models)
    if name not in found:
        raise Problem(404, f"there is no model {name[:40]!r}; known: {', '.join(sorted(found))}")
    return _card(found[name])


@router.get("/v1/taxonomies", responses=problems())
def taxonomies() -> TaxonomyList:
    """Return the taxonomies that results can be given in."""
    return TaxonomyList(
        taxonomies=[
            TaxonomyJson(
                name=one.name,
                labels=one.labels,
                exclusive=one.exclusive,
                reference=one.reference,
                parents=dict(one.parents),
            )
            for one in TAXONOMIES.values()
        ]
    )


def _card(model: Listed) -> ModelCard:
    told = ModelCard.model_fields.keys() - {"chosen"}
    return ModelCard(**{name: getattr(model.asset.info, name) for name in told}, chosen=model.chosen)
