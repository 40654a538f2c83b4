"""Addresses of alerts and doubtful pairs with arguments of the demo city."""

from __future__ import annotations

ALERTS = {
    "desk:listen_alert": "SELECT MIN(id) AS pk FROM listen_alert GROUP BY product_class <> '', enterprise_id IS NULL",
    "desk:listen_alert_batch": "SELECT id AS pk FROM listen_alertbatch",
    "desk:listen_pair": "SELECT MIN(id) AS pk FROM listen_entitypair GROUP BY status",
}
