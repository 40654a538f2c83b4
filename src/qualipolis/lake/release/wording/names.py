"""What steps, parameters and their values are called in a sentence: no reader should have to know a code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from qualipolis.lake.release.wording.sentences import Name, Sentence
from qualipolis.methods.composite import Framework
from qualipolis.methods.problems import msg

EACH_TIME = "each_time_"
SETTING = "%(what)s = %(value)s"
USUAL = msg("as usual")
SHARES = {"available", "nonzero", "min_share"}
METHODS = {
    "normalise": {
        "minmax": msg("from the worst to the best unit"),
        "dist2max": msg("from the worst to the best unit"),
        "zscore": msg("standard deviations from the mean"),
        "goalposts": msg("from a fixed floor to a target"),
        "scaled": msg("between two fixed values"),
        "rank": msg("places in the order"),
        "borda": msg("Borda count"),
        "percentile": msg("percentiles"),
        "dist2ref": msg("distance to a unit of reference"),
        "dist2targ": msg("distance to the target"),
        "fracmax": msg("share of the best value"),
        "none": msg("as they are"),
    },
    "impute": {
        "mean": msg("mean of the other units"),
        "median": msg("median of the other units"),
        "group_mean": msg("mean of the group"),
        "group_median": msg("median of the group"),
        "row_mean": msg("mean of the unit's other indicators"),
        "row_median": msg("median of the unit's other indicators"),
        "regression": msg("regression on the other indicators"),
        "none": msg("left missing"),
    },
    "impute_panel": {
        "latest": msg("latest value before"),
        "constant": msg("nearest value"),
        "linear": msg("straight line"),
        "linear_constant": msg("straight line, or the only value"),
    },
    "weigh": {"meta": msg("weights of the table"), "equal": msg("equal weights")},
    "aggregate": {
        "arithmetic": msg("arithmetic mean"),
        "geometric": msg("geometric mean"),
        "harmonic": msg("harmonic mean"),
        "generalised": msg("mean of a power"),
        "median": msg("weighted median"),
        "minimum": msg("the worst value"),
        "copeland": msg("comparison in pairs (Copeland)"),
        "mazziotta_pareto": msg("mean with a penalty (Mazziotta-Pareto)"),
    },
}
FIRST = {
    "log": msg("logarithm towards the long tail"),
    "log_ct_plus": msg("logarithm towards the long tail"),
    "log_ct": msg("logarithm on either side"),
    "log_ct_orig": msg("logarithm from the lowest value"),
    "log_gii": msg("logarithm of the Global Innovation Index"),
    "ln": msg("natural logarithm"),
    "boxcox": msg("Box-Cox power"),
    "winsorise": msg("extreme values pulled in"),
    "none": msg("left untreated"),
}
VALUES = {
    "first": FIRST,
    "transform": FIRST,
    "count": {"points": msg("value by value"), "steps": msg("step by step")},
    "ties": {"min": msg("the lower place"), "average": msg("the mean of the places")},
    "power": {"auto": msg("the likeliest")},
    "direction": {1: msg("more is better"), -1: msg("less is better"), 0: msg("a range is best")},
}
LABELS = {
    "method": msg("way"),
    "low": msg("lowest points"),
    "high": msg("highest points"),
    "mean": msg("points at the mean"),
    "sd": msg("points for one standard deviation"),
    "clamp": msg("cut off at the ends"),
    "posts": msg("floor and target"),
    "target": msg("target"),
    "reference": msg("unit of reference"),
    "cap": msg("no more than full points"),
    "ties": msg("equal values share"),
    "direction": msg("direction"),
    "weights": msg("weights set by hand"),
    "use": msg("set of weights"),
    "levels": msg("by level"),
    "nodes": msg("by heading"),
    "min_share": msg("share that must be there"),
    "power": msg("power"),
    "powers": msg("powers"),
    "sign": msg("sign of the penalty"),
    "available": msg("share of values that must be there"),
    "nonzero": msg("share that must not be zero"),
    "include": msg("assessed in any case"),
    "exclude": msg("left out in any case"),
    "winmax": msg("most values moved"),
    "skew": msg("limit of the skew"),
    "kurt": msg("limit of the peak"),
    "transform": msg("transformation"),
    "first": msg("first treatment"),
    "skip": msg("left as they are"),
    "combine": msg("on what was treated"),
    "force": msg("whether needed or not"),
    "winsor_skew": msg("skew at which it stops"),
    "winsor_kurt": msg("peak at which it stops"),
    "count": msg("counted"),
    "indicators": msg("indicators of their own"),
    "group": msg("group"),
    "level": msg("level"),
    "normalise_first": msg("put on one scale first"),
    "max_gap": msg("most years reached"),
    "time": msg("year"),
    "by": msg("divided by"),
    "scale": msg("counted for every"),
    "compat": msg("as the reference computes"),
}


def named(framework: Framework | None, code: str) -> Name:
    """Return what a node is called; a code that is in no framework stands for itself.

    >>> named(None, "QDI").said(str)
    'QDI'
    """
    if framework is None or code not in framework.codes:
        return Name(code)
    node = framework.node(code)
    return Name(code, node.name_en, node.name_zh)


def placed(framework: Framework | None, place: str) -> Name | Sentence:
    """Return what a node or a level is called.

    >>> placed(None, "2").said(str)
    'level 2'
    """
    if place.isdigit() and (framework is None or place not in framework.codes):
        return Sentence(msg("level %(level)s"), {"level": place})
    return named(framework, place)


def by_name(framework: Framework, values: Mapping[str, object]) -> tuple[Sentence, ...]:
    """Return node -> value as a list in words."""
    return tuple(Sentence(SETTING, {"what": placed(framework, code), "value": value}) for code, value in values.items())


def worded(step: str, parameter: str, value: object, framework: Framework | None = None) -> object:
    """Return a value of a parameter in words, itself where it needs none.

    >>> worded("normalise", "method", "minmax").text, worded("treat", "winmax", 5)
    ('from the worst to the best unit', 5)
    """
    if value is None or value == "":
        return Sentence(USUAL)
    words: Mapping[object, str] = METHODS.get(step, {}) if parameter == "method" else VALUES.get(parameter, {})
    if isinstance(value, Mapping):
        inner = "method" if parameter in ("levels", "nodes") else parameter
        return tuple(
            Sentence(SETTING, {"what": placed(framework, key), "value": worded(step, inner, one)})
            for key, one in value.items()
        )
    if isinstance(value, str | int) and not isinstance(value, bool) and value in words:
        return Sentence(words[value])
    return f"{100 * value:.3g}%" if parameter in SHARES and isinstance(value, float) else value


def settings(step: str, values: Mapping[str, object], framework: Framework | None = None) -> Iterator[Sentence]:
    """Yield each parameter with its value in words; one that is left empty is not said.

    >>> [one.said() for one in settings("impute", {"method": "group_mean", "group": "park"})]
    ['way = mean of the group', 'group = park']
    """
    for name, value in values.items():
        if value is not None and value != () and value != {} and value != "":
            label: object = Sentence(LABELS[name]) if name in LABELS else name
            yield Sentence(SETTING, {"what": label, "value": worded(step, name, value, framework)})
