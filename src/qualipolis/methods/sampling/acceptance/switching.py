"""Switching between normal, tightened and reduced inspection, and stopping: GB/T 2828.1-2012 9.1 to 9.4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from qualipolis.methods.problems import InputError, Problem, msg, refuse
from qualipolis.methods.sampling.acceptance.checks import one_of, whole
from qualipolis.methods.sampling.acceptance.standard import StandardPlan, table_plan, tighter

WINDOW = 5
REFUSED_IN_WINDOW = 2
ACCEPTED_BACK = 5
REFUSED_TO_STOP = 5
SCORE_TO_REDUCE = 30
RUNNING = ("normal", "tightened", "reduced")
LEGAL = frozenset(
    {
        ("normal", "normal"),
        ("normal", "tightened"),
        ("normal", "reduced"),
        ("tightened", "tightened"),
        ("tightened", "normal"),
        ("tightened", "discontinued"),
        ("reduced", "reduced"),
        ("reduced", "normal"),
        ("discontinued", "discontinued"),
    }
)
"""The steps that a lot can bring; resumption after improvement is :func:`resume`."""


@dataclass(frozen=True)
class LotResult:
    """What one lot brought.

    ``points`` is what the lot adds to the switching score if it was inspected under normal inspection; 0 sets the
    score back. ``original`` is False for a lot submitted again, which counts for nothing here. ``steady`` and
    ``reduced_wanted`` are the judgements of the responsible authority; ``between`` a count between Ac and Re.
    """

    accepted: bool
    points: int = 0
    original: bool = True
    steady: bool = True
    reduced_wanted: bool = True
    between: bool = False

    def __post_init__(self) -> None:
        problems = one_of(str(self.points), ("0", "2", "3"), "points")
        if self.points and not self.accepted:
            what = msg("A lot that is not accepted adds nothing to the switching score.")
            problems.append(Problem("points_refused", what, msg("Give 0 points."), place="points"))
        refuse(problems)


@dataclass(frozen=True)
class Switching:
    """Where inspection stands before the next lot. ``score`` is None except under normal inspection."""

    inspection: str = "normal"
    score: int | None = 0
    recent: tuple[bool, ...] = ()
    accepted_run: int = 0
    refused_sum: int = 0


@dataclass(frozen=True)
class SwitchStep:
    """One lot in a trace: under which inspection, its result, the score after it, and what follows."""

    lot: int
    used: str
    accepted: bool
    score_after: int | None
    next: str


def start(inspection: str = "normal") -> Switching:
    """Return the beginning: normal inspection unless the responsible authority says otherwise (9.1)."""
    refuse(one_of(inspection, RUNNING, "inspection"))
    return _begin(inspection)


def after(state: Switching, lot: LotResult) -> Switching:
    """Return where inspection stands after ``lot``.

    normal to tightened: 2 of 5 or fewer consecutive lots not accepted (9.3.1); tightened to normal: 5 consecutive
    lots accepted (9.3.2); normal to reduced: score of 30 or more, steady production, reduced inspection wanted
    (9.3.3); reduced to normal: a lot not accepted, production not steady, or other conditions (9.3.4); tightened to
    discontinued: 5 lots not accepted in a sequence on tightened inspection (9.4).

    >>> state = start()
    >>> for accepted in (True, False, True, False):
    ...     state = after(state, LotResult(accepted, 3 if accepted else 0))
    >>> state.inspection
    'tightened'
    """
    if not lot.original or state.inspection == "discontinued":
        return state
    return {"normal": _after_normal, "tightened": _after_tightened, "reduced": _after_reduced}[state.inspection](
        state, lot
    )


def trace(lots: Iterable[LotResult], inspection: str = "normal") -> tuple[SwitchStep, ...]:
    """Return what each lot was inspected under and what followed.

    >>> [step.next for step in trace([LotResult(False), LotResult(False)])]
    ['normal', 'tightened']
    """
    state, steps = start(inspection), []
    for number, lot in enumerate(lots, 1):
        used, state, score = state.inspection, after(state, lot), _score_after(state, lot)
        steps.append(SwitchStep(number, used, lot.accepted, score, state.inspection))
    return tuple(steps)


def resume(state: Switching, *, improved: bool) -> Switching:
    """Return tightened inspection after a stop, once the supplier has improved and the authority agrees (9.4).

    Raises
    ------
    InputError
        inspection is not discontinued, or nothing was improved
    """
    problems = []
    if state.inspection != "discontinued":
        what = msg("Inspection is not discontinued.")
        problems.append(Problem("not_discontinued", what, msg("Go on with the next lot."), place="inspection"))
    if not improved:
        what = msg("Inspection stays discontinued until the supplier has improved.")
        remedy = msg("Record the improvement and the consent of the responsible authority.")
        problems.append(Problem("not_improved", what, remedy, place="improved"))
    if problems:
        raise InputError(problems)
    return _begin("tightened")


def lot_result(
    plan: StandardPlan, nonconforming: int | tuple[int, ...], *, steady: bool = True, reduced_wanted: bool = True
) -> LotResult:
    """Return the result of a lot inspected by ``plan`` with its points for the switching score (9.3.3.2).

    Single plans with Ac 0 or 1 give 2 points when the lot is accepted; with Ac 2 or more 3 points if it would also
    have been accepted with the AQL one step tighter; double plans 3 points when accepted on the first sample.

    Parameters
    ----------
    nonconforming : the count; for a double plan the count of the first sample, or the counts of both

    >>> from qualipolis.methods.sampling.acceptance.standard import standard_plan
    >>> plan = standard_plan(1000, "II", 1.0)
    >>> [lot_result(plan, d).points for d in (0, 1, 2, 3)]
    [3, 3, 0, 0]
    """
    counts = (nonconforming,) if isinstance(nonconforming, int) else tuple(nonconforming)
    refuse([p for d in counts for p in whole(d, "nonconforming", least=0)] + _count_problems(plan, counts))
    total = sum(counts)
    stage = len(counts) - 1
    accepted = total < plan.re[stage] if stage == len(plan.n) - 1 else total <= plan.ac[stage]
    between = accepted and total > plan.ac[stage]
    points = _points(plan, total, stage) if accepted and plan.inspection == "normal" else 0
    return LotResult(accepted, points, True, steady, reduced_wanted, between)


def _points(plan: StandardPlan, total: int, stage: int) -> int:
    if len(plan.n) > 1:
        return 3 if stage == 0 else 0
    if plan.ac[0] <= 1:
        return 2
    step = tighter(plan.aql)
    if step is None:
        return 0
    stricter = table_plan(plan.used_code, step, "normal", edition=plan.edition.key)
    return 3 if total <= stricter.ac[0] else 0


def _count_problems(plan: StandardPlan, counts: tuple[int, ...]) -> list[Problem]:
    if not 1 <= len(counts) <= len(plan.n):
        what = msg("The plan has %(stages)s samples, %(counts)s counts were given.")
        params = {"stages": len(plan.n), "counts": len(counts)}
        return [Problem("wrong_counts", what, msg("Give one count for each sample."), params, "nonconforming")]
    problems = []
    if len(counts) < len(plan.n) and plan.ac[0] < counts[0] < plan.re[0]:
        what = msg("After the first sample the lot is undecided with %(d)s nonconforming.")
        problems.append(
            Problem("undecided_lot", what, msg("Take the second sample."), {"d": counts[0]}, "nonconforming")
        )
    if plan.regime == "percent_nonconforming" and any(d > n for d, n in zip(counts, plan.n, strict=False)):
        what = msg("There are more nonconforming units than units in the sample.")
        problems.append(Problem("too_many", what, msg("Count units, not nonconformities."), place="nonconforming"))
    return problems


def _begin(inspection: str) -> Switching:
    return Switching(inspection, 0 if inspection == "normal" else None)


def _after_normal(state: Switching, lot: LotResult) -> Switching:
    recent = (*state.recent, lot.accepted)[-WINDOW:]
    if recent.count(False) >= REFUSED_IN_WINDOW:
        return _begin("tightened")
    score = _scored(state, lot)
    if score >= SCORE_TO_REDUCE and lot.steady and lot.reduced_wanted:
        return _begin("reduced")
    return replace(state, recent=recent, score=score)


def _scored(state: Switching, lot: LotResult) -> int:
    return (state.score or 0) + lot.points if lot.points else 0


def _score_after(state: Switching, lot: LotResult) -> int | None:
    """The score that this lot left, which a switch then forgets."""
    if state.inspection != "normal":
        return None
    return _scored(state, lot) if lot.original else state.score


def _after_tightened(state: Switching, lot: LotResult) -> Switching:
    run = state.accepted_run + 1 if lot.accepted else 0
    refused = state.refused_sum + (not lot.accepted)
    if refused >= REFUSED_TO_STOP:
        return _begin("discontinued")
    if run >= ACCEPTED_BACK:
        return _begin("normal")
    return replace(state, accepted_run=run, refused_sum=refused)


def _after_reduced(state: Switching, lot: LotResult) -> Switching:
    if lot.accepted and lot.steady and lot.reduced_wanted and not lot.between:
        return state
    return _begin("normal")
