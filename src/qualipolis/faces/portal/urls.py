"""Addresses of the public pages; no sign-in."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.portal import (
    city,
    data,
    draws,
    hospital_urls,
    indicators,
    listen_safety_urls,
    listen_urls,
    notices,
    objecting,
    penalties,
    releases,
    results,
    results_data,
    supervision,
    supervision_statistics,
    towns,
    words,
)

app_name = "portal"

urlpatterns = [
    path("", city.home, name="home"),
    path("towns/", towns.ranking_page, name="ranking"),
    path("towns/<slug:code>/", towns.town, name="town"),
    path("indicators/", indicators.index, name="indicators"),
    path("indicators/<slug:code>/", indicators.one, name="indicator"),
    path("methods/", words.methods, name="methods"),
    path("open-data/", data.index, name="data"),
    path("open-data/all.zip", data.everything, name="data_all"),
    path("open-data/<slug:name>.<slug:form>", data.dataset, name="dataset"),
    path("releases/", releases.index, name="releases"),
    path("releases/<slug:number>/", releases.one, name="release"),
    path("releases/<slug:number>/verify/", releases.verify_now, name="release_verify"),
    path("releases/<slug:number>/bundle.zip", releases.bundle, name="release_bundle"),
    path("releases/<slug:number>/files/<path:name>", releases.file, name="release_file"),
    path("notices/", notices.index, name="notices"),
    path("notices/<int:pk>/", notices.one, name="notice"),
    path("notices/<int:pk>/notice-<str:lang>.pdf", notices.pdf, name="notice_pdf"),
    path("supervision/", supervision.overview, name="supervision"),
    path("supervision/statistics/", supervision_statistics.statistics, name="supervision_statistics"),
    path("supervision/results/", results.index, name="supervision_results"),
    path("supervision/results/data.<slug:form>", results_data.results, name="supervision_results_data"),
    path("supervision/results/<slug:number>/", results.one, name="supervision_publication"),
    path("supervision/objecting/", objecting.page, name="how_to_object"),
    path("supervision/penalties/", penalties.index, name="penalties"),
    path("supervision/penalties/data.<slug:form>", results_data.penalties, name="penalties_data"),
    path("supervision/plans/<int:year>/", supervision.plan, name="plan"),
    path("supervision/rules/", supervision.rules, name="rules"),
    path("supervision/rules/<int:pk>/", supervision.rule, name="rule"),
    path("supervision/campaigns/<slug:number>/", supervision.campaign, name="campaign"),
    path("supervision/campaigns/<slug:number>/draws/<int:n>/", draws.one, name="draw"),
    path("supervision/campaigns/<slug:number>/draws/<int:n>/verify/", draws.verify, name="draw_verify"),
    path("supervision/campaigns/<slug:number>/draws/<int:n>/bundle.zip", draws.bundle, name="draw_bundle"),
    path("supervision/campaigns/<slug:number>/draws/<int:n>/files/<str:name>", draws.file, name="draw_file"),
    *hospital_urls.urlpatterns,
    *listen_safety_urls.urlpatterns,
    *listen_urls.urlpatterns,
    path("about/", words.about, name="about"),
    path("robots.txt", words.robots, name="robots"),
    path(".well-known/security.txt", words.security, name="security"),
]
