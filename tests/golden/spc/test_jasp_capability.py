"""The capability studies of JASP's module computed again; each is checked or listed here with the reason it is not.

Numbers are shown there with two decimals and limits of 90 % confidence. Its σ from ranges of unequal subgroups is the
minimum-variance one, and ranges are given k(n − 1) degrees of freedom where they have about 0.9 of them, so limits within
are compared loosely. Its Cpm divides by n, its lognormal σ by n − 1; the shares it shows for fitted laws belong to
parameters up to 4e-3 from those it shows. Where a law was fitted our likelihood is at least as high.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases, rows

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc.capability import bounds, capability
from qualipolis.methods.spc.capability.nonnormal import nonnormal_capability
from qualipolis.methods.spc.distributions import fit, fit_johnson, fit_power, goodness, yeo_johnson
from qualipolis.methods.spc.normality import normality

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
STUDIES = [name for name in cases("jasp") if name.startswith("processCapabilityStudies_")]
OUT_OF_SCOPE = {
    "013": "how a subgroup without a name is put into stages belongs to the reading of files",
    "020": "subgroups whose rows carry several stages are split by rules of that program",
    "025": "a given mean for a normal study is no estimate: not offered",
    "026": "a given mean and σ for a normal study are no estimates: not offered",
    "065": "subgroups without a stage are given one by that program",
}
EMPTY = {"010", "011", "064"}
SHIFTED = {"076", "077", "079"}
LAWS = {"3ParameterWeibull": "weibull_3", "3ParameterLognormal": "lognormal_3"}
GIVEN = {
    "weibull": {"Shape": "shape", "Scale": "scale", "Threshold": "threshold"},
    "lognormal": {"LogMean": "log_mean", "LogStdDev": "log_sd", "Threshold": "threshold"},
}
SHOWN = {
    "weibull": ("shape", "scale"), "weibull_3": ("shape", "scale", "threshold"), "lognormal": ("log_mean", "log_sd"),
    "lognormal_3": ("log_mean", "log_sd", "threshold"), "gamma": ("shape", "scale"), "exponential": ("scale",),
    "logistic": ("location", "scale"), "loglogistic": ("location", "scale"),
}  # fmt: skip


def lines_of(found):
    return [{name.removeprefix("\ufeff"): text for name, text in line.items()} for line in rows(found["input"])]


def number(text):
    return float(text) if text not in ("", "NA") else np.nan


def table(found, ending):
    tables = [t for t in found["output"] if t["table"].endswith(ending)]
    return tables[0]["cells_row_major_columns_alphabetical"] if tables else None


def options(found):
    return found["params"]["options"]


def values(found):
    """Return one array per stage: (m, n) subgroups, or single values."""
    given, lines = options(found), lines_of(found)
    if given.get("dataFormat") == "wideFormat":
        return {"": np.array([[number(line[c]) for c in given["measurementsWideFormat"]] for line in lines])}
    stage = given.get("stagesLongFormat")
    stages = dict.fromkeys(line[stage] if stage else "" for line in lines)
    size = int(given.get("manualSubgroupSizeValue", 5))
    return {
        s: grouped(
            np.array([number(v[given["measurementLongFormat"]]) for v in lines if not stage or v[stage] == s]), size
        )
        for s in stages
    }


def grouped(x, size):
    if size == 1:
        return x
    whole = np.full(-(-len(x) // size) * size, np.nan)
    whole[: len(x)] = x
    return whole.reshape(-1, size)


def near(ours, shown, more=0.0):
    """Whether a number shows as it does there."""
    assert ours == pytest.approx(shown, abs=0.00501 + more)


def normal_study(found, data):
    given = options(found)
    way = {"xmr": "mr", "xBarS": "sbar"}.get(given["controlChartType"], "rbar_mvlue")
    return capability(
        data, lower=given["lowerSpecificationLimitValue"], upper=given["upperSpecificationLimitValue"],
        target=given["targetValue"], confidence=0.9,
        sigma=unbiased(way, given),
    )  # fmt: skip


def unbiased(way, given):
    return "pooled" if given.get("controlChartSdUnbiasingConstant") is False and way == "sbar" else way


@pytest.mark.parametrize("name", STUDIES)
def test_a_recorded_study_comes_out_again(name):
    number_of, found = name[-3:], case("jasp", name)
    if number_of in OUT_OF_SCOPE:
        return
    if number_of in EMPTY:
        refused(found)
    elif number_of in SHIFTED:
        transformed(number_of, found)
    elif options(found)["capabilityStudyType"] == "normalCapabilityAnalysis":
        normal(found)
    else:
        other(found)


def test_what_is_out_of_scope_is_still_recorded():
    assert {f"processCapabilityStudies_{n}" for n in OUT_OF_SCOPE} <= set(STUDIES)


def refused(found):
    for data in values(found).values():
        with pytest.raises(InputError):
            normal_study(found, data)


def normal(found):
    staged, shown = values(found), table(found, "processSummaryTable")
    wide = len(shown) // (len(staged) + (len(staged) > 1) * (len(staged) - 1)) if len(staged) > 1 else len(shown)
    for place, data in enumerate(staged.values()):
        study = normal_study(found, data)
        mean, n, sd, within = shown[place * wide + 1 : place * wide + 5]
        assert (study.mean, study.n, study.overall) == (pytest.approx(mean), n, pytest.approx(sd, rel=1e-12))
        if options(found).get("controlChartSdUnbiasingConstant") is not False:
            assert study.within == pytest.approx(within, rel=5e-4)
            indices(study, found, place, len(staged) > 1)
        overall(study, found, place, len(staged) > 1)
        as_normal(found, data, place, len(staged) > 1)


def row(cells, labelled, place, extra):
    """Return the numbers of a row of a table of indices; stages add a label, and a Z when it was asked for."""
    wide = labelled + extra
    return cells[place * wide : (place + 1) * wide]


def overall(study, found, place, staged):
    cells = table(found, "capabilityTableOverall")
    shown = row(cells, 11 + staged, place, bool(options(found).get("processCapabilityTableZ")))
    target = options(found)["targetValue"]
    by_n = np.sqrt(study.overall**2 * (study.n - 1) / study.n + (study.mean - target) ** 2)
    ours = [2 / by_n, study["Pp"].value, study["Ppk"].value, study["Ppl"].value, study["Ppu"].value]
    for mine, theirs in zip(ours, [shown[0], shown[3], shown[4], shown[7], shown[9]], strict=True):
        near(mine, theirs)
    limits = [study["Ppk"].low, study["Ppk"].high, study["Pp"].low, study["Pp"].high]
    for mine, theirs in zip(limits, [shown[5], shown[6], shown[8], shown[10]], strict=True):
        near(mine, theirs)


def indices(study, found, place, staged):
    cells = table(found, "capabilityTableWithin")
    shown = row(cells, 8 + staged, place, bool(options(found).get("processCapabilityTableZ")))
    names = {"Cp": 0, "Cpk": 1, "Cpl": 4, "Cpu": 6}
    for key, at in names.items():
        near(study[key].value, shown[at])
    assert bounds.chi_square(study["Cp"].value, study.freedom_within, 0.9).low == pytest.approx(shown[5], abs=0.03)


def as_normal(found, data, place, staged):
    cells = table(found, "probabilityTable")
    if cells is None:
        return
    shown = row(cells, 5 + staged, place, 0)
    test = normality(data[~np.isnan(data)])
    near(test.anderson_darling.statistic, shown[0])
    near(test.anderson_darling.p, shown[3])


def transformed(number_of, found):
    shown = table(found, "processSummaryTable")
    x = next(iter(values(found).values())).ravel()
    if number_of == "077":
        y = yeo_johnson(x, 2.0)
        assert (y.mean(), y.std(ddof=1)) == pytest.approx((shown[1], shown[3]), rel=1e-9)
        assert yeo_johnson([0, 6, 12], 2.0).tolist() == pytest.approx([shown[0], shown[5], shown[6]])
    elif number_of == "076":  # it shows (x + 1)^φ; φ is found from its mean, and lies where the likelihood is high
        from scipy.optimize import brentq

        power = brentq(lambda p: np.mean((x + 1) ** p) - shown[1], 0.01, 2)
        assert ((x + 1) ** power).std(ddof=1) == pytest.approx(shown[3], rel=1e-6)
        ours = fit_power(x, shift=1.0)
        assert power == pytest.approx(ours.power, abs=0.01) and ours.low < power < ours.high
    else:  # its own search for a curve: ours comes nearer to normal
        y = fit_johnson(x, "search").transform(x)
        assert normality(y).anderson_darling.p > 0.5


def other(found):
    staged, shown = values(found), table(found, "summaryTableNonNormal")
    law = LAWS.get(options(found)["nonNormalDistribution"], options(found)["nonNormalDistribution"])
    rest = 5 + ("targetValue" in options(found)) + 1 + (len(staged) > 1)
    wide = rest - 1 + len(SHOWN[law])
    for place, data in enumerate(staged.values()):
        same_study(found, data, law, place, shown[place * wide : (place + 1) * wide], len(staged) > 1)


def given_of(found, law):
    asked, base = options(found), law.removesuffix("_3")
    names = GIVEN.get(base, {"Shape": "shape", "Scale": "scale", "Location": "location"})
    given = {
        mine: float(asked[f"historical{key}Value"]) for key, mine in names.items() if f"historical{key}Value" in asked
    }
    if base == "loglogistic" and "location" in given:
        given["location"] = float(np.log(given["location"]))
    return given


def same_study(found, data, law, place, shown, staged):
    asked, x = options(found), data[~np.isnan(data)]
    given = given_of(found, law)
    ours = fit(x, law, given)
    names = SHOWN[law]
    first = 0 if law == "exponential" else 1
    tail = shown[4 + first + staged + ("targetValue" in asked) : -1]
    theirs = dict(zip(names, ([shown[0]] if first else []) + list(tail), strict=True))
    for key, value in theirs.items():
        assert ours.parameters[key] == pytest.approx(value, rel={"_3": 4e-2, "al": 6e-3}.get(law[-2:], 5e-4))
    assert ours.likelihood >= fit(x, law, theirs).likelihood - 1e-6
    # indices and shares for their parameters, so that only the formulas are compared
    study = nonnormal_capability(
        x, lower=asked["lowerSpecificationLimitValue"], upper=asked["upperSpecificationLimitValue"],
        family=law, given=theirs, method="z" if asked.get("nonNormalMethod") == "nonConformance" else "percentile",
    )  # fmt: skip
    indices_of(study, table(found, "overallCapabilityNonNormal"), place, staged)
    shares_of(study, table(found, "PerformanceNonNormal"), place, staged)
    cells = table(found, "probabilityTable")
    if cells is not None and not law.endswith("_3"):
        line = row(cells, 5 + staged, place, 0)
        fitted = goodness(x, ours)
        near(fitted.statistic, line[0], 0.005)
        assert fitted.p == pytest.approx(line[3], abs=0.05)  # a fitted formula there, the limiting law itself here


def indices_of(study, cells, place, staged):
    shown = row(cells, 4 + staged, place, 0)
    order = ("Pp", "Ppk", "Ppl", "Ppu")
    for key, theirs in zip(order, shown[:4], strict=True):
        if theirs == "<unicode>":
            assert study[key].value == np.inf
        else:
            near(study[key].value, theirs, 0.001)


def shares_of(study, cells, place, staged):
    wide = 7 if staged else 3
    for line, side in enumerate((study.below, study.above)):
        expected = cells[line * wide + place]
        observed = cells[line * wide + (3 if staged else 1) + place]
        assert side.ppm == pytest.approx(expected, abs=0.0051, rel=4e-3)
        assert 1e6 * side.observed == pytest.approx(observed, abs=0.0051)
