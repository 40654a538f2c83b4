"""Open operations of institutions and their scopes: who can test this, certificates with their states, what towns can do."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.nqi.directory import queries
from qualipolis.city.nqi.directory.scope_search import Hit, search
from qualipolis.city.registry.models import Institution, Unit
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api import schemas as s
from qualipolis.faces.api.access import operation
from qualipolis.faces.api.words import PLACES

router = Router(tags=["nqi"])
Code = Annotated[str, Field(max_length=24, pattern=p.CODE, description=PLACES["institution"])]
Town = Annotated[str, Field(max_length=12, pattern=p.TEXT, description=PLACES["town"])]
Asked = Annotated[str, Field(min_length=1, max_length=200, pattern=p.TEXT, description=PLACES["asked"])]
Words = Annotated[str, Field(max_length=200, pattern=p.TEXT, description=PLACES["words"])]
Number = Annotated[str, Field(min_length=1, max_length=40, pattern=p.TEXT, description=PLACES["certificate"])]
Kind = Literal["", "national_centre", "metrology_centre", "provincial_station", "certifier", "laboratory"]


class CertificateOut(Schema):
    """A certificate with its state today."""

    institution: str = Field(description="Code of the institution.")
    number: str
    kind: str
    state: str = Field(description="valid, early, suspended, expired, cancelled, withdrawn or revoked.")
    valid_from: date
    valid_to: date | None
    lines: int = Field(description="Lines of its scope in force today.")


class InstitutionOut(Schema):
    """An institution with its certificates."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    town: str
    address: str
    phone: str
    certificates: list[CertificateOut]


class ScopeLineOut(Schema):
    """A line of a scope that answers, with its source."""

    product: str
    parameter: str
    standard: str
    limits: str
    certificate: str
    valid_to: date | None
    edition: str = Field(description="same, open (an edition is not said) or other.")
    superseded: bool = Field(description="The standard is no longer in force.")
    source: str = Field(description="File it was taken over from; empty: not from a file.")
    source_line: int | None


class HitOut(Schema):
    """An institution that answers."""

    institution: str
    name_zh: str
    name_en: str
    town: str
    covered: int = Field(description="Of the items asked for, how many it lists.")
    wanted: int
    distance_km: float | None
    lines: list[ScopeLineOut]


class AnswerOut(Schema):
    """Who can; the order is by fit, then distance, then code, and is no recommendation."""

    on: date
    standards: list[str]
    products: list[str] = Field(description="Codes of the products recognised.")
    parameters: list[str] = Field(description="Codes of the items recognised.")
    unread: list[str] = Field(description="Words no term explains; they were compared by their letters.")
    count: int
    found: list[HitOut]
    other_editions: list[HitOut]
    near: list[HitOut]


class CapabilityOut(Schema):
    """A town with how many institutions may."""

    town: str
    name_zh: str
    name_en: str
    institutions: int


class GapOut(Schema):
    """Something nobody here may do."""

    product: str
    parameter: str
    standard: str
    state: str
    year: int | None = Field(description="Year of the plan; null: not planned.")


@operation(router, "/scope-search", ANYONE, response=AnswerOut)
def scope_search(
    request, asked: Asked, on: date | None = None, town: Town = "", limit: Annotated[int, Query(ge=1, le=50)] = 20
):
    """Who may test this, to this standard, on this day: lines of scopes in force only."""
    unit = Unit.objects.filter(code=town).first() if town else None
    found = search(asked, on, unit, top=limit)
    said = found.question
    return {
        "on": found.on, "standards": [one.text for one in said.standards], "products": list(said.products),
        "parameters": list(said.parameters), "unread": list(said.unread), "count": found.total,
        "found": [_hit(one) for one in found.hits], "other_editions": [_hit(one) for one in found.others],
        "near": [_hit(one) for one in found.near],
    }  # fmt: skip


@operation(router, "/institutions", ANYONE, response=s.Page[InstitutionOut])
def list_institutions(
    request, kind: Kind = "", town: Town = "", words: Words = "", limit: p.Limit = 50, offset: p.Offset = 0
):
    """The institutions with their certificates as they stand today."""
    rows = queries.institutions({"kind": kind, "town": town, "q": words})
    some = list(rows[offset : offset + limit])
    held = queries.certificates_of(some)
    return {"count": rows.count(), "items": [_body(one, held.get(one.pk, [])) for one in some]}


@operation(router, "/institutions/{institution}", ANYONE, response=InstitutionOut)
def get_institution(request, institution: Code):
    """One institution."""
    row = Institution.objects.select_related("unit").filter(code=institution).first()
    if row is None:
        raise Http404(_("There is no such institution; the list is at /api/v1/institutions."))
    return _body(row, queries.certificates(row))


@operation(router, "/certificates", ANYONE, response=s.Page[CertificateOut])
def list_certificates(request, certificate: Number):
    """The certificates with a number, as they stand today."""
    rows = queries.certificates_numbered(certificate)
    return {"count": len(rows), "items": [_certificate(one) for one in rows]}


@operation(router, "/capability", ANYONE, response=s.Page[CapabilityOut])
def list_capability(request, words: Words = "", kind: Kind = ""):
    """Each town with how many institutions hold a valid certificate, or answer a question."""
    rows = [
        {"town": one.unit.code, "name_zh": one.unit.name_zh, "name_en": one.unit.name_en, "institutions": one.count}
        for one in queries.capability(words, kind)
    ]
    return {"count": len(rows), "items": rows}


@operation(router, "/capability-gaps", ANYONE, response=s.Page[GapOut])
def list_capability_gaps(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """What nobody here may do, the most asked for first; who asked is not told."""
    rows = queries.open_gaps()
    some = [
        {
            "product": one.product,
            "parameter": one.parameter,
            "standard": one.standard,
            "state": one.status,
            "year": one.year,
        }
        for one in rows[offset : offset + limit]
    ]
    return {"count": rows.count(), "items": some}


def _hit(one: Hit) -> dict[str, Any]:
    body = one.institution
    return {
        "institution": body.code, "name_zh": body.name_zh, "name_en": body.name_en, "town": body.unit.code,
        "covered": one.covered, "wanted": one.wanted, "distance_km": one.distance,
        "lines": [
            {"product": line.item.product, "parameter": line.item.parameter, "standard": line.item.standard,
             "limits": line.item.limits, "certificate": line.certificate.number, "valid_to": line.certificate.valid_to,
             "edition": line.edition, "superseded": line.superseded,
             "source": line.item.source.file if line.item.source else "", "source_line": line.item.source_line}
            for line in one.lines
        ],
    }  # fmt: skip


def _body(row: Institution, held: list[queries.Certificate]) -> dict[str, Any]:
    return {
        "code": row.code, "name_zh": row.name_zh, "name_en": row.name_en, "kind": row.kind, "town": row.unit.code,
        "address": row.address, "phone": row.phone, "certificates": [_certificate(one) for one in held],
    }  # fmt: skip


def _certificate(one: queries.Certificate) -> dict[str, Any]:
    row = one.row
    return {
        "institution": row.institution.code, "number": row.number, "kind": row.kind, "state": one.state,
        "valid_from": row.valid_from, "valid_to": row.valid_to, "lines": one.lines,
    }  # fmt: skip
