"""The board: what is unusual this week, why, how sure, and what to do; where it gathers; what became of earlier ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qualipolis.city.core.policy import can, page
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Signal
from qualipolis.city.listen.signals import queries
from qualipolis.city.listen.signals.lists import ENDED
from qualipolis.city.listen.signals.outcomes import ends_of
from qualipolis.city.listen.signals.running import WEEK, monday_of
from qualipolis.city.listen.signals.visibility import READERS
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.listen import signal_words as words
from qualipolis.faces.desk.rooms.measure.pieces import deadline, problem_words
from qualipolis.faces.desk.rooms.overview import short
from qualipolis.methods.problems import InputError

STAGE, MOST, WEEKS = "listen", 12, 6


@page(*READERS)
def signals(request: HttpRequest) -> HttpResponse:
    """The board of the week that was looked at last."""
    if request.method == "POST":
        _hear(request)
        return redirect("desk:listen_signals")
    found = queries.board(request.user)
    everything = queries.signals(request.user)
    context = {
        "stage": STAGE,
        "board": found,
        "heading": heading(found),
        "lead": _lead(found),
        "cards": [card(row) for row in found.unusual],
        "at_work": [_work(row) for row in found.at_work],
        "ended": _ended(list(everything.filter(status__in=("confirmed", "dismissed"))[:MOST])),
        "weeks": _weeks(request.user),
        "may_hear": _may_hear(request.user, found),
        "since": queries.waiting_since(request.user),
        "exports": exports("listen-signals", "", everything.count()),
        "empty": _empty(found),
        **_map(request.user),
    }
    return render(request, "listen/signals.html", context)


def _hear(request: HttpRequest) -> None:
    """Look over the last week that is over, and say what came of it."""
    last = monday_of(timezone.localdate()) - WEEK
    try:
        run = service.hear(request.user, last)
    except InputError as error:
        messages.error(request, " ".join(problem_words(one) for one in error.problems))
        return
    said = _("Looked over %(series)s series of the week of %(week)s; signals: %(raised)s.")
    messages.success(
        request, said % {"series": f"{run.series:,}", "week": f"{run.week:%Y-%m-%d}", "raised": run.raised}
    )


def _may_hear(user: Any, found: queries.Board) -> bool:
    last = monday_of(timezone.localdate()) - WEEK
    return can(user, "listen.hear") and (found.run is None or found.run.week < last)


def heading(found: queries.Board) -> str:
    """Return the finding of the week; without one in the words that say what was looked through."""
    if found.run is None:
        return _("Early-warning signals")
    if found.unusual:
        n = len(found.unusual)
        return ngettext("%(n)s thing is unusual this week", "%(n)s things are unusual this week", n) % {"n": n}
    if not found.month_signals and found.month_complaints:
        return none_this_month(found)
    return _("Nothing new is unusual this week")


def none_this_month(found: queries.Board) -> str:
    """Return that the month has no signal, with the number of complaints that were looked through."""
    n = found.month_complaints
    return ngettext("No warning signal this month; %(n)s complaint was checked",
                    "No warning signal this month; %(n)s complaints were checked", n) % {"n": f"{n:,}"}  # fmt: skip


def _lead(found: queries.Board) -> str:
    if found.run is None:
        return _("Letters, incidents and alerts are counted every week; what grows beyond chance is shown here.")
    return _("Week %(week)s: %(records)s records and %(series)s series were looked over. A signal proposes; you decide.") % {
        "week": words.week(found.run.week), "records": f"{found.run.records:,}", "series": f"{found.run.series:,}",
    }  # fmt: skip


def _empty(found: queries.Board) -> parts.Empty:
    if found.run is None:
        why = _("The first look needs twelve weeks of records. It happens by itself at the beginning of each week.")
        return parts.Empty(_("No week was looked over yet"), why, STAGE)
    title = heading(found) if found.month_signals or not found.month_complaints else none_this_month(found)
    why = _("A quiet list does not say that there is no danger: few records show only large rises.")
    return parts.Empty(title, why, STAGE, _("What it would find"), reverse("desk:listen_signal_quality"))


def card(row: Signal) -> words.Card:
    """Return a signal as the board shows it."""
    url = reverse("desk:listen_signal", args=[row.pk])
    return words.Card(
        row, words.title(row), words.state_chip(row), words.what(row), words.why(row), words.sure(row), url
    )


def _work(row: Signal) -> dict[str, Any]:
    """A signal that is still at work: what it waits for, until when."""
    url = reverse("desk:listen_signal", args=[row.pk])
    due = None if row.ended else deadline(row.due_on)
    return {"title": words.title(row), "url": url, "state": words.state_chip(row), "waits": waits(row), "due": due}


def waits(row: Signal) -> str:
    """Return what a signal waits for."""
    if row.status in queries.OPEN:
        return (
            _("waits for a look")
            if row.status == "raised"
            else _("waits for a decision of %(who)s") % {"who": row.looked_by or "—"}
        )
    kinds = [str(one.get_kind_display()) for one in row.proposals.all() if one.status == "proposed"]
    return (
        _("waits for answers: %(kinds)s") % {"kinds": _(", ").join(kinds)} if kinds else _("all answered: was it true?")
    )


def _ended(rows: list[Signal]) -> parts.Table | None:
    if not rows:
        return None
    ends = ends_of(rows)
    columns = [
        parts.Column("about", _("Signal"), title=True),
        parts.Column("week", _("Week from")),
        parts.Column("ended", _("How it ended")),
        parts.Column("finding", _("Reason, or what was found")),
    ]
    cells = [
        {"about": words.title(row), "week": f"{row.week:%Y-%m-%d}", "ended": str(ENDED[ends[row.pk]]),
         "finding": row.finding or None, "url": reverse("desk:listen_signal", args=[row.pk])}
        for row in rows
    ]  # fmt: skip
    return parts.Table(_("Confirmed, refuted, dismissed"), columns, cells, links="url")


def _weeks(user: Any) -> parts.Table | None:
    rows = list(queries.runs(user)[:WEEKS])
    columns = [
        parts.Column("week", _("Week"), title=True),
        parts.Column("records", _("Records counted"), numeric=True),
        parts.Column("series", _("Series looked at"), numeric=True),
        parts.Column("raised", _("Signals raised"), numeric=True),
        parts.Column("confirmed", _("Confirmed"), numeric=True),
    ]
    cells = [
        {"week": words.week(run.week), "records": f"{run.records:,}", "series": f"{run.series:,}",
         "raised": run.raised, "confirmed": run.confirmed,
         "url": f"{reverse('desk:listen_signal_list')}?week={run.week:%Y-%m-%d}"}
        for run in rows
    ]  # fmt: skip
    return parts.Table(_("Earlier weeks"), columns, cells, links="url") if rows else None


def _map(user: Any) -> dict[str, Any]:
    """The towns with open signals that name them, as a cartogram with its key, and as a table."""
    rows = queries.places(user)
    cells = [_cell(one) for one in rows if one.unit.grid_row is not None and one.unit.grid_column is not None]
    sizes = {5: 0, 3: 0, 1: 0}
    for one in rows:
        sizes[_step(one)] += 1
    legend = [(5, _("in a cluster"), sizes[5]), (3, _("a signal names it"), sizes[3]), (1, _("no signal"), sizes[1])]
    columns = [
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("signals", _("Signals")),
        parts.Column("records", _("Records in four weeks"), numeric=True),
        parts.Column("cluster", _("Cluster")),
    ]
    named = sorted((one for one in rows if one.signals), key=lambda one: -one.records)
    cells_of = [
        {"name": one.unit.name, "signals": _("; ").join(words.title(row) for row in one.signals),
         "records": one.records, "cluster": _("yes") if one.clustered else _("no")}
        for one in named
    ]  # fmt: skip
    return {
        "cartogram": charts.cartogram(cells, label=_("Towns with open signals: %(n)s") % {"n": len(named)}) if cells else "",
        "legend": legend,
        "named": len(named),
        "map_table": parts.Table(_("Towns with open signals"), columns, cells_of),
    }  # fmt: skip


def _step(one: queries.Place) -> int:
    return 5 if one.clustered else 3 if one.signals else 1


def _cell(one: queries.Place) -> charts.Cell:
    row, column = one.unit.grid_row, one.unit.grid_column
    assert row is not None and column is not None
    hint = f"{one.unit.name}: {_('; ').join(words.title(s) for s in one.signals) or _('no signal')}"
    url = reverse("desk:listen_signal", args=[one.signals[0].pk]) if one.signals else ""
    return charts.Cell(short(str(one.unit.name)), column, row, str(len(one.signals)), _step(one), href=url, hint=hint)
