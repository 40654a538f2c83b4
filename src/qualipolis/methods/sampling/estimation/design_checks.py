"""What may be wrong with a design, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.estimation.codes import Floats, Ints
from qualipolis.methods.sampling.estimation.pairs import FORMS
from qualipolis.methods.sampling.estimation.purposes import chosen
from qualipolis.methods.sampling.estimation.stages import LONELY, Stage

KNOWN = ("", "brewer", "overton", "hartley_rao")


@dataclass(frozen=True)
class Parts:
    """The columns of a design, one for each stage."""

    clusters: tuple[NDArray[Any] | None, ...] = ()
    strata: tuple[NDArray[Any] | None, ...] = ()
    fpc: tuple[NDArray[Any] | None, ...] = ()

    def at(self, name: str, level: int) -> NDArray[Any] | None:
        """Return the column ``name`` of one stage, or None."""
        given: tuple[NDArray[Any] | None, ...] = getattr(self, name)
        return given[level] if level < len(given) else None

    def only(self, kept: NDArray[np.bool_]) -> Parts:
        """Return the same columns for some rows."""

        def cut(found: tuple[NDArray[Any] | None, ...]) -> tuple[NDArray[Any] | None, ...]:
            return tuple(None if column is None else column[kept] for column in found)

        return Parts(cut(self.clusters), cut(self.strata), cut(self.fpc))

    def named(self) -> list[tuple[str, NDArray[Any]]]:
        """Return every column with a name for people."""
        return [
            (f"{name} {level + 1}" if len(found) > 1 else name, column)
            for name in ("clusters", "strata", "fpc")
            for found in [getattr(self, name)]
            for level, column in enumerate(found)
            if column is not None
        ]


def refuse_names(pps: str, form: str, lonely: str) -> None:
    """Refuse an option that is none of the known ones."""
    asked = (("pps", pps, KNOWN), ("form", form, FORMS), ("lonely", lonely, LONELY))
    problems = [
        Problem(
            "unknown_option",
            msg("“%(given)s” is no known choice."),
            msg("Use one of: %(known)s."),
            {"given": given, "known": ", ".join(k for k in known if k)},
            place=place,
        )
        for place, given, known in asked
        if given not in known
    ]
    if problems:
        raise InputError(problems)


def rows_of(weights: ArrayLike | None, probabilities: ArrayLike | None, parts: Parts) -> int:
    """Return the number of rows; refuse none, and columns of different lengths."""
    named: list[tuple[str, Any]] = [("weights", weights), ("probabilities", probabilities)]
    sizes = {name: len(np.atleast_1d(np.asarray(given))) for name, given in named if given is not None}
    sizes |= {name: len(np.atleast_1d(column)) for name, column in parts.named()}
    if not sizes or not max(sizes.values()):
        what = msg("The design has no rows.")
        raise InputError([Problem("no_rows", what, msg("Give weights, clusters, strata or population sizes."))])
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {size}" for name, size in sizes.items())
        what = msg("The columns of the design have different lengths: %(sizes)s.")
        raise InputError([Problem("different_lengths", what, msg("Give one value for each row."), {"sizes": told})])
    return next(iter(sizes.values()))


def kept_rows(purposes: ArrayLike, purpose: str, rows: int) -> NDArray[np.bool_] | None:
    """Return the rows of the purpose asked for; None: all of them."""
    if len(np.atleast_1d(np.asarray(purposes))) != rows:
        what = msg("The columns of the design have different lengths: %(sizes)s.")
        sizes = {"sizes": f"purposes {len(np.atleast_1d(np.asarray(purposes)))}, {rows}"}
        raise InputError([Problem("different_lengths", what, msg("Give one value for each row."), sizes)])
    kept = chosen(purposes, purpose)
    return None if kept.all() else kept


def refuse_columns(parts: Parts, chance: Floats | None) -> None:
    """Refuse missing labels and numbers that are none."""
    problems = []
    for name, column in parts.named():
        lost = missing(column)
        if lost.any():
            problems.append(_missing(name, lost))
    if chance is not None and not ((chance > 0) & (chance <= 1)).all():
        problems.append(
            Problem(
                "bad_probability",
                msg("%(count)s inclusion probabilities are not above 0 and at most 1."),
                msg("A unit that could not be drawn cannot be in the sample."),
                {"count": int((~((chance > 0) & (chance <= 1))).sum())},
                place="probabilities",
            )
        )
    if problems:
        raise InputError(problems)


def missing(column: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where a label or number is missing."""
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind == "O":
        return np.array([x is None or x != x or x == "" for x in column], dtype=np.bool_)
    return np.zeros(column.shape, dtype=np.bool_) if column.dtype.kind != "U" else np.asarray(column == "")


def _missing(name: str, lost: NDArray[np.bool_]) -> Problem:
    what = msg("%(count)s rows have no value, the first is row %(row)s.")
    params = {"count": int(lost.sum()), "row": int(np.flatnonzero(lost)[0]) + 1}
    return Problem("missing_label", what, msg("Every sampled row needs its place in the design."), params, place=name)


def fractions(
    size: NDArray[Any] | None,
    group: Ints,
    cluster: Ints,
    home: Ints,
    sampled: Ints,
    level: int,
    varying: bool,
) -> Floats | None:
    """Return the (clusters,) sampling fraction from sizes or rates; None without them."""
    if size is None:
        return None
    place = f"fpc {level + 1}" if level else "fpc"
    value = size.astype(np.float64)
    if not (value > 0).all():
        what = msg("%(count)s population sizes or rates are not above 0.")
        raise InputError([Problem("bad_fpc", what, "", {"count": int((~(value > 0)).sum())}, place=place)])
    rates = bool((value <= 1).all())
    if not rates and (value < 1).any():
        what = msg("Some values are rates (below 1), others sizes (above 1).")
        raise InputError([Problem("mixed_fpc", what, msg("Give one or the other."), place=place)])
    by = cluster if rates and varying else group
    kept = np.empty(home.size if rates and varying else sampled.size)
    kept[by] = value
    if (kept[by] != value).any():
        what = msg("The population size or rate varies within a stratum.")
        raise InputError([Problem("fpc_varies", what, msg("Give each stratum one value."), place=place)])
    found = kept if rates and varying else (kept if rates else sampled / kept)[home]
    if (found > 1 + 1e-9).any():
        what = msg("%(count)s strata have more clusters in the sample than in the population.")
        params = {"count": int(np.unique(home[found > 1 + 1e-9]).size)}
        raise InputError([Problem("over_sampled", what, msg("Check the population sizes."), params, place=place)])
    return np.asarray(np.minimum(found, 1.0))


def weights_of(weights: ArrayLike | None, chance: Floats | None, factors: Floats | None) -> Floats:
    """Return the weights given, or 1/probabilities, or those the fractions imply."""
    if weights is not None:
        given = np.asarray(weights, dtype=np.float64)
        wrong = ~(np.isfinite(given) & (given >= 0))
        if wrong.any() or not given.any():
            what = msg("%(count)s weights are missing, infinite or below 0, or all are 0.")
            params = {"count": int(wrong.sum())}
            raise InputError([Problem("bad_weights", what, msg("Mend the weights."), params, place="weights")])
        return given
    if chance is not None:
        return np.asarray(1 / chance)
    if factors is not None:
        return factors
    what = msg("There are neither weights nor what they follow from.")
    raise InputError([Problem("no_weights", what, msg("Give weights, probabilities, or population sizes."))])


def refuse_lonely(stages: Sequence[Stage], names: Sequence[str], lonely: str) -> None:
    """Refuse strata with one cluster, unless the caller has said how they count."""
    if lonely != "fail":
        return
    problems = []
    for level, stage in enumerate(stages):
        found = np.flatnonzero(stage.lonely_groups)
        if found.size:
            told = ", ".join(names[i] for i in found[:8]) if level == 0 else ""
            what = msg(
                "Stage %(stage)s: %(count)s strata have one cluster in the sample and more in the population %(names)s."
            )
            remedy = msg(
                "Their variance cannot be told from the sample. Join strata, or choose: lonely = remove, certainty, adjust or average."
            )
            params = {"stage": level + 1, "count": int(found.size), "names": f"({told})" if told else ""}
            problems.append(Problem("lonely_stratum", what, remedy, params, place="strata"))
    if problems:
        raise InputError(problems)


def no_probabilities(pps: str) -> Problem:
    """Return the words for a method that needs probabilities."""
    what = msg("The method %(pps)s needs inclusion probabilities.")
    return Problem("no_probabilities", what, msg("Give probabilities."), {"pps": pps}, place="probabilities")
