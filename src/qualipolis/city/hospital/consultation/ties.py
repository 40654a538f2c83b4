"""What ties an expert to a firm; looked up in one place for panels and second opinions."""

from __future__ import annotations

from qualipolis.city.hospital.models import Case, Expert
from qualipolis.city.hospital.reception.experts import conflicts


def ties_of(expert: Expert, case: Case) -> list[str]:
    """Return in words why an expert may not take part in a case; nothing when it was looked up and none was found."""
    return conflicts(expert, case.enterprise, case.product_class)
