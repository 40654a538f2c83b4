"""Where the pages of the quality award find examples in the demo: one in each state, and people's own."""

from __future__ import annotations

OWN = """e ON e.id = a.enterprise_id JOIN core_organisation o ON o.code = e.credit_code
    JOIN core_person p ON p.organisation_id = o.id AND p.demo_role = 'enterprise'"""
DECIDED = "('granted', 'monitored', 'completed', 'unsuccessful', 'revoked')"
AWARDS = {
    "desk:award_round": "SELECT MIN(id) AS pk FROM talent_awardround GROUP BY status",
    "desk:award_severity": "SELECT MIN(round_id) AS pk FROM talent_severityrun",
    "desk:award_application": "SELECT MIN(id) AS pk FROM talent_awardapplication WHERE status <> 'drafted' GROUP BY status",
    "desk:award_feedback": f"""SELECT MIN(a.id) AS pk, 'zh' AS lang FROM talent_awardapplication a
        JOIN talent_scorerun r ON r.application_id = a.id WHERE a.status IN {DECIDED} GROUP BY a.status""",
    "desk:award_objection": "SELECT MIN(id) AS pk FROM talent_awardobjection GROUP BY status",
    "desk:award_sheet": """SELECT MIN(s.id) AS pk FROM talent_scoresheet s JOIN talent_reviewer r ON r.id = s.reviewer_id
        JOIN core_person p ON p.id = r.person_id AND p.demo_role = 'reviewer' GROUP BY s.status""",
    "desk:award_reviewer": """SELECT MIN(r.id) AS pk FROM talent_reviewer r
        JOIN core_person p ON p.id = r.person_id AND p.demo_role = 'reviewer'""",
    "desk:my_award": f"SELECT MIN(a.id) AS pk FROM talent_awardapplication a JOIN registry_enterprise {OWN} GROUP BY a.status",
    "portal:award_round": "SELECT MIN(number) AS number FROM talent_awardround WHERE status <> 'drafted' GROUP BY status",
    "portal:award_objection": "SELECT MIN(number) AS number FROM talent_awardround WHERE status = 'public_notice'",
    "portal:award_data": "SELECT 'csv' AS form UNION SELECT 'json'",
}
