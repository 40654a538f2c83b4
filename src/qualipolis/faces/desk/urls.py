"""Addresses of the staff desk. Each room adds its own lines; the frame's pages come first."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk import (
    federation_urls,
    frame,
    hospital_urls,
    listen_urls,
    nqi_directory_urls,
    nqi_licence_urls,
    nqi_service_urls,
    supervise_urls,
    talent_award_urls,
    talent_training_urls,
)
from qualipolis.faces.desk.rooms import adjustments, indicator_list, overview, registry, robustness, scenarios, work
from qualipolis.faces.desk.rooms.assess import indicator as assess_indicator
from qualipolis.faces.desk.rooms.assess import ranking as assess_ranking
from qualipolis.faces.desk.rooms.assess import release as assess_release
from qualipolis.faces.desk.rooms.assess import run as assess_run
from qualipolis.faces.desk.rooms.assess import town as assess_town
from qualipolis.faces.desk.rooms.cycle import check as cycle_check
from qualipolis.faces.desk.rooms.cycle import check_visit as cycle_check_visit
from qualipolis.faces.desk.rooms.cycle import consult as cycle_consult
from qualipolis.faces.desk.rooms.cycle import consult_targets as cycle_consult_targets
from qualipolis.faces.desk.rooms.cycle import decide as cycle_decide
from qualipolis.faces.desk.rooms.cycle import late as cycle_late
from qualipolis.faces.desk.rooms.cycle import late_effect as cycle_late_effect
from qualipolis.faces.desk.rooms.cycle import notice as cycle_notice
from qualipolis.faces.desk.rooms.cycle import notice_page as cycle_notice_page
from qualipolis.faces.desk.rooms.cycle import rectify as cycle_rectify
from qualipolis.faces.desk.rooms.cycle import rectify_page as cycle_rectify_page
from qualipolis.faces.desk.rooms.cycle import self as cycle_self
from qualipolis.faces.desk.rooms.cycle import self_page as cycle_self_page
from qualipolis.faces.desk.rooms.cycle import serve as cycle_serve
from qualipolis.faces.desk.rooms.cycle import serve_page as cycle_serve_page
from qualipolis.faces.desk.rooms.cycle import versions as cycle_versions
from qualipolis.faces.desk.rooms.cycle import year as cycle_year
from qualipolis.faces.desk.rooms.design import analysis as design_analysis
from qualipolis.faces.desk.rooms.design import node as design_node
from qualipolis.faces.desk.rooms.design import tree as design_tree
from qualipolis.faces.desk.rooms.measure import clear as measure_clear
from qualipolis.faces.desk.rooms.measure import import_values as measure_import
from qualipolis.faces.desk.rooms.measure import observation as measure_observation
from qualipolis.faces.desk.rooms.measure import rounds as measure_rounds
from qualipolis.faces.desk.rooms.measure import sets as measure_sets
from qualipolis.faces.desk.rooms.measure import sheet as measure_sheet
from qualipolis.faces.desk.rooms.run import charts as run_charts
from qualipolis.faces.desk.rooms.run import method as run_method
from qualipolis.faces.desk.rooms.run import structure as run_structure
from qualipolis.faces.desk.rooms.town import brief as town_brief
from qualipolis.faces.desk.rooms.town import levers as town_levers
from qualipolis.faces.desk.rooms.town import peers as town_peers
from qualipolis.faces.desk.rooms.town import trial as town_trial
from qualipolis.faces.desk.rooms.town import why as town_why

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
    path("sets/<int:pk>/design/", design_tree.design, name="set_design"),
    path("sets/<int:pk>/node/", design_node.node, name="set_node"),
    path("sets/<int:pk>/analysis/", design_analysis.analysis, name="set_analysis"),
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
    path("rounds/<int:pk>/self/", cycle_self.self_evaluations, name="self_evaluations"),
    path("self/<int:pk>/", cycle_self_page.self_evaluation, name="self_evaluation"),
    path("self/<int:pk>/report/", cycle_self_page.self_report, name="self_report"),
    path("rounds/<int:pk>/checks/", cycle_check.site_checks, name="site_checks"),
    path("checks/<int:pk>/", cycle_check.site_check, name="site_check"),
    path("visits/<int:pk>/", cycle_check_visit.site_visit, name="site_visit"),
    path("rounds/<int:pk>/rectifications/", cycle_rectify.rectifications, name="rectifications"),
    path("rectifications/<int:pk>/", cycle_rectify_page.rectification, name="rectification"),
    path("runs/<int:pk>/robustness/", robustness.robustness, name="run_robustness"),
    path("runs/<int:pk>/structure/", run_structure.structure, name="run_structure"),
    path("runs/<int:pk>/scenarios/", scenarios.scenarios, name="run_scenarios"),
    path("runs/<int:pk>/charts/", run_charts.run_charts, name="run_charts"),
    path("runs/<int:pk>/method/", run_method.method, name="run_method"),
    path("towns/<str:code>/why/", town_why.why, name="town_why"),
    path("towns/<str:code>/levers/", town_levers.levers_page, name="town_levers"),
    path("towns/<str:code>/trial/", town_trial.trial_page, name="town_trial"),
    path("towns/<str:code>/peers/", town_peers.peers_page, name="town_peers"),
    path("towns/<str:code>/brief/", town_brief.brief, name="town_brief"),
    path("year/", cycle_year.latest, name="year_now"),
    path("year/<int:year>/", cycle_year.year, name="year"),
    path("sets/<int:pk>/comments/", cycle_consult.comments, name="set_comments"),
    path("sets/<int:pk>/targets/", cycle_consult_targets.targets, name="set_targets"),
    path("rounds/<int:pk>/served/", cycle_serve.served, name="served_list"),
    path("served/<int:pk>/", cycle_serve_page.served, name="served"),
    path("runs/<int:pk>/decision/", cycle_decide.decision, name="decision"),
    path("notices/", cycle_notice.register, name="notice_register"),
    path("releases/<str:number>/notices/", cycle_notice.of_release, name="notices"),
    path("notices/<int:pk>/", cycle_notice_page.notice, name="notice"),
    path("notices/<int:pk>/notice-<str:lang>.pdf", cycle_notice_page.notice_pdf, name="notice_pdf"),
    path("rounds/<int:pk>/late/", cycle_late.late, name="late"),
    path("rounds/<int:pk>/revision/", cycle_late_effect.effect, name="revision_effect"),
    path("rounds/<int:pk>/versions/", cycle_versions.versions, name="versions"),
    *supervise_urls.urlpatterns,
    *hospital_urls.urlpatterns,
    *listen_urls.urlpatterns,
    *nqi_directory_urls.urlpatterns,
    *nqi_service_urls.urlpatterns,
    *nqi_licence_urls.urlpatterns,
    *talent_training_urls.urlpatterns,
    *talent_award_urls.urlpatterns,
    *federation_urls.urlpatterns,
]
