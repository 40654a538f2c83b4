"""Every acceptance case of the reference (R AcceptanceSampling 1.0.11) computed again; a case without a check fails."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from qualipolis.methods.sampling.acceptance import (
    AttributePlan,
    VariablesPlan,
    assess_plan,
    find_plan,
    find_variables_plan,
    oc_curve,
    rectification,
    variables_oc,
)

FILE = Path(__file__).resolve().parents[4] / "shared" / "golden" / "sampling" / "acceptance.json"
CASES = json.loads(FILE.read_text())["cases"] if FILE.is_file() else []
NAMES = {"hypergeom": "hypergeometric"}


def numbers(value):
    return tuple(value) if isinstance(value, list) else (value,)


def check_oc(args, expected):
    plan = AttributePlan(numbers(args["n"]), numbers(args["c"]), numbers(args["r"]))
    found = oc_curve(plan, args["pd"], NAMES.get(args["type"], args["type"]), args["N"])
    np.testing.assert_allclose(found.pa, expected["pa"], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(found.p, args["pd"], atol=1e-15)


def check_find(args, expected):
    p1, p2 = args["prp"][0], args["crp"][0]
    points = (p1, 1 - args["prp"][1], p2, args["crp"][1])
    if args["type"] == "normal":
        return check_variables(points, args["s.type"], expected)
    found = find_plan(*points, NAMES.get(args["type"], args["type"]), args.get("N"))
    assert (found.n, found.c, found.c + 1) == (expected["n"], expected["c"], expected["r"])
    assert found.producer_risk <= points[1] + 1e-12 and found.consumer_risk <= points[3]
    return None


def check_variables(points, sigma, expected):
    found = find_variables_plan(*points, sigma)
    assert (found.n, found.sigma) == (expected["n"], expected["s.type"])
    # R stops its search for k at 1e-4 of the root; ours meets the producer's point, as the next line shows.
    assert found.k == pytest.approx(expected["k"], abs=1e-12 if sigma == "known" else 1e-5)
    assert variables_oc(found, [points[0]]).pa[0] == pytest.approx(1 - points[1], abs=1e-10)


def check_oc_var(args, expected):
    found = variables_oc(VariablesPlan(args["n"], args["k"], args["s_type"]), args["pd"])
    np.testing.assert_allclose(found.pa, expected["pa"], atol=1e-11)


def check_assess(args, expected):
    found = assess_plan(AttributePlan.single(args["n"], args["c"]), args["prp"], args["crp"])
    assert found.pa_producer == pytest.approx(expected["pa_prp"], rel=1e-12)
    assert found.pa_consumer == pytest.approx(expected["pa_crp"], rel=1e-12)


def check_aoq(args, expected):
    found = rectification(AttributePlan.single(args["n"], args["c"]), args["N"], args["pd"], args["dist"])
    for name in ("pa", "aoq", "ati"):
        np.testing.assert_allclose(getattr(found, name), expected[name], rtol=1e-12, atol=1e-13)
    assert found.aoql == pytest.approx(expected["aoql"], rel=1e-12)
    assert found.aoql_at == pytest.approx(expected["aoql_at"], abs=1e-8)


CHECKS = {
    "oc": check_oc,
    "find_plan": check_find,
    "oc_var": check_oc_var,
    "assess": check_assess,
    "aoq_ati": check_aoq,
}


@pytest.mark.parametrize("case", CASES or [None], ids=[case["id"] for case in CASES] or ["absent"])
def test_it_agrees_with_the_reference(shared, case):
    assert case, "the reference has no cases"
    check = CHECKS.get(case["fn"])
    assert check, f"nothing checks {case['fn']}"
    check(case["args"], case["expected"])
