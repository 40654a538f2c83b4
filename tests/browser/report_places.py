"""Where the pages of letters and reports find examples in the demo: a letter of each kind, a report in each state."""

from __future__ import annotations

LETTER = """SELECT MIN(l.id) AS pk FROM listen_letter l LEFT JOIN listen_complaint c ON c.letter_id = l.id
    LEFT JOIN listen_report r ON r.letter_id = l.id"""
REPORTS = {
    "desk:listen_letter": f"{LETTER} WHERE l.facts <> '' GROUP BY l.language, c.id IS NULL, r.id IS NULL",
    "desk:listen_report": "SELECT MIN(id) AS pk FROM listen_report GROUP BY status",
    "desk:listen_clue": "SELECT MIN(id) AS pk FROM listen_complaint WHERE status = 'mediating'",
    "portal:listen_received": "SELECT 'x' AS token",
    "portal:listen_document": "SELECT MIN(id) AS pk FROM listen_document WHERE complaint_id IS NOT NULL",
    "portal:listen_data": "SELECT column1 AS form FROM (VALUES ('csv'), ('json'))",
}
