"""The metrics: what is computed from records is defined here, once, for every engine, page, report and trace.

A metric names the rows that count (:mod:`qualipolis.lake.metrics_records`). Its value is a sum over those rows, and
the trace of a number is the same rows, filtered. So the number and its records cannot come apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qualipolis.lake import metrics_records as records
from qualipolis.lake.metrics_records import Rows, Tables
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    from ibis.expr import types as ir

COLUMNS = ("unit", "year", "numerator", "denominator", "n")


@dataclass(frozen=True)
class Metric:
    """A number that is computed from records.

    ``per`` names the yearly statistic that is the denominator; without it the rows carry their own denominator.
    ``count`` marks a plain count: it has no denominator at all.
    """

    code: str
    words: str
    unit: str
    table: str
    rows: Rows
    per: str = ""
    count: bool = False


_LIST = (
    Metric("PQ01", msg("Passes in random sampling"), "%", "samples", records.random_passes),
    Metric("PQ02", msg("Failures in risk sampling"), "%", "samples", records.risk_failures),
    Metric(
        "PQ03",
        msg("Reviews of failed firms passed"),
        "%",
        "samples",
        records.marked("samples", "review_due", "review_passed"),
    ),
    Metric(
        "PQ04",
        msg("Orders to correct closed in time"),
        "%",
        "samples",
        records.marked("samples", "order_due", "order_in_time"),
    ),
    Metric("PQ05", msg("Failed firms that failed again"), "%", "samples", records.repeated_failures),
    Metric("PQ06", msg("Refusals of sampling"), "%", "samples", records.refusals),
    Metric(
        "SR01",
        msg("Complaints accepted, by resident population"),
        msg("per 10,000 people"),
        "complaints",
        records.complaints_accepted,
        per="population",
    ),
    Metric("SR02", msg("Complaints decided in time"), "%", "complaints", records.complaints_in_time),
    Metric("SR03", msg("Mediations that ended in an agreement"), "%", "complaints", records.mediations_agreed),
    Metric("SR04", msg("Complaints about quality"), "%", "complaints", records.complaints_of_quality),
    Metric(
        "MB02",
        msg("Above-scale firms with an active chief quality officer"),
        "%",
        "quality_officers",
        records.officers_of_firms,
    ),
    Metric(
        "MB06",
        msg("Valid invention patents, by resident population"),
        msg("per 10,000 people"),
        "patents",
        records.patents,
        per="population",
    ),
    Metric(
        "NI06",
        msg("Bodies with a valid CMA qualification, by industrial firms"),
        msg("per 1,000 firms"),
        "qualifications",
        records.cma_bodies,
        per="industrial_firms",
    ),
    Metric(
        "NI08",
        msg("National and provincial technical centres, weighted 3 and 1"),
        msg("weighted count"),
        "qualifications",
        records.technical_centres,
        count=True,
    ),
)
METRICS: dict[str, Metric] = {metric.code: metric for metric in _LIST}


def metric(code: str) -> Metric:
    """Return the metric of this code; ``InputError`` when there is none."""
    if code not in METRICS:
        raise InputError(
            [
                Problem(
                    "unknown_metric",
                    msg("There is no metric %(code)s."),
                    msg("Use one of %(known)s."),
                    {"code": code, "known": ", ".join(METRICS)},
                )
            ]
        )
    return METRICS[code]


def expression(found: Metric, tables: Tables) -> ir.Table:
    """Return ``unit, year, numerator, denominator, n`` of a metric; ``n`` counts the records behind it."""
    rows = found.rows(tables)
    sums = rows.group_by(["unit", "year"]).agg(
        numerator=rows.numerator.sum(), own=rows.denominator.sum(), n=rows.count()
    )
    if found.per or found.count:
        return _over_statistic(found, sums, tables)
    return _shape(sums, sums.numerator, sums.own)


def _over_statistic(found: Metric, sums: ir.Table, tables: Tables) -> ir.Table:
    """Every unit of a year in which the source has records: no record there is a true zero, not a gap."""
    key = found.per or "population"
    statistics = tables["statistics"]
    base = statistics.filter(statistics.key == key).select(
        base_unit=statistics.unit, base_year=statistics.year.cast("int64"), base_value=statistics.value
    )
    seen = sums.select(seen_year=sums.year).distinct()
    base = base.inner_join(seen, base.base_year == seen.seen_year).select("base_unit", "base_year", "base_value")
    joined = base.left_join(sums, [base.base_unit == sums.unit, base.base_year == sums.year])
    joined = joined.select(
        unit=joined.base_unit,
        year=joined.base_year,
        numerator=joined.numerator.fill_null(0.0),
        base=joined.base_value,
        n=joined.n.fill_null(0),
    )
    return _shape(joined, joined.numerator, joined.base, drop_denominator=found.count)


def _shape(table: ir.Table, numerator: Any, denominator: Any, *, drop_denominator: bool = False) -> ir.Table:
    import ibis

    below = ibis.null("float64") if drop_denominator else denominator.cast("float64")
    shaped = table.select(
        unit=table.unit,
        year=table.year.cast("int64"),
        numerator=numerator.cast("float64"),
        denominator=below,
        n=table.n.cast("int64"),
    )
    return shaped.order_by(["year", "unit"])


def trace_expression(found: Metric, tables: Tables, unit: str, year: int) -> ir.Table:
    """Return the very records behind one number: ``number, numerator, denominator``, in the order of their numbers."""
    rows = found.rows(tables)
    kept = rows.filter(rows.unit == unit, rows.year == year)
    return kept.select("number", "numerator", "denominator").order_by("number")
