"""Operations for staff, by the session of the site and under the same policy as its pages."""

from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from qualipolis.city.assess.queries import work as assess_work
from qualipolis.city.core import jobs
from qualipolis.city.core.models import Job
from qualipolis.city.core.policy import grants_of, visible
from qualipolis.city.core.queries import LEDGER_READERS
from qualipolis.city.core.queries import ledger as ledger_of
from qualipolis.city.core.roles import PUBLIC, STAFF
from qualipolis.city.govern.work import work as govern_work
from qualipolis.city.hospital.work import work as hospital_work
from qualipolis.city.listen.work import work as listen_work
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.measure.queries import progress, rounds
from qualipolis.city.measure.queries import work as measure_work
from qualipolis.city.nqi.work import work as nqi_work
from qualipolis.city.registry import queries as registry
from qualipolis.city.registry.tables import REFERENCE_FIELD, TABLES
from qualipolis.city.supervise.work import work as supervise_work
from qualipolis.city.talent.work import work as talent_work
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api.access import operation
from qualipolis.faces.api.schemas import Page

router = Router(tags=["staff"])


class TableOut(Schema):
    """A table of the registry."""

    table: str
    title: str = Field(description="In the language of the request.")
    columns: list[str]
    filters: list[str]


class RoundOut(Schema):
    """A collection round."""

    period: str
    year: int = Field(description="Year of its indicator set.")
    version: int
    status: str = Field(description="planned, open, checking, locked or reopened.")
    opens_on: date
    due_on: date


class ProgressOut(Schema):
    """How far one unit is."""

    unit: str
    name: str
    total: int
    handed_in: int
    verified: int
    returned: int
    disputed: int
    missing: int


class ObservationOut(Schema):
    """One observation; null means none, never zero."""

    unit: str
    indicator: str
    numerator: float | None
    denominator: float | None
    value: float | None
    status: str
    missing: str
    computed: bool
    due_on: date | None


class EventOut(Schema):
    """One line of the ledger."""

    seq: int
    at: datetime
    actor: str
    role: str
    verb: str
    thing: str
    payload: str
    prev_hash: str
    hash: str


class JobOut(Schema):
    """A long piece of work."""

    id: int
    kind: str
    state: str
    done: int
    total: int
    message: str
    result_url: str


class WorkOut(Schema):
    """One thing that waits for the caller."""

    stop: str = Field(description="Stop of the quality loop.")
    title: str
    why: str
    due: date | None
    verb: str
    count: int


class MeOut(Schema):
    """Who is calling."""

    username: str
    roles: list[dict[str, str | None]] = Field(description="Role and organisation code; null is the whole city.")


@operation(router, "/me", *STAFF, response=MeOut)
def get_me(request):
    """Who is signed in, with the roles of today."""
    from qualipolis.city.core.models import Organisation

    held = [(role, org) for role, org in grants_of(request.user) if role != PUBLIC]
    codes = dict(Organisation.objects.filter(pk__in=[org for _role, org in held if org]).values_list("pk", "code"))
    return {
        "username": request.user.username,
        "roles": [{"role": role, "organisation": codes.get(org)} for role, org in held],
    }


@operation(router, "/work", *STAFF, response=list[WorkOut])
def list_work(request):
    """What waits for the caller, the most urgent first."""
    found = [
        *measure_work(request.user),
        *supervise_work(request.user),
        *listen_work(request.user),
        *hospital_work(request.user),
        *nqi_work(request.user),
        *talent_work(request.user),
        *govern_work(request.user),
        *assess_work(request.user),
    ]
    return sorted(found, key=lambda item: (item.due or date.max, item.title))


@operation(router, "/jobs", *STAFF, response=list[JobOut])
def list_jobs(request, limit: p.Limit = 50):
    """The long pieces of work the caller started, the latest first."""
    rows = Job.objects.filter(person=request.user).order_by("-created_at")[:limit]
    return [jobs.state_of(row) for row in rows]


@operation(router, "/registry", *STAFF, response=list[TableOut])
def list_tables(request):
    """The tables of the registry."""
    return [
        {
            "table": kind,
            "title": str(spec.title),
            "columns": [column.field for column in spec.columns],
            "filters": list(spec.filters),
        }
        for kind, spec in TABLES.items()
    ]


@operation(router, "/registry/{table}", *STAFF, response=Page[dict[str, Any]])
def list_rows(
    request,
    table: p.TableName,
    q: p.Search = "",
    unit: p.Short = "",
    cluster: p.Short = "",
    kind: p.Short = "",
    category: p.Short = "",
    status: p.Short = "",
    above_scale: p.Short = "",
    limit: p.Limit = 50,
    offset: p.Offset = 0,
):
    """The rows of a table of the registry, searched and filtered as on its page."""
    if table not in TABLES:
        raise Http404(_("There is no table of this name; the list is at /api/v1/registry."))
    spec = TABLES[table]
    given = {"q": q, "unit": unit, "cluster": cluster, "kind": kind, "category": category, "status": status}
    found, _near = registry.rows(request.user, table, given | {"above_scale": above_scale})
    fields = [f"{c.field}__{REFERENCE_FIELD[c.kind]}" if c.kind in REFERENCE_FIELD else c.field for c in spec.columns]
    names = [column.field for column in spec.columns]
    rows = found.values_list(*fields)[offset : offset + limit]
    return {"count": found.count(), "items": [dict(zip(names, row, strict=True)) for row in rows]}


@operation(router, "/rounds", *STAFF, response=Page[RoundOut])
def list_rounds(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The collection rounds the caller sees, the latest first."""
    rows = rounds(request.user)
    return {"count": rows.count(), "items": [_round(row) for row in rows[offset : offset + limit]]}


def _round(row: CollectionRound) -> dict[str, Any]:
    names = ("period", "status", "opens_on", "due_on")
    return {**{name: getattr(row, name) for name in names}, "year": row.set.year, "version": row.set.version}


def _round_of(request: Any, period: str) -> CollectionRound:
    row = rounds(request.user).filter(period=period).first()
    if row is None:
        raise Http404(_("There is no round of this period; the list is at /api/v1/rounds."))
    return row


@operation(router, "/rounds/{period}/progress", *STAFF, response=list[ProgressOut])
def get_progress(request, period: p.Period):
    """How far each unit of a round is that the caller sees."""
    names = ("total", "handed_in", "verified", "returned", "disputed", "missing")
    return [
        {"unit": one.unit.code, "name": one.unit.name, **{name: getattr(one, name) for name in names}}
        for one in progress(request.user, _round_of(request, period))
    ]


@operation(router, "/rounds/{period}/observations", *STAFF, response=Page[ObservationOut])
def list_observations(
    request,
    period: p.Period,
    unit: p.Short = "",
    indicator: p.Short = "",
    status: p.Short = "",
    limit: p.Limit = 50,
    offset: p.Offset = 0,
):
    """The observations of a round that the caller sees."""
    rows = visible(request.user, Observation.objects.filter(round=_round_of(request, period)))
    for field, value in (("unit__code", unit), ("indicator__code", indicator), ("status", status)):
        rows = rows.filter(**{field: value}) if value else rows
    rows = rows.order_by("indicator__position", "unit__code").select_related("unit", "indicator")
    names = ("numerator", "denominator", "value", "status", "missing", "computed", "due_on")
    items = [
        {"unit": row.unit.code, "indicator": row.indicator.code, **{name: getattr(row, name) for name in names}}
        for row in rows[offset : offset + limit]
    ]
    return {"count": rows.count(), "items": items}


@operation(router, "/ledger", *LEDGER_READERS, response=Page[EventOut])
def list_events(
    request, who: p.Short = "", verb: p.Short = "", thing: p.Short = "", limit: p.Limit = 50, offset: p.Offset = 0
):
    """The ledger, the latest event first, by who, verb and thing."""
    rows = ledger_of(request.user, {"who": who, "verb": verb, "thing": thing})
    return {"count": rows.count(), "items": list(rows[offset : offset + limit])}
