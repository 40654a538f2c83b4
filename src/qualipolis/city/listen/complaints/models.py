"""The complaint of a letter: its mediation, the questions to the firm, the pauses for tests, and the documents."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.registry.models import Enterprise, Unit

PERSON = settings.AUTH_USER_MODEL


class Complaint(Moving):
    """One complaint: who handles it, who mediates, and how it ended. It keeps the order of its day of receipt."""

    FLOW = "complaint"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="complaint")
    received_on = models.DateField(_("received on"), db_index=True)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints", verbose_name=_("town")
    )
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints", verbose_name=_("firm")
    )
    officer = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    competent = models.BooleanField(_("we are competent"), null=True, blank=True)
    authority = models.CharField(_("competent authority"), max_length=120, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    mediator = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="mediations",
        verbose_name=_("entrusted body"),
    )  # fmt: skip
    mediator_person = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("mediator")
    )
    paused_from = models.CharField(_("state before the pause"), max_length=20, blank=True)
    reason_code = models.CharField(_("ground"), max_length=16, blank=True)
    reason = models.TextField(_("ground in words"), max_length=1000, blank=True)
    summary = models.TextField(_("what the parties read of the facts"), max_length=2000, blank=True)
    test_laboratory = models.CharField(_("laboratory proposed for a test"), max_length=160, blank=True)
    test_paid_by = models.CharField(_("who pays for the test"), max_length=120, blank=True)
    test_asked_on = models.DateField(_("parties asked about a test on"), null=True, blank=True)
    complainant_agrees = models.BooleanField(_("the complainant agrees to the test"), null=True, blank=True)
    respondent_agrees = models.BooleanField(_("the firm agrees to the test"), null=True, blank=True)
    aside_by = models.CharField(_("who asks the mediator to step aside"), max_length=16, blank=True)
    aside_on = models.DateField(_("asked to step aside on"), null=True, blank=True)
    terms = models.TextField(_("what was agreed"), max_length=2000, blank=True)
    amount = models.DecimalField(_("amount agreed"), max_digits=12, decimal_places=2, null=True, blank=True)
    perform_by = models.DateField(_("to be performed by"), null=True, blank=True)
    performed_on = models.DateField(_("performed on"), null=True, blank=True)
    no_paper = models.BooleanField(_("no written agreement needed"), default=False)
    complainant_signed_on = models.DateField(_("complainant signed on"), null=True, blank=True)
    respondent_signed_on = models.DateField(_("firm signed on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction of the complainant, 1 to 5"), null=True, blank=True)

    class Meta:
        verbose_name = _("complaint")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class ComplaintAnswer(Moving):
    """A question to the firm about a complaint, and its answer with what it offers."""

    FLOW = "complaint_answer"

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="answers")
    status = state(FLOW)
    question = models.TextField(_("what the firm is asked"), max_length=2000)
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    asked_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("answer of the firm"), max_length=4000, blank=True)
    offer = models.TextField(_("what the firm offers"), max_length=1000, blank=True)
    agrees_to_test = models.BooleanField(_("agrees to a test"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer of the firm")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.complaint}"


class Meeting(models.Model):
    """One meeting of the parties in mediation."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("held on"))
    how = models.CharField(_("where or how"), max_length=160)
    complainant_came = models.BooleanField(_("the complainant took part"))
    respondent_came = models.BooleanField(_("the firm took part"))
    note = models.TextField(_("what was said"), max_length=2000, blank=True)
    kept_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("meeting in mediation")
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.complaint} {self.held_on}"


class MediationPause(models.Model):
    """A time in which the clock of mediation stood still for a test that both parties agreed to."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="pauses")
    laboratory = models.CharField(_("laboratory"), max_length=160)
    paid_by = models.CharField(_("who pays for the test"), max_length=120, blank=True)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    left_days = models.SmallIntegerField(_("days left of the term"), null=True, blank=True)
    outcome = models.CharField(_("result of the test"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("pause for a test")
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return f"{self.complaint} {self.since}"
