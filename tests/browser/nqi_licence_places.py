"""Where the pages of licences, instruments, standards and institutions find examples in the demo: one in each state."""

from __future__ import annotations

CODE = "SELECT i.code AS code FROM registry_institution i JOIN nqi_signatory s ON s.institution_id = i.id ORDER BY i.id LIMIT 1"
NQI_LICENCES = {
    "desk:nqi_licence": "SELECT MIN(id) AS pk FROM nqi_licence GROUP BY status",
    "desk:nqi_filing": "SELECT MIN(id) AS pk FROM nqi_changefiling GROUP BY status",
    "desk:nqi_certificate": "SELECT MIN(id) AS pk FROM nqi_issuedcertificate GROUP BY status",
    "desk:nqi_instrument": "SELECT MIN(id) AS pk FROM nqi_instrument GROUP BY status",
    "desk:nqi_verification": "SELECT MIN(id) AS pk FROM nqi_instrument",
    "desk:nqi_verify": "SELECT MIN(id) AS pk FROM nqi_instrument",
    "desk:nqi_standard": "SELECT MIN(id) AS pk FROM registry_standard GROUP BY status",
    "desk:nqi_declaration": "SELECT MIN(id) AS pk FROM nqi_standarddeclaration GROUP BY status",
    "desk:nqi_import": "SELECT column1 AS kind FROM (VALUES ('certificates'), ('instruments'), ('standards'))",
    "desk:nqi_gap": "SELECT MIN(id) AS pk FROM nqi_capabilitygap GROUP BY status",
    "desk:nqi_institution": CODE,
    "desk:nqi_scope": f"SELECT code, 1 AS pk FROM ({CODE})",
    "portal:nqi_institution": CODE,
    "api:api-1:get_institution": CODE.replace("AS code", "AS institution"),
    "portal:nqi_data": "SELECT 'institutions' AS name, 'csv' AS form",
    "portal:nqi_standard": "SELECT MIN(id) AS pk FROM registry_standard GROUP BY status",
    "portal:nqi_declaration": "SELECT MIN(number) AS number FROM nqi_standarddeclaration WHERE status <> 'draft'",
}
