"""Verbs of people who are named or trained: registered once, found again by the key of their identity number."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.policy import organisations_of, person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.models import Learner
from qualipolis.city.talent.officers.identity import keys_of, number_problems, tail_of
from qualipolis.city.talent.officers.visibility import acts_for
from qualipolis.law.talent.conditions import EDUCATION, TITLES
from qualipolis.methods.problems import Problem, msg, refuse

WHO = ("enterprise", "trainer", "reviewer", "laboratory", "expert")
HELD = ("filed", "trained", "certified", "active", "lapsed")


def found_by(number: str) -> Learner | None:
    """Return who has this identity number, if the person is registered; older secrets of the installation count too."""
    return Learner.objects.filter(id_key__in=keys_of(number)).first()


@verb("talent.register_learner", roles=WHO)
def register_learner(
    actor: Any, thing: Enterprise | None, *, name: str, id_number: str, education: str = "none", title: str = "none",
    account: Person | None = None,
) -> Learner:  # fmt: skip
    """Register somebody of a firm (or oneself, without a firm); who is there already is returned and moves to the firm."""
    _may_register(actor, thing)
    said = " ".join(name.split())[:80]
    refuse(
        [
            None if said else Problem("no_name", msg("Give the name."), place="name"),
            *number_problems(id_number),
            None if education in EDUCATION else Problem("no_education", msg("Choose the education."), place="education"),
            None if title in TITLES else Problem("no_title", msg("Choose the title, or that there is none."), place="title"),
            _account_problem(thing, account),
        ]
    )  # fmt: skip
    known = found_by(id_number)
    if known is not None:
        return _known(actor, known, thing, said, education, title, account)
    made = Learner.objects.create(
        name=said, id_key=keys_of(id_number)[0], id_tail=tail_of(id_number), education=education, title=title,
        enterprise=thing, account=account or (None if thing else person_of(actor)),
    )  # fmt: skip
    record(actor, "talent.register_learner", made, {"firm": thing and thing.credit_code})
    return made


def _may_register(actor: Any, firm: Enterprise | None) -> None:
    if roles_of(actor) & {"trainer", SYSTEM} or (firm is not None and acts_for(actor, firm)):
        return
    if firm is None and roles_of(actor) & {"reviewer", "laboratory", "expert"}:
        return
    raise PermissionDenied(_("A firm registers its own people."))


def _account_problem(firm: Enterprise | None, account: Person | None) -> Problem | None:
    if account is None or firm is None:
        return None
    own = Organisation.objects.filter(code=firm.credit_code).values_list("pk", flat=True)
    if organisations_of(account, ("enterprise",)) & set(own):
        return None
    return Problem("foreign_account", msg("The account belongs to another firm."), place="account")


def _known(
    actor: Any, row: Learner, firm: Enterprise | None, name: str, education: str, title: str, account: Person | None
) -> Learner:  # fmt: skip
    """A person who is there keeps the name; another name under the same number is a mistake of one of the two."""
    if row.name != name:
        what = msg("Another name is registered under this identity number: look at both again.")
        refuse([Problem("other_name", what, place="name")])
    if firm is not None and row.enterprise_id not in (None, firm.pk) and _holds_office(row):
        what = msg("The person holds an office in another firm: that firm first records that the person left.")
        refuse([Problem("held_elsewhere", what, place="id_number")])
    moved = firm is not None and row.enterprise_id != firm.pk
    row.education, row.title = education, title
    row.enterprise = firm or row.enterprise
    row.account = account or (None if moved else row.account)
    row.save(update_fields=["education", "title", "enterprise", "account"])
    record(actor, "talent.register_learner", row, {"firm": firm and firm.credit_code, "again": True})
    return row


def _holds_office(row: Learner) -> bool:
    return bool(row.offices.filter(status__in=HELD).exists())


@verb("talent.link_account", roles=("enterprise", "trainer"))
def link_account(actor: Any, thing: Learner, account: Person | None) -> Learner:
    """Say under which account somebody signs in to examinations; the firm for its people, the trainer for everybody."""
    row = Learner.objects.select_for_update().get(pk=thing.pk)
    own = row.enterprise is not None and acts_for(actor, row.enterprise)
    if not own and not roles_of(actor) & {"trainer", SYSTEM}:
        raise PermissionDenied(_("A firm registers its own people."))
    taken = account is not None and Learner.objects.filter(account=account).exclude(pk=row.pk).exists()
    refuse(
        [
            _account_problem(row.enterprise, account),
            Problem("account_taken", msg("Somebody else already uses this account."), place="account") if taken else None,
        ]
    )  # fmt: skip
    row.account = account
    row.save(update_fields=["account"])
    record(actor, "talent.link_account", row, {"linked": account is not None})
    return row
