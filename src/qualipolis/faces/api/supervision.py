"""Operations of supervision sampling for everyone: plans, rules, campaigns, draws and their files, as on the pages."""

from typing import Annotated, Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.supervise.models import Campaign, DrawRun, SamplingPlan, SamplingRule
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api import schemas as s
from qualipolis.faces.api import supervision_schemas as o
from qualipolis.faces.api.access import operation
from qualipolis.faces.api.words import PLACES
from qualipolis.faces.portal import open_draws

router = Router(tags=["supervision"])
CampaignNumber = Annotated[str, Field(max_length=24, pattern=p.CODE, description=PLACES["campaign"])]
DrawNumber = Annotated[int, Field(ge=1, le=999, description=PLACES["draw"])]
RuleNumber = Annotated[int, Field(ge=1, le=2**31, description=PLACES["rule"])]
Category = Annotated[str, Field(max_length=60, pattern=p.TEXT, description=PLACES["category"])]


@operation(router, "/sampling/plans", ANYONE, response=s.Page[o.PlanOut])
def list_sampling_plans(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The published plans of supervision sampling, every version."""
    rows = open_draws.plans().select_related("organiser", "amends").prefetch_related("lines")
    return {"count": rows.count(), "items": [_plan(one) for one in rows[offset : offset + limit]]}


@operation(router, "/sampling/plans/{year}", ANYONE, response=o.PlanOut)
def get_sampling_plan(request, year: p.Year):
    """The plan of a year in its latest published version, with its product classes."""
    row = open_draws.plans().filter(year=year).select_related("organiser", "amends").first()
    if row is None:
        raise Http404(_("No plan of this year is published; the list is at /api/v1/sampling/plans."))
    return _plan(row)


@operation(router, "/sampling/rules", ANYONE, response=s.Page[o.RuleOut])
def list_sampling_rules(request, category: Category = "", limit: p.Limit = 50, offset: p.Offset = 0):
    """The published detailed rules, every version: items, limits, methods, how a value near the limit is judged."""
    rows = open_draws.rules().prefetch_related("items")
    rows = rows.filter(category=category) if category else rows
    return {"count": rows.count(), "items": [_rule(one) for one in rows[offset : offset + limit]]}


@operation(router, "/sampling/rules/{rule}", ANYONE, response=o.RuleOut)
def get_sampling_rule(request, rule: RuleNumber):
    """One set of detailed rules."""
    row = open_draws.rules().filter(pk=rule).first()
    if row is None:
        raise Http404(_("No such rules are published; the list is at /api/v1/sampling/rules."))
    return _rule(row)


@operation(router, "/sampling/campaigns", ANYONE, response=s.Page[o.CampaignOut])
def list_campaigns(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The campaigns whose scheme and rules are public."""
    rows = open_draws.campaigns()
    return {"count": rows.count(), "items": [_campaign(one) for one in rows[offset : offset + limit]]}


@operation(router, "/sampling/campaigns/{campaign}", ANYONE, response=o.CampaignOut)
def get_campaign(request, campaign: CampaignNumber):
    """One campaign."""
    return _campaign(_one(campaign))


@operation(router, "/sampling/campaigns/{campaign}/draws", ANYONE, response=list[o.DrawOut])
def list_draws(request, campaign: CampaignNumber):
    """The draws of a campaign that were committed; superseded ones stay with their reason.

    Files are listed once sampling on site has ended; before that only hashes are public.
    """
    return [_draw(request, one) for one in open_draws.draws(_one(campaign))]


@operation(router, "/sampling/campaigns/{campaign}/draws/{draw}", ANYONE, response=o.DrawOut)
def get_draw(request, campaign: CampaignNumber, draw: DrawNumber):
    """One draw: hashes, source, seed, numbers, and the files that replay it."""
    row = open_draws.draws(_one(campaign)).filter(number=draw).first()
    if row is None:
        raise Http404(_("This campaign has no such draw in public."))
    return _draw(request, row)


@operation(router, "/sampling/campaigns/{campaign}/draws/{draw}/units", ANYONE, response=s.Page[o.DrawnOut])
def list_drawn_units(request, campaign: CampaignNumber, draw: DrawNumber, limit: p.Limit = 200, offset: p.Offset = 0):
    """Who was drawn, and the reserve; empty until sampling on site has ended."""
    row = open_draws.draws(_one(campaign)).filter(number=draw).first()
    if row is None:
        raise Http404(_("This campaign has no such draw in public."))
    rows = open_draws.units(request.user, row)
    return {"count": rows.count(), "items": [_unit(one) for one in rows[offset : offset + limit]]}


def _one(number: str) -> Campaign:
    row = open_draws.campaigns().filter(number=number).first()
    if row is None:
        raise Http404(_("No such campaign is public; the list is at /api/v1/sampling/campaigns."))
    return row


def _fields(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _plan(row: SamplingPlan) -> dict[str, Any]:
    lines = ("position", "category", "standard", "purpose", "stage", "batches", "quarter")
    return {
        **_fields(row, "year", "version", "status", "name_zh", "name_en", "document_no", "filed_with", "filed_no"),
        **_fields(row, "filed_on", "published_at"),
        "organiser": row.organiser.name_zh,
        "amends": row.amends.version if row.amends else None,
        "lines": [_fields(one, *lines) for one in row.lines.all()],
    }


def _rule(row: SamplingRule) -> dict[str, Any]:
    items = ("position", "name_zh", "name_en", "unit", "lower", "upper", "requirement", "clause", "method", "safety")
    counts = ("quantity_unit", "test_quantity", "backup_quantity", "least_stock")
    return {
        **_fields(row, "category", "version", "standard", "food", "name_zh", "name_en", "method_zh", "method_en"),
        **_fields(row, *counts, "published_on"),
        "rule": row.pk,
        "items": [{**_fields(one, *items), "decision": one.decision} for one in row.items.all()],
    }


def _campaign(row: Campaign) -> dict[str, Any]:
    return {
        **_fields(row, "number", "name_zh", "name_en", "purpose", "stage", "status", "size", "scheme_zh", "scheme_en"),
        **_fields(row, "begins_on", "ends_on", "rules_public_on"),
        "category": row.rule.category,
        "rule": row.rule_id,
        "organiser": row.organiser.name_zh,
        "sampling_body": row.sampling_body.name_zh if row.sampling_body else None,
    }


def _draw(request: Any, row: DrawRun) -> dict[str, Any]:
    found = open_draws.counts(row)
    address = [row.campaign.number, row.number]
    return {
        **_fields(row, "number", "status", "frame_sha256", "commitment", "committed_at", "source", "source_words"),
        **_fields(row, "source_at", "secret_hash", "random_at", "seed", "revealed", "drawn_at", "published_at"),
        **_fields(row, "record_sha256", "rule", "reason"),
        "campaign": row.campaign.number,
        "frame": found.frame,
        "drawn": found.drawn if row.drawn_at else None,
        "certain": found.certain if row.drawn_at else None,
        "reserve": found.reserve if row.drawn_at else None,
        "supersedes": row.supersedes.number if row.supersedes else None,
        "open": open_draws.is_open(request.user, row),
        "verify": reverse("portal:draw_verify", args=address),
        "files": [
            {
                "name": one.name, "bytes": one.bytes, "sha256": one.sha256,
                "url": reverse("portal:draw_file", args=[*address, one.name]),
            }
            for one in open_draws.files(request.user, row)
        ],
    }  # fmt: skip


def _unit(row: Any) -> dict[str, Any]:
    return {
        **_fields(row, "stratum", "position", "kind", "key", "ticket", "probability"),
        "name_zh": row.enterprise.name_zh,
        "name_en": row.enterprise.name_en,
    }
