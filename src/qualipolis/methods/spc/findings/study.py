"""One function from the readings of one characteristic to all that can honestly be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.spc import cards
from qualipolis.methods.spc.capability import Specification
from qualipolis.methods.spc.comparison.before_after import Aim
from qualipolis.methods.spc.findings import judging
from qualipolis.methods.spc.findings.charting import INSTRUMENTS_HERE, ranges_of_trials
from qualipolis.methods.spc.findings.material import Material, material
from qualipolis.methods.spc.findings.result import Findings, Remark
from qualipolis.methods.spc.findings.steps import Asked, Steps
from qualipolis.methods.spc.instrument import Value, recommend
from qualipolis.methods.spc.msa.design import gauge_study
from qualipolis.methods.spc.msa.gauge import GaugeRR, gauge_rr
from qualipolis.methods.spc.rules import Rule, rules_of


def study(
    values: ArrayLike,
    *,
    specification: Specification | None = None,
    subgroups: int | ArrayLike | None = None,
    parts: Sequence[Any] | None = None,
    operators: Sequence[Any] | None = None,
    times: ArrayLike | None = None,
    phases: Sequence[tuple[int, str]] = (),
    instrument: str = "auto",
    rules: str | Sequence[Rule] = "nelson",
    name: str = "",
    unit: str = "",
    kind: str = "measured",
    sizes: ArrayLike | None = None,
    censored: ArrayLike | None = None,
    gauge: GaugeRR | None = None,
    aim: Aim | None = None,
    by: float = 0.0,
    reach: float | None = None,
    least: int = 20,
    freeze: int | None = None,
    confidence: float = 0.95,
) -> Findings:
    """Return the findings on one characteristic: report card, charts with signals, capability, distribution, proof.

    Parameters
    ----------
    values : (m,) readings in the order of time; NaN is not measured
    specification : limits of the drawing
    subgroups : how many values make a subgroup, or an id for each value (neighbours with one id belong together)
    parts, operators : (m,) which part each reading is of and who took it: a gauge study
    times : (m,) when each value was taken
    phases : (first point, label) of each phase, counted in points of the chart from 0; the last two are compared
    instrument : ``"auto"`` takes the one that :func:`recommend` names, or one of ``INSTRUMENTS_HERE``
    rules : profile or rules by which points signal
    kind : ``"measured"``, ``"units"`` (bad ones of ``sizes``), ``"defects"`` (on ``sizes``) or ``"events"``
    censored : (m,) −1 where the value is only known to lie below, 1 where above
    gauge : a gauge study on record
    aim, by, reach, least : of the proof between the last two phases (:func:`before_after`)
    freeze : how many first points set the limits of the first phase
    confidence : of every interval

    Returns
    -------
    Findings
        with ``remarks`` on everything that could not be done; few, equal or missing values are no error

    Raises
    ------
    InputError
        Columns that do not fit together, an instrument or kind that does not exist, phases that are none.

    >>> x = np.random.default_rng(3).normal(10, 1, 120)
    >>> found = study(x, specification=Specification(6, 14))
    >>> found.instrument, found.capability.leading, found.charts[0].code
    ('individuals', 'Cpk', 'I')
    """
    asked = Asked(
        specification, tuple(phases), instrument, rules_of(rules), kind, aim, by, reach, least, freeze, confidence
    )
    _refuse(asked, values, parts, operators)
    held = material(values, subgroups=subgroups, times=times, sizes=sizes, censored=censored, kind=kind)
    study_of_gauge, remarks = _gauge(held, parts, operators, asked)
    if study_of_gauge is not None and parts is not None and operators is not None:
        return _of_gauge(held, asked, study_of_gauge, parts, operators, name, unit)
    return Steps(held, asked, gauge, [*held.remarks, *remarks]).findings(name, unit)


def _refuse(asked: Asked, values: ArrayLike, parts: Sequence[Any] | None, operators: Sequence[Any] | None) -> None:
    wrong = []
    if asked.instrument not in ("auto", *INSTRUMENTS_HERE):
        what, remedy = msg("There is no instrument called %(name)s."), msg("Choose one of: %(known)s.")
        params = {"name": asked.instrument, "known": ", ".join(("auto", *INSTRUMENTS_HERE))}
        wrong.append(Problem("unknown_instrument", what, remedy, params, "instrument"))
    for place, column in (("parts", parts), ("operators", operators)):
        if column is not None and len(column) != np.size(values):
            what = msg("The column %(name)s has %(found)s entries for %(n)s values.")
            wrong.append(
                Problem("columns", what, "", {"name": place, "found": len(column), "n": np.size(values)}, place)
            )
    if not 0.5 <= asked.confidence < 1:
        wrong.append(Problem("bad_confidence", msg("The confidence lies between 0.5 and 1."), place="confidence"))
    if wrong:
        raise InputError(wrong)


def _gauge(
    held: Material, parts: Sequence[Any] | None, operators: Sequence[Any] | None, asked: Asked
) -> tuple[GaugeRR | None, tuple[Remark, ...]]:
    if parts is None or operators is None:
        return None, ()
    limits = asked.specification
    both = limits is not None and limits.lower is not None and limits.upper is not None
    tolerance = limits.upper - limits.lower if both else None  # type: ignore[operator, union-attr]
    try:
        return gauge_rr(held.exact, parts, operators, tolerance=tolerance, confidence=asked.confidence), ()
    except InputError as error:
        problem = error.problems[0]
        return None, (Remark("no_gauge", problem.what, problem.params, problem.remedy),)


def _of_gauge(
    held: Material, asked: Asked, gauge: GaugeRR, parts: Sequence[Any], operators: Sequence[Any], name: str, unit: str
) -> Findings:
    """Return the findings on a gauge study: its parts are no process, so only the ranges of the trials are charted."""
    table = gauge_study(held.exact, parts, operators).table
    trials = np.moveaxis(table, 1, 0).reshape(-1, table.shape[2])
    charts = (ranges_of_trials(replace(held, points=trials, times=None)),)
    facts: dict[str, Value] = {"goal": "gauge", "gauge_setup": "parts", "destructive": "no"}
    return Findings(
        name, unit, asked.kind, len(held.flat), 0, 0, "crossed", asked.specification,
        judging.summary(held.flat, None), cards.gauge_card(gauge), recommend(facts), charts, (), None,
        None, None, None, gauge, None, held.remarks, {"confidence": asked.confidence},
    )  # fmt: skip
