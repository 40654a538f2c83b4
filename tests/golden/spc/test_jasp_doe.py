"""Experiments recorded from JASP computed again; a recorded one without a check fails.

Designs: the same runs (as a set) and the same blocks; the random order is R's own and is not compared. Analyses:
coefficients, their errors, t, p and inflation, the analysis of variance, and the summary. Left out: the equation (words
for the same coefficients) and the legend. The best setting is compared by its desirability. Where JASP misleads:
- its model and its total are sums of adjusted squares of single terms: with squares in the model they are not those about
  the mean (860.56, not 854.24, in the first response surface); here they are compared with the same sums of our lines;
- with coded factors, and in the analysis of variance of every surface, a name of three levels becomes the number −1, 0, 1;
  in coefficients without coding the signs of two levels are turned;
- without coding its inflation is that of a whole factor, repeated line by line (not compared), and a main effect whose
  square is in the model depends on where 0 lies (ours are always those of coded columns; not compared either).
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.special import fdtrc
from tests.golden.spc.reading import FOLDER, case, cases

from qualipolis.methods.spc import doe

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
DESIGNS = [name for name in cases("jasp") if name.startswith(("doeFactorial", "doeResponse"))]
ANALYSES = [name for name in cases("jasp") if name.startswith("doeAnalysis")]
JOIN = "<unicode>"


def tables_of(found):
    return {t["table"]: t["cells_row_major_columns_alphabetical"] for t in found["output"]}


def rows_of(cells, width):
    return [cells[i : i + width] for i in range(0, len(cells), width)]


def runs_of(design):
    return np.stack(list(design.factors.values()), axis=1)


def as_set(rows):
    return Counter(tuple(round(float(v), 9) + 0.0 for v in row) for row in rows)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_recorded_design_comes_out_again(name):
    found = case("jasp", name)
    options, tables = found["params"]["options"], tables_of(found)
    check = (
        surface_design if "Response" in name else level_design if "general" in options["factorialType"] else fraction
    )
    check(options, tables)


def fraction(options, tables):
    names = options["categoricalVariables"][0]["values"]
    size = options["selectedDesign2"][0]["values"]
    size = size[options["selectedRow"]] if isinstance(size, list) else size
    blocks, center = int(options.get("blocks", 1)), options.get("centerpoints", 0)
    whole = 2 ** len(names) == size
    ours = doe.full_factorial(dict.fromkeys(names, 2), center=center, blocks=blocks) if whole else None
    ours = ours or doe.fractional_factorial(names, size, center=center, blocks=blocks)
    width = len(names) + 2 + (blocks > 1)
    rows = np.array(rows_of(tables["displayDesign"], width), dtype=float)
    if blocks == 1:
        assert as_set(rows[:, : len(names)]) == as_set(runs_of(ours))
        return
    at = sorted([*names, "Blocks"]).index("Blocks")
    theirs = {frozenset(as_set(np.delete(rows[rows[:, at] == b][:, : width - 2], at, 1))) for b in range(1, blocks + 1)}
    assert theirs == {frozenset(as_set(runs_of(ours)[ours.blocks == b])) for b in range(1, blocks + 1)}


def level_design(options, tables):
    columns = options["categoricalVariables"][1:]
    names = options["categoricalVariables"][0]["values"]
    levels = {n: sum(1 for c in columns if c["values"][i]) for i, n in enumerate(names)}
    ours = doe.full_factorial(levels)
    rows = np.array(rows_of(tables["displayDesign"], len(names) + 2), dtype=float)[:, : len(names)]
    coded = -1 + 2 * (rows - 1) / (np.array(list(levels.values())) - 1)
    np.testing.assert_allclose(runs_of(ours), coded)


def surface_design(options, tables):
    names = options["continuousVariables"][0]["values"]
    k, row = len(names), options["selectedRow"]
    texts = int(bool(options["numberOfCategorical"]))
    pick = [v["values"] for v in options["selectedDesign2"]]
    pick = [v[row] if isinstance(v, list) else v for v in pick]
    if options["designType"] == "boxBehnkenDesign":
        _, blocks, center = pick
        ours = doe.box_behnken(names, center=center, blocks=blocks > 1)
    else:
        star = {"default": "blocks", "faceCentered": "face"}[options["alphaType"]]
        ours = doe.central_composite(names, star, center=pick[2], star_center=pick[3])
        blocks = 1
    wide = k + 2 + texts + (blocks > 1)
    rows = [r[len(r) - k - texts : len(r) - texts] for r in rows_of(tables["designTable"], wide)]
    numbers = rows_of(tables["designTable"], wide)
    assert as_set(rows) == Counter({run: n * (2 if texts else 1) for run, n in as_set(runs_of(ours)).items()})
    if blocks > 1:
        theirs = {b: as_set(r for r, whole in zip(rows, numbers, strict=True) if whole[0] == b) for b in (1, 2, 3)}
        assert len({frozenset(s) for s in theirs.values()} ^ {
            frozenset(as_set(runs_of(ours)[ours.blocks == b])) for b in (1, 2, 3)
        }) == 0  # fmt: skip


def columns_of(path):
    with (FOLDER / path).open(newline="", encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    return {name: [line[name] for line in lines] for name in lines[0]}


def number(values):
    return np.array([float(v) for v in values])


def listed(value):
    return [value] if isinstance(value, str) else list(value or [])


def model_of(options):
    """Return numbers, names and terms of a recorded model."""
    surface = options.get("designType") == "responseSurfaceDesign"
    end = "ResponseSurface" if surface else "Factorial"
    texts, numbers = listed(options.get("fixedFactors" + end)), listed(options.get("continuousFactors" + end))
    if not surface:
        return numbers, texts, [tuple(listed(t["components"])) for t in options["modelTerms"]]
    kind = options["rsmPredefinedTerms"]
    terms = [(n,) for n in (*numbers, *texts)]
    if kind in ("fullQuadratic", "linearAndSquared"):
        terms += [(n, n) for n in numbers]
    if kind in ("fullQuadratic", "linearAndInteractions"):
        terms += list(combinations((*numbers, *texts), 2))
    return numbers, texts, terms


def ours_of(options, path, response, as_numbers):
    numbers, texts, terms = model_of(options)
    table = columns_of(path)
    by_hand = options.get("codeFactorsMethod") == "manual" and options["codeFactors"]
    ranges = {
        t["predictors"]: (float(t["lowValue"]), float(t["highValue"]))
        for t in options.get("codeFactorsManualTable", []) if by_hand and t["predictors"] in numbers
    }  # fmt: skip
    factors = {n: number(table[n]) for n in numbers}
    for n in texts:
        codes = np.unique(table[n], return_inverse=True)[1]
        factors[n] = codes.astype(float) if as_numbers else np.array([f"{c + 1}" for c in codes])
    blocks = table[options["blocksFactorial"]] if "blocksFactorial" in options else None
    return doe.experiment(
        factors, number(table[response]), terms=terms, blocks=blocks, coded=options["codeFactors"], ranges=ranges
    )


# JASP takes numbers without coding for names, finds every term but the first aliased, and drops them without a word
ALL_NAMES = "doeAnalysis_040"


@pytest.mark.parametrize("name", ANALYSES)
def test_a_recorded_experiment_of_jasp_comes_out_again(name):
    found = case("jasp", name)
    options, tables = found["params"]["options"], tables_of(found)
    checked = {t for t in tables if t.endswith(("_tableEquation", "_tableCoefficientsLegend")) or "Ro" in t}
    if "tableRoSolution" in tables:
        best_setting(options, found["input"], tables["tableRoSolution"])
    for response in listed(options.get("dependentFactorial") or options.get("dependentResponseSurface")):
        surface = options.get("designType") == "responseSurfaceDesign"
        for part, check in (("Anova", variance), ("Coefficients", coefficients), ("Summary", summary)):
            if f"{response}_table{part}" in tables:
                as_numbers = options["codeFactors"] or (surface and part == "Anova")
                ours = ours_of(options, found["input"], response, as_numbers)
                if name == ALL_NAMES and part == "Anova":
                    table = columns_of(found["input"])
                    ours = doe.experiment({"A": np.array(table["A"])}, number(table[response]))
                check(ours, tables[f"{response}_table{part}"], options)
                checked.add(f"{response}_table{part}")
    assert checked == set(tables)


def best_setting(options, path, cells):
    """JASP prints settings to two digits and stops a little below the top; its goals run from the least to the most seen."""
    made, goals = {}, {}
    for asked in options["responsesResponseOptimizer"]:
        name = asked["variable"]
        y = number(columns_of(path)[name])
        made[name] = ours_of(options, path, name, options["codeFactors"])
        kind = {"maximize": "more", "minimize": "less"}[asked["responseOptimizerGoal"]]
        goals[name] = doe.Goal(kind, float(y.min()), float(y.max()))
    best = doe.optimum(made, goals)
    assert cells[-1] - 1e-9 <= best.overall <= cells[-1] + 2e-5


def near(value, wanted, rel=1e-6, about=1e-7):
    if wanted not in ("", "NaN"):
        assert value == pytest.approx(wanted, rel=rel, abs=about)


def summary(ours, cells, options):
    adjusted, predicted, r2, spread = cells
    near(ours.fit.r2, r2)
    near(ours.fit.sigma, spread)
    near(max(0.0, ours.fit.r2_adjusted), adjusted)
    near(max(0.0, ours.fit.r2_predicted), predicted, 1e-5)


def parts_of(label, known):
    """Return the parts of a term's name, the level of a name of two levels left out."""
    return str(sorted(part if part in known else part[:-1] for part in label.split(":")))


def coefficients(ours, cells, options):
    aliased = len(cells) % 8 == 0 and cells[5] == "(Intercept)"
    rows = rows_of(cells, 8 if aliased else 7)
    assert len(rows) == len(ours.fit.terms)
    texts = model_of(options)[1]
    plain = {n.replace("[", "").replace("]", ""): n for n in ours.fit.terms}
    known = {part for name in plain for part in name.split(":")}
    named = {parts_of(name, known): label for name, label in plain.items()}
    for row in rows:
        value, (p, error, name, t, inflation) = row[int(aliased)], row[-5:]
        name = f"{name[:-2]}:{name[:-2]}" if "^2" in name else name.replace(JOIN, ":").replace("(I", "(i")
        label = "block" if name == "Block1" else named[parts_of(name, known)]
        term = ours.fit.terms[label]
        turned = label == "block" or (not options["codeFactors"] and any(n in label for n in texts))
        same = -1 if turned and np.sign(value) != np.sign(term.value) else 1
        near(same * term.value, value, about=1e-6)
        near(term.error, error, about=1e-9)
        near(term.p, p, 1e-4, 1e-6)
        near(same * term.t, t, 1e-5, 1e-6)
        if label in ours.inflation and options["codeFactors"]:
            near(ours.inflation[label], inflation)


def variance(ours, cells, options):
    seen = []
    if options.get("sumOfSquaresType") == "type1":
        ours = in_sequence(ours)
    moved = {n for n in model_of(options)[0] if not options["codeFactors"] and f"{n}:{n}" in ours.terms}
    for mean, squares, freedom, f, p, source in rows_of(cells, 6):
        plain = source.replace(f"{JOIN}{JOIN}{JOIN}", ":").replace(JOIN, "").strip()
        line = summed(ours, plain) or line_of(ours, plain, seen)
        if moved and (plain in moved or plain in ("Linear terms", "Model", "Total")):
            continue
        near(line.squares, squares, 1e-6, 1e-6)
        assert line.freedom == freedom
        near(line.mean if line.freedom else 0.0, mean, 1e-6, 1e-6)
        near(line.f, f, 1e-5, 1e-6)
        near(line.p, p, 1e-4, 1e-6)
    assert set(ours.terms) == set(seen)


def in_sequence(ours):
    """Return the analysis with what each term adds to those before it."""
    one = ours.fit.terms
    lines = {}
    for name, line in ours.terms.items():
        f = one[name].squares / ours.error.mean
        lines[name] = doe.Source(one[name].squares, line.freedom, f, float(fdtrc(1, ours.error.freedom, f)))
    return replace(ours, terms=lines)


def line_of(ours, plain, seen):
    known = {"Error": ours.error, "Block": ours.kinds.get("blocks"), "Lack of fit": ours.lack_of_fit}
    known["Pure error"] = ours.pure_error
    if plain in known:
        return known[plain]
    wanted = [plain[:-2]] * 2 if plain.endswith("^2") else plain.split(":")
    seen.append(next(n for n in ours.terms if sorted(n.split(":")) == sorted(wanted)))
    return ours.terms[seen[-1]]


def summed(ours, plain):
    """Return the line that JASP makes by adding up the lines of single terms."""
    kinds = {"Linear": "linear", "Squared": "square", "Interaction": "interaction"}
    kind = kinds.get(plain.partition(" ")[0])
    if plain not in ("Model", "Total") and (kind is None or not plain.endswith("terms")):
        return None
    lines = [line for name, line in ours.terms.items() if kind is None or kind_of(name) == kind]
    lines += [] if kind or "blocks" not in ours.kinds else [ours.kinds["blocks"]]
    lines += [ours.error] if plain == "Total" else []
    squares, freedom = sum(line.squares for line in lines), sum(line.freedom for line in lines)
    if plain != "Model" or not ours.error.freedom:
        return doe.Source(squares, freedom, np.nan, np.nan)
    f = squares / freedom / ours.error.mean
    return doe.Source(squares, freedom, f, float(fdtrc(freedom, ours.error.freedom, f)))


def kind_of(name):
    parts = name.split(":")
    return "linear" if len(parts) == 1 else "square" if len(set(parts)) == 1 else "interaction"
