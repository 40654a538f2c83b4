"""The thread of a case, examinations in laboratories, panels, diagnoses and second opinions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.hospital.reception.models import Case, Expert, RootCause
from qualipolis.city.registry.models import Institution

PERSON = settings.AUTH_USER_MODEL


class Message(models.Model):
    """One contribution to the consultation of a case; ``doctors_only`` is not seen by the firm."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("as"), max_length=16)
    words = models.TextField(_("message"), max_length=4000)
    doctors_only = models.BooleanField(_("for the experts only"), default=False)
    measurements = models.ForeignKey(
        "hospital.MeasurementFile", null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    view = models.JSONField(_("view of the chart that is shared"), default=dict)
    said_at = models.DateTimeField(_("said at"), default=timezone.now)

    class Meta:
        verbose_name = _("message")
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"


class Examination(Moving):
    """An order to a laboratory, and its report. The laboratory sees the order, not the case."""

    FLOW = "hospital_examination"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="examinations")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    laboratory = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="hospital_examinations")
    ordered_by = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="ordered_examinations")
    ordered_on = models.DateField(_("ordered on"), default=timezone.localdate)
    product_name = models.CharField(_("product"), max_length=120)
    sample_mark = models.CharField(_("mark on the sample"), max_length=80, blank=True)
    items = models.JSONField(_("items with standard, requirement and unit"), default=list)
    question = models.TextField(_("what is asked"), max_length=2000, blank=True)
    report_no = models.CharField(_("number of the report"), max_length=80, blank=True)
    report = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    readings = models.JSONField(_("readings by item: value, verdict, n"), default=list)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    for_proof = models.BooleanField(_("to prove the effect of the treatment"), default=False)

    class Meta:
        verbose_name = _("examination")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number


class Panel(Moving):
    """A consultation of several experts (会诊) with its recorded decision."""

    FLOW = "hospital_panel"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="panels")
    status = state(FLOW)
    reason = models.TextField(_("why the panel meets"), max_length=1000)
    meets_on = models.DateField(_("meets on"), null=True, blank=True)
    members = models.ManyToManyField(Expert, through="hospital.PanelSeat", related_name="panels")
    decision = models.TextField(_("decision"), max_length=4000, blank=True)
    loops_before = models.PositiveSmallIntegerField(_("treatments without effect before it"), default=0)
    called_on = models.DateField(_("called on"), default=timezone.localdate)
    concluded_on = models.DateField(_("concluded on"), null=True, blank=True)

    class Meta:
        verbose_name = _("panel")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case} #{self.pk}"


class PanelSeat(models.Model):
    """A member of a panel and the own opinion given before the decision."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seats")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="seats")
    opinion = models.TextField(_("opinion"), max_length=2000, blank=True)
    root_cause = models.CharField(_("root cause"), max_length=12, choices=RootCause.choices, blank=True)
    said_at = models.DateTimeField(_("said at"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat in a panel")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["panel", "expert"], name="one_seat_for_expert_and_panel")]

    def __str__(self) -> str:
        return f"{self.panel_id} {self.expert}"


class Diagnosis(models.Model):
    """A diagnosis; a later one replaces it, none is lost."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="diagnoses")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="diagnoses")
    root_cause = models.CharField(_("root cause"), max_length=12, choices=RootCause.choices)
    statement = models.TextField(_("diagnosis"), max_length=4000)
    evidence = models.TextField(_("evidence"), max_length=4000)
    escape_point = models.TextField(_("where it should have been caught"), max_length=2000)
    confidence = models.CharField(
        _("confidence"),
        max_length=8,
        choices=[("high", _("high")), ("middle", _("fair")), ("low", _("low"))],
        default="middle",
    )
    measurements = models.ForeignKey(
        "hospital.MeasurementFile", null=True, blank=True, on_delete=models.PROTECT, related_name="diagnoses"
    )
    made_on = models.DateField(_("given on"), default=timezone.localdate)
    replaced_on = models.DateField(_("replaced on"), null=True, blank=True)

    class Meta:
        verbose_name = _("diagnosis")
        ordering = ["case", "version"]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="one_diagnosis_for_case_and_version")]

    def __str__(self) -> str:
        return f"{self.case} {self.version}"


class SecondOpinion(Moving):
    """The firm disputes a diagnosis: an expert of another organisation looks again."""

    FLOW = "hospital_second_opinion"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="second_opinions")
    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.PROTECT, related_name="second_opinions")
    status = state(FLOW)
    ground = models.TextField(_("why the firm disputes the diagnosis"), max_length=2000)
    expert = models.ForeignKey(Expert, null=True, blank=True, on_delete=models.PROTECT, related_name="second_opinions")
    opinion = models.TextField(_("opinion"), max_length=4000, blank=True)
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    given_on = models.DateField(_("given on"), null=True, blank=True)

    class Meta:
        verbose_name = _("second opinion")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"
