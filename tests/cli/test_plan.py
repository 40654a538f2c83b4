"""``qualipolis plan``: JSON on standard output, problems in words on standard error."""

from __future__ import annotations

import json

import pytest

FIND = ("plan", "find", "--p1", 0.01, "--alpha", 0.05, "--p2", 0.10, "--beta", 0.10)


def answer(said):
    assert said.code == 0, said.err
    return json.loads(said.out)


@pytest.mark.parametrize(
    ("more", "n", "c"), [((), 52, 2), (("--distribution", "poisson"), 54, 2), (("--lot", 500), 37, 1)]
)
def test_it_finds_the_smallest_plan(call, more, n, c):
    more = (*more, "--distribution", "hypergeometric") if "--lot" in more else more
    found = answer(call(*FIND, *more))
    assert (found["n"], found["c"], found["r"]) == (n, c, c + 1)
    assert found["producer_risk"] <= 0.05 and found["consumer_risk"] <= 0.10
    assert [point["p"] for point in found["oc"]] == pytest.approx([0.01, 0.10])


def test_it_finds_variables_and_sequential_plans(call):
    found = answer(call(*FIND, "--distribution", "normal", "--sigma", "known"))
    assert (found["n"], found["sigma"]) == (8, "known") and found["k"] == pytest.approx(1.7448042972025)
    found = answer(call(*FIND, "--sequential"))
    assert found["last"] == 78 and max(point["asn"] for point in found["oc"]) < 52


def test_it_draws_the_curve_of_a_plan(call):
    found = answer(call("plan", "oc", "--n", 80, "--c", 2, "--p", "0.01,0.065"))
    assert [point["pa"] for point in found["oc"]] == pytest.approx([0.953446814264068, 0.100936546405788])
    double = answer(call("plan", "oc", "--n", "50,50", "--c", "1,4", "--r", "4,5", "--p", "0.01"))
    assert double["oc"][0]["pa"] == pytest.approx(0.996265994236864)
    lot = answer(call("plan", "oc", "--n", 37, "--c", 1, "--distribution", "hypergeometric", "--lot", 500))
    assert [point["pa"] for point in lot["oc"]] == sorted((point["pa"] for point in lot["oc"]), reverse=True)
    measured = answer(call("plan", "oc", "--n", 35, "--k", 2, "--distribution", "normal", "--p", "0.01"))
    assert measured["oc"][0]["pa"] == pytest.approx(0.875404948079478)


def test_it_looks_up_a_plan_with_its_edition(call):
    found = answer(call("plan", "gbt2828", "--lot", 500, "--level", "II", "--aql", "0.65", "--inspection", "normal"))
    plan = [found[name] for name in ("edition", "code", "cell", "arrow_followed", "resolved_code", "n", "ac", "re")]
    assert plan == ["GB/T 2828.1-2012", "H", "down", True, "J", 80, 1, 2]
    assert found["oc"][0] == {"p": 0.0, "pa": 1.0, "asn": 80.0}
    assert found["quality_at_pa10"] == pytest.approx(4.7751758)


def test_it_marks_what_is_disputed_or_full_inspection(call):
    found = answer(call("plan", "gbt2828", "--lot", 8, "--aql", 10, "--inspection", "tightened"))
    assert found["disputed"] and len(found["readings"]) == 2 and found["full_inspection"]
    assert found["quality_at_pa10"] is None
    other = answer(call("plan", "gbt2828", "--lot", 8, "--aql", 10, "--inspection", "tightened", "--reading", 2))
    assert (other["n"], other["ac"], other["disputed"]) == (2, 0, True)


def test_it_says_the_result_in_the_standards_words(call):
    lot = ("plan", "gbt2828", "--lot", 1000, "--aql", 1)
    assert answer(call(*lot, "--found", 2))["result"]["code"] == "lot_accepted"
    assert answer(call(*lot, "--found", 3))["result"]["words"].startswith("The lot is not accepted.")
    double = answer(call(*lot, "--sampling", "double", "--found", "1,2"))
    assert (double["n"], double["result"]["accepted"]) == ([50, 50], True)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("gbt2828", "--lot", 1000, "--aql", 0.9), ("aql", "The nearest are 0.65, 1.0.")),
        (("gbt2828", "--lot", 1, "--aql", 1, "--level", "IV"), ("lot_size", "level", "I, II, III")),
        (("gbt2828", "--lot", 99, "--aql", 1, "--found", "two"), ("--found", "two is not a number")),
        (("oc", "--n", 80), ("n, ac, re", "three lists")),
        (("oc", "--n", 80, "--distribution", "normal"), ("--k", "acceptance constant")),
        (("find", "--p1", 0.1, "--alpha", 0.05, "--p2", 0.01, "--beta", 0.1), ("p1, p2", "below p2")),
    ],
)
def test_bad_input_is_named_with_place_and_remedy(call, args, words):
    said = call("plan", *args)
    assert (said.code, said.out) == (2, "")
    assert all(word in said.err for word in words), said.err
