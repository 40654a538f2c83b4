"""Addresses of investigations: the list and the page, products with their history, risk assessments, the firm's actions."""

from __future__ import annotations

from django.urls import path

from qualipolis.faces.desk.rooms.listen import (
    investigation,
    investigation_action,
    investigation_add,
    investigation_list,
    investigation_new,
    investigation_product,
    investigation_risk,
    investigation_risk_page,
)

urlpatterns = [
    path("investigations/", investigation_list.investigations, name="listen_investigations"),
    path("investigations/new/", investigation_new.investigation_new, name="listen_investigation_new"),
    path("investigations/<int:pk>/", investigation.investigation, name="listen_investigation"),
    path("investigations/<int:pk>/edit/", investigation_new.investigation_edit, name="listen_investigation_edit"),
    path("investigations/<int:pk>/products/", investigation_add.products_add, name="listen_investigation_products"),
    path("investigations/<int:pk>/risk/", investigation_risk.risk_new, name="listen_investigation_risk"),
    path("risk-assessments/<int:pk>/", investigation_risk_page.risk_page, name="listen_risk"),
    path("safety-products/", investigation_product.products, name="listen_products"),
    path("safety-products/<int:pk>/", investigation_product.product, name="listen_product"),
    path("safety-products/<int:pk>/edit/", investigation_product.product_edit, name="listen_product_edit"),
    path("corrective-actions/", investigation_action.my_actions, name="my_actions"),
    path("corrective-actions/<int:pk>/", investigation_action.my_action, name="my_action"),
]
