"""What the verbs of the reception share: the case kept for the transaction, who may act, and days that people give."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import locked
from qualipolis.city.core.policy import System, roles_of, visible
from qualipolis.city.core.roles import SYSTEM as SYSTEM_ROLE
from qualipolis.city.hospital.models import Case
from qualipolis.city.hospital.reception.visibility import DESKS, enforces
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg

FLOW = "hospital_case"
RELATED = ("enterprise", "unit")
SYSTEM = System("hospital")


def of_system(actor: Any) -> bool:
    """Whether a command or scheduled work acts."""
    return SYSTEM_ROLE in roles_of(actor)


def firm_and_desk(thing: Any) -> list[int | None]:
    """The organisations that may act on a case, an offer or a firm: the firm's own, and the town of its unit."""
    firm = thing if isinstance(thing, Enterprise) else thing.enterprise
    unit = getattr(thing, "unit", None) or firm.unit
    own = Organisation.objects.filter(code=firm.credit_code).values_list("pk", flat=True)
    return [*own, unit.government_id]


def desk_of(thing: Any) -> list[int | None]:
    """The town whose desk serves a case or an offer."""
    return [(getattr(thing, "unit", None) or thing.enterprise.unit).government_id]


def no_enforcer(actor: Any) -> None:
    """Refuse whoever also works in enforcement and would act for the hospital."""
    if enforces(actor) and roles_of(actor) & {*DESKS, "expert"}:
        raise PermissionDenied(_("Who also works in enforcement does not act for the product hospital."))


def case_for(actor: Any, thing: Case) -> Case:
    """Return the case kept for this transaction; whoever does not see it is refused."""
    no_enforcer(actor)
    if not of_system(actor) and not visible(actor, Case.objects.filter(pk=thing.pk)).exists():
        raise PermissionDenied(_("Only those who take part in this case may do this."))
    return locked(thing, *RELATED)


def text(words: str, place: str, what: str, most: int) -> Problem | None:
    """Return what is wrong with a text: nothing in it, or more than fits."""
    if not words.strip():
        return Problem(f"no_{place}", what, place=place)
    if len(words.strip()) > most:
        return Problem("too_long", msg("At most %(most)s characters."), "", {"most": most}, place)
    return None


def one_of(value: Any, allowed: Any, place: str, what: str, *, blank: bool = True) -> Problem | None:
    """Return what is wrong with a choice that is not among ``allowed``."""
    if (blank and value in (None, "")) or value in allowed:
        return None
    return Problem(f"bad_{place}", what, place=place)
