"""What everyone may know of the federation: members, pacts, resolutions, joint tasks, pledges, in Chinese and English."""

from datetime import date
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.govern.meetings import queries as meetings
from qualipolis.city.govern.members import queries as members
from qualipolis.city.govern.models import Pact, Resolution
from qualipolis.city.govern.pacts import queries as pacts
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api import schemas as s
from qualipolis.faces.api.access import operation

router = Router(tags=["federation"])


class FederationMemberOut(Schema):
    """A member; membership is no recommendation."""

    number: str
    kind: str = Field(description="association, enterprise or consumer.")
    name_zh: str
    name_en: str
    state: str = Field(description="active or suspended.")
    joined_on: date | None


class PactOut(Schema):
    """A pact as it was published, and how it is kept; members in a breach are not named."""

    number: str
    state: str = Field(description="published, monitored, replaced or ended.")
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str = Field(description="Empty: not translated.")
    checked_on: date | None = Field(description="Fair-competition check passed on.")
    published_on: date
    ended_on: date | None
    signed: int = Field(description="Members whose signature stands.")
    breaches_open: int
    breaches_mended: int
    struck: int = Field(description="Members removed from the pact.")


class ResolutionOut(Schema):
    """A resolution of a meeting whose notes are published, with its count; who voted how is for the members."""

    number: str
    meeting: str
    meets_on: date
    state: str = Field(description="carried, lost or annulled.")
    title_zh: str
    title_en: str
    majority: str = Field(description="ordinary or special (two thirds).")
    yes: int | None
    no: int | None
    abstain: int | None
    entitled: int | None = Field(description="Votes entitled, members concerned left out.")
    present: int | None


class JointTaskOut(Schema):
    """A joint task whose result is published; null where nothing was counted, never zero."""

    number: str
    topic_zh: str
    topic_en: str
    lead_zh: str
    result_zh: str
    result_en: str
    firms_reached: int | None
    products_checked: int | None
    done_on: date | None


class PledgeOut(Schema):
    """A pledge of a firm; it is no recommendation."""

    number: str
    state: str = Field(description="published, doubted, broken, fulfilled or lapsed.")
    firm_zh: str
    firm_en: str
    content_zh: str
    content_en: str
    published_on: date
    valid_to: date


@operation(router, "/federation/members", ANYONE, response=s.Page[FederationMemberOut])
def list_federation_members(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The members of the co-governance federation."""
    rows = members.public_members()
    found = [
        {"number": row.number, "kind": row.kind, "name_zh": row.organisation.name_zh, "name_en": row.organisation.name_en,
         "state": row.status, "joined_on": row.joined_on}
        for row in rows[offset : offset + limit]
    ]  # fmt: skip
    return {"count": rows.count(), "items": found}


@operation(router, "/federation/pacts", ANYONE, response=s.Page[PactOut])
def list_federation_pacts(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The pacts that were published, those in force first."""
    rows = pacts.public_pacts()
    return {"count": rows.count(), "items": [_pact(row) for row in rows[offset : offset + limit]]}


@operation(router, "/federation/resolutions", ANYONE, response=s.Page[ResolutionOut])
def list_federation_resolutions(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The resolutions of meetings whose notes are published, the latest meeting first."""
    found = [_resolution(one) for meeting in meetings.public_meetings() for one in meetings.public_resolutions(meeting)]
    return {"count": len(found), "items": found[offset : offset + limit]}


@operation(router, "/federation/tasks", ANYONE, response=s.Page[JointTaskOut])
def list_federation_tasks(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The joint tasks whose result is published."""
    rows = meetings.public_tasks()
    found = [
        {"number": row.number, "topic_zh": row.topic, "topic_en": row.topic_en, "result_zh": row.report, "result_en": row.report_en,
         "lead_zh": row.lead.organisation.name_zh if row.lead else "", "firms_reached": row.firms_reached,
         "products_checked": row.products_checked, "done_on": row.ended_on}
        for row in rows[offset : offset + limit]
    ]  # fmt: skip
    return {"count": rows.count(), "items": found}


@operation(router, "/federation/pledges", ANYONE, response=s.Page[PledgeOut])
def list_federation_pledges(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The pledges of firms that were published, kept or not."""
    rows = members.public_pledges()
    found = [
        {"number": row.number, "state": row.status, "firm_zh": row.enterprise.name_zh, "firm_en": row.enterprise.name_en,
         "content_zh": row.content, "content_en": row.content_en, "published_on": row.published_on, "valid_to": row.valid_to}
        for row in rows[offset : offset + limit]
    ]  # fmt: skip
    return {"count": rows.count(), "items": found}


def _pact(row: Pact) -> dict[str, Any]:
    found = pacts.figures_of(row)
    return {
        "number": row.number, "state": row.status, "title_zh": row.title, "title_en": row.title_en, "text_zh": row.text,
        "text_en": row.text_en, "checked_on": row.cleared_on, "published_on": row.published_on, "ended_on": row.ended_on,
        "signed": found["signed"], "breaches_open": found["open"], "breaches_mended": found["mended"], "struck": found["struck"],
    }  # fmt: skip


def _resolution(row: Resolution) -> dict[str, Any]:
    result = row.result or {}
    return {
        "number": row.number, "meeting": row.meeting.number, "meets_on": row.meeting.meets_on, "state": row.status,
        "title_zh": row.title, "title_en": row.title_en, "majority": row.majority,
        **{name: result.get("all", {}).get(name) for name in ("yes", "no", "abstain")},
        "entitled": result.get("entitled"), "present": result.get("present"),
    }  # fmt: skip
