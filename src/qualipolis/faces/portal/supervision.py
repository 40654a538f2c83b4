"""Supervision sampling for everyone: the plan, the rules, the campaigns and what happens when."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from qualipolis.city.core.moves import state_words
from qualipolis.city.supervise.aftermath.publication_queries import public_versions
from qualipolis.city.supervise.models import Campaign, SamplingPlan
from qualipolis.city.supervise.planning.visibility import SAMPLED
from qualipolis.faces.desk import parts
from qualipolis.faces.portal import frame, open_draws

PLACE = "supervision"
TONES = {"rules_public": "wait", "sampling": "warn", "testing": "wait", "settled": "ok", "archived": "idle"}
DRAW_TONES = {"committed": "wait", "drawn": "wait", "published": "ok", "superseded": "idle"}


def show(request: HttpRequest, template: str, crumbs: list[tuple[str, str]], context: dict[str, Any]) -> HttpResponse:
    """Answer with a page of supervision sampling."""
    first = [frame.home_crumb()]
    if crumbs:
        first.append((_("Supervision sampling"), reverse("portal:supervision")))
    else:
        crumbs = [(_("Supervision sampling"), "")]
    return frame.show(request, template, PLACE, {"stage": "supervise", "crumbs": first + crumbs} | context)


def campaign_url(row: Campaign) -> str:
    """Return the address of a campaign."""
    return reverse("portal:campaign", args=[row.number])


def draw_url(draw: Any, name: str = "draw") -> str:
    """Return the address of a draw, or of its verification."""
    return reverse(f"portal:{name}", args=[draw.campaign.number, draw.number])


def state(row: Any, tones: dict[str, str]) -> parts.Chip:
    """Return the state of a row as a chip."""
    return parts.Chip(tones.get(row.status, "idle"), state_words(row))


@frame.open_page
def overview(request: HttpRequest) -> HttpResponse:
    """The plan in force, the campaigns by state, and what happens when."""
    rows = list(open_draws.campaigns())
    running = [row for row in rows if row.status in ("rules_public", "sampling")]
    context = {
        "plan": open_draws.plans().first(),
        "groups": [
            (_("Announced and under way"), _campaign_table(running, _("Campaigns announced and under way"))),
            (_("Sampled"), _campaign_table([one for one in rows if one not in running], _("Campaigns sampled"))),
        ],
        "campaigns": len(rows),
        "rules": open_draws.rules().count(),
        "steps": _course(),
        "elsewhere": _elsewhere(),
    }
    return show(request, "supervision", [], context)


def _elsewhere() -> list[tuple[str, str]]:
    """Return the pages of results, where the site has them."""
    wanted = (
        ("portal:supervision_results", _("Published results")),
        ("portal:how_to_object", _("How to object")),
        ("portal:penalties", _("Published penalties")),
        ("portal:supervision_statistics", _("Pass rates")),
    )
    return [found for found in (_address(name, label) for name, label in wanted) if found]


def _address(name: str, label: str) -> tuple[str, str] | None:
    try:
        return label, reverse(name)
    except NoReverseMatch:
        return None


def _course() -> list[tuple[str, str]]:
    return [
        (pgettext("campaign", "Plan"), _("Once a year: which products, how many batches, in which quarter.")),
        (pgettext("campaign", "Rules"), _("Public before sampling: what is tested, to which limits, by which method.")),
        (
            pgettext("draw", "Draw"),
            _("The list is frozen and its fingerprint published before the random numbers exist."),
        ),
        (
            pgettext("campaign", "Sampling"),
            _("At least two inspectors buy and seal a test sample and a backup sample."),
        ),
        (_("Test"), _("A laboratory tests samples without names.")),
        (_("Objection"), _("The firm has 15 days from receipt to object; a recheck is final.")),
        (_("Publication"), _("Results are published with their objections; the draw can be replayed by anyone.")),
    ]


def _campaign_table(rows: list[Campaign], caption: str) -> parts.Table | None:
    if not rows:
        return None
    columns = [
        parts.Column("name", _("Campaign"), title=True),
        parts.Column("number", _("Number")),
        parts.Column("purpose", _("Purpose")),
        parts.Column("size", _("Batches"), numeric=True),
        parts.Column("dates", pgettext("campaign", "On site")),
        parts.Column("state", _("State")),
    ]
    values = [
        {
            "name": row.name, "number": row.number, "purpose": row.get_purpose_display(), "size": row.size,
            "dates": days(row), "state": state(row, TONES).text, "url": campaign_url(row),
        }
        for row in rows
    ]  # fmt: skip
    return parts.Table(caption, columns, values, links="url")


def days(row: Campaign) -> str | None:
    """Return the days of a campaign on site."""
    ends = [f"{day:%Y-%m-%d}" for day in (row.begins_on, row.ends_on) if day]
    return " – ".join(ends) or None


@frame.open_page
def plan(request: HttpRequest, year: int) -> HttpResponse:
    """The plan of a year as it stands, with its amendments; ``?version=`` shows an earlier one."""
    versions = list(open_draws.plans().filter(year=year).select_related("organiser", "amends"))
    wanted = request.GET.get("version", "")
    row = next((one for one in versions if str(one.version) == wanted), versions[0] if versions else None)
    if row is None:
        raise Http404
    lines = list(row.lines.all())
    context = {
        "row": row,
        "state": state(row, {"public": "ok"}),
        "older": row != versions[0],
        "versions": versions if len(versions) > 1 else [],
        "table": _lines(row, lines),
        "batches": sum(line.batches for line in lines),
        "lines": len(lines),
        "years": sorted({one.year for one in open_draws.plans()}, reverse=True),
    }
    return show(request, "sampling_plan", [(str(row.year), "")], context)


def _lines(row: SamplingPlan, lines: list[Any]) -> parts.Table:
    columns = [
        parts.Column("category", _("Product class"), title=True),
        parts.Column("standard", _("Standard")),
        parts.Column("purpose", _("Purpose")),
        parts.Column("stage", _("Sampled where")),
        parts.Column("quarter", _("Quarter"), numeric=True),
        parts.Column("batches", _("Batches"), numeric=True),
    ]
    values = [
        {
            "category": one.category, "standard": one.standard or None, "purpose": one.get_purpose_display(),
            "stage": one.get_stage_display(), "quarter": one.quarter, "batches": one.batches,
        }
        for one in lines
    ]  # fmt: skip
    foot = {"category": _("In all"), "batches": sum(one.batches for one in lines)}
    return parts.Table(_("Product classes of the plan of %(year)s") % {"year": row.year}, columns, values, foot=foot)


@frame.open_page
def rules(request: HttpRequest) -> HttpResponse:
    """The detailed rules in force, product class by product class."""
    columns = [
        parts.Column("name", pgettext("campaign", "Rules"), title=True),
        parts.Column("category", _("Product class")),
        parts.Column("standard", _("Standard")),
        parts.Column("version", _("Version"), numeric=True),
        parts.Column("published", _("Published")),
    ]
    rows = [
        {
            "name": one.name, "category": one.category, "standard": one.standard, "version": one.version,
            "published": f"{one.published_on:%Y-%m-%d}", "url": reverse("portal:rule", args=[one.pk]),
        }
        for one in open_draws.rules()
    ]  # fmt: skip
    table = parts.Table(_("Detailed rules, by product class"), columns, rows, links="url")
    return show(request, "sampling_rules", [(_("Detailed rules"), "")], {"table": table, "count": len(rows)})


@frame.open_page
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """The detailed rules of one product class: items, limits, how a value near the limit is judged."""
    row = get_object_or_404(open_draws.rules(), pk=pk)
    zh = (get_language() or "zh").startswith("zh")
    context = {
        "row": row,
        "newer": open_draws.rules().filter(category=row.category, version__gt=row.version).first(),
        "method": (row.method_zh or row.method_en) if zh else (row.method_en or row.method_zh),
        "table": _items(row),
        "campaigns": _campaign_table(
            [one for one in open_draws.campaigns() if one.rule_id == row.pk], _("Campaigns by these rules")
        ),
    }
    crumbs = [(_("Detailed rules"), reverse("portal:rules")), (row.category, "")]
    return show(request, "sampling_rule", crumbs, context)


def _items(row: Any) -> parts.Table:
    columns = [
        parts.Column("name", _("Item"), title=True),
        parts.Column("limit", _("Limit")),
        parts.Column("unit", _("Unit of measurement")),
        parts.Column("clause", _("Clause")),
        parts.Column("method", _("Test method")),
        parts.Column("decision", _("Judged by")),
    ]
    rows = [
        {
            "name": f"{one.name}{_(' (safety item)')}" if one.safety else one.name,
            "limit": limit(one), "unit": one.unit or None, "clause": one.clause or None, "method": one.method or None,
            "decision": one.get_decision_display(),
        }
        for one in row.items.all()
    ]  # fmt: skip
    return parts.Table(ngettext("%(n)s test item", "%(n)s test items", len(rows)) % {"n": len(rows)}, columns, rows)


def limit(item: Any) -> str | None:
    """Return the limits of a test item as people write them."""
    low, high = (None if x is None else f"{x:g}" for x in (item.lower, item.upper))
    if low is not None and high is not None:
        return f"{low} – {high}"
    if high is not None:
        return f"≤ {high}"
    return f"≥ {low}" if low is not None else (item.requirement or None)


@frame.open_page
def campaign(request: HttpRequest, number: str) -> HttpResponse:
    """One campaign: scheme, rules, days, and its draws with the superseded ones."""
    row = get_object_or_404(open_draws.campaigns(), number=number)
    zh = (get_language() or "zh").startswith("zh")
    found = list(open_draws.draws(row))
    context = {
        "row": row,
        "state": state(row, TONES),
        "scheme": (row.scheme_zh or row.scheme_en) if zh else (row.scheme_en or row.scheme_zh),
        "facts": _facts(row),
        "draws": [(one, state(one, DRAW_TONES), draw_url(one), open_draws.is_open(request.user, one)) for one in found],
        "sampled": row.status in SAMPLED,
        "publications": sorted({one.number for one in public_versions() if one.campaign == row}),
        "elsewhere": _elsewhere(),
    }
    return show(request, "campaign", [(row.number, "")], context)


def _facts(row: Campaign) -> list[tuple[str, Any, str]]:
    plan_ = row.line.plan if row.line else None
    shown = plan_ is not None and open_draws.plans().filter(pk=plan_.pk).exists()
    return [
        (_("Product class"), row.rule.category, ""),
        (_("Purpose"), row.get_purpose_display(), ""),
        (_("Sampled where"), row.get_stage_display(), ""),
        (_("Batches"), row.size, ""),
        (_("Organiser"), row.organiser.name, ""),
        (_("Sampled by"), row.sampling_body.name if row.sampling_body else "—", ""),
        (pgettext("campaign", "On site"), days(row) or "—", ""),
        (_("Detailed rules"), f"{row.rule.name} v{row.rule.version}", reverse("portal:rule", args=[row.rule_id])),
        (_("Scheme and rules public on"), f"{row.rules_public_on:%Y-%m-%d}" if row.rules_public_on else "—", ""),
        (pgettext("campaign", "Plan"), str(plan_.year) if plan_ and shown else "—",
         reverse("portal:plan", args=[plan_.year]) if plan_ and shown else ""),
    ]  # fmt: skip
