"""Checks of proportion intervals, quantiles, tests of association, regression and group differences."""

from __future__ import annotations

import numpy as np
from tests.golden.sampling.profile_spline import profile_interval
from tests.golden.sampling.survey_checks import close
from tests.golden.sampling.survey_data import design_of, labels, table_of, truth, values

from qualipolis.methods.sampling import estimation as est


def check_proportion(design, args, expected):
    sample, method, level = design_of(design), args["method"], args["level"]
    has = truth(table_of(design), args["expr"])
    found = est.proportion(sample, has, method=method, level=level)
    assert (found.n[0], found.df[0]) == (args["n"], args["degf"])
    close(found.estimate[0], expected["est"])
    close(found.se[0] ** 2, expected["var"], absolute=1e-25)
    if expected["var"] == 0:
        return certain(method, found, expected["ci"])
    if method == "likelihood":
        return likelihood(found, sample.weights, has, expected["ci"])
    return close([found.low[0], found.high[0]], expected["ci"], 1e-8)


def certain(method, found, ci):
    """The design fixes this share, so its variance is 0 and ours says the share itself.

    R says that too, except where its formula divides by 0: ``beta`` becomes the median of a beta distribution of
    infinite parameters, 0.5 whatever the share, and ``wilson`` nothing at all. These are not taken over.
    """
    close([found.low[0], found.high[0]], [found.estimate[0]] * 2, 1e-9)
    if method == "beta":
        assert ci == [0.5, 0.5]
    elif method == "wilson":
        assert ci == [None, None]
    else:
        close([found.low[0], found.high[0]], ci, 1e-8)


def likelihood(found, weights, has, ci):
    """R reads the bounds off straight lines between points of a spline through a few points of the profile.

    Done the same way the bounds agree; the root itself lies within the error of those lines.
    """
    p, se, df = (float(getattr(found, k)[0]) for k in ("estimate", "se", "df"))
    close(profile_interval(p, se * se, weights, has, df, found.level), ci, 1e-6)
    close([found.low[0], found.high[0]], ci, 2e-3)


def check_quantile(design, args, expected):
    y = values(table_of(design), args["var"])
    for i, p in enumerate(args["p"]):
        found = est.quantile(design_of(design), y, p, method=args["interval_type"])
        close(found.estimate[0], expected["q"][i])
        close([found.low[0], found.high[0]], [expected["lo"][i], expected["hi"][i]], 1e-5)
        close(found.se[0], expected["se"][i], 1e-5)


def check_association(design, args, expected):
    table = table_of(design)
    first, second = (labels(table, name) for name in args["vars"])
    found = est.association(design_of(design), first, second, args["statistic"])
    close(found.statistic, expected["stat"])
    if expected["param"] is not None:
        close(found.parameters, np.atleast_1d(expected["param"]))
    close(found.p, expected["p"], 1e-5 if args["statistic"] in ("lincom", "saddlepoint") else 1e-8)


def check_regression(design, args, expected):
    table = table_of(design)
    assert args["formula"] == "I(sch.wide=='Yes') ~ meals + ell"
    x = [values(table, name) for name in ("meals", "ell")]
    found = est.regress(design_of(design), truth(table, "sch.wide=='Yes'"), x, family="logit")
    close(found.coefficients, list(expected["coef"].values()), 1e-6)
    close(found.se, list(expected["se"].values()), 1e-6)


def check_difference(design, args, expected):
    table = table_of(design)
    found = est.difference(design_of(design), values(table, args["y"]), truth(table, f"{args['g']}=='Yes'"))
    close([found.difference, found.t, found.p], [expected[k] for k in ("diff", "t", "p")])
    assert found.df == expected["df"]


CHECKS = {
    "svyciprop": check_proportion,
    "svyquantile": check_quantile,
    "svychisq": check_association,
    "svyglm_logit": check_regression,
    "svyttest": check_difference,
}
