"""Addresses of alerts, doubtful pairs and the search box."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.listen import alert, alert_import, alert_list, pair, search_page

urlpatterns = [
    path("alerts/", alert_list.alerts, name="listen_alerts"),
    path("alerts/import/", alert_import.alert_import, name="listen_alert_import"),
    path("alerts/imports/", alert_list.batches, name="listen_alert_batches"),
    path("alerts/imports/<int:pk>/", alert_list.batch, name="listen_alert_batch"),
    path("alerts/<int:pk>/", alert.alert, name="listen_alert"),
    path("pairs/", pair.pairs, name="listen_pairs"),
    path("pairs/<int:pk>/", pair.pair, name="listen_pair"),
    path("listening/search/", search_page.listen_search, name="listen_search"),
]
