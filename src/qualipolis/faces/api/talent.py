"""What everyone may know of officers and training: coverage, the calendar, whether a certificate stands."""

from datetime import date
from typing import Annotated

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.talent import service
from qualipolis.city.talent.officers.coverage import Share, coverage
from qualipolis.city.talent.training import queries
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api import schemas as s
from qualipolis.faces.api.access import operation
from qualipolis.faces.api.words import PLACES

router = Router(tags=["talent"])
CertificateNumber = Annotated[
    str, Field(min_length=1, max_length=32, pattern=p.CODE, description=PLACES["certificate"])
]


class ShareOut(Schema):
    """So many of so many firms; the share is null where there are no firms."""

    code: str
    firms: int
    covered: int
    share: float | None


class CoverageOut(Schema):
    """Firms with a chief quality officer on file: a full count of the register, so no interval."""

    on: date
    total: ShareOut
    by_size: list[ShareOut] = Field(description="By employees alone; unknown stands apart.")
    by_town: list[ShareOut] = Field(description="By code of the town.")
    above_scale: ShareOut
    large_medium: ShareOut


class CourseOut(Schema):
    """An announced course."""

    number: str
    course: str
    name_zh: str
    name_en: str
    state: str
    hours: float
    starts_on: date
    ends_on: date
    enrol_until: date | None
    place_zh: str
    seats: int
    seats_left: int


class CertificateOut(Schema):
    """What a number says; the holder is not named."""

    number: str
    state: str = Field(description="issued, expired, revoked or replaced.")
    course: str
    issued_on: date
    valid_to: date
    ended_on: date | None
    replaced_by: str | None


def _share(one: Share) -> dict[str, object]:
    return {"code": one.code, "firms": one.firms, "covered": one.covered, "share": one.share}


@operation(router, "/officers/coverage", ANYONE, response=CoverageOut)
def get_officer_coverage(request):
    """How many firms have a chief quality officer on file today, by size and by town."""
    found = coverage()
    return {
        "on": found.on, "total": _share(found.total), "by_size": [_share(one) for one in found.by_size],
        "by_town": [_share(one) for one in found.by_town], "above_scale": _share(found.above_scale),
        "large_medium": _share(found.large_medium),
    }  # fmt: skip


@operation(router, "/training", ANYONE, response=s.Page[CourseOut])
def list_training(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The announced courses, the next one first."""
    rows = queries.calendar()
    items = [
        {
            "number": row.number, "course": row.course.code, "name_zh": row.course.name_zh, "name_en": row.course.name_en,
            "state": row.status, "hours": float(row.course.hours), "starts_on": row.starts_on, "ends_on": row.ends_on,
            "enrol_until": row.enrol_until, "place_zh": row.place, "seats": row.seats or 0,
            "seats_left": queries.seats_left(row),
        }
        for row in rows[offset : offset + limit]
    ]  # fmt: skip
    return {"count": rows.count(), "items": items}


@operation(router, "/training/certificates/{certificate}", ANYONE, response=CertificateOut)
def get_training_certificate(request, certificate: CertificateNumber):
    """Whether a training certificate with this number was issued and stands."""
    row = service.by_number(certificate)
    if row is None:
        raise Http404(_("No certificate has this number."))
    over = row.status == "issued" and row.valid_to < timezone.localdate()
    later = getattr(row, "replaced_by", None)
    return {
        "number": row.number, "state": "expired" if over else row.status, "course": row.course.code, "issued_on": row.issued_on,
        "valid_to": row.valid_to, "ended_on": row.ended_on, "replaced_by": later.number if later else None,
    }  # fmt: skip
