"""Addresses of plans, detailed rules, campaigns, draws and inspectors."""

from __future__ import annotations

from django.urls import URLPattern, path

from qualipolis.faces.desk.rooms.supervise import campaigns as supervise_campaigns
from qualipolis.faces.desk.rooms.supervise import draws as supervise_draws
from qualipolis.faces.desk.rooms.supervise import plan_inspectors as supervise_plan_inspectors
from qualipolis.faces.desk.rooms.supervise import plan_rules as supervise_plan_rules
from qualipolis.faces.desk.rooms.supervise import plans as supervise_plans

urlpatterns: list[URLPattern] = [
    path("sampling/plans/", supervise_plans.plan_list, name="sampling_plans"),
    path("sampling/plans/<int:pk>/", supervise_plans.plan_page, name="sampling_plan"),
    path("sampling/plans/lines.xlsx", supervise_plans.plan_template, name="sampling_plan_template"),
    path("sampling/lines/<int:pk>/", supervise_plans.plan_line, name="sampling_line"),
    path("sampling/higher/", supervise_plans.higher_tasks, name="higher_tasks"),
    path("sampling/rules/", supervise_plan_rules.rule_list, name="sampling_rules"),
    path("sampling/rules/<int:pk>/", supervise_plan_rules.rule_page, name="sampling_rule"),
    path("sampling/rules/<int:pk>/edit/", supervise_plan_rules.rule_edit, name="sampling_rule_edit"),
    path("sampling/", supervise_campaigns.campaign_list, name="campaigns"),
    path("sampling/new/", supervise_campaigns.campaign_new, name="campaign_new"),
    path("sampling/campaigns/<int:pk>/", supervise_campaigns.campaign_page, name="campaign"),
    path("sampling/campaigns/<int:pk>/edit/", supervise_campaigns.campaign_edit, name="campaign_edit"),
    path("sampling/draws/<int:pk>/", supervise_draws.draw_page, name="draw"),
    path("sampling/draws/<int:pk>/bundle.zip", supervise_draws.draw_files, name="draw_files"),
    path("sampling/inspectors/", supervise_plan_inspectors.inspectors, name="inspectors"),
    path("sampling/inspectors/<int:pk>/", supervise_plan_inspectors.inspector, name="inspector"),
]
