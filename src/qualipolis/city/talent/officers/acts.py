"""What an officer decides in the office: vetoes and other powers, written once and never changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.talent.models import Officer, OfficerAct
from qualipolis.city.talent.officers.nominations import Paper
from qualipolis.city.talent.officers.visibility import acts_for
from qualipolis.methods.problems import Problem, msg, refuse

Kind = OfficerAct.Kind
IN_OFFICE = ("certified", "active")
ABOUT_AN_EARLIER = (Kind.RELEASE, Kind.CORRECTION)


@verb("talent.record_act", roles=("enterprise",))
def record_act(
    actor: Any, thing: Officer, kind: str, on: date, said: str, *, product: str = "", batch: str = "",
    quantity: int | None = None, about: OfficerAct | None = None, paper: Paper | None = None,
) -> OfficerAct:  # fmt: skip
    """Record an act of the officer. Vetoes are lifted, and mistakes corrected, by a line of their own."""
    row = Officer.objects.select_for_update().get(pk=thing.pk)
    if not acts_for(actor, row.enterprise):
        raise PermissionDenied(_("A firm speaks for itself only."))
    words = said.strip()[:2000]
    refuse(
        [
            None if kind in Kind.values else Problem("no_kind", msg("Choose what the officer did."), place="kind"),
            None if words else Problem("no_words", msg("Write what was decided and why."), place="said"),
            None if kind != Kind.VETO or product.strip() else Problem("no_product", msg("Name the product that is held back."), place="product"),
            None if quantity is None or 0 < quantity < 10**9 else Problem("bad_quantity", msg("Say how many pieces are held back, from 1 on."), place="quantity"),
            *not_ahead(on, "on", row.active_on or row.filed_on),
            *_standing(row, kind),
            *_about(row, kind, about),
        ]
    )  # fmt: skip
    made = OfficerAct.objects.create(
        officer=row, number=next_number("LZ", timezone.localdate().year), kind=kind, on=on, said=words,
        product=product.strip()[:160], batch=batch.strip()[:120], quantity=quantity, about=about, recorded_by=person_of(actor),
    )  # fmt: skip
    if paper is not None:
        store(actor, made, *paper)
    told = {"of": row.number, "act": made.number, "kind": kind, "on": on, "about": about and about.number}
    record(actor, "talent.record_act", row, told)
    if kind == Kind.VETO:
        tell(actor, "talent.veto_recorded", made)
    return made


def _standing(row: Officer, kind: str) -> list[Problem]:
    if row.status in IN_OFFICE or kind in ABOUT_AN_EARLIER:
        return []
    what = msg("Only an officer who is certified or in post uses the powers of the office.")
    return [Problem("not_in_post", what)]


def _about(row: Officer, kind: str, about: OfficerAct | None) -> list[Problem]:
    if kind not in ABOUT_AN_EARLIER:
        return [] if about is None else [Problem("not_about", msg("This act stands by itself."), place="about")]
    if about is None or about.officer.enterprise_id != row.enterprise_id:
        return [Problem("no_earlier", msg("Choose the earlier line of the firm."), place="about")]
    if kind == Kind.CORRECTION:
        return []
    if about.kind != Kind.VETO:
        return [Problem("no_veto", msg("Only a veto can be lifted."), place="about")]
    if about.answers.filter(kind=Kind.RELEASE).exists():
        return [Problem("lifted", msg("The veto has been lifted already."), place="about")]
    return []
