"""Checks of totals, means, ratios, domains, replicates, calibration and lonely strata."""

from __future__ import annotations

import numpy as np
from tests.golden.sampling.survey_data import design_of, frame, labels, table_of, truth, values

from qualipolis.methods.sampling import estimation as est

NORMAL = float("inf")


def close(found, expected, rel=1e-8, absolute=1e-12):
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(expected, float), rtol=rel, atol=absolute)


def freedom(expected):
    df = expected.get("ci_df")
    return NORMAL if df == "Inf" else df


def columns_of(table, names):
    """Columns by the name R gives them: a number itself, a factor one column for each level."""
    for name in [names] if isinstance(names, str) else names:
        if table[name].dtype.is_numeric():
            yield name, values(table, name)
        else:
            levels = labels(table, name)
            yield from ((f"{name}{level}", (levels == level).astype(float)) for level in np.unique(levels))


def check_statistic(statistic):
    def check(design, args, expected):
        table, sample = table_of(design), design_of(design)
        columns = dict(columns_of(table, args["vars"]))
        for name, y in columns.items():
            found = getattr(est, statistic)(sample, y, df=freedom(expected))
            scale = 1e-13 * abs(expected["est"][name])
            close(found.estimate[0], expected["est"][name])
            close(found.se[0], expected["se"][name], absolute=scale)
            close([found.low[0], found.high[0]], expected["ci"][name])
            if "degf" in expected:
                assert sample.df == expected["degf"]
                assert found.df[0] <= sample.df
            if "deff" in expected:
                close(found.deff[0], expected["deff"][name], absolute=1e-9)
                close(found.deff_replacement[0], expected["deff_replace"][name], absolute=1e-9)
        if "vcov" in expected and len(columns) == len(expected["est"]):
            cov = est.joint(sample, list(columns.values()), statistic)[1]
            close(cov, expected["vcov"], absolute=1e-12 * max(1e-9, float(np.abs(cov).max())) + 1e-18)

    return check


def check_subset(statistic):
    def check(design, args, expected):
        table, sample = table_of(design), design_of(design)
        inside = truth(table, args["subset"])
        found = getattr(est, statistic)(sample, values(table, args["var"]), by=inside)[1.0]
        name = args["var"]
        close([found["estimate"], found["se"]], [expected["est"][name], expected["se"][name]])
        close([found["low"], found["high"]], expected["ci"][name])
        assert (found["n"], found["df"]) == (expected["n"], expected["degf"])

    return check


def check_ratio(design, args, expected):
    table, sample = table_of(design), design_of(design)
    found = est.ratio(sample, values(table, args["num"]), values(table, args["den"]))
    close([found.estimate[0], found.se[0]], [expected["est"], expected["se"]])
    if "ci" in expected:
        close([found.low[0], found.high[0]], expected["ci"])


def check_by(design, args, expected):
    table, sample = table_of(design), design_of(design)
    statistic = {"svymean": est.mean, "svytotal": est.total}[args["fn"]]
    found = statistic(sample, values(table, args["var"]), by=labels(table, args["by"]))
    assert list(found.domains) == expected["groups"][args["by"]]
    close(found.estimate, expected["est"])
    close(found.se, expected["se"])


def check_margins(statistic, raked):
    def check(design, args, expected):
        table, sample = table_of(design), design_of(design)
        margins = [(labels(table, name), totals) for name, totals in args["margins"].items()]
        after = est.rake(sample, margins, tolerance=1e-13) if raked else est.poststratify(sample, *margins[0])
        found = getattr(est, statistic)(after, values(table, args["var"]))
        tolerance = 1e-6 if raked else 1e-8
        close([found.estimate[0], found.se[0]], [expected["est"], expected["se"]], tolerance)
        summary = [after.weights.sum(), after.weights.min(), after.weights.max()]
        close(summary, [expected[f"weights_{k}"] for k in ("sum", "min", "max")], tolerance)

    return check


def check_calibrated(statistic):
    def check(design, args, expected):
        table, sample = table_of(design), design_of(design)
        x = [np.ones(sample.rows) if k == "(Intercept)" else _term(table, k) for k in args["totals"]]
        bounds = tuple(args["bounds"]) if args.get("bounds") else None
        after = est.calibrate(
            sample,
            np.stack(x, axis=1),
            list(args["totals"].values()),
            distance=args["calfun"],
            bounds=bounds,
        )
        found = getattr(est, statistic)(after, values(table, args["var"]))
        close([found.estimate[0], found.se[0]], [expected["est"], expected["se"]], 1e-6)
        if expected["weights"] is not None:
            close(after.weights, expected["weights"], 1e-6)

    return check


def _term(table, name):
    return truth(table, f"stype=='{name[-1]}'") if name.startswith("stype") else values(table, name)


def _replicates(design, args):
    kind, centre = args["type"], "estimate" if args.get("mse") else "mean"
    if kind in ("JK1", "JKn"):
        return est.jackknife(design_of(design), centre=centre)
    return est.replicate_design(np.ones(6), np.array(args["repweights"]), kind="brr", centre=centre)


def check_replicated(statistic):
    def check(design, args, expected):
        sample = _replicates(design, args)
        found = getattr(est, statistic)(sample, values(table_of(design), args["var"]))
        close([found.estimate[0], found.se[0]], [expected["est"], expected["se"]])
        if "n_rep" in expected:
            assert (sample.replicates, sample.df) == (expected["n_rep"], expected["degf"])
            close(sample.scale, expected["scale"])
            close(np.unique(sample.rscales), np.unique(expected["rscales_unique"]))

    return check


def check_replicated_ratio(design, args, expected):
    table = table_of(design)
    found = est.ratio(_replicates(design, args), values(table, args["num"]), values(table, args["den"]))
    close([found.estimate[0], found.se[0]], [expected["est"], expected["se"]])


def check_supplied(design, args, expected):
    given = frame(args["repweights_csv"].removeprefix("data/").removesuffix(".csv")).to_numpy()
    weights = design_of(design).weights
    sample = est.replicate_design(weights, given, combined=args["combined"], scale=args["scale"])
    y = values(table_of(design), args["var"])
    for statistic in ("mean", "total"):
        found = getattr(est, statistic)(sample, y)
        close([found.estimate[0], found.se[0]], [expected[statistic], expected[f"{statistic}_se"]])


def check_lonely(design, args, expected):
    table = table_of(design)
    sample = est.survey_design(values(table, "pw"), strata=labels(table, "stype"), lonely=args["option"])
    for statistic in ("mean", "total"):
        found = getattr(est, statistic)(sample, values(table, args["var"]))
        close([found.estimate[0], found.se[0]], [expected[statistic], expected[f"{statistic}_se"]])


CHECKS = {
    "svymean": check_statistic("mean"),
    "svytotal": check_statistic("total"),
    "svymean_subset": check_subset("mean"),
    "svytotal_subset": check_subset("total"),
    "svyratio": check_ratio,
    "svyby": check_by,
    "ps.svymean": check_margins("mean", False),
    "ps.svytotal": check_margins("total", False),
    "rake.svymean": check_margins("mean", True),
    "rake.svytotal": check_margins("total", True),
    "calibrate.svymean": check_calibrated("mean"),
    "calibrate.svytotal": check_calibrated("total"),
    "rep.svymean": check_replicated("mean"),
    "rep.svytotal": check_replicated("total"),
    "rep.ratio": check_replicated_ratio,
    "rep.supplied": check_supplied,
    "lonely_psu": check_lonely,
}
