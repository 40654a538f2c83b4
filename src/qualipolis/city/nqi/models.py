"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

from qualipolis.city.nqi.directory.models import (
    CapabilityGap,
    GapAsk,
    ScopeImport,
    ScopeReading,
)
from qualipolis.city.nqi.licences.models import (
    CertificatePause,
    ChangeFiling,
    ChangeLine,
    FollowUp,
    ImportedList,
    IssuedCertificate,
    Licence,
    Reminder,
    Signatory,
    YearlyReport,
)
from qualipolis.city.nqi.metrology.models import (
    Instrument,
    PublicStandard,
    Verification,
)
from qualipolis.city.nqi.services.models import (
    Demand,
    DemandLine,
    Evaluation,
    NeedType,
    Order,
    Quote,
    QuoteLine,
    ServiceComplaint,
    ServiceItem,
    ServicePoint,
    ServiceReport,
    ServiceSample,
)
from qualipolis.city.nqi.standards.models import (
    DeclaredIndicator,
    Floor,
    StandardChange,
    StandardDeclaration,
)

__all__ = [
    "CapabilityGap",
    "CertificatePause",
    "ChangeFiling",
    "ChangeLine",
    "DeclaredIndicator",
    "Demand",
    "DemandLine",
    "Evaluation",
    "Floor",
    "FollowUp",
    "GapAsk",
    "ImportedList",
    "Instrument",
    "IssuedCertificate",
    "Licence",
    "NeedType",
    "Order",
    "PublicStandard",
    "Quote",
    "QuoteLine",
    "Reminder",
    "ScopeImport",
    "ScopeReading",
    "ServiceComplaint",
    "ServiceItem",
    "ServicePoint",
    "ServiceReport",
    "ServiceSample",
    "Signatory",
    "StandardChange",
    "StandardDeclaration",
    "Verification",
    "YearlyReport",
]
