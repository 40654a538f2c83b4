"""Decide whether a measured value meets its limits, with its uncertainty, and say the risk of that decision.

Sources: JCGM 106:2012, "The role of measurement uncertainty in conformity assessment" (7.2 to 7.4 conformance
probability, 8.2 and 8.3 guard bands); ILAC-G8:09/2019, "Guidelines on decision rules and statements of conformity"
(4.2 binary and non-binary statements, 5 guard bands ``w = r U``). Both are written here from knowledge of their
formulas; their text is not quoted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import NormalDist
from typing import Literal

from qualipolis.methods.problems import InputError, Problem, msg

Rule = Literal["simple", "guarded", "guarded_reject"]
Censored = Literal["", "<", ">"]
RULES: tuple[Rule, ...] = ("simple", "guarded", "guarded_reject")
STATEMENTS = {
    "pass": msg("inside the limits by more than the guard band"),
    "conditional_pass": msg("inside the limits, but by less than the guard band"),
    "conditional_fail": msg("outside the limits, but by less than the guard band"),
    "fail": msg("outside the limits by more than the guard band"),
}
_STANDARD = NormalDist()


@dataclass(frozen=True)
class Limits:
    """What a value must keep: a lower limit, an upper limit or both; a value on a limit keeps it."""

    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Measured:
    """A measured value, or the bound that is known of it.

    Parameters
    ----------
    value : the value; with ``censored`` the bound that it lies below (``"<"``) or above (``">"``)
    uncertainty : expanded uncertainty ``U = k u`` in the unit of the value, or None when it was not given
    k : coverage factor
    """

    value: float
    censored: Censored = ""
    uncertainty: float | None = None
    k: float = 2.0


@dataclass(frozen=True)
class Decision:
    """What was decided of one item, why, and with which risk.

    Parameters
    ----------
    outcome : "pass", "fail", or None when the value does not decide
    why : message id, with its ``params``
    statement : the four-way statement (key of ``STATEMENTS``); empty where there is no uncertainty or only a bound
    guard_band : ``w``, 0 under simple acceptance, None where it is not known
    conformance : probability that the true value keeps its limits, None where it cannot be said
    risk : probability that this decision is false: of false acceptance for a pass, of false rejection for a failure
    """

    outcome: Literal["pass", "fail"] | None
    why: str
    params: dict[str, object] = field(default_factory=dict)
    statement: str = ""
    guard_band: float | None = None
    conformance: float | None = None
    risk: float | None = None


def decide(measured: Measured, limits: Limits, rule: Rule = "simple", r: float = 1.0) -> Decision:
    """Decide one item under a rule with the guard band ``w = r U``.

    A value passes when it lies in the acceptance interval, limits included::

        simple            [TL, TU]
        guarded           [TL + w, TU - w]     (a pass needs the value inside by its guard band)
        guarded_reject    [TL - w, TU + w]     (a failure needs it outside by its guard band)

    A bound ("< 5") decides only when everything it leaves open lies inside, or outside, that interval. Comparisons are
    made on the decimal digits as written, so that 0.2 keeps the limit 0.3 with the guard band 0.1.

    Parameters
    ----------
    measured : the value with its uncertainty, in the unit of the limits
    limits : at least one of the two
    rule : one of ``RULES``
    r : guard band factor, 0 or more; 1 is the usual choice of ILAC-G8

    Raises
    ------
    InputError
        no limit, limits in the wrong order, a number that is not finite, U below 0, k not above 0, r below 0

    >>> decide(Measured(18, uncertainty=4), Limits(upper=20)).outcome
    'pass'
    >>> found = decide(Measured(18, uncertainty=4), Limits(upper=20), "guarded")
    >>> found.outcome, found.statement, round(found.conformance, 4), round(found.risk, 4)
    ('fail', 'conditional_pass', 0.8413, 0.8413)
    >>> decide(Measured(25, "<"), Limits(upper=20)).outcome is None
    True
    """
    problems = _problems(measured, limits, rule, r)
    if problems:
        raise InputError(problems)
    band = None if measured.uncertainty is None else r * measured.uncertainty
    if rule != "simple" and band is None:
        return Decision(None, msg("The decision rule needs the uncertainty of the value."))
    low, high = _acceptance(limits, rule, band or 0.0)
    if low is not None and high is not None and low > high:
        return Decision(None, msg("The uncertainty is too large: no value could pass within these limits."),
                        guard_band=band)  # fmt: skip
    width = 0.0 if rule == "simple" else band
    if measured.censored:
        return _of_bound(measured, low, high, width)
    return _of_value(measured, limits, low, high, rule, band, width)


def conformance_probability(value: float, standard_uncertainty: float, limits: Limits) -> float:
    """Return the probability that the true value keeps its limits, given the measured ``value``.

    With little prior knowledge the true value is normal around the measured one (JCGM 106, 7.2 and 7.4)::

        p_c = Φ((TU - y) / u) - Φ((TL - y) / u)

    where a limit that is not there lies at infinity.

    Parameters
    ----------
    value : ``y``
    standard_uncertainty : ``u``, above 0 (``U / k``)

    Raises
    ------
    InputError
        the standard uncertainty is not above 0

    >>> round(conformance_probability(18, 2, Limits(upper=20)), 6)
    0.841345
    >>> round(conformance_probability(5, 1, Limits(4, 6)), 6)
    0.682689
    """
    if not standard_uncertainty > 0:
        raise InputError([Problem("bad_uncertainty", msg("The uncertainty must be above 0."), place="uncertainty")])
    above = 1.0 if limits.upper is None else _cdf((limits.upper - value) / standard_uncertainty)
    below = 0.0 if limits.lower is None else _cdf((limits.lower - value) / standard_uncertainty)
    return above - below


def guard_band_for_risk(standard_uncertainty: float, risk: float) -> float:
    """Return the guard band that keeps the risk of false acceptance at one limit at ``risk`` or less.

    ``w = z(1 - risk) u`` (JCGM 106, 8.3.2): for 5 % that is 1.645 u, 0.82 U at k = 2; for 2.5 % it is 0.98 U.

    >>> round(guard_band_for_risk(1.0, 0.05), 4), round(guard_band_for_risk(0.5, 0.025), 4)
    (1.6449, 0.98)
    """
    wrong = []
    if not standard_uncertainty > 0:
        wrong.append(Problem("bad_uncertainty", msg("The uncertainty must be above 0."), place="uncertainty"))
    if not 0 < risk <= 0.5:
        wrong.append(Problem("bad_risk", msg("The risk must be above 0 and at most one half."), place="risk"))
    if wrong:
        raise InputError(wrong)
    return _STANDARD.inv_cdf(1 - risk) * standard_uncertainty


def decide_words(requirement: str, conforms: bool | None) -> Decision:
    """Decide an item that is judged by looking, not measured: the person who judged says whether it conforms.

    >>> decide_words("no sharp edges", True).outcome, decide_words("no sharp edges", None).outcome is None
    ('pass', True)
    """
    if not requirement.strip():
        return Decision(None, msg("There is neither a limit nor a requirement in words to decide by."))
    if conforms is None:
        return Decision(None, msg("Say whether the requirement is met."))
    met, missed = msg("The requirement is met."), msg("The requirement is not met.")
    return Decision("pass", met) if conforms else Decision("fail", missed)


def sample_verdict(outcomes: Sequence[str | None]) -> Literal["pass", "fail"] | None:
    """Return the verdict of a sample from its items: one nonconforming item fails it, an open one leaves it open.

    "pass" means no more than its words: no nonconformity was found in the inspected sample. Items "not_tested" carry no
    verdict; where nothing was tested there is none.

    >>> sample_verdict(["pass", "fail"]), sample_verdict(["pass", "not_tested"])
    ('fail', 'pass')
    >>> sample_verdict(["pass", None]) is None, sample_verdict(["not_tested"]) is None
    (True, True)
    """
    if "fail" in outcomes:
        return "fail"
    return "pass" if "pass" in outcomes and set(outcomes) <= {"pass", "not_tested"} else None


def _problems(measured: Measured, limits: Limits, rule: str, r: float) -> list[Problem]:
    low, high, u = limits.lower, limits.upper, measured.uncertainty
    given = {"value": measured.value, "lower": low, "upper": high, "uncertainty": u, "k": measured.k, "r": r}
    not_finite = msg("%(name)s is not a finite number.")
    found = [
        Problem("not_finite", not_finite, "", {"name": name}, place=name)
        for name, number in given.items()
        if number is not None and not math.isfinite(number)
    ]
    if low is None and high is None:
        found.append(Problem("no_limit", msg("There is no limit to decide by."), place="limits"))
    if low is not None and high is not None and low > high:
        found.append(Problem("limits_crossed", msg("The lower limit is above the upper one."), place="limits"))
    if u is not None and u < 0:
        found.append(Problem("bad_uncertainty", msg("The uncertainty may not be below 0."), place="uncertainty"))
    if not measured.k > 0:
        found.append(Problem("bad_k", msg("The coverage factor must be above 0."), place="k"))
    if r < 0:
        found.append(Problem("bad_r", msg("The guard band factor may not be below 0."), place="r"))
    if rule not in RULES or measured.censored not in ("", "<", ">"):
        found.append(Problem("unknown_rule", msg("This decision rule is not known."), place="rule"))
    return found


def _acceptance(limits: Limits, rule: str, band: float) -> tuple[Decimal | None, Decimal | None]:
    """Return the ends of the acceptance interval on the digits as written."""
    inward = {"simple": 0, "guarded": 1, "guarded_reject": -1}[rule] * _digits(band)
    low = None if limits.lower is None else _digits(limits.lower) + inward
    high = None if limits.upper is None else _digits(limits.upper) - inward
    return low, high


def _of_bound(measured: Measured, low: Decimal | None, high: Decimal | None, width: float | None) -> Decision:
    bound, below = _digits(measured.value), measured.censored == "<"
    said: dict[str, object] = {"bound": f"{measured.censored}{measured.value:g}"}
    inside = (low is None and high is not None and bound <= high) if below else (
        high is None and low is not None and bound >= low
    )  # fmt: skip
    outside = (low is not None and bound <= low) if below else (high is not None and bound >= high)
    if inside:
        return Decision("pass", msg("Every value that %(bound)s leaves open passes."), said, guard_band=width)
    if outside:
        return Decision("fail", msg("Every value that %(bound)s leaves open fails."), said, guard_band=width)
    why = msg("%(bound)s does not decide: what it leaves open lies on both sides of the limit.")
    return Decision(None, why, said, guard_band=width)


def _of_value(
    measured: Measured, limits: Limits, low: Decimal | None, high: Decimal | None, rule: Rule, band: float | None,
    width: float | None,
) -> Decision:  # fmt: skip
    passed = _within(measured.value, low, high)
    keeps = _within(measured.value, *_acceptance(limits, "simple", 0.0))
    chance = None
    if measured.uncertainty:
        chance = conformance_probability(measured.value, measured.uncertainty / measured.k, limits)
    elif measured.uncertainty == 0:
        chance = 1.0 if keeps else 0.0
    risk = None if chance is None else (1 - chance if passed else chance)
    statement = "" if band is None else _statement(measured.value, limits, band, keeps)
    why = _why(rule, passed, keeps)
    return Decision("pass" if passed else "fail", why, {}, statement, width, chance, risk)


def _statement(value: float, limits: Limits, band: float, keeps: bool) -> str:
    if keeps:
        sure = _within(value, *_acceptance(limits, "guarded", band))
        return "pass" if sure else "conditional_pass"
    near = _within(value, *_acceptance(limits, "guarded_reject", band))
    return "conditional_fail" if near else "fail"


def _why(rule: Rule, passed: bool, keeps: bool) -> str:
    if passed and keeps:
        if rule == "guarded":
            return msg("The value is inside the limits by its guard band.")
        return msg("The value is inside the limits.")
    if passed:
        return msg("The value is outside the limits, but not by its guard band: it is not rejected.")
    if keeps:
        return msg("The value is inside the limits, but not by its guard band: it is not accepted.")
    if rule == "guarded_reject":
        return msg("The value is outside the limits by its guard band.")
    return msg("The value is outside the limits.")


def _within(value: float, low: Decimal | None, high: Decimal | None) -> bool:
    exact = _digits(value)
    return (low is None or exact >= low) and (high is None or exact <= high)


def _digits(value: float) -> Decimal:
    return Decimal(repr(float(value)))


def _cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))
