"""Analyses of a run: who may read them, when they are computed, and that each is computed once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from qualipolis import __version__
from qualipolis.city.assess.analysis_basis import basis, sized
from qualipolis.city.assess.analysis_models import Analysis
from qualipolis.city.assess.analysis_robustness import STEPS as ROBUSTNESS_STEPS
from qualipolis.city.assess.analysis_robustness import robustness
from qualipolis.city.assess.analysis_structure import STEPS as STRUCTURE_STEPS
from qualipolis.city.assess.analysis_structure import structure
from qualipolis.city.assess.models import Assessment
from qualipolis.city.assess.queries import assessments
from qualipolis.city.assess.visibility import OVERSEERS
from qualipolis.city.core.policy import city_wide, visibility
from qualipolis.lake.canonical import canonical_json, sha256

Kind = Analysis.Kind
EDITION = 1
STEPS = {Kind.ROBUSTNESS.value: ROBUSTNESS_STEPS, Kind.STRUCTURE.value: STRUCTURE_STEPS}
Step = Callable[[int], None]


@visibility(Analysis)
def _analyses(actor: Any, rows: QuerySet[Analysis]) -> QuerySet[Analysis]:
    """An analysis speaks of all units at once: overseers see it before a release, everyone after."""
    return rows if city_wide(actor, OVERSEERS) else rows.filter(assessment__release__isnull=False)


def readable(actor: Any) -> QuerySet[Assessment]:
    """Return the runs whose analyses ``actor`` may read: all for overseers, those released for the others."""
    rows = assessments(actor).select_related("set")
    return rows if city_wide(actor, OVERSEERS) else rows.filter(release__isnull=False)


def key_of(made: Assessment, kind: str) -> str:
    """Return what names the numbers of an analysis: the inputs of the run, its seed, and the edition of the method."""
    said = {"kind": kind, "edition": EDITION, "inputs": made.inputs_hash, "pipeline": made.pipeline}
    return sha256(canonical_json({**said, "seed": made.seed, "replicates": made.replicates}))


def stored(made: Assessment, kind: str) -> Analysis | None:
    """Return an analysis of a run, or nothing when it was not computed yet."""
    return Analysis.objects.filter(assessment=made, kind=kind, key=key_of(made, kind)).first()


def analyse(made: Assessment, kind: str, step: Step = lambda done: None) -> Analysis:
    """Return an analysis of a run, computed now unless it is stored.

    Nothing is decided by it and nothing changes: who asks a second time gets what is kept.

    Raises
    ------
    InputError
        the inputs have changed since the run, or what varies does not fit
    """
    found = stored(made, kind)
    if found is not None:
        return found
    begun = time.monotonic()
    payload = _computed(made, kind, step)
    row, _new = Analysis.objects.get_or_create(
        assessment=made,
        kind=kind,
        key=key_of(made, kind),
        defaults={
            "payload": payload,
            "seconds": round(time.monotonic() - begun, 2),
            "code_version": __version__,
        },
    )
    return row


def _computed(made: Assessment, kind: str, step: Step) -> dict[str, Any]:
    found = basis(made)
    if kind == Kind.ROBUSTNESS:
        return robustness(found, made.replicates, made.seed, step)
    return structure(found, sized(found.result.data, made.round.set.year), step)
