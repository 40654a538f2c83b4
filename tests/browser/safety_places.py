"""Where the pages of incidents, recalls and warnings find examples in the demo: one in each state, and the firm's own."""

from __future__ import annotations

OWN = """e ON e.id = r.enterprise_id JOIN core_organisation o ON o.code = e.credit_code
    JOIN core_person p ON p.organisation_id = o.id AND p.demo_role = 'enterprise'"""
RECALLED = "listen_recall WHERE announced_on IS NOT NULL"
WARNED = "listen_publicwarning WHERE published_on IS NOT NULL"
SAFETY = {
    "desk:listen_incident": "SELECT MIN(id) AS pk FROM listen_incident GROUP BY status",
    "desk:listen_recall": "SELECT MIN(id) AS pk FROM listen_recall GROUP BY status",
    "desk:listen_warning": "SELECT MIN(id) AS pk FROM listen_publicwarning GROUP BY status",
    "desk:listen_warning_edit": "SELECT MAX(id) AS pk FROM listen_publicwarning",
    "desk:listen_warning_pdf": "SELECT MIN(id) AS pk, 'zh' AS lang FROM listen_publicwarning GROUP BY status",
    "desk:my_incident": f"SELECT MIN(r.id) AS pk FROM listen_incident r JOIN registry_enterprise {OWN} WHERE r.source = 'firm'",
    "desk:my_recall": f"SELECT MIN(r.id) AS pk FROM listen_recall r JOIN registry_enterprise {OWN} GROUP BY r.status",
    "portal:recall": f"SELECT MIN(number) AS number, 'zh' AS lang FROM {RECALLED} GROUP BY status",
    "portal:warning": f"SELECT MIN(number) AS number, 'en' AS lang FROM {WARNED} GROUP BY status",
    "portal:safety_data": "SELECT 'recalls' AS name, 'csv' AS form UNION SELECT 'warnings', 'json'",
    "api:api-1:get_recall": f"SELECT MIN(number) AS recall FROM {RECALLED}",
    "api:api-1:get_warning": f"SELECT MIN(number) AS warning FROM {WARNED}",
}
