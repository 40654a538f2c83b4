"""Addresses of complaints: the desk's and the mediator's pages, the firm's pages, the papers."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.listen import (
    complaint,
    complaint_document,
    complaint_identity,
    complaint_list,
    complaint_papers,
    my_complaints,
)

urlpatterns = [
    path("complaints/", complaint_list.complaints, name="listen_complaints"),
    path("complaints/mine/", my_complaints.my_complaints, name="my_complaints"),
    path("complaints/mine/<int:pk>/", my_complaints.my_complaint, name="my_complaint"),
    path("complaints/<int:pk>/", complaint.complaint, name="listen_complaint"),
    path("complaints/<int:pk>/identity/", complaint_identity.complaint_identity, name="listen_complaint_identity"),
    path("complaints/<int:pk>/step/<slug:step>/", complaint_document.complaint_step, name="listen_complaint_step"),
    path("complaint-documents/<int:pk>/serve/", complaint.serve_document, name="listen_serve"),
    path("complaint-documents/<int:pk>.<slug:lang>.pdf", complaint_papers.document_pdf, name="listen_document_pdf"),
]
