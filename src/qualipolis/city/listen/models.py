"""Everything this room keeps, in the order of the work."""

from __future__ import annotations

from qualipolis.city.listen.alerts.models import Alert, AlertBatch, EntityPair, HeaderMapping
from qualipolis.city.listen.complaints.models import Complaint, ComplaintAnswer, MediationPause, Meeting
from qualipolis.city.listen.intake.models import Identity, Knock, Letter
from qualipolis.city.listen.investigations.models import (
    AuthorityReference,
    AuthorityRequest,
    Collaborator,
    CorrectiveAction,
    Correspondence,
    Investigation,
    InvestigationBusiness,
    InvestigationProduct,
    RiskAssessment,
    SafetyProduct,
    SafetyTest,
)
from qualipolis.city.listen.reports.models import Document, DocumentService, Report
from qualipolis.city.listen.safety.models import Incident, PublicWarning, Recall, RecallProgress
from qualipolis.city.listen.signals.models import Proposal, Signal, SignalRun

__all__ = [
    "Alert",
    "AlertBatch",
    "AuthorityReference",
    "AuthorityRequest",
    "Collaborator",
    "Complaint",
    "ComplaintAnswer",
    "CorrectiveAction",
    "Correspondence",
    "Document",
    "DocumentService",
    "EntityPair",
    "HeaderMapping",
    "Identity",
    "Incident",
    "Investigation",
    "InvestigationBusiness",
    "InvestigationProduct",
    "Knock",
    "Letter",
    "MediationPause",
    "Meeting",
    "Proposal",
    "PublicWarning",
    "Recall",
    "RecallProgress",
    "Report",
    "RiskAssessment",
    "SafetyProduct",
    "SafetyTest",
    "Signal",
    "SignalRun",
]
