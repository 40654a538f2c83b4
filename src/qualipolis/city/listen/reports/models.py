"""The report of a letter: a clue about a violation. Also the official documents of both tracks and their service."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.law.listening.documents import DOCUMENTS, SERVICE

PERSON = settings.AUTH_USER_MODEL


class Report(Moving):
    """One report of a violation. Nothing on this row tells who sent it."""

    FLOW = "report"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    letter = models.OneToOneField(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="report")
    complaint = models.ForeignKey(
        Complaint, null=True, blank=True, on_delete=models.PROTECT, related_name="clues",
        verbose_name=_("complaint in whose mediation it was found"),
    )  # fmt: skip
    received_on = models.DateField(_("received on"), db_index=True)
    facts = models.TextField(_("facts of the violation"), max_length=4000)
    respondent_name = models.CharField(_("about whom"), max_length=160)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="reports", verbose_name=_("town")
    )
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="reports", verbose_name=_("firm")
    )
    named = models.BooleanField(_("the informant gave a name"), default=False)
    officer = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    inspector = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("inspector")
    )
    authority = models.CharField(_("competent authority"), max_length=120, blank=True)
    case_no = models.CharField(_("number of the case"), max_length=60, blank=True)
    reason_code = models.CharField(_("ground"), max_length=16, blank=True)
    reason = models.TextField(_("ground in words"), max_length=1000, blank=True)
    second_person = models.ForeignKey(
        PERSON,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who agreed to extend"),
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined", verbose_name=_("joined with")
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    informed_on = models.DateField(_("informant told on"), null=True, blank=True)

    class Meta:
        verbose_name = _("report")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class Document(models.Model):
    """One of the ten official documents, as it was issued; its words never change afterwards."""

    number = models.CharField(_("document number"), max_length=40, unique=True)
    code = models.CharField(_("document"), max_length=24, choices=[(one.code, one.title) for one in DOCUMENTS])
    complaint = models.ForeignKey(Complaint, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    issued_on = models.DateField(_("issued on"), default=timezone.localdate)
    issued_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(_("what it says"), default=dict)

    class Meta:
        verbose_name = _("official document")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number


class DocumentService(models.Model):
    """The service of a document on one party, with its proof."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="services")
    party = models.CharField(_("served on"), max_length=16)
    method = models.CharField(_("how it was served"), max_length=12, choices=list(SERVICE.items()))
    served_on = models.DateField(_("served on the day"))
    proof = models.CharField(_("proof of service"), max_length=200)
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("service of a document")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["document", "party"], name="listen_served_once")]

    def __str__(self) -> str:
        return f"{self.document}"
