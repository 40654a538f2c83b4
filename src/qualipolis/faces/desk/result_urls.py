"""Addresses of results, objections, rechecks and of a firm's own pages."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.firm import objection as firm_objection
from qualipolis.faces.desk.rooms.firm import results as firm_results
from qualipolis.faces.desk.rooms.supervise import objection as supervise_objection
from qualipolis.faces.desk.rooms.supervise import recheck as supervise_recheck
from qualipolis.faces.desk.rooms.supervise import result as supervise_result
from qualipolis.faces.desk.rooms.supervise import result_list as supervise_result_list
from qualipolis.faces.desk.rooms.supervise import result_papers as supervise_result_papers

urlpatterns = [
    path("results/", supervise_result_list.results_page, name="results"),
    path("results/<int:pk>/", supervise_result.result, name="result"),
    path("results/<int:pk>/notice-<str:lang>.pdf", supervise_result_papers.result_notice_pdf, name="result_notice_pdf"),
    path("objections/<int:pk>/", supervise_objection.objection, name="objection"),
    path("rechecks/<int:pk>/", supervise_recheck.recheck, name="recheck"),
    path(
        "rechecks/<int:pk>/notice-<str:lang>.pdf", supervise_result_papers.recheck_notice_pdf, name="recheck_notice_pdf"
    ),
    path("my/results/", firm_results.firm_results, name="firm_results"),
    path("my/results/<int:pk>/", firm_results.firm_result, name="firm_result"),
    path("my/results/<int:pk>/object/", firm_objection.firm_objection, name="firm_objection"),
    path("my/results/<int:pk>/notice-<str:lang>.pdf", supervise_result_papers.firm_notice_pdf, name="firm_notice_pdf"),
    path(
        "my/rechecks/<int:pk>/notice-<str:lang>.pdf", supervise_result_papers.firm_recheck_pdf, name="firm_recheck_pdf"
    ),
]
