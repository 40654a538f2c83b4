"""What the tests of the pages of the town processes share: a round, its people, and what each process starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from tests.city.measure.cast import SYSTEM, Cast, locked_round, open_round, person, tiny_set
from tests.faces.measure_desk import as_, found

from qualipolis.city.assess import service
from qualipolis.city.assess.models import SelfEvaluation, SiteVisit
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound

SUMMARY = {"strengths": "抽检合格率上升", "shortcomings": "标准供给不足", "measures": "开展标准提升行动"}
SEED = "体彩22037期 0 7 4 1 9"


@dataclass
class Desk:
    """A city with its cast and a round."""

    cast: Cast
    round: CollectionRound

    def page(self, role: str, path: str) -> Any:
        """Open a page as a role."""
        return as_(self.cast, role).get(path)

    def post(self, role: str, path: str, **data: Any) -> Any:
        """Post to a page as a role."""
        return as_(self.cast, role).post(path, data)

    def text(self, role: str, path: str) -> str:
        """Return the text of a page that must open."""
        answer = self.page(role, path)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())


def locked_desk() -> Desk:
    """A locked round of last year's values."""
    cast = found()
    values = {unit.code: {"a": 90, "b": 90, "c": 90} for unit in cast.units}
    return Desk(cast, locked_round(tiny_set(), values))


def checking_desk() -> Desk:
    """A round whose entry has ended, so that its values can still be corrected."""
    cast = found()
    made = open_round(tiny_set())
    rows = [(code, unit.code, 50, None, None) for unit in cast.units for code in "abc"]
    measure.fill_round(SYSTEM, made, rows)
    measure.submit_many(SYSTEM, made)
    measure.verify_many(SYSTEM, made)
    return Desk(cast, measure.close_entry(SYSTEM, made))


def asked(desk: Desk) -> SelfEvaluation:
    """The self-evaluation of the town officer's unit, called for."""
    service.call_self_evaluations(desk.cast["planner"], desk.round)
    return SelfEvaluation.objects.get(unit__code="T1")


def drawn(desk: Desk, at_random: int = 3) -> SiteVisit:
    """The visit of the town officer's unit (or the first that was drawn), with two checkers."""
    desk.cast.people |= {"inspector": person("li", "inspector"), "reviewer": person("wang", "reviewer")}
    size = {"by_risk": 0, "at_random": at_random, "values_each": 2}
    plan = service.plan_site_check(desk.cast["planner"], desk.round, SEED, "公开开奖号码", **size)
    people = (desk.cast["inspector"], desk.cast["reviewer"])
    visits = service.draw_site_check(desk.cast["planner"], plan, people)
    return next((visit for visit in visits if visit.unit.code == "T1"), visits[0])


def taken_along(desk: Desk, role: str, name: str, query: str) -> str:
    """Return a list as the csv that somebody takes along."""
    told = desk.page(role, f"{reverse('report:list', args=[name, 'csv'])}?{query}")
    assert told.status_code == 200
    body = b"".join(told.streaming_content) if told.streaming else told.content
    return str(body.decode("utf-8-sig"))


def primary(text: str) -> int:
    """How many primary buttons a page has."""
    return text.count("btn-primary")


def plain_page(text: str) -> bool:
    """Whether a page holds neither inline style nor inline script."""
    return " style=" not in text and "<style" not in text and "<script>" not in text


def signed_in(who: Any) -> Client:
    """Return a client of somebody who has no part in the cast."""
    client = Client(headers={"host": "localhost"})
    client.force_login(who)
    return client
