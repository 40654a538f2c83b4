"""Where the pages of investigations find examples in the demo: one in each state, products, assessments, the firm's own."""

from __future__ import annotations

INSPECTORS = """core_grant g JOIN core_person p ON p.id = g.person_id AND p.demo_role IN ('inspector', 'department')
    AND g.role IN ('inspector', 'department')"""
TEAMS = f"SELECT COALESCE(g.scope_id, p.organisation_id) FROM {INSPECTORS}"
OWNED = f"""SELECT MIN(i.id) AS pk FROM listen_investigation i WHERE i.status IN ('opened', 'reopened') AND NOT i.restricted
    AND (i.owner_id IN ({TEAMS}) OR i.id IN (SELECT c.investigation_id FROM listen_collaborator c
    WHERE c.removed_on IS NULL AND c."right" = 'edit' AND c.organisation_id IN ({TEAMS})))"""
OWN = """listen_correctiveaction a JOIN listen_investigationbusiness b ON b.id = a.business_id
    JOIN registry_enterprise e ON e.id = b.enterprise_id JOIN core_organisation o ON o.code = e.credit_code
    JOIN core_person p ON p.organisation_id = o.id AND p.demo_role = 'enterprise'"""
ADDED = """SELECT MIN(r.product_id) AS pk FROM listen_investigationproduct r
    JOIN listen_investigation i ON i.id = r.investigation_id WHERE NOT i.restricted AND i.status IN ('opened', 'reopened')"""
INVESTIGATIONS = {
    "desk:listen_investigation": "SELECT MIN(id) AS pk FROM listen_investigation WHERE NOT restricted GROUP BY status",
    "desk:listen_investigation_edit": OWNED,
    "desk:listen_investigation_products": OWNED,
    "desk:listen_investigation_risk": OWNED,
    "desk:listen_risk": """SELECT MIN(r.id) AS pk FROM listen_riskassessment r
        JOIN listen_investigation i ON i.id = r.investigation_id WHERE NOT i.restricted""",
    "desk:listen_product": ADDED,
    "desk:listen_product_edit": f"""SELECT MIN(r.product_id) AS pk FROM listen_investigationproduct r
        WHERE r.removed_on IS NULL AND r.investigation_id = ({OWNED})""",
    "desk:my_action": f"SELECT MIN(a.id) AS pk FROM {OWN} GROUP BY a.status",
}
