"""What if, for a town: other values, computed again at once; all of it in the link, none of it stored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.assess.book import NodeFacts
from qualipolis.city.assess.explain import READERS, Case
from qualipolis.city.assess.explain_trial import Change, NodeMove, Trial, changes_of, kinds, trial
from qualipolis.city.core.policy import page
from qualipolis.city.measure.models import Indicator
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import figure, whole, written
from qualipolis.faces.desk.rooms.town.frame import Explained, explained
from qualipolis.faces.desk.templatetags.desk import span
from qualipolis.methods.problems import InputError, Problem

SMALL = 0.005


@page(*READERS)
@require_safe
def trial_page(request: HttpRequest, code: str) -> HttpResponse:
    """The form with every indicator, and what the changes of the link would do."""
    found = explained(request, code, "trial")
    if isinstance(found, HttpResponse):
        return found
    made, known = found.case, kinds(found.case)
    changes, wrong = changes_of(made, request.GET.dict(), known)
    if "apply" in request.GET and not wrong:
        return HttpResponseRedirect(link(found, changes))
    outcome: Trial | None = None
    if changes and not wrong:
        try:
            outcome = trial(made, changes)
        except InputError as error:
            wrong = list(error.problems)
    context = {
        **found.context,
        "tree": _tree(
            made, known, request, {one.code for one in changes}, {str(one.place).partition(".")[2] for one in wrong}
        ),
        "problems": [_problem(one) for one in wrong],
        "changed": len(changes),
        "plain": link(found, []),
        "share": request.build_absolute_uri(link(found, changes)),
        **(_shown(found, outcome) if outcome else {}),
    }
    return render(request, "assess/town_trial.html", context)


def link(found: Explained, changes: list[Change]) -> str:
    """Return the address that holds these changes and nothing else."""
    query = [("year", str(found.year))]
    for one in changes:
        if one.split:
            query += [(f"n.{one.code}", f"{one.numerator:.12g}"), (f"d.{one.code}", f"{one.denominator:.12g}")]
        else:
            query.append((f"v.{one.code}", f"{one.value:.12g}"))
    return f"{reverse('desk:town_trial', args=[found.case.unit])}?{urlencode(query)}"


def _problem(one: Problem) -> dict[str, str]:
    return {"text": replace(one, place="").text(_), "place": f"id_{one.place}"}


# ---------------------------------------------------------------- the form


def _tree(
    made: Case, known: dict[str, str], request: HttpRequest, changed: set[str], wrong: set[str]
) -> list[dict[str, Any]]:
    """The indicators by dimension; what is changed or wrong stands open."""
    groups: dict[str, dict[str, Any]] = {}
    for code, kind in known.items():
        fact = made.read.nodes[code]
        parent = made.read.nodes.get(fact.parent or "")
        group = groups.setdefault(
            fact.parent or "", {"name": parent.name if parent else "", "rows": [], "changed": 0, "wrong": False}
        )
        row = _field(made, fact, kind == Indicator.Kind.RATIO.value, request) | {"changed": code in changed}
        group["rows"].append(row)
        group["changed"] += row["changed"]
        group["wrong"] |= code in wrong
    for k, group in enumerate(groups.values()):
        group["open"] = bool(group["changed"] or group["wrong"]) or (k == 0 and not changed and not wrong)
    return list(groups.values())


def _field(made: Case, fact: NodeFacts, ratio: bool, request: HttpRequest) -> dict[str, Any]:
    now = {part: made.read.value(part, made.unit, fact.code) for part in ("value", "numerator", "denominator")}
    node = made.base.result.framework.node(fact.code)
    split = ratio and now["numerator"] is not None and now["denominator"] is not None
    goal = node.target if node.direction != 0 else None
    return {
        "code": fact.code,
        "name": fact.name,
        "unit": fact.unit,
        "now": figure(now["value"]) or _("no value"),
        "n": figure(now["denominator"], 0) if fact.proportion and now["denominator"] else None,
        "target": figure(goal),
        "best": span(figure(node.target_low), figure(node.target_high)) if node.direction == 0 else None,
        "split": split,
        "value": _typed(request, f"v.{fact.code}", now["value"]),
        "numerator": _typed(request, f"n.{fact.code}", now["numerator"]),
        "denominator": _typed(request, f"d.{fact.code}", now["denominator"]),
        "official": {part[0]: "" if value is None else f"{value:.12g}" for part, value in now.items()},
        "bound": split and fact.proportion,
    }


def _typed(request: HttpRequest, name: str, now: float | None) -> str:
    said = request.GET.get(name, "")
    return said[:40] if said.strip() else "" if now is None else f"{now:.12g}"


# ---------------------------------------------------------------- the outcome


def _shown(found: Explained, outcome: Trial) -> dict[str, Any]:
    made = found.case
    moved = outcome.score - (made.score or 0.0)
    columns = [
        parts.Column("name", _("Part of the index"), title=True),
        parts.Column("before", _("Official score"), numeric=True),
        parts.Column("after", _("Trial"), numeric=True),
        parts.Column("change", _("Change"), numeric=True),
    ]
    rows = [
        {
            "name": one.node.name, "before": written(one.before), "after": written(one.after),
            "change": None if one.before is None or one.after is None else charts.signed(one.after - one.before, 2),
        }
        for one in sorted(outcome.nodes, key=lambda one: -one.node.level)
        if one.node.parent is None or _moved(one)
    ]  # fmt: skip
    query = link(found, list(outcome.changes)).partition("?")[2]
    return {
        "outcome": {
            "score": written(outcome.score),
            "moved": charts.signed(moved, 2),
            "interval": span(written(outcome.low, 1), written(outcome.high, 1)),
            "rank": outcome.rank,
            "ranks": span(whole(outcome.ranks[0]), whole(outcome.ranks[1])) if outcome.ranks else "",
            "n": f"{outcome.n:,}",
            "beyond": outcome.beyond,
            "sentence": sentence(made, outcome),
        },
        "table": parts.Table(
            _("Parts of the index in the trial"), columns, rows, note=_("what is not listed does not change")
        ),
        "changes": [_change(made, one) for one in outcome.changes],
        "exports": found.exports("town_trial", len(outcome.nodes), query.partition("&")[2]),
    }


def _moved(one: NodeMove) -> bool:
    if one.before is None or one.after is None:
        return one.before is not one.after
    return abs(one.after - one.before) >= SMALL


def sentence(made: Case, outcome: Trial) -> str:
    """Return what the trial says about the rank, and how far it may be trusted."""
    told = {"now": made.rank, "then": outcome.rank}
    if made.rank == outcome.rank:
        return _("The rank stays %(now)s.") % told
    if outcome.beyond is None:
        return _("The rank would go from %(now)s to %(then)s.") % told
    if outcome.beyond:
        return _("The rank would go from %(now)s to %(then)s, beyond today's 90 %% interval.") % told
    return _("The rank would go from %(now)s to %(then)s, still inside today's 90 %% interval: no sure change.") % told


def _change(made: Case, one: Change) -> dict[str, Any]:
    fact = made.read.nodes[one.code]
    return {
        "name": fact.name,
        "unit": fact.unit,
        "before": figure(made.read.value("value", made.unit, one.code)) or "—",
        "after": figure(one.value),
        "cases": f"{figure(one.numerator)} / {figure(one.denominator)}" if one.split else "",
    }
