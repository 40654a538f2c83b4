"""What the reference says of calls and parameters, in the language of the page; the OpenAPI document stays English."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

CALLS = {
    "get_city": _("The city and its latest release."),
    "list_units": _("The towns, subdistricts and parks."),
    "get_unit": _("One unit."),
    "list_indicator_sets": _("The indicator sets: to the public those that are published."),
    "get_indicator_set": _("The latest set of a year with its tree, weights and goalposts."),
    "list_indicators": _("The indicators behind the release of a year, with their definitions."),
    "get_indicator": _("One indicator with its definition."),
    "list_releases": _("Every release ever published; what was replaced or withdrawn says so."),
    "get_release": _("One release with its hashes."),
    "get_ranking": _(
        "The ranking of a release at a node. Ranks carry their 90 % intervals; ties are ties. "
        "Dimensions are published in bands, without their scores."
    ),
    "get_profile": _("One unit in a release: its place, its dimensions in bands, its years."),
    "get_indicator_values": _(
        "One indicator in a release: the city's years, and every unit by code. "
        "Figures of fewer than three respondents are held back, and with a single one the next smallest."
    ),
    "get_verification": _("How to check a release: hashes, seed, files, and the command that computes it again."),
    "list_files": _("The files of a release and where to take them."),
    "list_datasets": _("The open data: each dataset with the meaning of its columns."),
    "get_checkpoint": _("The latest signed end of the ledger; keep a copy, and nobody can shorten it unnoticed."),
    "get_me": _("Who is signed in, with the roles of today."),
    "list_work": _("What waits for the caller, the most urgent first."),
    "list_jobs": _("The long pieces of work the caller started, the latest first."),
    "list_tables": _("The tables of the registry."),
    "list_rows": _("The rows of a table of the registry, searched and filtered as on its page."),
    "list_rounds": _("The collection rounds the caller sees, the latest first."),
    "get_progress": _("How far each unit of a round is that the caller sees."),
    "list_observations": _("The observations of a round that the caller sees."),
    "get_release_robustness": _(
        "How sure the ranking of a release is: intervals, tiers, places, and which assumptions matter."
    ),
    "get_release_structure": _("How the framework of a release holds together: weight against influence, alpha, KMO."),
    "get_run_robustness": _(
        "How sure the ranking of a run is: before a release for overseers, after it for all staff."
    ),
    "get_run_structure": _(
        "How the framework of a run holds together: before a release for overseers, after it for all staff."
    ),
    "list_sampling_plans": _("The published plans of supervision sampling, every version."),
    "get_sampling_plan": _("The plan of a year in its latest published version, with its product classes."),
    "list_sampling_rules": _(
        "The published detailed rules, every version: items, limits, methods, how a value near the limit is judged."
    ),
    "get_sampling_rule": _("One set of detailed rules."),
    "list_campaigns": _("The campaigns whose scheme and rules are public."),
    "get_campaign": _("One campaign."),
    "list_draws": _(
        "The draws of a campaign that were committed; superseded ones stay with their reason. "
        "Files are listed once sampling on site has ended; before that only hashes are public."
    ),
    "get_draw": _("One draw: hashes, source, seed, numbers, and the files that replay it."),
    "list_drawn_units": _("Who was drawn, and the reserve; empty until sampling on site has ended."),
    "choose_instrument": _(
        "Which instrument fits what is known: the steps with their reasons, then the next question or the instrument."
    ),
    "get_measurement_findings": _(
        "What the chosen characteristic of a measurement file says: the numbers and words of its page."
    ),
    "list_measurement_points": _("The points of a chart of a measurement file with their limits."),
    "list_hospital_departments": _("The departments of the product hospital that take cases."),
    "list_hospital_experts": _("The fields of the experts and their organisations; no person is named."),
    "list_typical_cases": _("The published cases of the product hospital, the newest first."),
    "get_typical_case": _("One published case of the product hospital."),
    "get_hospital_outcomes": _(
        "What came of the cases, as on the page: shares with intervals and numbers, small numbers held back."
    ),
    "list_recalls": _("The announced recalls, the latest first."),
    "get_recall": _("One announced recall."),
    "list_warnings": _("The warnings that are in force, or those that have ended, the latest first."),
    "get_warning": _("One warning, also one that has ended."),
    "get_officer_coverage": _("How many firms have a chief quality officer on file today, by size and by town."),
    "list_training": _("The announced courses, the next one first."),
    "get_training_certificate": _("Whether a training certificate with this number was issued and stands."),
    "list_federation_members": _("The members of the co-governance federation."),
    "list_federation_pacts": _("The pacts that were published, those in force first."),
    "list_federation_resolutions": _(
        "The resolutions of meetings whose notes are published, the latest meeting first."
    ),
    "list_federation_tasks": _("The joint tasks whose result is published."),
    "list_federation_pledges": _("The pledges of firms that were published, kept or not."),
    "scope_search": _("Who may test this, to this standard, on this day: lines of scopes in force only."),
    "list_institutions": _("The institutions with their certificates as they stand today."),
    "get_institution": _("One institution."),
    "list_certificates": _("The certificates with a number, as they stand today."),
    "list_capability": _("Each town with how many institutions hold a valid certificate, or answer a question."),
    "list_capability_gaps": _("What nobody here may do, the most asked for first; who asked is not told."),
    "list_events": _("The ledger, the latest event first, by who, verb and thing."),
}
PLACES = {
    "limit": _("How many rows at most."),
    "offset": _("How many rows to leave out at the start."),
    "year": _("A year; without it the latest that is published."),
    "q": _("Name, pinyin initials or code; one wrong character is forgiven."),
    "number": _("Number of a release, or `latest`."),
    "node": _("Code of an aggregate; without it the composite."),
    "dimension": _("Code of a dimension."),
    "peer_group": _("A peer group, as it is named in the ranking."),
    "unit": _("Code of a unit."),
    "code": _("Code of the unit or indicator."),
    "indicator": _("Code of an indicator."),
    "period": _("Period of a round."),
    "run": _("Number of a run."),
    "table": _("Name of a table; the list is at /api/v1/registry."),
    "cluster": _("Code of a cluster."),
    "kind": _("Kind, as it stands in the rows."),
    "category": _("Category, as it stands in the rows."),
    "status": _("Status, as it stands in the rows."),
    "above_scale": _("1 for firms above designated size, 0 for the others."),
    "who": _("User name of the actor."),
    "verb": _("Verb of the event."),
    "thing": _("Kind of thing, or kind:key."),
    "campaign": _("Number of a campaign of supervision sampling."),
    "draw": _("Number of a draw within its campaign, from 1."),
    "rule": _("Number of a set of detailed rules."),
    "knowledge": _("Number of a published case of the product hospital."),
    "outcome_year": _("Year of registration; without it all years."),
    "file": _("Number of a measurement file."),
    "chart": _("Number of a chart of the file, from 1: the location, then the spread."),
    "recall": _("Number of an announced recall."),
    "warning": _("Number of a published warning."),
    "standing": _("`in_force` or `ended`."),
    "words": _("Words of product, firm, title or number."),
    "asked": _("A question in Chinese or English: product, item, standard."),
    "on": _("Day on which certificate and line must be valid; without it today."),
    "town": _("Code of a town; distances count from its middle."),
    "institution": _("Code of an institution."),
    "certificate": _("Number of a certificate."),
    "drawn": _("How many points of a chart are given at most; more are thinned, signalled ones stay."),
}


def call(one: dict[str, Any]) -> str:
    """Return what an operation answers; one that is not listed says it in English."""
    known = CALLS.get(one["operationId"])
    return gettext(known) if known else f"{one.get('summary', '')}."


def place(name: str) -> str:
    """Return the meaning of a parameter, or nothing where it is not listed."""
    return gettext(PLACES[name]) if name in PLACES else ""


def fact(schema: dict[str, Any]) -> str:
    """Return the question that a parameter of the choice of an instrument answers, or nothing for another parameter."""
    question = schema.get("x-question", "")
    return gettext(question) % {} if question else ""
