"""Capability of values that are not normal: by percentiles, by the shares outside, or on a transformed scale.

Percentiles (ISO 22514-2, ``"percentile"``), with X_p the p-quantile of the distribution:

    Pp = (U − L)/(X₀.₉₉₈₆₅ − X₀.₀₀₁₃₅)    Ppu = (U − X₀.₅)/(X₀.₉₉₈₆₅ − X₀.₅)    Ppl = (X₀.₅ − L)/(X₀.₅ − X₀.₀₀₁₃₅)

Shares outside (``"z"``): Ppu = −Φ⁻¹(P(X > U))/3, Ppl = −Φ⁻¹(P(X < L))/3, Pp = (Ppu + Ppl)/2. Both give Ppk = min(Ppu, Ppl)
and agree for a normal law; for a skewed one they differ, the second keeps the meaning "so many parts outside". A natural
boundary is no limit to miss.

Limits of confidence: the delta method on the fitted parameters, or the parametric bootstrap (percentile limits,
seeded), which is always used for Johnson's curves and power transformations.

Source: ISO 22514-2:2017; ISO 22514-4:2016; J. A. Clements (1989), Quality Progress 22 (9), 95-100; B. Efron and
R. J. Tibshirani (1993), *An Introduction to the Bootstrap*, chapter 13.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc.capability.bounds import Index
from qualipolis.methods.spc.capability.specification import Boundary, Specification
from qualipolis.methods.spc.capability.study import CapabilityStudy, capability
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.distributions.choice import Choice, Shape, choose, fit_shape, shape_goodness
from qualipolis.methods.spc.distributions.fit import Fitted, fit
from qualipolis.methods.spc.distributions.goodness import Goodness
from qualipolis.methods.spc.distributions.power import PowerFit, fit_power

Method = Literal["percentile", "z"]
Limits = Literal["delta", "bootstrap"]
LOW, MIDDLE, HIGH = 0.0013498980316300957, 0.5, 0.9986501019683699


@dataclass(frozen=True)
class Beyond:
    """The share beyond a limit: expected from the distribution, and observed, each with its limits."""

    expected: float
    low: float
    high: float
    observed: float
    observed_low: float
    observed_high: float

    @property
    def ppm(self) -> float:
        return 1e6 * self.expected


@dataclass(frozen=True, eq=False)
class NonNormalStudy:
    """Indices by name (``"Pp"``, ``"Ppl"``, ``"Ppu"``, ``"Ppk"``), quantiles (0.135 %, 50 %, 99.865 %), shares beyond.

    ``choice`` tells how the distribution was chosen when it was not named.
    """

    indices: Mapping[str, Index]
    shape: Shape
    quantiles: tuple[float, float, float]
    goodness: Goodness
    below: Beyond | None
    above: Beyond | None
    specification: Specification
    n: int
    confidence: float
    choice: Choice | None
    conventions: Mapping[str, object]

    def __getitem__(self, name: str) -> Index:
        return self.indices[name]

    def __repr__(self) -> str:
        return f"NonNormalStudy({self.shape.name}, n = {self.n}, Ppk {self.indices['Ppk']})"


def nonnormal_capability(
    data: ArrayLike,
    *,
    lower: float | None = None,
    upper: float | None = None,
    boundary: Boundary = "",
    family: str | Shape | None = None,
    given: Mapping[str, float] | None = None,
    method: Method = "percentile",
    limits: Limits = "delta",
    confidence: float = 0.95,
    seed: int = 1,
    draws: int = 200,
) -> NonNormalStudy:
    """Return the performance of a characteristic under a distribution of any family.

    Parameters
    ----------
    data : values in any shape, NaN is not measured
    lower, upper, boundary : as in :func:`capability`
    family : a name of ``FAMILIES``, ``"box_cox"``, ``"yeo_johnson"``, ``"johnson"``, a fitted distribution, or None to
        take the first adequate one
    given : parameters of the family known before ("historical")
    method : ``"percentile"`` (ISO 22514-2) or ``"z"`` (by the shares outside)
    limits : ``"delta"`` or ``"bootstrap"``, with ``seed`` and ``draws``

    Raises
    ------
    InputError
        Limits that are not possible, values beyond a boundary, a fit that fails, or no adequate distribution.

    >>> x = 5 * np.random.default_rng(1).weibull(2, 300)
    >>> study = nonnormal_capability(x, lower=0, upper=16, boundary="lower", family="weibull")
    >>> sorted(study.indices), study["Ppk"].low < study["Ppk"].value < study["Ppk"].high
    (['Ppk', 'Ppu'], True)
    """
    asked = Specification(lower, upper, None, boundary)
    x = np.asarray(data, dtype=np.float64).ravel()
    x = x[~np.isnan(x)]
    _refuse(confidence, draws, method, limits)
    asked.check(x)
    shape, choice = _shape(x, family, given, boundary, lower)
    way: str = limits if isinstance(shape, Fitted) else "bootstrap"
    names, away = _measures(asked, method), _aways(asked)
    spread = _delta(shape, names | away) if way == "delta" else _bootstrap(shape, names | away, len(x), seed, draws)
    indices = {name: _index(name, number(shape), spread[name], confidence, way) for name, number in names.items()}
    indices["Ppk"] = indices[min((n for n in indices if n != "Pp"), key=lambda n: indices[n].value)]
    beyond = {
        sign: _beyond(
            x, sign, limit, _index("z", away[f"z{sign}"](shape), spread[f"z{sign}"], confidence, way), confidence
        )
        for sign, limit in asked.judged.items()
    }
    low, middle, high = (float(v) for v in shape.quantile(np.array([LOW, MIDDLE, HIGH])))
    words = {"method": method, "limits": way, "percentiles": "0.135 / 50 / 99.865 %", "family": shape.name}
    return NonNormalStudy(
        indices, shape, (low, middle, high), shape_goodness(x, shape), beyond.get(-1), beyond.get(1), asked, len(x),
        confidence, choice, words,
    )  # fmt: skip


def _refuse(confidence: float, draws: int, method: str, limits: str) -> None:
    wrong = []
    if not 0.5 <= confidence < 1:
        wrong.append(Problem("bad_confidence", msg("The confidence lies between 0.5 and 1."), place="confidence"))
    if draws < 50:
        wrong.append(Problem("few_draws", msg("A bootstrap needs at least 50 draws."), place="draws"))
    if method not in ("percentile", "z") or limits not in ("delta", "bootstrap"):
        what, remedy = msg("There is no method called %(name)s."), msg("Choose one of: %(known)s.")
        known = {"name": f"{method}/{limits}", "known": "percentile, z; delta, bootstrap"}
        wrong.append(Problem("unknown_method", what, remedy, known, "method"))
    if wrong:
        raise InputError(wrong)


def _shape(
    x: Floats, family: str | Shape | None, given: Mapping[str, float] | None, boundary: str, lower: float | None
) -> tuple[Shape, Choice | None]:
    if isinstance(family, str):
        return (fit(x, family, given) if given else fit_shape(x, family)), None
    if family is not None:
        return family, None
    choice = choose(x, bound="zero" if boundary == "lower" and lower == 0 else "none")
    if choice.chosen is None:
        raise InputError([Problem("no_distribution", choice.reason, place="data")])
    return choice.chosen, choice


Number = Callable[[Shape], float]


def _measures(asked: Specification, method: Method) -> dict[str, Number]:
    """Return, by name, how each index follows from a distribution."""
    make = _percentile if method == "percentile" else _by_share
    found = {f"Pp{'u' if sign > 0 else 'l'}": make(sign, limit) for sign, limit in asked.judged.items()}
    if len(found) == 2:
        if method == "z":
            one, two = found["Ppl"], found["Ppu"]
            found["Pp"] = lambda shape: (one(shape) + two(shape)) / 2
        else:
            width = asked.judged[1] - asked.judged[-1]
            found["Pp"] = lambda shape: width / float(np.ptp(shape.quantile(np.array([LOW, HIGH]))))
    return found


def _percentile(sign: int, limit: float) -> Number:
    def number(shape: Shape) -> float:
        middle, far = (float(v) for v in shape.quantile(np.array([MIDDLE, HIGH if sign > 0 else LOW])))
        return (limit - middle) / (far - middle)

    return number


def _by_share(sign: int, limit: float) -> Number:
    return lambda shape: _away(shape, sign, limit) / 3


def _away(shape: Shape, sign: int, limit: float) -> float:
    """Return −Φ⁻¹ of the share beyond a limit, from the smaller tail; infinite where nothing can lie beyond."""
    from scipy.special import ndtri

    out = float(shape.survival(limit) if sign > 0 else shape.distribution(limit))
    kept = float(shape.distribution(limit) if sign > 0 else shape.survival(limit))
    return float(-ndtri(out) if out < 0.5 else ndtri(kept))


def _delta(shape: Shape, names: Mapping[str, Number]) -> dict[str, Floats | float]:
    assert isinstance(shape, Fitted)
    return {name: shape.error_of(number) for name, number in names.items()}


def _bootstrap(shape: Shape, names: Mapping[str, Number], n: int, seed: int, draws: int) -> dict[str, Floats | float]:
    """Return the indices of samples of the distribution, each fitted again; samples that cannot be are drawn again."""
    generator, kept = np.random.default_rng(seed), []
    for _ in range(2 * draws):
        try:
            again = shape.again(shape.sample(n, generator))
        except InputError:
            continue
        kept.append([number(again) for number in names.values()])
        if len(kept) == draws:
            break
    if len(kept) < draws:
        what = msg("The distribution could not be fitted to most samples of itself: there are no limits of confidence.")
        raise InputError([Problem("no_bootstrap", what, msg("Try another distribution."), place="data")])
    columns = np.sort(np.array(kept), axis=0)
    return {name: columns[:, place] for place, name in enumerate(names)}


def _index(name: str, value: float, spread: Floats | float, confidence: float, way: str) -> Index:
    from scipy.special import ndtri

    if isinstance(spread, np.ndarray):
        tail = (1 - confidence) / 2
        low, high, bound = (float(v) for v in np.quantile(spread, [tail, 1 - tail, 2 * tail]))
        return Index(value, low, high, bound, "parametric bootstrap")
    two, one = float(ndtri((1 + confidence) / 2)), float(ndtri(confidence))
    if not np.isfinite(value):
        return Index(value, value, value, value, "nothing can lie beyond")
    if name == "Pp" and value > 0:  # a ratio of widths: on the logarithmic scale
        low, high, bound = (value * float(np.exp(k * spread / value)) for k in (-two, two, -one))
        return Index(value, low, high, bound, f"{way} (logarithmic)")
    return Index(value, value - two * spread, value + two * spread, value - one * spread, way)


def _aways(asked: Specification) -> dict[str, Number]:
    """Return how far each limit is on the scale of Φ⁻¹."""

    def number(sign: int, limit: float) -> Number:
        return lambda shape: _away(shape, sign, limit)

    return {f"z{sign}": number(sign, limit) for sign, limit in asked.judged.items()}


def _beyond(x: Floats, sign: int, limit: float, away: Index, confidence: float) -> Beyond:
    """Return the share beyond a limit; its limits are those found on the scale of Φ⁻¹."""
    from scipy.special import ndtr

    from qualipolis.methods.sampling.estimation.binomial import binomial_interval

    count = int(np.sum(sign * x > sign * limit))
    low, high = binomial_interval(count, len(x), confidence)
    middle, least, most = (float(ndtr(-v)) for v in (away.value, away.high, away.low))
    return Beyond(middle, least, most, count / len(x), float(low), float(high))


def transformed_capability(
    data: ArrayLike,
    *,
    lower: float | None = None,
    upper: float | None = None,
    boundary: Boundary = "",
    power: float | None = None,
    kind: Literal["box_cox", "yeo_johnson"] = "box_cox",
    shift: float = 0.0,
    confidence: float = 0.95,
) -> tuple[CapabilityStudy, PowerFit]:
    """Return the capability study of transformed values against transformed limits, and the transformation.

    A limit outside the range of the transformation (at 0 or below for Box-Cox) must be a natural boundary or be left out.
    The exponent is taken as known: limits of confidence do not hold its uncertainty.

    >>> x = np.exp(np.random.default_rng(2).normal(0, 0.3, (40, 5)))
    >>> study, found = transformed_capability(x, upper=4)
    >>> study["Ppk"].value > 1
    True
    """
    found = fit_power(data, kind, power=power, shift=shift, confidence=confidence)
    sides = {}
    for name, limit in (("lower", lower), ("upper", upper)):
        carried = None if limit is None else float(found.transform(limit))
        if carried is not None and not np.isfinite(carried) and boundary != name:
            what = msg("A limit lies outside the range of the transformation.")
            remedy = msg("Name it a natural boundary, or leave it out.")
            raise InputError([Problem("limit_out_of_range", what, remedy, place="limits")])
        sides[name] = carried if carried is not None and np.isfinite(carried) else None
    kept: Boundary = boundary if boundary and sides[boundary] is not None else ""
    study = capability(
        found.transform(data), lower=sides["lower"], upper=sides["upper"], boundary=kept, confidence=confidence
    )
    return study, found
