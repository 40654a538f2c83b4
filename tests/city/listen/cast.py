"""The cast of listening, and letters, complaints and reports in any state, made straight in the database."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.city.listen.belongings import belong
from tests.city.supervise.cast import SYSTEM, make_cast
from tests.city.supervise.cast import Cast as City
from tests.city.supervise.cast import person as with_role

from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.policy import System
from qualipolis.city.listen.intake import secrecy
from qualipolis.city.listen.models import Complaint, Identity, Letter, Report
from qualipolis.city.registry.models import Enterprise, Unit

__all__ = ["CONSUMER", "OLD_ORDER", "PUBLIC", "SYSTEM", "Cast", "complaint_in", "found", "letter", "report_in"]
PUBLIC = System("listen.public")
OLD_ORDER, NEW_ORDER = date(2026, 3, 2), date(2026, 4, 15)
CONSUMER = {
    "name": "甄示范", "phone": "13800135678", "address": "示范路8号302室", "id_kind": "id_card",
    "id_number": "990101199003078519",
}  # fmt: skip
FACTS = "五月买的电暖器用了两天就冒烟，插头发烫，商家不肯退。"
_serial = itertools.count(1)
BEFORE = ("received", "identity_requested", "jurisdiction")
TAKEN_UP = ("accepted", "mediating", "entrusted", "paused", "agreed", "ended", "closed")
REPORT_DECIDED = ("filed", "not_filed", "informed", "closed")


@dataclass
class Cast:
    """People by role and the bodies they act for; ``city`` is the cast of supervision sampling around them.

    ``cast["complaint_desk"]`` serves the whole city, ``cast["second_desk"]`` too; ``cast["desk_of_town"]`` the town of
    ``firm``, ``cast["desk_of_branch"]`` the same by its branch, ``cast["desk_elsewhere"]`` the other town.
    ``cast["enterprise"]`` acts for ``firm``, ``cast["other_enterprise"]`` for ``other_firm`` (of the other town).
    ``cast["mediator"]`` is of ``federation``, ``cast["other_mediator"]`` of ``association``. ``cast["inspector"]`` works
    in the branch of ``firm`` (``inspector2`` too), ``cast["inspector_elsewhere"]`` in the other; department, planner, leader, auditor, admin,
    laboratory, town_officer and hospital_desk are there too.
    """

    city: City
    people: dict[str, Person]
    firm: Enterprise
    other_firm: Enterprise
    federation: Organisation
    association: Organisation

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    @property
    def unit(self) -> Unit:
        """The town of ``firm``."""
        return self.firm.unit


def found() -> Cast:
    """Found the city of supervision sampling with its complaint desks and two bodies that mediate."""
    city = make_cast()
    firm, other_firm = city.firms[0], city.firms[1]
    federation = _body("FED", "federation", "共建共治联合会")
    association = _body("CCA", "federation", "消费者委员会")
    branch, elsewhere = (Organisation.objects.get(code=f"AMR-{one.unit.code}") for one in (firm, other_firm))
    people = dict(city.people)
    for name, role, scope in (
        ("inspector", "inspector", branch),
        ("inspector2", "inspector", branch),
        ("inspector_elsewhere", "inspector", elsewhere),
        ("town_officer", "town_officer", firm.unit.government),
        ("complaint_desk", "complaint_desk", None),
        ("second_desk", "complaint_desk", None),
        ("desk_of_town", "complaint_desk", firm.unit.government),
        ("desk_of_branch", "complaint_desk", branch),
        ("desk_elsewhere", "complaint_desk", other_firm.unit.government),
        ("mediator", "mediator", federation),
        ("other_mediator", "mediator", association),
        ("hospital_desk", "hospital_desk", None),
        ("hospital_manager", "hospital_manager", None),
        ("other_enterprise", "enterprise", _body(other_firm.credit_code, "enterprise", other_firm.name_zh)),
    ):
        people[name] = with_role(f"l-{name}", role, scope)
    return Cast(city, people, firm, other_firm, federation, association)


def _body(code: str, kind: str, name: str) -> Organisation:
    return Organisation.objects.get_or_create(code=code, defaults={"kind": kind, "name_zh": name})[0]


def letter(cast: Cast, identity: dict[str, str] | None = CONSUMER, *, secret: bool = False, **more: Any) -> Letter:
    """Make a letter about ``cast.firm`` with the sealed identity of who sent it (None: anonymous).

    Every field of the letter may be given; ``received_on=OLD_ORDER`` is a letter under Order 20. It opens no track.
    """
    firm = more.pop("enterprise", cast.firm)
    received = more.get("received_on", timezone.localdate())
    said = identity or {}
    number = f"L{next(_serial)}"
    values: dict[str, Any] = {
        "number": number, "enterprise": firm, "unit": firm.unit if firm else None, "received_on": received,
        "respondent_name": firm.name_zh if firm else "路边摊", "product_name": "电暖器", "facts": FACTS, "claim": "退货并退款",
        "sender_key": secrecy.sender_key(said.get("phone", "")),
        "phone_key": secrecy.tracking_key(number, said["phone"]) if said.get("phone") else "",
    }  # fmt: skip
    made = Letter.objects.create(**values | more)
    Identity.objects.create(
        letter=made, sealed=secrecy.seal(said), named=bool(said.get("name")), proved=secrecy.proved(said), secret=secret
    )
    return made


def complaint_in(cast: Cast, state: str = "received", **more: Any) -> Complaint:
    """Make a complaint against ``cast.firm`` in any state, with the rows that a complaint in that state has.

    ``letter=`` gives its letter, ``received_on=`` its day (and so its order); officer is ``cast["complaint_desk"]``, the
    entrusted body ``cast.federation`` with ``cast["mediator"]``. A question to the firm from ``mediating``, an open pause
    (out of ``mediating``, or ``paused_from=``) in ``paused``. Rows only: the ledger says nothing of it.
    """
    received = more.pop("received_on", timezone.localdate())
    sent = more.pop("letter", None) or letter(
        cast, _without_proof() if state == "identity_requested" else CONSUMER, received_on=received
    )
    today = timezone.localdate()
    values: dict[str, Any] = {
        "number": f"TS{next(_serial)}", "status": state, "letter": sent, "received_on": sent.received_on,
        "unit": sent.unit, "enterprise": sent.enterprise, "due_on": today + timedelta(days=5),
    }  # fmt: skip
    if state != "received":
        values |= {"officer": cast["complaint_desk"]}
    if state in TAKEN_UP:
        values |= {"competent": True, "accepted_on": min(today, sent.received_on + timedelta(days=3))}
    values |= _of_state(cast, state, today)
    made = Complaint.objects.create(**values | more)
    belong(cast, made)
    return made


def _without_proof() -> dict[str, str]:
    return {name: value for name, value in CONSUMER.items() if not name.startswith("id_")}


def _of_state(cast: Cast, state: str, today: date) -> dict[str, Any]:
    signed = {
        "terms": "商家退款三百元。", "amount": 300, "complainant_signed_on": today, "respondent_signed_on": today,
        "perform_by": today + timedelta(days=10), "ended_on": today,
    }  # fmt: skip
    return {
        "jurisdiction": {"authority": "乙市市场监管局"},
        "transferred": {"authority": "乙市市场监管局", "due_on": None, "ended_on": today},
        "refused": {"reason_code": "no_dispute", "due_on": None, "ended_on": today},
        "entrusted": {"mediator": cast.federation, "mediator_person": cast["mediator"]},
        "paused": {"paused_from": "mediating"},
        "agreed": signed,
        "ended": {"reason_code": "no_agreement", "ended_on": today},
        "withdrawn": {"due_on": None, "ended_on": today},
        "closed": {**signed, "due_on": None},
    }.get(state, {})


def report_in(cast: Cast, state: str = "received", **more: Any) -> Report:
    """Make a report about ``cast.firm`` in any state; ``identity=None`` makes it anonymous, ``letter=`` gives its letter.

    Officer is ``cast["complaint_desk"]`` once checked. A named report's identity is kept secret.
    """
    identity = more.pop("identity", CONSUMER)
    received = more.pop("received_on", timezone.localdate())
    sent = more.pop("letter", None) or letter(cast, identity, secret=True, received_on=received, claim="")
    today = timezone.localdate()
    values: dict[str, Any] = {
        "number": f"JB{next(_serial)}", "status": state, "letter": sent, "received_on": sent.received_on,
        "facts": sent.facts, "respondent_name": sent.respondent_name, "unit": sent.unit, "enterprise": sent.enterprise,
        "named": bool(identity), "due_on": None if state in ("transferred", "merged", "closed") else today + timedelta(days=9),
    }  # fmt: skip
    if state != "received":
        values |= {"officer": cast["complaint_desk"]}
    if state in REPORT_DECIDED:
        values |= {"decided_on": today}
        values |= {"case_no": "示市监立〔2026〕1号"} if state == "filed" else {"reason_code": "no_facts"}
    if state == "informed":
        values |= {"informed_on": today}
    if state == "transferred":
        values |= {"authority": "乙市市场监管局"}
    if state == "merged":
        values |= {"merged_into": report_in(cast, "checking")}
    return Report.objects.create(**values | more)
