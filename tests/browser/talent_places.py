"""Where the pages of officers, training and certificates find examples in the demo: one in each state, and the own ones."""

from __future__ import annotations

MINE = "JOIN core_person p ON p.id = l.account_id AND p.demo_role <> ''"
TALENT = {
    "desk:talent_officer": "SELECT MIN(id) AS pk FROM talent_officer GROUP BY status",
    "desk:training_session": "SELECT MIN(id) AS pk FROM talent_session GROUP BY status",
    "desk:training_sitting": "SELECT MIN(id) AS pk FROM talent_sitting GROUP BY status",
    "desk:training_question": "SELECT MIN(id) AS pk FROM talent_question GROUP BY kind",
    "desk:talent_certificate": "SELECT MIN(id) AS pk FROM talent_trainingcertificate GROUP BY status",
    "desk:enrol": "SELECT MIN(id) AS pk FROM talent_session WHERE status = 'open'",
    "desk:enrolment": f"SELECT MIN(e.id) AS pk FROM talent_enrolment e JOIN talent_learner l ON l.id = e.learner_id {MINE} GROUP BY e.status",
    "desk:sitting": f"""SELECT MIN(s.id) AS pk FROM talent_sitting s JOIN talent_enrolment e ON e.id = s.enrolment_id
        JOIN talent_learner l ON l.id = e.learner_id {MINE} GROUP BY s.status""",
    "api:api-1:get_training_certificate": "SELECT MIN(number) AS certificate FROM talent_trainingcertificate",
}
