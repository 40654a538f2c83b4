"""The result on one page: the finding, what moved it, what would, and whom it compares with; made to be printed on A4."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qualipolis.city.assess.explain import READERS
from qualipolis.city.assess.explain_levers import Lever, levers
from qualipolis.city.assess.explain_parts import peer_parts, year_parts
from qualipolis.city.assess.explain_peers import comparable_peers
from qualipolis.city.core.policy import page
from qualipolis.faces.desk.rooms.assess.frame import figure
from qualipolis.faces.desk.rooms.town.frame import explained, finding
from qualipolis.faces.desk.rooms.town.levers import reached
from qualipolis.faces.desk.rooms.town.peers import drawn
from qualipolis.faces.desk.rooms.town.why import change_shown, final_lines, gap_shown, lead

MOST_BARS = 5
MOST_LEVERS = 4
MOST_PEERS = 5


@page(*READERS)
@require_safe
def brief(request: HttpRequest, code: str) -> HttpResponse:
    """Everything a leader needs in five minutes, on one page."""
    found = explained(request, code, "brief")
    if isinstance(found, HttpResponse):
        return found
    made = found.case
    year, gap = year_parts(made), peer_parts(made)
    lines = levers(made)  # without the private note: this page is for others
    peers = comparable_peers(request.user, made)
    near = sorted((peers.comparable or peers.lines)[:MOST_PEERS], key=lambda one: one.rank or 0)
    context = {
        **found.context,
        "finding": finding(made, found.year),
        "lead": lead(made, year, gap),
        "change": change_shown(found, year, MOST_BARS, coarse=True),
        "gap": gap_shown(found, gap, MOST_BARS, coarse=True),
        "final": final_lines(made),
        "levers": [_lever(line) for line in lines if line.step and line.step.gain > 0][:MOST_LEVERS],
        "alike": len(peers.comparable),
        "n": f"{peers.n:,}",
        **drawn(found, [peers.own, *near]),
    }
    return render(request, "assess/town_brief.html", context)


def _lever(line: Lever) -> dict[str, Any]:
    return {
        "name": line.node.name,
        "unit": line.node.unit,
        "now": figure(line.value),
        "then": figure(line.step.value) if line.step else "",
        "step": reached(line.step),
        "target": reached(line.target),
    }
