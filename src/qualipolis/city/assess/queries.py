"""What this room can tell; reads only. What a release says is read once and kept, since it never changes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qualipolis.city.assess import visibility as _visibility  # noqa: F401 (registers the rules)
from qualipolis.city.assess.book import Book, CardFacts, Name, NodeFacts, book
from qualipolis.city.assess.cycle_queries import (
    DrawCheck,
    NoticeFacts,
    RectificationLine,
    VisitLine,
    findings,
    notice_facts,
    notice_service,
    notices,
    rectification_items,
    rectifications,
    site_checks,
    site_visits,
    verify_draw,
)
from qualipolis.city.assess.drawing import reason_text
from qualipolis.city.assess.evidence import files_of
from qualipolis.city.assess.indicators import IndicatorPage, UnitValue, indicator_page
from qualipolis.city.assess.models import Assessment, Release
from qualipolis.city.assess.overview import Overview, StageLine, overview
from qualipolis.city.assess.profile import NodeLine, Standing, TownProfile, TrendPoint, town_profile
from qualipolis.city.assess.ranking import Ranking, RankRow, ranking
from qualipolis.city.assess.registers import (
    ReleasePage,
    latest_release,
    previous_release,
    release_page,
    releases_by_year,
)
from qualipolis.city.assess.self_queries import (
    Gap,
    ItemLine,
    SelfEvaluationLine,
    SelfEvaluationPage,
    self_evaluation_lines,
    self_evaluation_page,
    self_evaluations,
)
from qualipolis.city.assess.versions import (
    Beside,
    ByVersion,
    RevisedValue,
    RevisionEffect,
    effect_of_revision,
    runs_by_version,
    scores_by_version,
)
from qualipolis.city.assess.work import work
from qualipolis.city.core.policy import visible

__all__ = [
    "Beside",
    "Book",
    "ByVersion",
    "CardFacts",
    "DrawCheck",
    "Gap",
    "IndicatorPage",
    "ItemLine",
    "Name",
    "NodeFacts",
    "NodeLine",
    "NoticeFacts",
    "Overview",
    "RankRow",
    "Ranking",
    "RectificationLine",
    "ReleasePage",
    "RevisedValue",
    "RevisionEffect",
    "SelfEvaluationLine",
    "SelfEvaluationPage",
    "StageLine",
    "Standing",
    "TownProfile",
    "TrendPoint",
    "UnitValue",
    "VisitLine",
    "assessments",
    "book",
    "effect_of_revision",
    "files_of",
    "findings",
    "indicator_page",
    "latest_release",
    "notice_facts",
    "notice_service",
    "notices",
    "overview",
    "previous_release",
    "ranking",
    "reason_text",
    "rectification_items",
    "rectifications",
    "release_page",
    "releases",
    "releases_by_year",
    "runs_by_version",
    "scores_by_version",
    "self_evaluation_lines",
    "self_evaluation_page",
    "self_evaluations",
    "site_checks",
    "site_visits",
    "town_profile",
    "verify_draw",
    "work",
]


def releases(actor: Any) -> QuerySet[Release]:
    """Return every release, the latest first, with what became of it."""
    rows = visible(actor, Release.objects.select_related("assessment__round__set"))
    return rows.order_by("-assessment__round__period", "-published_at")


def assessments(actor: Any) -> QuerySet[Assessment]:
    """Return the runs ``actor`` may see, the latest first."""
    return visible(actor, Assessment.objects.select_related("round__set", "release")).order_by("-run_at")
