"""The method of a run, written from the steps that really ran, with what was varied in the simulations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk.rooms.run.frame import basis_of, frame, run_of
from qualipolis.lake.release.wording import Section, describe_pipeline
from qualipolis.methods.composite.sensitivity.tiers import TIER_RULE


@page(*STAFF)
@require_safe
def method(request: HttpRequest, pk: int) -> HttpResponse:
    """Each step with what it does, its formula and source; then the simulations, the tiers and the seed."""
    made = run_of(request, pk)
    found, why = basis_of(made)
    context: dict[str, Any] = frame(made, "method") | {"why": why, "tier_rule": _(TIER_RULE)}
    if found is not None:
        sections = describe_pipeline(
            found.result.pipeline, found.result.framework, found.factors, made.replicates, made.seed
        )
        context |= {"sections": [_section(one) for one in sections], "hash": found.result.pipeline.hash}
    return render(request, "assess/method.html", context)


def _section(one: Section) -> dict[str, Any]:
    return {
        "anchor": one.name or one.step or "framework",
        "heading": _(one.heading),
        "sentences": [sentence.said(_) for sentence in one.sentences],
        "words": one.paragraph(_),
        "formula": one.formula,
        "source": one.source,
    }
