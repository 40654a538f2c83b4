"""Where the pages of demands, quotes and orders find examples in the demo: one in each state, and the firm's own."""

from __future__ import annotations

OWN = """d JOIN registry_enterprise e ON e.id = d.enterprise_id JOIN core_organisation o ON o.code = e.credit_code
    JOIN core_person p ON p.organisation_id = o.id AND p.demo_role = 'enterprise'"""
OWN_BODY = """JOIN registry_institution i ON i.id = r.institution_id JOIN core_organisation o ON o.code = i.code
    JOIN core_person p ON p.organisation_id = o.id AND p.demo_role = 'laboratory'"""
NQI_SERVICES = {
    "desk:nqi_demand": "SELECT MIN(id) AS pk FROM nqi_demand GROUP BY status",
    "desk:my_demand": f"SELECT MIN(d.id) AS pk FROM nqi_demand {OWN} GROUP BY d.status",
    "desk:nqi_quote": f"SELECT MIN(r.id) AS pk FROM nqi_quote r {OWN_BODY} GROUP BY r.status",
    "desk:nqi_order": "SELECT MIN(id) AS pk FROM nqi_order GROUP BY status",
    "desk:nqi_order_report": f"SELECT MIN(r.id) AS pk FROM nqi_order r {OWN_BODY} WHERE r.status = 'in_service'",
    "desk:nqi_complaint": "SELECT MIN(id) AS pk FROM nqi_servicecomplaint GROUP BY status",
    "desk:nqi_month_paper": "SELECT 'zh' AS lang UNION SELECT 'en'",
    "desk:nqi_paper": "SELECT 'demand' AS kind, MIN(id) AS pk, 'zh' AS lang FROM nqi_demand",
}
