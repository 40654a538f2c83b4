"""What stands in the city today, in figures that each open the list they count."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qualipolis.city.registry.figures import stock
from qualipolis.city.registry.models import Institution

LABELS = {
    Institution.Kind.NATIONAL_CENTRE: _("National quality inspection centres"),
    Institution.Kind.METROLOGY_CENTRE: _("National metrology centres"),
    Institution.Kind.PROVINCIAL_STATION: _("Provincial authorised stations"),
    Institution.Kind.CERTIFIER: _("Certification bodies"),
    Institution.Kind.LABORATORY: _("Laboratories with CMA"),
    "quality_officer": _("Firms with a chief quality officer"),
}


def standing(actor: Any) -> list[tuple[str, int, str]]:
    """Return for each figure its words, its number and the address of its list."""
    return [
        (str(LABELS[one.code]), one.count, f"{reverse('desk:registry', args=[one.table])}?{urlencode(one.params)}")
        for one in stock(actor)
    ]
