"""Running a pipeline on a panel (COINr's purse): one scale for all times or one for each, and the result with its axes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from qualipolis.methods.composite.comparison.adjust import drop_indicators
from qualipolis.methods.composite.comparison.decomposition import settle, side_of
from qualipolis.methods.composite.comparison.pairs import Cross, Pair
from qualipolis.methods.composite.comparison.parts import Decomposition, unknown_choice
from qualipolis.methods.composite.comparison.splitting import Ledger, Side
from qualipolis.methods.composite.comparison.trial import rerun, row_of, what_if, with_values
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import Framework
from qualipolis.methods.composite.impute import Impute
from qualipolis.methods.composite.normalise import Normalise
from qualipolis.methods.composite.panel.data import PanelData, Time, key
from qualipolis.methods.composite.panel.steps import AtTime, EachTime, each_time, each_time_kind
from qualipolis.methods.composite.pipeline import Pipeline
from qualipolis.methods.composite.result import CompositeResult, Stage
from qualipolis.methods.composite.screen import Screen
from qualipolis.methods.composite.steps import Step, step_from_dict
from qualipolis.methods.composite.treat import Treat
from qualipolis.methods.problems import InputError, Problem

if TYPE_CHECKING:
    import polars as pl

    from qualipolis.methods.composite.factors import Factor
    from qualipolis.methods.composite.panel.change import ChangeIntervals

SCOPES = ("pooled", "yearly")
for _kind in (Impute, Treat, Normalise):
    each_time_kind(_kind)


@dataclass(frozen=True, eq=False, repr=False)
class PanelResult:
    """What :func:`run_panel` returns: one honest result over all unit-times, cut along its axes.

    Parameters
    ----------
    panel : the data
    result : the result over the stacked data (units ``unit@time``); its ranks run over all times together
    """

    panel: PanelData
    result: CompositeResult

    @property
    def framework(self) -> Framework:
        """The framework of all times."""
        return self.result.framework

    @property
    def times(self) -> tuple[Time, ...]:
        """The times, in order."""
        return self.panel.times

    @property
    def units(self) -> tuple[str, ...]:
        """The units."""
        return self.panel.units

    @property
    def nodes(self) -> tuple[str, ...]:
        """All codes, the last axis of ``scores``."""
        return self.framework.codes

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings of the run, and who enters, leaves or skips a time."""
        return self.panel.movements() + self.result.problems

    @cached_property
    def scores(self) -> Floats:
        """(times, units, nodes), NaN where a unit is not scored at a time."""
        return np.stack([self._spread(self.year(time).scores, time) for time in self.times])

    def score(self, node: str) -> Floats:
        """Return the scores of one node, (times, units)."""
        return np.asarray(self.scores[:, :, self.framework.index(node)])

    def ranks(self, node: str) -> Floats:
        """Return ranks among the units of the same time, (times, units), NaN where not scored."""
        return np.stack([self._spread(self.year(time).ranks(node), time) for time in self.times])

    def year(self, time: Time) -> CompositeResult:
        """Return one time as a result of its own: its units (``unit@time``) ranked among themselves, all stages.

        The pipeline is that of the panel with :class:`.AtTime` before the aggregation, on the data of all times: scales
        shared by all times stay shared in every replay, so that sensitivity, removals and what-if of one time are right.
        """
        self.panel.position(time)
        known = self._years
        if time not in known:
            steps = self.result.pipeline.steps
            pipeline = Pipeline((*steps[:-1], AtTime(str(time)), steps[-1]))
            known[time] = pipeline.run(self.framework, self.result.data, reuse=self.result.runs)
        return known[time]

    @cached_property
    def _years(self) -> dict[Time, CompositeResult]:
        return {}

    def stage(self, name: str) -> Floats:
        """Return the data after a step, (times, units, its codes), NaN where a unit is out."""
        if name not in self.result.stages:
            raise InputError([unknown_choice("stage", name, tuple(self.result.stages))])
        stage: Stage = self.result.stages[name]
        out = np.full((len(self.times), len(self.units), len(stage.codes)), np.nan)
        at = self.panel.rows[stage.state.rows]
        out[at[:, 0], at[:, 1]] = stage.values
        return out

    def replay(self, changes: Mapping[str, Any]) -> PanelResult:
        """Run again with parameters or whole steps changed, ``{"treat.winmax": 3}``, scale and treatment as they were."""
        return PanelResult(self.panel, self.result.replay(dict(self._kept(changes))))

    def _kept(self, changes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the changes; a whole step in place of one that works time by time does so too."""
        known = {step.name: step for step in self.result.pipeline.steps}
        for address, value in changes.items():
            if isinstance(known.get(address), EachTime):
                step = value if isinstance(value, Step) else step_from_dict(value)
                yield address, each_time(step)
            else:
                yield address, value

    def drop(self, codes: tuple[str, ...]) -> PanelResult:
        """Return the panel without some indicators; see :func:`.comparison.drop_indicators`."""
        return PanelResult(self.panel, drop_indicators(self.result, codes))

    def what_if(self, unit: str, time: Time, values: Mapping[str, float | None]) -> PanelResult:
        """Return the panel had a unit other raw values at one time."""
        after = what_if(self.result, key(unit, time), values)
        table = self.panel.values.copy()
        place = self.panel.position(time), self.panel.unit_position(unit)
        table[place] = after.data.values[after.data.units.index(key(unit, time))]
        return PanelResult(self.panel.with_values(table), after)

    def change(self, unit: str, before: Time, after: Time, node: str | None = None) -> Decomposition:
        """Split a unit's change of score between two times into exact parts; see :func:`.comparison.change`.

        For ``scale`` the unit's rows of both times change places: on one scale for all times it has no part, with goalposts
        neither; with a scale for each year it is what the others' moves did.
        """
        code = self.framework.roots[0] if node is None else node
        ends = key(unit, after), key(unit, before)
        rows = [row_of(self.result, name, code) for name in ends]
        side = side_of(self.result, code)
        first, second = (Side(side.framework, side.values[[row]], side.weights, side.rules) for row in rows)
        over, back = self._swapped(ends[1], ends[0])
        ledger = Pair(first, second, Ledger(1), Cross(over[None], back[None])).split(code)
        scores = self.result.score(code)[rows[0]], self.result.score(code)[rows[1]]
        return settle(ledger, 0, code, ends, (float(scores[0]), float(scores[1])))

    def uncertainty(
        self,
        n: int = 1000,
        seed: int = 0,
        factors: tuple[Factor, ...] | None = None,
        level: float = 0.90,
        node: str | None = None,
    ) -> ChangeIntervals:
        """Return intervals of scores, ranks and their changes; see :func:`.panel.change.change_intervals`."""
        from qualipolis.methods.composite.panel.change import change_intervals

        return change_intervals(self, n, seed, factors, level, node)

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each time, unit and node: time, unit, node, level, score, rank (null where missing)."""
        import polars as pl

        parts = []
        for time in self.times:
            frame = self.year(time).to_frame()
            bare = pl.col("unit").str.strip_suffix(key("", time))
            parts.append(frame.with_columns(pl.lit(time).alias("time"), bare).select("time", *frame.columns))
        return pl.concat(parts)

    def _spread(self, values: Floats, time: Time) -> Floats:
        """Return values of the units scored at a time as (units, ...), NaN elsewhere."""
        out = np.full((len(self.units), *values.shape[1:]), np.nan)
        out[self.panel.rows[self.year(time).runs[-1].state.rows][:, 1]] = values
        return out

    def _swapped(self, *names: str) -> tuple[Floats, Floats]:
        """Return the scores of the indicators of two unit-times, each with the raw row of the other."""
        data = self.result.data
        rows = [data.units.index(name) for name in names]
        values = data.values.copy()
        values[rows] = values[rows[::-1]]
        below = {name: column.copy() for name, column in data.denominators.items()}
        for column in below.values():
            column[rows] = column[rows[::-1]]
        state = rerun(self.result, with_values(data, values, below))
        one, two = (np.asarray(state.values[np.flatnonzero(state.rows == row)[0]]) for row in rows)
        return one, two

    def __repr__(self) -> str:
        root = self.framework.roots[0]
        lines = [f"{root}: {self.panel!r}"]
        for time, scores in zip(self.times, self.score(root), strict=True):
            there = scores[~np.isnan(scores)]
            lines.append(
                f"{time}: {len(there)} scored, mean {there.mean():.3f}" if there.size else f"{time}: none scored"
            )
        return "\n".join(lines)


def run_panel(
    pipeline: Pipeline, framework: Framework, panel: PanelData, scale: str = "pooled", treat: str = "yearly"
) -> PanelResult:
    """Run a pipeline on all times of a panel.

    Parameters
    ----------
    scale : ``pooled`` takes the parameters of the scale (minimum, mean, ranks ...) from all times together, so that
        scores can be compared over time (COINr ``global = TRUE``); ``yearly`` from each time by itself, so that a score
        only says where a unit stands among the others that year. Fixed goalposts are the same either way
    treat : outlier treatment from each time by itself (``yearly``, as the reference does) or ``pooled``; an imputation
        by columns follows it. Other kinds of steps follow ``scale``

    The result is one run over the unit-times: it replays, drops indicators and goes through sensitivity analysis like
    any other. A screen decides for each unit and time. A step that names a unit (the reference of ``dist2ref``) means the
    unit of the same time when it works time by time, and needs a unit-time (``u@2024``) when it is pooled.

    Raises InputError for an unknown scope, or what the pipeline finds.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Node
    >>> fw = Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> panel = PanelData((2023, 2024), ("u", "v", "w"), ("a",), [[[1], [2], [3]], [[2], [4], [5]]])
    >>> run_panel(DEFAULT_PIPELINE, fw, panel).score("X").tolist()
    [[0.0, 25.0, 50.0], [25.0, 75.0, 100.0]]
    >>> run_panel(DEFAULT_PIPELINE, fw, panel, scale="yearly").score("X").round(2).tolist()
    [[0.0, 50.0, 100.0], [0.0, 66.67, 100.0]]
    """
    chosen = {"scale": scale, "treat": treat}
    errors = [unknown_choice(name, value, SCOPES) for name, value in chosen.items() if value not in SCOPES]
    if errors:
        raise InputError(errors)
    steps = tuple(_scoped(step, panel, scale, treat) for step in pipeline.steps[:-1])
    result = Pipeline((*steps, pipeline.steps[-1])).run(framework, panel.stacked)
    return PanelResult(panel, result)


ROW_BY_ROW = ("denominate", "weigh", "impute_panel", "at_time")


def _scoped(step: Step, panel: PanelData, scale: str, treat: str) -> Step:
    if isinstance(step, Screen):
        return dataclasses.replace(
            step, include=_everywhere(step.include, panel), exclude=_everywhere(step.exclude, panel)
        )
    if step.step in ROW_BY_ROW:
        return step
    scope = treat if isinstance(step, Treat | Impute) else scale
    return each_time(step) if scope == "yearly" else step


def _everywhere(units: tuple[str, ...], panel: PanelData) -> tuple[str, ...]:
    """Return the unit-times of units named for all times; a unit-time stays what it is."""
    known = set(panel.stacked.units)
    found: list[str] = []
    for unit in units:
        found += (
            [unit] if unit in known else [k for k in (key(unit, time) for time in panel.times) if k in known] or [unit]
        )
    return tuple(found)
