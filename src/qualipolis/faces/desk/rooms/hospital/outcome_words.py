"""Outcome figures in words and tables, the same on the desk and on the public pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.hospital.learning.outcomes import Cell, Load, Outcomes
from qualipolis.city.hospital.learning.uplift import Uplift
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.shares import percent
from qualipolis.methods.outcomes import Balance, Wait
from qualipolis.methods.sampling.proportion import Interval

BALANCE = {"fine": gettext_lazy("alike"), "fair": gettext_lazy("fairly alike"), "poor": gettext_lazy("not alike")}


@dataclass(frozen=True)
class Figure:
    """One figure: its name, the value (— when there is none), its interval and n in words, and what it counts."""

    name: str
    value: str
    detail: str
    meaning: str


def interval(share: Interval | None) -> str:
    """Return the interval and n of a share in words."""
    if share is None:
        return _("nothing yet, or too few firms to be told")
    said = {"low": percent(share.low), "high": percent(share.high), "x": round(share.estimate * share.n), "n": share.n}
    return _("%(x)s of %(n)s, 95%% interval %(low)s to %(high)s") % said


def _of(name: Any, share: Interval | None, meaning: Any, note: str = "") -> Figure:
    detail = interval(share) + (_(", ") + note if note and share else "")
    return Figure(str(name), percent(share.estimate) if share else "—", detail, str(meaning))


def figures(found: Outcomes) -> list[Figure]:
    """Return the figures of a period in their order."""
    ended = {"improved": found.improved, "unresolved": found.unresolved}
    return [
        _of(_("First response in time"), found.first_response,
            _("Sent to a department or turned away within one working day of the registration."), _waiting(found)),
        _wait(found.prescription),
        _of(_("Cured"), found.cure,
            _("Cases whose measured values prove the cure, of all that were judged or given up."),
            _("improved %(improved)s, unresolved %(unresolved)s") % ended),
        _of(_("Came back"), found.recurrence, _("Of the cures watched for the whole 180 days.")),
        _of(_("Satisfied firms"), found.satisfied, _("Four or five stars of five; told from three ratings on."),
            _("mean %(stars)s stars") % {"stars": f"{found.stars:.1f}"} if found.stars is not None else ""),
    ]  # fmt: skip


def _waiting(found: Outcomes) -> str:
    n = found.waiting_response
    return ngettext("%(n)s still within its term", "%(n)s still within their term", n) % {"n": n} if n else ""


def _wait(found: Wait | None) -> Figure:
    name, meaning = (
        _("Days to the prescription"),
        _("Median of all cases; those still waiting count as at least so long."),
    )
    if found is None or found.median is None:
        detail = _("less than half of the cases have one yet") if found and found.n else _("nothing to be judged yet")
        return Figure(name, "—", detail, meaning)
    said = {"low": days(found.low), "high": days(found.high), "n": found.n, "ended": found.ended}
    detail = _("95%% interval %(low)s to %(high)s, %(ended)s of %(n)s cases prescribed") % said
    return Figure(name, f"{found.median:g}", detail, meaning)


def days(value: float | None) -> str:
    """Return days; a bound that was not seen is open."""
    return "∞" if value is None else f"{value:g}"


def cell_table(caption: str, head: str, rows: list[Cell], *, cure: bool = True) -> parts.Table:
    """Return counts by group; what is held back is said so and is no zero."""
    columns = [
        parts.Column("name", head, title=True),
        parts.Column("cases", _("Cases"), numeric=True),
        parts.Column("firms", _("Firms"), numeric=True),
    ]
    if cure:
        columns += [parts.Column("cure", _("Cured"), numeric=True), parts.Column("interval", _("95 % interval")),
                    parts.Column("judged", _("Judged"), numeric=True)]  # fmt: skip
    note = _("Held back: one or two firms, or a group that would give such a one away. It is no zero.")
    hidden = any(row.cases is None for row in rows)
    return parts.Table(caption, columns, [_cell(row) for row in rows], note=note if hidden else "")


def _cell(row: Cell) -> dict[str, Any]:
    if row.cases is None:
        return {"name": row.name, "cases": _("held back")}
    share = row.cure
    return {
        "name": row.name, "cases": row.cases, "firms": row.firms, "judged": row.judged,
        "cure": percent(share.estimate) if share else None,
        "interval": f"{percent(share.low)} – {percent(share.high)}" if share else None,
    }  # fmt: skip


def load_words(found: Load) -> str:
    """Return how the work is spread in one sentence."""
    if found.gini is None:
        return _("No case is with an expert now.")
    said = {"cases": found.cases, "experts": found.experts, "most": found.largest, "gini": f"{found.gini:.2f}"}
    return _("%(cases)s open cases with %(experts)s experts, at most %(most)s with one; Gini coefficient %(gini)s (0: all alike).") % said  # fmt: skip


def uplift_words(found: Uplift) -> list[str]:
    """Return what the matched comparison says; without enough like pairs only why it says nothing."""
    counted = _("%(failed)s firms and classes failed a random sample; %(treated)s of those that can be compared registered a case within 90 days.") % {"failed": found.failed, "treated": found.treated}  # fmt: skip
    if found.found is None or not found.told or found.found.estimate is None:
        return [_(found.reason), counted]
    matched = found.found
    points = {"d": _points(matched.estimate), "low": _points(matched.low), "high": _points(matched.high),
              "pairs": len(matched.pairs), "one": percent(matched.treated_mean or 0),
              "other": percent(matched.untreated_mean or 0)}  # fmt: skip
    said = _("Treated firms passed %(one)s of their later samples, untreated firms like them %(other)s: %(d)s percentage points, 95%% interval %(low)s to %(high)s, %(pairs)s pairs.") % points  # fmt: skip
    if (matched.low or 0) <= 0 <= (matched.high or 0):
        said += _(" The interval holds 0: an effect is not shown.")
    left = len(matched.unmatched)
    more = _(" For %(n)s treated firms no like one was found.") % {"n": left} if left else ""
    return [said, counted + more]


def _points(value: float | None) -> str:
    shown = round(100 * (value or 0.0), 1)
    return f"{'+' if shown > 0 else '−' if shown < 0 else ''}{abs(shown):.1f}"


def balance_table(rows: tuple[Balance, ...]) -> parts.Table:
    """Return how alike the pairs are, before and after matching."""
    columns = [
        parts.Column("name", _("Known before"), title=True),
        parts.Column("treated", _("Treated"), numeric=True),
        parts.Column("untreated", _("All untreated"), numeric=True),
        parts.Column("paired", _("Their pairs"), numeric=True),
        parts.Column("before", _("Difference before"), numeric=True, unit="SD"),
        parts.Column("after", _("Difference in pairs"), numeric=True, unit="SD"),
        parts.Column("verdict", _("Pairs are")),
    ]
    values = [
        {
            "name": _(one.name), "treated": f"{one.treated:.2f}", "untreated": f"{one.untreated:.2f}",
            "paired": f"{one.paired_untreated:.2f}", "before": f"{one.before:+.2f}", "after": f"{one.after:+.2f}",
            "verdict": str(BALANCE[one.verdict]),
        }
        for one in rows
    ]  # fmt: skip
    return parts.Table(_("How alike the pairs are"), columns, values)
