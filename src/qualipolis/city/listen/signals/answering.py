"""Taking a proposal up: the office that answers begins what was proposed, and the proposal says what it became."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override

from qualipolis.city.core.models import Organisation
from qualipolis.city.listen.investigations.opening import open_investigation
from qualipolis.city.listen.models import Investigation, Proposal, PublicWarning, Signal
from qualipolis.city.listen.safety.warnings import draft_warning
from qualipolis.city.listen.signals.deciding import take_up_proposal
from qualipolis.city.listen.statistics.naming import class_words


def subject_of(row: Signal) -> str:
    """Return in Chinese what a signal is about, as the beginning of a title: class, danger, town."""
    town = row.unit.name_zh if row.unit else ""
    with override("zh-hans"):
        told = (town, class_words("product_class", row.product_class), class_words("hazard", row.hazard))
    return "、".join(one for one in told if one) or row.number


@transaction.atomic
def investigate_on_proposal(actor: Any, proposal: Proposal, owner: Organisation) -> Investigation:
    """Open an investigation that came from the signal; a proposed recall begins so too: its product is found first."""
    row = proposal.signal
    with override("zh-hans"):
        title = gettext("Signal %(number)s: %(about)s") % {"number": row.number, "about": subject_of(row)}
    made = open_investigation(
        actor, title[:160], owner, unit=row.unit, came_from=row.number, hazard=row.hazard, summary=proposal.words
    )
    take_up_proposal(actor, proposal, made.number)
    return made


@transaction.atomic
def warn_on_proposal(actor: Any, proposal: Proposal, title_zh: str) -> PublicWarning:
    """Draft a public warning with what the signal tells; another person publishes it."""
    row = proposal.signal
    with override("zh-hans"):
        product, hazard = class_words("product_class", row.product_class), class_words("hazard", row.hazard)
    made = draft_warning(actor, title_zh=title_zh, products=product, hazard=hazard)
    take_up_proposal(actor, proposal, made.number)
    return made
