"""Addresses of the staff desk. Each room adds its own lines; the frame's pages come first."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk import frame
from qualipolis.faces.desk.rooms import (
    adjustments,
    assess_indicator,
    assess_ranking,
    assess_release,
    assess_run,
    assess_town,
    indicator_list,
    measure_clear,
    measure_import,
    measure_observation,
    measure_rounds,
    measure_sets,
    measure_sheet,
    overview,
    registry,
    work,
)

app_name = "desk"

urlpatterns = [
    path("stage/<slug:slug>/", frame.stage, name="stage"),
    path("appearance/", frame.appearance, name="appearance"),
    path("language/", frame.language, name="language"),
    path("components/", frame.components, name="components"),
    path("registry/<slug:kind>/", registry.table_list, name="registry"),
    path("registry/<slug:kind>/import/", registry.import_table, name="registry_import"),
    path("registry/<slug:kind>/imported/", registry.imported, name="registry_imported"),
    path("registry/<slug:kind>/template.xlsx", registry.template, name="registry_template"),
    path("enterprises/<int:pk>/", registry.enterprise, name="enterprise"),
    path("institutions/<int:pk>/", registry.institution, name="institution"),
    path("search/", registry.search, name="search"),
    path("", work.home, name="home"),
    path("work/", work.everything, name="work"),
    path("registry/", work.registry_home, name="registry_home"),
    path("sets/", measure_sets.set_list, name="sets"),
    path("sets/<int:pk>/", measure_sets.set_page, name="set"),
    path("sets/<int:pk>/edit/", measure_sets.edit, name="set_edit"),
    path("rounds/", measure_rounds.round_list, name="rounds"),
    path("rounds/<int:pk>/", measure_rounds.round_page, name="round"),
    path("rounds/<int:pk>/sheet/", measure_sheet.collect, name="collect"),
    path("rounds/<int:pk>/adjustments/", adjustments.adjustments, name="adjustments"),
    path("rounds/<int:pk>/import/", measure_import.import_values, name="round_import"),
    path("rounds/<int:pk>/template.xlsx", measure_import.template, name="round_template"),
    path("observations/<int:pk>/", measure_observation.observation, name="observation"),
    path("check/", measure_clear.clear, name="clear"),
    path("overview/", overview.city_overview, name="overview"),
    path("ranking/", assess_ranking.ranking, name="ranking"),
    path("quadrant/", assess_ranking.quadrant, name="quadrant"),
    path("towns/<str:code>/", assess_town.town, name="town"),
    path("indicators/", indicator_list.indicator_list, name="indicators"),
    path("indicators/<str:code>/", assess_indicator.indicator, name="indicator"),
    path("releases/", assess_release.release_list, name="releases"),
    path("releases/<str:number>/", assess_release.release, name="release"),
    path("releases/<str:number>/verify/", assess_release.release_verify, name="release_verify"),
    path("releases/<str:number>/withdraw/", assess_release.release_withdraw, name="release_withdraw"),
    path("releases/<str:number>/bundle.zip", assess_release.release_bundle, name="release_bundle"),
    path("releases/<str:number>/report-<str:lang>.pdf", assess_release.release_report, name="release_report"),
    path("releases/<str:number>/files/<path:name>", assess_release.release_file, name="release_file"),
    path("runs/new/", assess_run.assessment_run, name="assess_run"),
    path("runs/<int:pk>/", assess_run.assessment, name="assessment"),
]
