"""The severity of the reviewers of a round: effect with its interval, fit, adjusted sums beside and never in place."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import page, visible
from qualipolis.city.talent.awards.parties import READERS
from qualipolis.city.talent.awards.severity_runs import sheets_of
from qualipolis.city.talent.models import AwardApplication, AwardRound, Reviewer, SeverityRun
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.talent.award_round import STAGE

WIDTH, ROW, LEFT, HALF = 520, 30, 90, 210


@page(*READERS)
def severity(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest model of a round."""
    row = get_object_or_404(visible(request.user, AwardRound.objects.all()), pk=pk)
    run = visible(request.user, SeverityRun.objects.filter(round=row)).first()
    if run is None:
        raise Http404(_("The severity of the reviewers has not been modelled yet."))
    found = run.found
    people = {
        one.number: str(one.person)
        for one in Reviewer.objects.filter(number__in=[r["reviewer"] for r in found["reviewers"]]).select_related(
            "person"
        )
    }
    shown = {
        "stage": STAGE, "row": row, "run": run, "found": found, "lines": [_line(one, people) for one in found["reviewers"]],
        "chart": _chart(found["reviewers"]), "applicants": _applicants(found["applicants"]), "parts": _parts(found),
        "stale": sorted(run.sheets) != sorted(sheet.pk for sheet in sheets_of(row)),
        "p": _p(found["p_no_difference"]), "reliability": [(k, f"{value:.2f}") for k, value in found["reliability"]],
        "crumbs": [(_("Award rounds"), reverse("desk:award_rounds")), (row.number, reverse("desk:award_round", args=[row.pk])),
                   (_("Severity of the reviewers"), "")],
    }  # fmt: skip
    return render(request, "talent/award_severity.html", shown)


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _signed(value: float, digits: int = 1) -> str:
    return f"{value:+.{digits}f}".replace("-", "−")


def _line(one: dict[str, Any], people: dict[str, str]) -> dict[str, Any]:
    leaning = {
        "strict": parts.Chip("warn", _("stricter than the others")),
        "generous": parts.Chip("warn", _("more generous than the others")),
    }
    noise = {
        "erratic": parts.Chip("warn", _("scatters more than expected")),
        "muted": parts.Chip("warn", _("scatters less than expected")),
    }
    return {
        "number": one["reviewer"], "name": people.get(one["reviewer"], ""), "n": one["n"], "applicants": one["applicants"],
        "effect": _signed(one["effect"]), "interval": f"{_signed(one['low'])} … {_signed(one['high'])}", "fit": f"{one['fit']:.2f}",
        "chips": [chip for chip in (leaning.get(one["leaning"]), noise.get(one["noise"])) if chip], "panel": one["panel"] + 1,
    }  # fmt: skip


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the places of dots and intervals; the axis is the same to both sides of 0."""
    reach = max([abs(one[end]) for one in rows for end in ("low", "high")] + [1.0])
    place = lambda value: round(LEFT + HALF + HALF * value / reach, 1)  # noqa: E731
    lines = [
        {"y": 20 + ROW * n, "text_y": 24 + ROW * n, "name": one["reviewer"], "x": place(one["effect"]), "low": place(one["low"]),
         "high": place(one["high"]), "flag": bool(one["leaning"])}
        for n, one in enumerate(rows)
    ]  # fmt: skip
    height = 20 + ROW * len(rows) + 24
    return {"lines": lines, "zero": LEFT + HALF, "height": height, "foot": height - 6, "bottom": height - 24, "width": WIDTH,
            "left": LEFT, "right": LEFT + 2 * HALF, "reach": _signed(reach), "least": _signed(-reach)}  # fmt: skip


def _applicants(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    firms = {
        one.number: one
        for one in AwardApplication.objects.filter(number__in=[row["applicant"] for row in rows]).select_related(
            "enterprise"
        )
    }
    found = []
    for one in sorted(rows, key=lambda row: -row["raw"]):
        firm = firms.get(one["applicant"])
        found.append({
            "pk": firm.pk if firm else None, "name": firm.enterprise.name if firm else one["applicant"], "reviewers": one["reviewers"],
            "raw": f"{one['raw']:.1f}", "adjusted": f"{one['adjusted']:.1f}", "interval": f"{one['low']:.1f} … {one['high']:.1f}",
            "shift": _signed(one["adjusted"] - one["raw"]),
        })  # fmt: skip
    return found


def _parts(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what the scores differ by: the standard deviation of each part and its share of the variance."""
    whole = sum(found["variances"].values()) + found["residual"]
    names = {"applicant": _("applicants"), "item": _("items"), "reviewer": _("reviewers"), "applicant:item": _("applicant on an item"),
             "applicant:reviewer": _("reviewer on an applicant"), "reviewer:item": _("reviewer on an item")}  # fmt: skip
    rows = [(names[term], found["variances"][term]) for term in names if term in found["variances"]]
    rows.append((_("what is left"), found["residual"]))
    return [(name, f"{value**0.5:.1f}", f"{100 * value / whole:.0f} %") for name, value in rows]
