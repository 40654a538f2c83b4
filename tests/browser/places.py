"""Every address of the site with arguments of the demo city, derived from the URL conf: nothing to keep up to date.

An address whose route has an argument needs a line in ``ARGUMENTS`` that finds examples in the database of the demo;
one that answers nobody with a page, a file or a redirect needs a line in ``NO_PAGE`` that says why.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.browser.alert_places import ALERTS
from tests.browser.award_places import AWARDS
from tests.browser.complaint_places import COMPLAINTS
from tests.browser.federation_places import FEDERATION
from tests.browser.hospital_places import HOSPITAL
from tests.browser.investigation_places import INVESTIGATIONS
from tests.browser.nqi_licence_places import NQI_LICENCES
from tests.browser.nqi_service_places import NQI_SERVICES
from tests.browser.report_places import REPORTS
from tests.browser.safety_places import SAFETY
from tests.browser.signal_places import SIGNALS
from tests.browser.talent_places import TALENT
from tests.security.addresses import Address, addresses

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.core.roles import STAFF

PUBLISHED = ("portal:", "api:")
PEOPLE = ("planner", "town_officer", "department", "leader", "auditor", "admin")
LATEST = "(SELECT MAX(id) FROM measure_collectionround)"
UNIT = "SELECT code AS code FROM registry_unit WHERE assessed LIMIT 1"
STATES = (
    f"SELECT MIN(id) AS pk FROM measure_observation WHERE round_id = {LATEST} GROUP BY status, missing <> '', computed"
)
OWN_LABORATORY = """SELECT i.id FROM registry_institution i JOIN core_organisation o ON o.code = i.code
    JOIN core_person p ON p.organisation_id = o.id AND p.demo_role = 'laboratory'"""
LAB_SAMPLES = f"supervise_sample s WHERE s.part = 'test' AND s.laboratory_id IN ({OWN_LABORATORY})"
LAB_REPORTS = (
    "supervise_testreport r JOIN supervise_sample s ON s.id = r.sample_id"
    f" WHERE s.part = 'test' AND s.laboratory_id IN ({OWN_LABORATORY})"
)
OWN_RESULTS = """supervise_servedresult v JOIN registry_enterprise e ON e.id = v.enterprise_id
    JOIN core_organisation o ON o.code = e.credit_code JOIN core_person p ON p.organisation_id = o.id
    WHERE p.demo_role = 'enterprise'"""
DRAWS = "supervise_drawrun d JOIN supervise_campaign c ON c.id = d.campaign_id WHERE d.number = 1"
# the name of an address (or the beginning of several) -> a query whose rows are its arguments
ARGUMENTS = {
    "core:event": "SELECT MAX(seq) AS seq FROM core_event",
    "core:person": "SELECT MIN(id) AS pk FROM core_person",
    "core:grant_end": "SELECT MIN(id) AS pk FROM core_grant",
    "core:file": "SELECT MIN(id) AS pk FROM core_attachment",
    "core:job": "SELECT 1 AS pk",
    "core:undo": "SELECT MAX(seq) AS seq FROM core_event",
    "desk:stage": "SELECT column1 AS slug FROM (VALUES ('measure'), ('supervise'), ('diagnose'), ('assess'))",
    "desk:registry": "SELECT column1 AS kind FROM (VALUES ('units'), ('enterprises'), ('institutions'))",
    "desk:enterprise": "SELECT enterprise_id AS pk FROM registry_qualityofficer LIMIT 1",
    "desk:institution": "SELECT institution_id AS pk FROM registry_qualification LIMIT 1",
    "desk:set": "SELECT MAX(id) AS pk FROM measure_indicatorset",
    "desk:round": f"SELECT {LATEST} AS pk UNION SELECT 1",
    "desk:adjustments": f"SELECT {LATEST} AS pk",
    "desk:collect": f"SELECT {LATEST} AS pk",
    "desk:round_": f"SELECT {LATEST} AS pk",
    "desk:observation": STATES,
    "desk:town": UNIT,
    "desk:indicator": "SELECT column1 AS code FROM (VALUES ('PQ01'), ('NI01'))",
    "desk:release_report": "SELECT MAX(number) AS number, 'zh' AS lang FROM assess_release",
    "desk:release_file": "SELECT MAX(number) AS number, 'release.json' AS name FROM assess_release",
    "desk:release": "SELECT MAX(number) AS number FROM assess_release",
    "desk:assessment": "SELECT MAX(id) AS pk FROM assess_assessment",
    "desk:run_": "SELECT assessment_id AS pk FROM assess_release ORDER BY number DESC LIMIT 1",
    "desk:self_evaluations": f"SELECT {LATEST} AS pk UNION SELECT 1",
    "desk:self_evaluation": "SELECT MIN(id) AS pk FROM assess_selfevaluation GROUP BY status",
    "desk:self_report": "SELECT MIN(id) AS pk FROM assess_selfevaluation WHERE status = 'accepted'",
    "desk:site_checks": f"SELECT {LATEST} AS pk UNION SELECT 1",
    "desk:site_check": "SELECT MAX(id) AS pk FROM assess_sitecheck",
    "desk:site_visit": "SELECT MIN(id) AS pk FROM assess_sitevisit GROUP BY status",
    "desk:rectifications": f"SELECT {LATEST} AS pk UNION SELECT 1",
    "desk:rectification": "SELECT MIN(id) AS pk FROM assess_rectification GROUP BY status",
    "desk:set_targets": "SELECT MAX(id) AS pk FROM measure_indicatorset UNION SELECT MAX(id) - 1 FROM measure_indicatorset",
    "desk:year": "SELECT MAX(year) AS year FROM measure_indicatorset UNION SELECT MAX(year) - 1 FROM measure_indicatorset",
    "desk:served_list": f"SELECT {LATEST} AS pk UNION SELECT 5",
    "desk:served": "SELECT MIN(id) AS pk FROM measure_served GROUP BY kind, acknowledged_at IS NULL",
    "desk:decision": "SELECT MAX(id) AS pk FROM assess_assessment",
    "desk:notices": "SELECT MAX(number) AS number FROM assess_release",
    "desk:notice": "SELECT MAX(id) AS pk FROM assess_notice",
    "desk:notice_pdf": "SELECT MAX(id) AS pk, 'zh' AS lang FROM assess_notice",
    "desk:late": f"SELECT {LATEST} AS pk UNION SELECT 5",
    "desk:revision_effect": f"SELECT {LATEST} AS pk UNION SELECT 5",
    "desk:versions": f"SELECT {LATEST} AS pk",
    "desk:handling_case": "SELECT MIN(id) AS pk FROM supervise_handlingcase GROUP BY status",
    "desk:handling_pdf": "SELECT MIN(id) AS pk, 'order' AS kind, 'zh' AS lang FROM supervise_handlingcase",
    "desk:correction": "SELECT MIN(id) AS pk FROM supervise_handlingcase GROUP BY status",
    "desk:transfer": "SELECT MIN(id) AS pk FROM supervise_areatransfer",
    "desk:publication": "SELECT MIN(id) AS pk FROM supervise_publication GROUP BY status",
    "desk:penalty": "SELECT MIN(id) AS pk FROM supervise_penaltypublication",
    "desk:lab_template": "SELECT 'long' AS layout, 'xlsx' AS form",
    "desk:lab_sample": f"SELECT MIN(s.code) AS code FROM {LAB_SAMPLES} GROUP BY s.status",
    "desk:lab_results": f"SELECT MIN(s.code) AS code FROM {LAB_SAMPLES} AND s.status = 'testing'",
    "desk:lab_report": f"SELECT MIN(s.code) AS code, 1 AS version, 'zh' AS lang FROM {LAB_REPORTS} GROUP BY r.status",
    "desk:lab_report_view": f"SELECT MIN(r.id) AS pk, 'zh' AS lang FROM {LAB_REPORTS} AND r.status = 'accepted'",
    "desk:sampling_plan": "SELECT id AS pk FROM supervise_samplingplan",
    "desk:sampling_line": "SELECT MAX(id) AS pk FROM supervise_planline",
    "desk:sampling_rule": "SELECT MAX(id) AS pk FROM supervise_samplingrule",
    "desk:campaign": "SELECT MIN(id) AS pk FROM supervise_campaign GROUP BY status",
    "desk:campaign_edit": "SELECT MIN(id) AS pk FROM supervise_campaign WHERE status = 'contracted'",
    "desk:draw": "SELECT MIN(id) AS pk FROM supervise_drawrun GROUP BY status",
    "desk:draw_files": "SELECT MIN(id) AS pk FROM supervise_drawrun",
    "desk:inspector": "SELECT MIN(person_id) AS pk FROM supervise_inspectorprofile",
    "desk:result": "SELECT MIN(id) AS pk FROM supervise_result GROUP BY status, verdict",
    "desk:result_notice_pdf": "SELECT MIN(id) AS pk, 'zh' AS lang FROM supervise_result WHERE verdict = 'fail'",
    "desk:objection": "SELECT MIN(id) AS pk FROM supervise_objection GROUP BY status",
    "desk:recheck": "SELECT MIN(id) AS pk, 'zh' AS lang FROM supervise_recheck",
    "desk:firm_": f"SELECT MIN(v.id) AS pk, 'zh' AS lang FROM {OWN_RESULTS}",
    "desk:task": "SELECT MIN(id) AS pk, 'form' AS kind, 'zh' AS lang FROM supervise_samplingtask GROUP BY status",
    "desk:sample": "SELECT MIN(id) AS pk FROM supervise_sample GROUP BY part, status",
    "desk:supervise_stats_power": "SELECT MAX(id) AS pk FROM supervise_samplingplan",
    "portal:supervision_publication": "SELECT MAX(number) AS number FROM supervise_publication",
    "portal:supervision_results_data": "SELECT 'csv' AS form",
    "portal:penalties_data": "SELECT 'csv' AS form",
    "portal:plan": "SELECT MAX(year) AS year FROM supervise_samplingplan WHERE status = 'public'",
    "portal:rule": "SELECT MAX(id) AS pk FROM supervise_samplingrule",
    "portal:campaign": "SELECT MIN(number) AS number FROM supervise_campaign WHERE status <> 'contracted' GROUP BY status",
    "portal:draw": f"SELECT MIN(c.number) AS number, 1 AS n, 'frame.csv' AS name FROM {DRAWS} GROUP BY d.status",
    "portal:draw_": f"SELECT MIN(c.number) AS number, 1 AS n, 'frame.csv' AS name FROM {DRAWS} AND d.status = 'published'",
    "portal:town": UNIT,
    "portal:notice": "SELECT MAX(id) AS pk FROM assess_notice WHERE status = 'issued'",
    "portal:notice_pdf": "SELECT MAX(id) AS pk, 'zh' AS lang FROM assess_notice WHERE status = 'issued'",
    "portal:indicator": "SELECT 'PQ01' AS code",
    "portal:dataset": "SELECT 'ranking' AS name, 'csv' AS form",
    "portal:release_file": "SELECT MAX(number) AS number, 'release.json' AS name FROM assess_release",
    "portal:release": "SELECT MAX(number) AS number FROM assess_release",
    "report:list": "SELECT 'units' AS name, 'csv' AS form",
    "api:": """
        SELECT r.number AS number, u.code AS code, u.code AS unit, 'enterprises' AS "table", 'x' AS rest,
        substr(r.number, 1, 4) AS year, substr(r.number, 1, 4) AS period
        FROM assess_release r, registry_unit u WHERE u.assessed ORDER BY r.id DESC, u.id LIMIT 1""",
    "api:api-1:get_indicator_set": "SELECT MAX(year) AS year FROM measure_indicatorset",
    "api:api-1:get_indicator": "SELECT MAX(number) AS number, 'PQ01' AS code FROM assess_release",
    "api:api-1:get_run_robustness": "SELECT assessment_id AS run FROM assess_release ORDER BY number DESC LIMIT 1",
    "api:api-1:get_run_structure": "SELECT assessment_id AS run FROM assess_release ORDER BY number DESC LIMIT 1",
    "api:api-1:get_sampling_rule": "SELECT MAX(id) AS rule FROM supervise_samplingrule",
    "api:api-1:get_sampling_plan": "SELECT MAX(year) AS year FROM supervise_samplingplan WHERE status = 'public'",
    "api:api-1:get_campaign": "SELECT MIN(number) AS campaign FROM supervise_campaign WHERE status = 'settled'",
    **dict.fromkeys(
        ("api:api-1:list_draws", "api:api-1:get_draw", "api:api-1:list_drawn_units"),
        f"SELECT MIN(c.number) AS campaign, 1 AS draw FROM {DRAWS} AND c.status = 'settled'",
    ),
    **HOSPITAL,
    **AWARDS,
    **FEDERATION,
    **NQI_LICENCES,
    **SAFETY,
    **NQI_SERVICES,
    **SIGNALS,
    **TALENT,
    **ALERTS,
    **COMPLAINTS,
    **REPORTS,
    **INVESTIGATIONS,
    "account_": "SELECT 'MQ' AS key",
    "mfa_": "SELECT 1 AS pk",
}
QUERIES = {
    "desk:search": "?q=tx",
    "desk:listen_search": "?q=%E7%94%B5%E6%BA%90",
    "core:drafts": "?key=x",
    "desk:assess_run": "?round=6",
}
CLOSED = "accounts are made by the administrator; the address answers that there is nothing"
LATELY = "asks for a fresh sign-in with a password, which nobody in the demo has"
UNUSED = "nobody in the demo has a second factor"
NO_PAGE = {
    "account_signup": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_set_password": CLOSED,
    "": CLOSED,
    "account_reauthenticate": LATELY,
    "mfa_reauthenticate": LATELY,
    "mfa_reauthenticate_webauthn": LATELY,
    "mfa_deactivate_totp": UNUSED,
    "mfa_view_recovery_codes": UNUSED,
    "mfa_download_recovery_codes": UNUSED,
    "mfa_remove_webauthn": UNUSED,
    "mfa_edit_webauthn": UNUSED,
    "api:unknown": "whatever is no address of the API is told so in its own words",
    "desk:correction": "the firm of the demo has a failed result whose window still runs; nothing is ordered yet",
    "desk:firm_recheck_pdf": "the firm of the demo has not objected yet",
    "desk:nqi_verify": "the laboratory of the demo verifies no instruments",
    "portal:award_objection": "no round of the demo is under public notice",
    "core:job": "a job is seen only by whoever started it",
    "portal:security": "the demo names nobody to report to",
}


@dataclass(frozen=True)
class Place:
    """One address with real arguments, and who may open it."""

    name: str
    path: str
    roles: tuple[str, ...]


def names() -> list[str]:
    """Return the name of every address that somebody may open, in the order of the URL conf."""
    return list(dict.fromkeys(one.name for one in addresses() if one.access))


def places(home: Path, name: str) -> list[Place]:
    """Return what stands at the address in the demo city of this home: several when its page has several faces."""
    found = next(one for one in addresses() if one.name == name and one.access)
    return [Place(name, path, openers(found)) for path in paths(home, found)]


def openers(one: Address) -> tuple[str, ...]:
    """Return the roles that may open the address, the busiest first; everybody includes who is not signed in.

    What is published looks the same to all, so that a few stand for them; that each role gets an answer is asked of
    every address by the tests of access.
    """
    access = one.access or ()
    if ANYONE in access and one.name.startswith(PUBLISHED):
        return ("public", "planner", "enterprise")
    staff = (*PEOPLE, *(role for role in STAFF if role not in PEOPLE))
    if ANYONE in access:
        return ("public", *staff)
    return tuple(role for role in staff if role in access)


def paths(home: Path, one: Address) -> list[str]:
    """Fill the route with every row of its query."""
    if "<" not in one.route:
        return [one.path + QUERIES.get(one.name, "")]
    query = max((key for key in ARGUMENTS if one.name.startswith(key)), key=len, default=None)
    assert query is not None, f"{one.name} needs a line in ARGUMENTS"
    with closing(sqlite3.connect(f"file:{home / 'city.sqlite3'}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute(ARGUMENTS[query]).fetchall()
    return [filled(one, dict(row)) for row in rows]


def filled(one: Address, values: dict[str, object]) -> str:
    """Put the values where the route has its arguments; what the query does not say keeps its example."""
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(values.get(m[1], m[0])), one.route)
    return one.path if "<" in route or "(" in route else "/" + route
