"""What ties an expert to a firm; looked up in one place for panels and second opinions."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qualipolis.city.hospital.models import Case, Expert


def ties_of(expert: Expert, case: Case) -> list[str]:
    """Return in words why an expert may not take part in a case; nothing when it was looked up and none was found."""
    found = []
    if case.enterprise.credit_code in expert.conflicts:
        found.append(_("has ties with the firm"))
    return found
