"""The rows behind each metric: one row for each record that counts, with what it adds above and below the line.

Every function returns ``unit, year, number, numerator, denominator`` as one Ibis expression and keeps to a vocabulary
that every engine has: filter, select, join, cast, comparison, string containment, the year of a date.

What a source record says (a city that imports its own records uses the same words):

=========== ==================================== ======================================================================
kind        purpose                              outcome and marks
=========== ==================================== ======================================================================
sample      random, risk, follow_up, emergency,  pass, fail (final); pending, voided, untestable, not_sampled, refused;
            online; review and by_hand stand      marks: order_due order_in_time review_due review_passed repeat
            outside every rate of a purpose
complaint   quality or another category          agreed, ended, refused, withdrawn, pending; marks: in_time mediated
patent      empty                                valid; quantity = valid invention patents at the end of the year
=========== ==================================== ======================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ibis.expr import types as ir

Tables = Mapping[str, "ir.Table"]
Rows = Callable[[Tables], "ir.Table"]

FINAL = ("pass", "fail")
NOT_TAKEN = ("refused", "not_sampled")
NATIONAL = ("national_centre", "metrology_centre")
NATIONAL_WEIGHT, PROVINCIAL_WEIGHT = 3.0, 1.0


def random_passes(tables: Tables) -> ir.Table:
    """Final results of random sampling; the numerator is a pass."""
    return _sampled(tables, "random", "pass")


def risk_failures(tables: Tables) -> ir.Table:
    """Final results of risk sampling; the numerator is a failure. Never pooled with the random ones."""
    return _sampled(tables, "risk", "fail")


def _sampled(tables: Tables, purpose: str, counted: str) -> ir.Table:
    samples = tables["samples"]
    kept = samples.filter(samples.purpose == purpose, samples.outcome.isin(FINAL))
    return _rows(kept, kept.happened_on.year(), kept.number, kept.outcome == counted, True)


def refusals(tables: Tables) -> ir.Table:
    """Refused, out of refused and sampled; what could not be sampled for a good reason does not count."""
    samples = tables["samples"]
    kept = samples.filter(samples.outcome != "not_sampled")
    return _rows(kept, kept.happened_on.year(), kept.number, kept.outcome == "refused", True)


def marked(table: str, below: str, above: str) -> Rows:
    """Records that carry the mark ``below``; the numerator carries ``above`` too."""

    def rows(tables: Tables) -> ir.Table:
        records = tables[table]
        kept = records.filter(_has(records.flags, below))
        return _rows(kept, kept.happened_on.year(), kept.number, _has(kept.flags, above), True)

    return rows


def repeated_failures(tables: Tables) -> ir.Table:
    """Firms with a failed sample in the year; the numerator had failed the same product in the 24 months before."""
    samples = tables["samples"]
    failed = samples.filter(samples.outcome == "fail", samples.enterprise != "")
    failed = failed.mutate(year=failed.happened_on.year(), again=_flag(_has(failed.flags, "repeat")))
    firms = failed.group_by(["unit", "year", "enterprise"]).agg(again=failed.again.max())
    return _rows(firms, firms.year, firms.enterprise, firms.again > 0, True)


def complaints_accepted(tables: Tables) -> ir.Table:
    """Complaints that were accepted."""
    complaints = tables["complaints"]
    kept = complaints.filter(complaints.outcome != "refused")
    return _rows(kept, kept.happened_on.year(), kept.number, True, True)


def complaints_in_time(tables: Tables) -> ir.Table:
    """Complaints received; the numerator was decided within the legal clock."""
    complaints = tables["complaints"]
    in_time = _has(complaints.flags, "in_time")
    return _rows(complaints, complaints.happened_on.year(), complaints.number, in_time, True)


def mediations_agreed(tables: Tables) -> ir.Table:
    """Complaints whose mediation has ended; the numerator ended in an agreement."""
    complaints = tables["complaints"]
    kept = complaints.filter(complaints.outcome.isin(("agreed", "ended")))
    return _rows(kept, kept.happened_on.year(), kept.number, kept.outcome == "agreed", True)


def complaints_of_quality(tables: Tables) -> ir.Table:
    """All complaints; the numerator is about quality."""
    complaints = tables["complaints"]
    return _rows(complaints, complaints.happened_on.year(), complaints.number, complaints.purpose == "quality", True)


def patents(tables: Tables) -> ir.Table:
    """Valid invention patents at the end of the year."""
    records = tables["patents"]
    return records.select(
        unit=records.unit,
        year=records.happened_on.year().cast("int64"),
        number=records.number,
        numerator=records.quantity.cast("float64"),
        denominator=records.quantity.cast("float64"),
    )


def officers_of_firms(tables: Tables) -> ir.Table:
    """Above-scale firms at the end of the year; the numerator has an active chief quality officer."""
    firms, officers, years = tables["enterprises"], tables["quality_officers"], _years(tables)
    firms = firms.filter(firms.above_scale == 1).select("credit_code", "unit", "closed_on").cross_join(years)
    firms = firms.filter(firms.closed_on.isnull() | (firms.closed_on.year() > firms.year))
    active = officers.select("enterprise", "appointed_on", "ended_on").cross_join(years)
    active = active.filter(_at_year_end(active, active.appointed_on, active.ended_on))
    active = active.group_by(["enterprise", "year"]).agg(officers=active.count())
    active = active.select(active.enterprise, officer_year=active.year, officers=active.officers)
    joined = firms.left_join(active, [firms.credit_code == active.enterprise, firms.year == active.officer_year])
    return _rows(joined, joined.year, joined.credit_code, joined.officers.notnull(), True)


def cma_bodies(tables: Tables) -> ir.Table:
    """Bodies with a CMA qualification valid at the end of the year."""
    valid = _valid(tables)
    bodies = valid.filter(valid.kind == "cma").select("unit", "year", "institution").distinct()
    return _rows(bodies, bodies.year, bodies.institution, True, True)


def technical_centres(tables: Tables) -> ir.Table:
    """National (weight 3) and provincial (weight 1) centres with any qualification valid at the end of the year."""
    valid = _valid(tables)
    kept = valid.filter(valid.body.isin((*NATIONAL, "provincial_station")))
    kept = kept.select("unit", "year", "institution", "body").distinct()
    weight = kept.body.isin(NATIONAL).ifelse(NATIONAL_WEIGHT, PROVINCIAL_WEIGHT)
    return kept.select(unit=kept.unit, year=kept.year, number=kept.institution, numerator=weight, denominator=weight)


def _valid(tables: Tables) -> ir.Table:
    held, years = tables["qualifications"], _years(tables)
    bodies = tables["institutions"].select("code", "unit", body=tables["institutions"].kind)
    held = held.inner_join(bodies, held.institution == bodies.code).cross_join(years)
    return held.filter(_at_year_end(held, held.valid_from, held.valid_to))


def _years(tables: Tables) -> ir.Table:
    """The years of the lake: those for which the statistics bureau gave a figure."""
    statistics = tables["statistics"]
    return statistics.select(year=statistics.year.cast("int64")).distinct()


def _at_year_end(table: ir.Table, begins: Any, ends: Any) -> Any:
    return (begins.year() <= table.year) & (ends.isnull() | (ends.year() > table.year))


def _has(flags: Any, mark: str) -> Any:
    return (" " + flags + " ").contains(f" {mark} ")


def _flag(value: Any) -> Any:
    return value.ifelse(1.0, 0.0)


def _rows(table: ir.Table, year: Any, number: Any, numerator: Any, denominator: Any) -> ir.Table:
    import ibis

    return table.select(
        unit=table.unit,
        year=year.cast("int64"),
        number=number,
        numerator=ibis.literal(1.0) if numerator is True else _flag(numerator),
        denominator=ibis.literal(1.0) if denominator is True else _flag(denominator),
    )
