"""Addresses of the public pages of listening. Each part adds its own lines."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.portal import listen, listen_disclosure, listen_figures, listen_track

urlpatterns = [
    path("listen/", listen.start, name="listen"),
    path("listen/letter/", listen.letter, name="listen_letter"),
    path("listen/received/<str:token>/", listen.received, name="listen_received"),
    path("listen/figures/", listen_figures.figures_page, name="listen_figures"),
    path("listen/data/complaints.<slug:form>", listen_figures.dataset, name="listen_data"),
    path("listen/firms/", listen_disclosure.disclosure_page, name="listen_disclosure"),
    path("listen/data/complaints-by-firm.<slug:form>", listen_disclosure.dataset, name="listen_disclosure_data"),
    path("listen/track/", listen_track.find, name="listen_track"),
    path("listen/track/letter/", listen_track.one, name="listen_tracked"),
    path("listen/track/documents/<int:pk>/", listen_track.document, name="listen_document"),
    path("listen/track/leave/", listen_track.leave, name="listen_leave"),
]
