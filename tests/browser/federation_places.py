"""Where the pages of the federation find examples in the demo: one in each state."""

from __future__ import annotations

SHOWN = "govern_pact WHERE status IN ('published', 'monitored', 'replaced', 'ended')"
NOTES = "govern_federationmeeting WHERE status = 'published'"
FEDERATION = {
    "desk:federation_member": "SELECT MIN(id) AS pk FROM govern_member GROUP BY status, kind",
    "desk:federation_committee": "SELECT MIN(id) AS pk FROM govern_committee",
    "desk:federation_pledge": "SELECT MIN(id) AS pk FROM govern_pledge GROUP BY status",
    "desk:federation_pact": "SELECT MIN(id) AS pk FROM govern_pact GROUP BY status",
    "desk:federation_pact_edit": "SELECT MAX(id) AS pk FROM govern_pact",
    "desk:federation_pact_check": "SELECT MIN(id) AS pk FROM govern_pact WHERE status = 'checking'",
    "desk:federation_breach": "SELECT MIN(id) AS pk FROM govern_pactbreach GROUP BY status",
    "desk:federation_clue": "SELECT MIN(id) AS pk FROM govern_clue GROUP BY status",
    "desk:federation_clue_sender": "SELECT MIN(id) AS pk FROM govern_clue",
    "desk:federation_meeting": "SELECT MIN(id) AS pk FROM govern_federationmeeting GROUP BY status",
    "desk:federation_motion_new": "SELECT MAX(id) AS pk FROM govern_federationmeeting",
    "desk:federation_resolution": "SELECT MIN(id) AS pk FROM govern_resolution GROUP BY status",
    "desk:federation_task": "SELECT MIN(id) AS pk FROM govern_jointtask GROUP BY status",
    "portal:federation_pact": f"SELECT MIN(number) AS number, 'zh' AS lang FROM {SHOWN}",
    "portal:federation_meeting": f"SELECT MIN(number) AS number, 'zh' AS lang FROM {NOTES}",
    "portal:federation_data": "SELECT 'members' AS name, 'csv' AS form",
    "portal:federation_received": "SELECT 'x' AS token",
}
