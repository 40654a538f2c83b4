"""Plans of GB/T 2828.1-2012 (ISO 2859-1:1999): from lot size, level and AQL to a plan with its edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.sampling.acceptance import doubles
from qualipolis.methods.sampling.acceptance.attributes import AttributePlan, OcCurve, oc_curve, quality_at
from qualipolis.methods.sampling.acceptance.checks import one_of, whole
from qualipolis.methods.sampling.acceptance.tables import AQLS, CODES, EXTRA, LEVELS, STATES, TABLES, cell, code_letter

Sizes = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
GBT = "GB/T 2828.1-2012"
UNITS, NONCONFORMITIES = "percent_nonconforming", "nonconformities_per_100_units"


@dataclass(frozen=True)
class Edition:
    """Which text a plan comes from, and how sure its tables are."""

    key: str
    title: str
    status: str


EDITIONS: Mapping[str, Edition] = MappingProxyType(
    {
        "GB/T 2828.1-2012": Edition(
            "GB/T 2828.1-2012",
            "GB/T 2828.1-2012 (ISO 2859-1:1999)",
            msg(
                "Identical to ISO 2859-1:1999, which ISO has withdrawn. ISO 2859-1:2026 is current; its tables have not "
                "been checked and are not offered."
            ),
        ),
        "MIL-STD-105E": Edition(
            "MIL-STD-105E",
            "MIL-STD-105E (ANSI/ASQ Z1.4)",
            msg(
                "Cancelled in 1995. Under reduced inspection a count between Ac and Re accepts the lot and brings normal "
                "inspection back; its switching rules differ from those of GB/T 2828.1."
            ),
        ),
    }
)


@dataclass(frozen=True)
class Reading:
    """One of several readings of a cell that the sources disagree on."""

    code: str
    n: int
    ac: int
    re: int
    source: str


DISPUTED_CELL = (GBT, "tightened", "A", "10")
READINGS = (
    Reading("D", 8, 1, 2, "MIL-STD-105E; a transcription of ISO 2859-1:1999"),
    Reading("A", 2, 0, 1, "a double-blind transcription of GB/T 2828.1-2012; the diagonal of the table"),
)
DISPUTED_WHY = msg(
    "The sources disagree on this cell. The larger sample is used unless a reading is chosen; only the printed standard "
    "can settle it."
)
NO_DOUBLE = msg("The standard has no double plan here (an asterisk in its table): the single plan is used.")
OVER_LOT = msg("The two samples together would be as large as the lot: the single plan is used.")
ALL_UNITS = msg("The sample is as large as the lot or larger: every unit is inspected.")
GAP = msg("A count between Ac and Re accepts the lot, and the next lot is under normal inspection.")


@dataclass(frozen=True)
class StandardPlan:
    """A plan out of the standard's tables.

    ``code`` is the letter of Table 1, ``printed`` what the table shows there, ``used_code`` where the arrow leads.
    ``n`` holds the sample sizes as inspected: the lot itself under 100 % inspection.
    """

    edition: Edition
    inspection: str
    sampling: str
    lot_size: int | None
    level: str | None
    aql: str
    regime: str
    code: str
    printed: str
    used_code: str
    n: tuple[int, ...]
    ac: tuple[int, ...]
    re: tuple[int, ...]
    full_inspection: bool = False
    readings: tuple[Reading, ...] = ()
    disputed: bool = False
    notes: tuple[str, ...] = ()

    @property
    def arrow(self) -> bool:
        """Whether the cell held an arrow, which was followed."""
        return self.printed in ("up", "down")

    @property
    def gap(self) -> bool:
        """Whether counts between Ac and Re are possible at the end (MIL-STD-105E, reduced)."""
        return self.re[-1] > self.ac[-1] + 1

    @property
    def plan(self) -> AttributePlan:
        """The plan to compute with: in a gap the lot is accepted."""
        return AttributePlan(self.n, (*self.ac[:-1], self.re[-1] - 1), self.re)

    @property
    def distribution(self) -> str:
        """What the curve rests on: the lot itself when all is inspected, else a process."""
        if self.full_inspection:
            return "hypergeometric"
        return "binomial" if self.regime == UNITS else "poisson"

    @property
    def aql_fraction(self) -> float:
        """The AQL per unit: 1.0 % is 0.01."""
        return float(self.aql) / 100

    def oc(self, p: Any) -> OcCurve:
        """Return the operating characteristic at ``p`` (fractions, or nonconformities per unit)."""
        return oc_curve(self.plan, p, self.distribution, self.lot_size if self.full_inspection else None)

    def quality_at(self, pa: float) -> float | None:
        """Return the quality accepted with probability ``pa``; None under 100 % inspection, which is no sample."""
        return None if self.full_inspection else quality_at(self.plan, pa, self.distribution)

    def __str__(self) -> str:
        parts = zip(self.n, self.ac, self.re, strict=True)
        words = "; then ".join(f"n = {n}, Ac = {ac}, Re = {re}" for n, ac, re in parts)
        arrow = f" ({self.printed} from {self.code})" if self.arrow else ""
        return f"{self.edition.key} {self.inspection}, AQL {self.aql}: {self.used_code}{arrow}, {words}"


class Options(TypedDict, total=False):
    """What may be said besides lot, level, AQL and inspection.

    ``sampling`` is ``"single"`` or ``"double"``; ``edition`` one of :data:`EDITIONS` (MIL-STD-105E: single only);
    ``regime`` one of :data:`UNITS` and :data:`NONCONFORMITIES`, by default the first up to AQL 10; ``reading`` is 1 or
    2 where the sources disagree on a cell: without it the larger sample is used. Either is marked ``disputed``.
    """

    sampling: str
    edition: str
    regime: str | None
    reading: int | None


def standard_plan(
    lot_size: int, level: str = "II", aql: str | float = "1.0", inspection: str = "normal", **options: Unpack[Options]
) -> StandardPlan:
    """Return the plan of GB/T 2828.1-2012 for a lot, arrows followed, with its edition.

    Table 1 gives the code letter, Tables 2 (3 for double) the plan; an arrow leads to the first plan in its direction,
    with that plan's sample size (10.3). A sample as large as the lot is 100 % inspection.

    Parameters
    ----------
    lot_size : units in the lot, 2 or more
    level : ``"I"``, ``"II"``, ``"III"`` or ``"S-1"`` to ``"S-4"``
    aql : one of the 26 preferred values, per cent nonconforming up to 10, or nonconformities per 100 units
    inspection : ``"normal"``, ``"tightened"``, ``"reduced"``
    options : see :class:`Options`

    Raises
    ------
    InputError
        an AQL that is not in the series (the nearest are offered), an unknown level, lot, inspection or edition

    References
    ----------
    GB/T 2828.1-2012 / ISO 2859-1:1999, Tables 1 to 3, 5.2, 10.1-10.3.

    >>> print(standard_plan(1000, "II", 1.0))
    GB/T 2828.1-2012 normal, AQL 1.0: J, n = 80, Ac = 2, Re = 3
    >>> print(standard_plan(500, "II", 0.65))
    GB/T 2828.1-2012 normal, AQL 0.65: J (down from H), n = 80, Ac = 1, Re = 2
    """
    problems = whole(lot_size, "lot_size", least=2) + one_of(level, LEVELS, "level")
    refuse(problems + _problems("A", aql, inspection, options))
    return table_plan(code_letter(lot_size, level), aql, inspection, lot=(lot_size, level), **options)


def table_plan(
    code: str,
    aql: str | float,
    inspection: str = "normal",
    *,
    lot: tuple[int, str] | None = None,
    **options: Unpack[Options],
) -> StandardPlan:
    """Return the plan for a code letter; parameters as in :func:`standard_plan`, ``lot`` = (size, level) if known.

    >>> print(table_plan("J", "1.0", "reduced"))
    GB/T 2828.1-2012 reduced, AQL 1.0: J, n = 32, Ac = 1, Re = 2
    """
    refuse(_problems(code, aql, inspection, options))
    edition, name = options.get("edition", GBT), aql_name(aql)
    assert name is not None, "checked above"
    in_doubt = (edition, inspection, code, name) == DISPUTED_CELL
    found = cell(edition, inspection, code, name)
    used = READINGS[(options.get("reading") or 1) - 1] if in_doubt else found
    printed = ("down" if used.code != code else str(used.ac)) if in_doubt else found.printed
    single: Sizes = ((used.n,), (used.ac,), (used.re,))
    sizes = single
    notes, disputed = ((DISPUTED_WHY,) if in_doubt else ()), in_doubt
    if options.get("sampling") == "double":
        sizes, more, doubt = _double(inspection, used.code, used.ac, sizes)
        sizes, more, doubt = (single, (OVER_LOT,), False) if lot and sum(sizes[0]) >= lot[0] else (sizes, more, doubt)
        notes, disputed = (*notes, *more), disputed or doubt
    full = lot is not None and sum(sizes[0]) >= lot[0]
    if lot is not None and full:
        sizes, notes = ((lot[0],), (used.ac,), (used.re,)), (*notes, ALL_UNITS)
    notes = (*notes, GAP) if used.re > used.ac + 1 else notes
    size, level = lot or (None, None)
    regime = options.get("regime") or (UNITS if float(name) <= 10 else NONCONFORMITIES)
    kind = "double" if len(sizes[0]) == 2 else "single"
    head = (EDITIONS[edition], inspection, kind, size, level, name, regime, code, printed, used.code)
    return StandardPlan(*head, *sizes, full, READINGS if in_doubt else (), disputed, notes)


def _double(inspection: str, code: str, ac: int, single: Sizes) -> tuple[Sizes, tuple[str, ...], bool]:
    """Return the double plan of a cell, or the single one where the standard has none, with notes and doubt."""
    table, row = TABLES[GBT, inspection], (CODES + EXTRA[0]).index(code)
    below = table.sizes[row - 1] if row > 0 else 0
    numbers = doubles.DOUBLES[inspection].get(ac)
    if ac == 0 or not 0 < below < single[0][0]:
        return single, (NO_DOUBLE,), False
    if numbers is None:
        what = msg("No double plan for Ac %(ac)s under %(inspection)s inspection could be checked.")
        params = {"ac": ac, "inspection": inspection}
        refuse([Problem("no_double", what, msg("Use the single plan."), params, "sampling")])
    assert numbers is not None
    doubt = (inspection, ac) in doubles.DISPUTED
    notes = (doubles.SINGLE_SOURCE, doubles.DISPUTED_WHY) if doubt else (doubles.SINGLE_SOURCE,)
    return ((below, below), numbers[0::2], numbers[1::2]), notes, doubt


def aql_name(aql: str | float) -> str | None:
    """Return an AQL as the series writes it, None where it is not in the series.

    >>> aql_name(1), aql_name("0.4"), aql_name(0.5)
    ('1.0', '0.40', None)
    """
    try:
        value = float(aql)
    except (TypeError, ValueError):
        return None
    return next((name for name in AQLS if abs(float(name) - value) <= 1e-9 * value), None)


def tighter(aql: str) -> str | None:
    """Return the AQL one step tighter; None below 0.010."""
    place = AQLS.index(aql)
    return AQLS[place - 1] if place else None


def _aql_problems(aql: str | float) -> list[Problem]:
    if aql_name(aql) is not None:
        return []
    what = msg("AQL %(aql)s is not in the standard's series.")
    try:
        value = float(aql)
    except (TypeError, ValueError):
        remedy = msg("Use one of: %(choices)s.")
        return [Problem("aql_not_in_series", what, remedy, {"aql": aql, "choices": ", ".join(AQLS)}, "aql")]
    below = [name for name in AQLS if float(name) < value]
    above = [name for name in AQLS if float(name) > value]
    nearest = ", ".join([*below[-1:], *above[:1]] or AQLS[:1])
    return [
        Problem("aql_not_in_series", what, msg("The nearest are %(nearest)s."), {"aql": aql, "nearest": nearest}, "aql")
    ]


def _problems(code: str, aql: str | float, inspection: str, options: Options) -> list[Problem]:
    problems = one_of(code, tuple(CODES), "code") + _aql_problems(aql) + one_of(inspection, STATES, "inspection")
    sampling, edition = options.get("sampling", "single"), options.get("edition", GBT)
    problems += one_of(sampling, ("single", "double"), "sampling")
    problems += one_of(edition, tuple(EDITIONS), "edition")
    regime, reading, name = options.get("regime"), options.get("reading"), aql_name(aql)
    if regime is not None:
        problems += one_of(regime, (UNITS, NONCONFORMITIES), "regime")
    if reading is not None:
        problems += one_of(str(reading), ("1", "2"), "reading")
    if sampling == "double" and edition == "MIL-STD-105E":
        what = msg("The double plans of this edition were not checked.")
        problems.append(Problem("no_double_edition", what, msg("Use single sampling."), place="sampling"))
    if regime == UNITS and name is not None and float(name) > 10:
        what = msg("AQL %(aql)s is above 10: it counts nonconformities per 100 units, not units.")
        problems.append(Problem("aql_over_10", what, msg("Use an AQL up to 10."), {"aql": name}, "aql"))
    return problems
