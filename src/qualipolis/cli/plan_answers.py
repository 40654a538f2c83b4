"""The answers of ``qualipolis plan``, as plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from qualipolis.cli.words import Translate
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.acceptance import (
    AttributePlan,
    OcCurve,
    StandardPlan,
    VariablesPlan,
    find_plan,
    find_variables_plan,
    lot_result,
    lot_verdict,
    oc_curve,
    quality_at,
    sequential_oc,
    sequential_plan,
    variables_oc,
)
from qualipolis.methods.sampling.acceptance.standard import NONCONFORMITIES, UNITS

Points = Sequence[float]
Answer = dict[str, Any]
SHARES = (0.99, 0.95, 0.90, 0.75, 0.50, 0.25, 0.10, 0.05, 0.01)
STEPS = 20
QUALITY_UNITS = {UNITS: "percent", NONCONFORMITIES: "per_100_units"}


def found_attributes(points: tuple[float, float, float, float], distribution: str, lot: int | None) -> Answer:
    """The smallest single plan, its real risks and its curve."""
    found = find_plan(*points, distribution, lot)
    plan = {"n": found.n, "c": found.c, "r": found.c + 1}
    risks = {"producer_risk": found.producer_risk, "consumer_risk": found.consumer_risk}
    curve = _curve(found.plan, distribution, lot, [points[0], points[2]])
    return plan | {"distribution": distribution, "lot": lot} | risks | {"oc": curve}


def found_variables(points: tuple[float, float, float, float], sigma: str) -> Answer:
    """The smallest variables plan, its real risks and its curve."""
    found = find_variables_plan(*points, sigma)
    curve = variables_oc(found, [points[0], points[2]])
    risks = {"producer_risk": 1 - float(curve.pa[0]), "consumer_risk": float(curve.pa[1])}
    plan = {"n": found.n, "k": found.k, "sigma": sigma}
    return plan | {"distribution": "normal"} | risks | {"oc": _rows(curve.p, curve.pa)}


def found_sequential(points: tuple[float, float, float, float]) -> Answer:
    """Wald's plan with its cut, and what it really does at the two points."""
    found = sequential_plan(*points)
    curve = sequential_oc(found, [points[0], points[2]])
    cut = {"last": found.last, "last_ac": found.last_ac, "last_re": found.last_ac + 1}
    plan = {"h1": found.h1, "h2": found.h2, "slope": found.slope} | cut
    risks = {"producer_risk": 1 - float(curve.pa[0]), "consumer_risk": float(curve.pa[1])}
    return {"sampling": "sequential"} | plan | {"distribution": "binomial"} | risks | {"oc": _with_asn(curve)}


def curve_of_attributes(
    numbers: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]],
    distribution: str,
    lot: int | None,
    points: Points,
) -> Answer:
    """The curve of a plan of one or more samples."""
    n, c, r = numbers
    if len(n) == 1 and len(c) == 1 and not r:
        r = (c[0] + 1,)
    plan = AttributePlan(n, c, r)
    about = _numbers({"n": n, "c": c, "r": r})
    return about | {"distribution": distribution, "lot": lot, "oc": _curve(plan, distribution, lot, points)}


def curve_of_variables(n: tuple[int, ...], k: float | None, sigma: str, points: Points) -> Answer:
    """The curve of a variables plan."""
    if k is None or len(n) != 1:
        what = msg("A variables plan needs one sample size and an acceptance constant.")
        raise InputError([Problem("no_k", what, msg("Give --n 21 --k 1.76, for example."), place="--k")])
    curve = variables_oc(VariablesPlan(n[0], k, sigma), points or np.linspace(0, 0.2, 2 * STEPS + 1))
    plan = {"n": n[0], "k": k, "sigma": sigma}
    return plan | {"distribution": "normal", "oc": _rows(curve.p, curve.pa)}


def looked_up(plan: StandardPlan, points: Points, translate: Translate) -> Answer:
    """A plan of the standard with edition, arrow, doubts and curve."""
    edition = {"edition": plan.edition.key, "title": plan.edition.title, "status": translate(plan.edition.status)}
    asked = {"lot": plan.lot_size, "level": plan.level, "aql": plan.aql, "inspection": plan.inspection}
    table = {"code": plan.code, "cell": plan.printed, "arrow_followed": plan.arrow, "resolved_code": plan.used_code}
    about = {"sampling": plan.sampling, "regime": plan.regime, "full_inspection": plan.full_inspection}
    doubt: Answer = {"disputed": plan.disputed, "readings": [vars(reading) for reading in plan.readings]}
    pa = float(plan.oc([plan.aql_fraction]).pa[0])
    risks = {"pa_at_aql": pa, "producer_risk": 1 - pa, "quality_unit": QUALITY_UNITS[plan.regime]}
    limits = {f"quality_at_pa{share:.0%}".strip("%"): _per_100(plan.quality_at(share)) for share in (0.95, 0.10)}
    lot = plan.lot_size if plan.full_inspection else None
    curve = {"distribution": plan.distribution, "oc": _curve(plan.plan, plan.distribution, lot, points)}
    notes = {"notes": [translate(note) for note in plan.notes]}
    numbers = _numbers({"n": plan.n, "ac": plan.ac, "re": plan.re})
    return edition | asked | table | numbers | about | doubt | risks | limits | curve | notes


def result_of(plan: StandardPlan, counts: tuple[int, ...], translate: Translate) -> Answer:
    """What the counts found mean for the lot, in the standard's words."""
    result = lot_result(plan, counts)
    verdict = lot_verdict(result.accepted)
    told = {"found": list(counts), "accepted": result.accepted, "code": verdict.code}
    return {"result": told | {"switching_points": result.points, "words": verdict.text(translate)}}


def _numbers(values: dict[str, tuple[int, ...]]) -> Answer:
    """A number for one sample, a list for several."""
    return {name: found[0] if len(found) == 1 else list(found) for name, found in values.items()}


def _per_100(quality: float | None) -> float | None:
    return None if quality is None else 100 * quality


def _curve(plan: AttributePlan, distribution: str, lot: int | None, points: Points) -> list[Answer]:
    """The curve at ``points``; without them from 0 to where hardly anything is accepted."""
    return _with_asn(oc_curve(plan, points or _usual(plan, distribution, lot), distribution, lot))


def _usual(plan: AttributePlan, distribution: str, lot: int | None) -> Points:
    if distribution == "hypergeometric" and lot is not None:
        last = min(lot, max(10, -(-lot * 4 * (plan.ac[-1] + 2) // sum(plan.n))))
        return [d / lot for d in range(0, last + 1, max(1, last // (2 * STEPS)))]
    if distribution not in ("binomial", "poisson") or (distribution == "binomial" and plan.ac[-1] >= sum(plan.n)):
        return [step / STEPS for step in range(STEPS + 1)]
    return [0.0, *(quality_at(plan, share, distribution) for share in SHARES)]


def _with_asn(curve: OcCurve) -> list[Answer]:
    rows = _rows(curve.p, curve.pa)
    return [row | {"asn": float(asn)} for row, asn in zip(rows, curve.asn, strict=True)]


def _rows(p: Any, pa: Any) -> list[Answer]:
    return [{"p": float(x), "pa": float(y)} for x, y in zip(p, pa, strict=True)]
