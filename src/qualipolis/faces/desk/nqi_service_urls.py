"""Addresses of demands and orders on the desk."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.nqi import (
    demand,
    demand_list,
    my_demand,
    my_demands,
    my_services,
    order,
    order_report,
    quote,
    service_complaint,
    service_figures,
)

urlpatterns = [
    path("services/demands/", demand_list.demands, name="nqi_demands"),
    path("services/demands/new/", demand.demand_new, name="nqi_demand_new"),
    path("services/demands/<int:pk>/", demand.demand, name="nqi_demand"),
    path("services/mine/", my_demands.my_demands, name="my_demands"),
    path("services/mine/new/", my_demands.my_demand_new, name="my_demand_new"),
    path("services/mine/<int:pk>/", my_demand.my_demand, name="my_demand"),
    path("services/quotes/", demand_list.quotes, name="nqi_quotes"),
    path("services/quotes/<int:pk>/", quote.quote, name="nqi_quote"),
    path("services/orders/", demand_list.orders, name="nqi_orders"),
    path("services/orders/<int:pk>/", order.order, name="nqi_order"),
    path("services/orders/<int:pk>/report/", order_report.order_report, name="nqi_order_report"),
    path("services/complaints/", service_complaint.complaints, name="nqi_complaints"),
    path("services/complaints/<int:pk>/", service_complaint.complaint, name="nqi_complaint"),
    path("services/offered/", my_services.my_services, name="nqi_my_services"),
    path("services/figures/", service_figures.service_figures, name="nqi_service_figures"),
    path("services/figures/month.<slug:lang>.pdf", service_figures.month_paper, name="nqi_month_paper"),
    path("services/papers/<slug:kind>-<int:pk>.<slug:lang>.pdf", service_figures.paper, name="nqi_paper"),
]
