"""Operations of the product hospital: which instrument fits, and the findings of a measurement file as on its page."""

from typing import Annotated, Any, Literal

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field, create_model

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.hospital.measurements.lists import ROLES, seen_file
from qualipolis.city.hospital.measurements.study import findings_of
from qualipolis.faces.api import hospital_schemas as o
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api import schemas as s
from qualipolis.faces.api.access import operation
from qualipolis.faces.api.words import PLACES
from qualipolis.methods.spc.decisions import FACTS, INSTRUMENTS, Fact
from qualipolis.methods.spc.instrument import Recommendation, Taken, recommend

router = Router(tags=["hospital"])
UNKNOWN = "unknown"
File = Annotated[int, Field(ge=1, le=2**31, description=PLACES["file"])]
ChartNumber = Annotated[int, Field(ge=1, le=20, description=PLACES["chart"])]
Drawn = Annotated[int, Field(ge=100, le=20_000, description=PLACES["drawn"])]


def _field(fact: Fact) -> tuple[Any, Any]:
    """Return the parameter of a fact: one of its answers or a number, and in either case ``unknown``."""
    about = (fact.question % {}) + f" `{UNKNOWN}` says that it is not known."
    kind = Literal[(*fact.answers, UNKNOWN)] if fact.answers else (int if fact.whole else float) | Literal[UNKNOWN]  # type: ignore[valid-type]
    return kind | None, Field(None, description=about, json_schema_extra={"x-question": fact.question})  # type: ignore[operator]


Known = create_model(
    "Known",
    **{name: _field(fact) for name, fact in FACTS.items()},  # type: ignore[call-overload]
)


@operation(router, "/hospital/instrument", ANYONE, response=o.InstrumentOut)
def choose_instrument(request, known: Query[Known]):
    """Which instrument fits what is known: the steps with their reasons, then the next question or the instrument.

    Call it with `goal` alone, answer what it asks, and call it again with the answer added.
    """
    said = known.model_dump(exclude_none=True)
    found = recommend({name: None if value == UNKNOWN else value for name, value in said.items()})
    return {
        "steps": [_step(one) for one in found.steps],
        "ask": _question(found),
        "instrument": _instrument(found.instrument.code) if found.instrument else None,
        "also": [_instrument(one.code) for one in found.also],
        "changes": [{"fact": one.fact, "instrument": one.instrument, "words": one.text(_)} for one in found.changes],
    }


def _step(one: Taken) -> dict[str, Any]:
    names = ("step", "fact", "value", "operator", "threshold", "mood")
    return {name: getattr(one, name) for name in names} | {
        "instrument": one.instrument or None,
        "question": _(one.question) % {} if one.question else "",
        "words": one.text(_),
    }


def _question(found: Recommendation) -> dict[str, Any] | None:
    fact = found.ask
    if fact is None:
        return None
    answers = [{"value": code, "words": _(words) % {}} for code, words in fact.answers.items()]
    question = _(fact.question) % {}
    return {"fact": fact.name, "question": question, "answers": answers, "may_be_unknown": found.may_skip}


def _instrument(code: str) -> dict[str, Any]:
    one = INSTRUMENTS[code]
    return {"code": code, "name": _(one.name), "function": one.function or None}


@operation(router, "/hospital/measurements/{file}/findings", *ROLES, response=o.FindingsOut)
def get_measurement_findings(request, file: File, drawn: Drawn = 5000):
    """What the chosen characteristic of a measurement file says: the numbers and words of its page.

    Charts of more points than `drawn` are thinned here and say so; every signalled point stays. All points are at
    `/points`.
    """
    return findings_of(_row(request, file)).to_dict(_, drawn)


@operation(router, "/hospital/measurements/{file}/points", *ROLES, response=s.Page[o.PointOut])
def list_measurement_points(request, file: File, chart: ChartNumber = 1, limit: p.Limit = 200, offset: p.Offset = 0):
    """The points of a chart of a measurement file with their limits; the first chart is the location."""
    charts = findings_of(_row(request, file)).charts
    if chart > len(charts):
        raise Http404(_("This file has no such chart."))
    found = charts[chart - 1]
    return {"count": len(found), "items": found.rows(offset, offset + limit)}


def _row(request: Any, file: int) -> Any:
    row = seen_file(request.user, file)
    if row is None:
        raise Http404(_("No such file is open to you."))
    return row
