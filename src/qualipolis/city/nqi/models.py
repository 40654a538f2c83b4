"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

from qualipolis.city.nqi.services.models import (
    Demand,
    DemandLine,
    Evaluation,
    Order,
    Quote,
    QuoteLine,
    ServiceComplaint,
    ServiceItem,
    ServicePoint,
    ServiceReport,
    ServiceSample,
)

__all__ = [
    "Demand",
    "DemandLine",
    "Evaluation",
    "Order",
    "Quote",
    "QuoteLine",
    "ServiceComplaint",
    "ServiceItem",
    "ServicePoint",
    "ServiceReport",
    "ServiceSample",
]
