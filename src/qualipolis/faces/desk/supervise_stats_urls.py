"""Addresses of the statistics of supervision sampling."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.supervise import stats as supervise_stats
from qualipolis.faces.desk.rooms.supervise import stats_plan as supervise_stats_plan
from qualipolis.faces.desk.rooms.supervise import stats_towns as supervise_stats_towns
from qualipolis.faces.desk.rooms.supervise import stats_work as supervise_stats_work

urlpatterns = [
    path("supervise/statistics/", supervise_stats.stats, name="supervise_stats"),
    path("supervise/statistics/domains/", supervise_stats.domains, name="supervise_stats_domains"),
    path("supervise/statistics/towns/", supervise_stats_towns.towns, name="supervise_stats_towns"),
    path("supervise/statistics/items/", supervise_stats_towns.items, name="supervise_stats_items"),
    path("supervise/statistics/targeted/", supervise_stats_towns.targeted, name="supervise_stats_risk"),
    path("supervise/statistics/follow-up/", supervise_stats_work.follow, name="supervise_stats_follow"),
    path("supervise/statistics/revisions/", supervise_stats_work.revisions, name="supervise_stats_revisions"),
    path("supervise/statistics/effects/", supervise_stats_work.effects, name="supervise_stats_effects"),
    path("supervise/statistics/import/", supervise_stats_plan.import_facts, name="supervise_stats_import"),
    path("supervise/statistics/template.xlsx", supervise_stats_plan.template, name="supervise_stats_template"),
    path("supervise/plans/<int:pk>/power/", supervise_stats_plan.power, name="supervise_stats_power"),
]
