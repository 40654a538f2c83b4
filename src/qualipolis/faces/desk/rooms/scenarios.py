"""What if, for planners: other weights and methods beside the official result. Nothing official is changed by it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qualipolis.city.assess.analysis_basis import Basis, node_names
from qualipolis.city.assess.analysis_scenarios import MOST, Scenario, clean, from_pairs, labels, outcome, read
from qualipolis.city.assess.models import Assessment
from qualipolis.city.core import drafts
from qualipolis.city.core.models import Draft
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk.rooms import scenarios_shown as shown
from qualipolis.faces.desk.rooms.run.frame import basis_of, frame, run_of
from qualipolis.lake.canonical import sha256

KEYS = tuple(f"s{n}" for n in range(1, MOST + 1))


@page(*STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def scenarios(request: HttpRequest, pk: int) -> HttpResponse:
    """Up to four scenarios side by side, all of them in the link; a POST keeps or drops a draft of one's own."""
    made = run_of(request, pk)
    base, why = basis_of(made)
    if base is None:
        return render(request, "assess/scenarios.html", frame(made, "scenarios") | {"why": why})
    told = told_of(request.GET, base)
    if request.method == "POST":
        return _kept(request, made, told)
    if "apply" in request.GET or "drop" in request.GET or "more" in request.GET:
        return HttpResponseRedirect(link(made, *_changed(request.GET, told, base)))
    return render(request, "assess/scenarios.html", _context(request, made, base, told))


def told_of(query: QueryDict, base: Basis) -> list[Scenario]:
    """Return the scenarios of a link, at most four."""
    return [read(query[key], base.result.framework) for key in KEYS if key in query]


def link(made: Assessment, told: list[Scenario], at: int = 0) -> str:
    """Return the address that says these scenarios; ``at`` is the one that the form shows."""
    query = [(key, scenario.written()) for key, scenario in zip(KEYS, told, strict=False)]
    tail = [*query, ("at", str(at))] if at else query
    return f"{reverse('desk:run_scenarios', args=[made.pk])}{'?' if tail else ''}{urlencode(tail)}"


def _changed(query: QueryDict, told: list[Scenario], base: Basis) -> tuple[list[Scenario], int]:
    """Take the form into the scenario it shows, add one, or drop one."""
    at = min(max(whole(query.get("at")) or 1, 1), MOST)
    if "drop" in query:
        gone = whole(query.get("drop")) or 0
        return [one for n, one in enumerate(told, start=1) if n != gone], 0
    if "more" in query:
        return [*told, Scenario()][:MOST], min(len(told) + 1, MOST)
    made = from_pairs(((key, query[key]) for key in query), base.result.framework)
    rows = list(told)
    while len(rows) < at:
        rows.append(Scenario())
    rows[at - 1] = made
    return rows, at


def _context(request: HttpRequest, made: Assessment, base: Basis, told: list[Scenario]) -> dict[str, Any]:
    at = min(max(whole(request.GET.get("at")) or 1, 1), max(1, len(told)))
    words = labels(told, _("Scenario %(n)s"))
    outcomes = [outcome(one, base) for one in told]
    current = told[at - 1] if told else Scenario()
    names = node_names(made)
    groups = shown.tree(base, names, current)
    return frame(made, "scenarios") | {
        "at": at,
        "told": _listed(made, told, words, [(one.refused, shown.problems(one, names)) for one in outcomes], at),
        "hidden": [(key, one.written()) for key, one in zip(KEYS, told, strict=False)],
        "room": len(told) < MOST,
        "more": f"{link(made, told)}{'&' if told else '?'}more=1",
        "current": current,
        "fields": shown.fields(current),
        "tree": groups,
        "low_open": any(group["low"] and group["changed"] for group in groups),
        "mine": _mine(request, made),
        "begin": [] if told else [(one.name, link(made, [one])) for one in shown.beginnings()],
        **shown.results(request, made, base, told, words, outcomes),
    }


def _listed(
    made: Assessment, told: list[Scenario], words: list[str], problems: list[tuple[bool, list[str]]], at: int
) -> list[dict[str, Any]]:
    """Each scenario with what differs, or why it was refused, and the links that change it."""
    found = []
    for n, (one, word, (refused, why)) in enumerate(zip(told, words, problems, strict=True), start=1):
        found.append({
            "n": n, "name": word, "current": n == at, "edit": link(made, told, n), "drop": f"{link(made, told)}&drop={n}",
            "differs": shown.differs(one), "refused": refused, "problems": why,
        })  # fmt: skip
    return found


# ---------------------------------------------------------------- drafts of one's own


def _prefix(made: Assessment) -> str:
    return f"scenario:{made.pk}:"


def _mine(request: HttpRequest, made: Assessment) -> list[dict[str, str]]:
    """The drafts of this person for this run, the latest first."""
    rows = Draft.objects.filter(person=request.user, key__startswith=_prefix(made)).order_by("-saved_at")[:20]
    return [
        {
            "key": row.key,
            "name": str(row.data.get("name", "")),
            "url": f"{reverse('desk:run_scenarios', args=[made.pk])}?{urlencode({k: str(row.data.get(k, '')) for k in KEYS if k in row.data})}",
            "at": f"{timezone.localtime(row.saved_at):%Y-%m-%d %H:%M}",
        }
        for row in rows
    ]


def _kept(request: HttpRequest, made: Assessment, told: list[Scenario]) -> HttpResponse:
    """Keep the scenarios of the link under a name, or forget a draft."""
    here = HttpResponseRedirect(link(made, told))
    if gone := request.POST.get("forget", ""):
        if gone.startswith(_prefix(made)):
            drafts.discard(request.user, gone)
        return here
    name = clean(request.POST.get("name", ""))
    if not name or not told:
        messages.error(request, _("Give the draft a name, and make at least one scenario first."))
        return here
    slug = sha256(name.encode())[:24]
    data = {key: one.written() for key, one in zip(KEYS, told, strict=False)} | {"name": name}
    drafts.save(request.user, _prefix(made) + slug, data)
    messages.success(request, _("Kept among your drafts; nobody else sees it."))
    return here
