"""Where the pages of complaints find examples in the demo: a complaint in each state, the firm's own, each document."""

from __future__ import annotations

OWN = """listen_complaint c JOIN registry_enterprise e ON e.id = c.enterprise_id
    JOIN core_organisation o ON o.code = e.credit_code JOIN core_person p ON p.organisation_id = o.id
    AND p.demo_role = 'enterprise'"""


def step(name: str, *states: str) -> str:
    """Return the query of the page of a step, with a complaint in one of the states in which it can be taken."""
    found = ", ".join(map(repr, states))
    return f"SELECT * FROM (SELECT MIN(id) AS pk, '{name}' AS step FROM listen_complaint WHERE status IN ({found}))"


STEPS = " UNION ".join(
    (
        step("accept", "received"),
        step("refuse", "received"),
        step("transfer", "received", "jurisdiction"),
        step("mediate", "accepted"),
        step("call_meeting", "mediating", "entrusted"),
        step("end", "accepted", "mediating", "entrusted", "paused"),
    )
)
COMPLAINTS = {
    "desk:listen_complaint": "SELECT MIN(id) AS pk FROM listen_complaint GROUP BY status",
    "desk:listen_complaint_identity": "SELECT MIN(id) AS pk FROM listen_complaint WHERE status = 'entrusted'",
    "desk:listen_complaint_step": f"SELECT * FROM ({STEPS}) WHERE pk IS NOT NULL",
    "desk:listen_serve": "SELECT MIN(id) AS pk FROM listen_document WHERE complaint_id IS NOT NULL",
    "desk:listen_document_pdf": "SELECT MIN(id) AS pk, 'zh' AS lang FROM listen_document WHERE complaint_id IS NOT NULL GROUP BY code",
    "portal:listen_disclosure_data": "SELECT column1 AS form FROM (VALUES ('csv'), ('json'))",
    "desk:my_complaint": f"SELECT MIN(c.id) AS pk FROM {OWN} WHERE c.accepted_on IS NOT NULL GROUP BY c.status",
}
