"""One signal: its series with what was expected, what spoke, what else is known of the class, and the one next step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qualipolis.city.core.policy import page, roles_of
from qualipolis.city.listen.models import Signal
from qualipolis.city.listen.signals import queries, series
from qualipolis.city.listen.signals.lists import VOICES
from qualipolis.city.listen.signals.running import ALPHA
from qualipolis.city.listen.signals.visibility import HOSPITAL, READERS
from qualipolis.city.listen.statistics.naming import class_words
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.charts.outbreak import Weekly, outbreak
from qualipolis.faces.desk.loop import open_to
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, progress, take
from qualipolis.faces.desk.rooms.listen import signal_words as words
from qualipolis.faces.desk.rooms.listen.signal_acts import MORE, acts_of
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise.after import marks, state_cell, take_mark
from qualipolis.faces.desk.templatetags.desk import span
from qualipolis.law.terms import rule_number

PATH = (
    (gettext_lazy("Raised"), ("raised",), ("listen.look_at_signal",)),
    (gettext_lazy("Looked at"), ("looking",), ("listen.act_on_signal",)),
    (gettext_lazy("Proposed and answered"), ("acted",), ("listen.confirm_signal", "listen.refute_signal")),
)
KNOWN = {
    "complaints": gettext_lazy("Complaints"),
    "reports": gettext_lazy("Reports"),
    "incidents": gettext_lazy("Incidents"),
    "alerts": gettext_lazy("Alerts from elsewhere"),
}
WAITS = {
    "raised": gettext_lazy("Who works with signals takes a look."),
    "looking": gettext_lazy("Somebody is looking at it."),
    "acted": gettext_lazy("The offices asked answer; then it is said whether the signal was true."),
    "merged": gettext_lazy("It was joined with another signal, which goes on."),
    "confirmed": gettext_lazy("It was found to be true."),
    "dismissed": gettext_lazy("There was nothing to do, or it was found to be false."),
}


@page(*READERS, *HOSPITAL)
def signal(request: HttpRequest, pk: int) -> HttpResponse:
    """One signal, for those who work with it; the hospital those that ask for its consultation."""
    row = get_object_or_404(queries.signals(request.user), pk=pk)
    found = offers(request, row, acts_of(request, row), {})
    more = marks(request, row, MORE)
    if request.method == "POST":
        taken = (
            take_mark(request, row, more)
            if request.POST.get("do") in {one.name for one in MORE}
            else take(request, row, found)
        )
        if taken:
            return redirect("desk:listen_signal", pk)
    told = history(row, *row.proposals.all())
    context = page_of(request, row, found, "desk:listen_signal")
    if context["box"] is not None and row.status == "looking":
        context["box"] = replace(context["box"], button=pgettext("button", "Propose"))
    context |= {
        "stage": "listen",
        "state": words.state_chip(row),
        "title": words.title(row),
        "what": words.what(row),
        "product_class": class_words("product_class", row.product_class),
        "danger": class_words("hazard", row.hazard),
        "why": words.why(row),
        "sure": words.sure(row),
        "waits": WAITS[row.status],
        "marks": more,
        "evidence": _evidence(row),
        "alpha": f"{ALPHA:.0%}",
        "proposals": _proposals(request.user, row),
        "towns": words.towns(row, _names(row)),
        "context": _context(request.user, row),
        "steps": progress(row, PATH, told, mine=context["box"] is not None) if row.status in _on_way() else [],
        "like": [(one, words.title(one), words.state_chip(one)) for one in queries.like(request.user, row)[:5]],
        "history": told,
        "undo": undo_offer(request.user),
        "crumbs": _crumbs(request.user, row),
        **_series(row),
    }
    return render(request, "listen/signal.html", context, status=400 if request.method == "POST" else 200)


def _on_way() -> tuple[str, ...]:
    return ("raised", "looking", "acted", "confirmed")


def _crumbs(user: Any, row: Signal) -> list[tuple[str, str]]:
    board = reverse("desk:listen_signals")
    above = (_("Early-warning signals"), board) if open_to(user, board) else (_("Proposals of signals"),
             reverse("desk:listen_proposals"))  # fmt: skip
    return [above, (row.number, "")]


def _names(row: Signal) -> dict[str, str]:
    return {one.code: one.name for one in Unit.objects.filter(code__in=row.units)}


def _series(row: Signal) -> dict[str, Any]:
    """The chart of the series and its table."""
    found = series.series_of(row)
    names = [f"{week:%Y-%m-%d}" for week in found.weeks]
    over = sum(found.over)
    label = _("%(about)s: %(weeks)s weeks, %(over)s of them above what is usual") % {
        "about": words.title(row), "weeks": len(names), "over": over,
    }  # fmt: skip
    told = Weekly(names, found.counts, found.expected, found.bound)
    drawn = outbreak(
        told, label=label, called=found.called, called_name=_("signal"), expected_name=_("expected"),
        bound_name=_("usual up to"),
    )  # fmt: skip
    columns = [
        parts.Column("week", _("Week from"), title=True),
        parts.Column("count", _("Records"), numeric=True),
        parts.Column("expected", _("Expected"), numeric=True),
        parts.Column("bound", _("Usual up to"), numeric=True),
        parts.Column("over", _("Above it")),
    ]
    lines = [
        {"week": name, "count": n, "expected": None if e is None else words.number(e),
         "bound": None if b is None else f"{b:g}", "over": _("yes") if o else _("no") if b is not None else None}
        for name, n, e, b, o in zip(names, found.counts, found.expected, found.bound, found.over, strict=True)
    ]  # fmt: skip
    table = parts.Table(_("Records by week"), columns, list(reversed(lines)))
    return {"chart": drawn, "weekly": table, "over": over, "weeks": len(names), "half_year": series.HALF_YEAR}


def _evidence(row: Signal) -> parts.Table:
    columns = [
        parts.Column("method", _("What spoke"), title=True),
        parts.Column("p", _("p-value"), numeric=True),
    ]
    cells = [{"method": str(VOICES.get(name, name)), "p": words.probability(p)} for name, p in row.evidence]
    return parts.Table(_("What spoke, and how strongly"), columns, cells)


def _proposals(user: Any, row: Signal) -> parts.Table | None:
    rows = list(queries.proposals(user).filter(signal=row))
    columns = [
        parts.Column("kind", _("Proposed"), title=True),
        parts.Column("words", _("What is proposed and why")),
        parts.Column("state", _("State")),
        parts.Column("became", _("What it became")),
    ]
    cells = [
        {"kind": one.get_kind_display(), "words": one.words, "state": state_cell(one),
         "became": one.became or one.answer or None, "url": reverse("desk:listen_proposal", args=[one.pk])}
        for one in rows
    ]  # fmt: skip
    return parts.Table(_("What was proposed"), columns, cells, links="url") if rows else None


def _context(user: Any, row: Signal) -> dict[str, Any] | None:
    """What else is known of the class; the hospital is told nothing of complaints or samples here."""
    if not roles_of(user) & {*READERS, "system"}:
        return None
    found = series.context_of(row)
    if found is None:
        return None
    columns = [
        parts.Column("kind", _("Kind of record"), title=True),
        parts.Column("recent", _("In %(weeks)s weeks") % {"weeks": found.weeks}, numeric=True),
        parts.Column("usual", _("As long before, on average over a year"), numeric=True),
    ]
    desk = "complaint_desk" in roles_of(user)
    cells = [{"kind": str(KNOWN[one.kind])} | _told(one, desk or one.kind != "reports") for one in found.known]
    return {"table": parts.Table(_("Records on this class or danger"), columns, cells), "samples": _samples(found)}


def _told(one: series.Known, plainly: bool) -> dict[str, Any]:
    """The counts of a kind of record; that a single person reported a violation is for the desk alone to know."""
    least = rule_number("suppression.min_count")
    if not plainly and one.recent < least:
        return {"recent": _("fewer than %(n)s") % {"n": least}, "usual": None}
    return {"recent": one.recent, "usual": None if one.usual is None else words.number(one.usual)}


def _samples(found: series.Context) -> str:
    if not found.sampled:
        return ""
    if found.rate is None:
        told = _("No random supervision sample of this class in two years.")
    else:
        told = _("Random supervision samples of two years: %(failed)s of %(tested)s failed, %(share)s (95 %% interval %(interval)s).") % {
            "failed": found.failed, "tested": found.tested, "share": f"{found.rate.estimate:.1%}",
            "interval": span(f"{100 * found.rate.low:.1f}", f"{100 * found.rate.high:.1f}%"),
        }  # fmt: skip
    if found.other_failed:
        told += " " + _("Samples taken for another reason: %(n)s failed; their rate says nothing about the market.") % {
            "n": found.other_failed
        }
    return told
