"""Where the pages of the product hospital find examples in the demo: a case in each state, and what belongs to cases."""

from __future__ import annotations

OWN = """hospital_case c JOIN registry_enterprise e ON e.id = c.enterprise_id
    JOIN core_organisation o ON o.code = e.credit_code JOIN core_person p ON p.organisation_id = o.id
    AND p.demo_role = 'enterprise'"""
MINE = """SELECT MIN(c.id) AS pk FROM hospital_case c JOIN hospital_expert x ON x.id = c.expert_id
    JOIN core_person p ON p.id = x.person_id AND p.demo_role = 'expert' WHERE c.status = 'examining'"""
JUDGED = "SELECT MIN(id) AS pk FROM hospital_case WHERE status = 'verifying' UNION SELECT id FROM hospital_case WHERE status = 'cured'"
FILES = "SELECT MIN(id) AS pk, MIN(id) AS file FROM hospital_measurementfile GROUP BY phases <> '[]'"
KINDS = "SELECT column1 AS kind FROM (VALUES ('prescription'), ('8d'), ('control-plan'), ('fmea'))"
LANGUAGES = "SELECT column1 AS lang FROM (VALUES ('zh'), ('en'))"


def of_state(*states: str) -> str:
    """Return the query of one case in each of these states."""
    return (
        f"SELECT MIN(id) AS pk FROM hospital_case WHERE status IN ({', '.join(map(repr, states))}, '') GROUP BY status"
    )


HOSPITAL = {
    "desk:hospital_case": "SELECT MIN(id) AS pk FROM hospital_case WHERE status <> 'draft' GROUP BY status",
    "desk:case_step": f"SELECT c.id AS pk, column1 AS step FROM {OWN}, (VALUES (1), (2), (3)) WHERE c.status = 'draft'",
    "desk:case_registered": f"SELECT MIN(c.id) AS pk FROM {OWN} WHERE c.status <> 'draft'",
    "desk:case_assign": of_state("triaged"),
    "desk:case_link": of_state("assigned", "examining"),
    "desk:case_thread": of_state("verifying"),
    "desk:case_order": MINE,
    "desk:case_diagnose": MINE,
    "desk:case_panel": of_state("examining", "assigned"),
    "desk:ask_second_opinion": f"SELECT MIN(c.id) AS pk FROM {OWN} WHERE c.status = 'prescribed'",
    "desk:duty_new": "SELECT MIN(id) AS pk FROM hospital_case WHERE severity = 4",
    "desk:duty_report": "SELECT MIN(id) AS pk FROM hospital_dutyreport",
    "desk:hospital_department": "SELECT MIN(id) AS pk FROM hospital_department",
    "desk:hospital_expert": "SELECT MIN(id) AS pk FROM hospital_expert",
    "desk:hospital_examination": "SELECT MIN(id) AS pk FROM hospital_examination GROUP BY status",
    "desk:hospital_panel": "SELECT MIN(id) AS pk FROM hospital_panel GROUP BY status",
    "desk:hospital_second_opinion": "SELECT MIN(id) AS pk FROM hospital_secondopinion GROUP BY status",
    "desk:hospital_measurements": of_state("verifying", "treating"),
    "desk:hospital_chart": FILES,
    "desk:hospital_file_instrument": FILES,
    "desk:hospital_knowledge_case": "SELECT MIN(id) AS pk FROM hospital_knowledgecase GROUP BY status",
    "desk:hospital_knowledge_write": """SELECT MIN(c.id) AS pk FROM hospital_case c
        LEFT JOIN hospital_knowledgecase k ON k.case_id = c.id WHERE k.id IS NULL AND c.status = 'closed'""",
    "desk:hospital_rate": f"SELECT MIN(c.id) AS pk FROM {OWN} WHERE c.status = 'cured'",
    "desk:hospital_group": "SELECT MIN(id) AS pk FROM hospital_groupdisease GROUP BY status",
    "desk:hospital_check_up": "SELECT MIN(id) AS pk, 'zh' AS lang FROM hospital_checkup",
    "desk:hospital_prescription": of_state("diagnosed", "prescribed", "verifying"),
    "desk:hospital_treatment": of_state("treating", "verifying"),
    "desk:hospital_verify": JUDGED,
    "desk:hospital_failure_modes": JUDGED,
    "desk:hospital_control_plan": JUDGED,
    "desk:hospital_paper": f"SELECT k.*, l.*, (SELECT MIN(id) FROM hospital_case WHERE status = 'verifying') AS pk FROM ({KINDS}) k, ({LANGUAGES}) l",
    "desk:hospital_follow_up": "SELECT MIN(id) AS pk FROM hospital_followup GROUP BY status",
    "portal:hospital_case": "SELECT number FROM hospital_knowledgecase WHERE status = 'published'",
    "portal:hospital_data": "SELECT 'hospital-outcomes' AS name, 'csv' AS form",
    "api:api-1:get_typical_case": "SELECT number AS knowledge FROM hospital_knowledgecase WHERE status = 'published'",
    **dict.fromkeys(
        ("api:api-1:get_measurement_findings", "api:api-1:list_measurement_points"),
        FILES,
    ),
}
