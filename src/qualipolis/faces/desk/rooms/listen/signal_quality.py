"""How good the signals are: what became of them so far, and a trial on the city's own history."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import page
from qualipolis.city.listen.signals import queries
from qualipolis.city.listen.signals.outcomes import Outcomes, outcomes
from qualipolis.city.listen.signals.visibility import READERS
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.listen import signal_words as words
from qualipolis.faces.desk.templatetags.desk import span
from qualipolis.methods.sampling.proportion import Interval


@page(*READERS)
def signal_quality(request: HttpRequest) -> HttpResponse:
    """Hits so far with their interval, and the trial that each weekly look makes on the history it has read."""
    run = queries.runs(request.user).first()
    trial: dict[str, Any] = (run.back_test if run else {}) or {}
    found = outcomes(request.user)
    context = {
        "stage": "listen",
        "found": found,
        "precision": _precision(found),
        "run": run,
        "trial": trial,
        "rule": words.probability(trial.get("rule")),
        "power": _power(trial) if trial else None,
        "curve": _curve(trial) if trial else None,
        "exports": exports("listen-signal-weeks", "", queries.runs(request.user).count()),
        "empty": parts.Empty(
            _("No trial yet"), _("It is made with each weekly look, once the history has forty weeks."), "listen"
        ),
        "crumbs": [(_("Early-warning signals"), reverse("desk:listen_signals")), (_("How good they are"), "")],
    }
    return render(request, "listen/signal_quality.html", context)


def _interval(one: Interval) -> str:
    told = {
        "share": f"{one.estimate:.0%}",
        "interval": span(f"{100 * one.low:.0f}", f"{100 * one.high:.0f}%"),
        "n": one.n,
    }
    return _("%(share)s (95 %% interval %(interval)s, n = %(n)s)") % told


def _precision(found: Outcomes) -> list[str]:
    """What can be said of the hits so far, each sentence with its interval."""
    if found.strict is None:
        return [_("No signal is settled yet: nothing can be said about how many are true.")]
    told = []
    if found.precision is not None:
        told.append(
            _("Of the signals on which something was done, %(share)s were true.")
            % {"share": _interval(found.precision)}
        )
    share = {"share": _interval(found.strict)}
    told.append(_("Counting those dismissed at a look as false too: %(share)s.") % share)
    return told  # fmt: skip


def _share(line: dict[str, Any]) -> str:
    return f"{line['found'] / line['n']:.0%}"


def _ends(line: dict[str, Any]) -> str:
    return span(f"{100 * line['low']:.0f}", f"{100 * line['high']:.0f}%")


def _delay(line: dict[str, Any]) -> str | None:
    return None if line["delay"] is None else f"{line['delay']:g}"


def _point(name: str, line: dict[str, Any]) -> charts.YearRate:
    return charts.YearRate(name, 100 * line["found"] / line["n"], 100 * line["low"], 100 * line["high"])


def _power(trial: dict[str, Any]) -> dict[str, Any]:
    """What is found of planted outbreaks, by their size."""
    columns = [
        parts.Column("size", _("Extra records in %(weeks)s weeks") % {"weeks": trial["within"]}, title=True),
        parts.Column("found", _("Found"), numeric=True),
        parts.Column("interval", _("95 % interval"), numeric=True),
        parts.Column("delay", _("Weeks to the signal, median"), numeric=True),
    ]
    rows = [
        {"size": f"{one['size']:g}", "found": _share(one), "interval": _ends(one), "delay": _delay(one)}
        for one in trial["power"]
    ]
    points = [_point(f"{one['size']:g}", one) for one in trial["power"]]
    label = _("Share of planted outbreaks found, by their size")
    return {"chart": charts.rate_series(points, label=label), "table": parts.Table(label, columns, rows)}


def _curve(trial: dict[str, Any]) -> dict[str, Any]:
    """What a looser threshold finds more, and what it costs in false alarms."""
    columns = [
        parts.Column("p", _("Threshold of the p-value"), title=True),
        parts.Column("false", _("False alarms a year"), numeric=True),
        parts.Column("weeks", _("Weeks with any"), numeric=True),
        parts.Column("found", _("Found"), numeric=True),
        parts.Column("interval", _("95 % interval"), numeric=True),
        parts.Column("delay", _("Weeks to the signal, median"), numeric=True),
    ]
    rows = [
        {"p": _threshold(trial, one), "false": words.number(one["false_year"]),
         "weeks": None if one["weeks_with_any"] is None else f"{one['weeks_with_any']:.0%}",
         "found": _share(one), "interval": _ends(one), "delay": _delay(one)}
        for one in trial["curve"]
    ]  # fmt: skip
    points = [_point(words.number(one["false_year"]), one) for one in trial["curve"]]
    label = _("Share of outbreaks with %(n)s extra records found, by false alarms a year") % {
        "n": f"{trial['usual']:g}"
    }
    return {"chart": charts.rate_series(points, label=label), "table": parts.Table(label, columns, rows)}


def _threshold(trial: dict[str, Any], line: dict[str, Any]) -> str:
    told = words.probability(line["p"]) or "—"
    return _("%(p)s, as on the board") % {"p": told} if line["p"] == trial["rule"] else told
