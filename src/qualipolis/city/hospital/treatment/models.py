"""Prescriptions and their items, the proof of effect, follow-ups, failure modes and the control plan."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.hospital.reception.models import Case, Expert

PERSON = settings.AUTH_USER_MODEL
RATING = [MinValueValidator(1), MaxValueValidator(10)]


class Prescription(Moving):
    """One version of the treatment. It never promises that the product will pass."""

    FLOW = "hospital_prescription"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="prescriptions")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = state(FLOW)
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="prescriptions")
    advice = models.TextField(_("advice"), max_length=4000, blank=True)
    issued_on = models.DateField(_("given on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    objection = models.TextField(_("objection of the firm"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("prescription")
        ordering = ["case", "version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_prescription_for_case_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.version}"


class PrescriptionItem(Moving):
    """One measure: what, who, until when, and by which criterion it is accepted.

    A containment may stand before any prescription (D3); then ``prescription`` is empty.
    """

    FLOW = "hospital_item"

    class Kind(models.TextChoices):
        CONTAINMENT = "containment", _("containment")
        CORRECTIVE = "corrective", _("corrective")
        PREVENTIVE = "preventive", _("preventive")
        TRAINING = "training", _("training")
        EQUIPMENT = "equipment", _("equipment")
        STANDARD = "standard", _("standard or label")
        METROLOGY = "metrology", _("metrology")

    class Measure(models.TextChoices):
        WORDS = "words", _("judged on a document")
        MEAN = "mean", _("mean")
        SHARE = "share", _("share nonconforming")
        COUNT = "count", _("defects for each unit")
        PPK = "ppk", _("lower bound of Ppk")
        SD = "sd", _("standard deviation")

    class Direction(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    prescription = models.ForeignKey(
        Prescription, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    status = state(FLOW)
    round = models.PositiveSmallIntegerField(_("times the case was reopened before it"), default=0)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    action = models.TextField(_("what is done"), max_length=1000)
    owner = models.CharField(_("who is responsible"), max_length=80, blank=True)
    finish_on = models.DateField(_("to be done until"), null=True, blank=True)
    cost = models.DecimalField(_("estimated cost, yuan"), max_digits=12, decimal_places=2, null=True, blank=True)
    criterion = models.TextField(_("criterion of acceptance"), max_length=1000, blank=True)
    measure = models.CharField(_("measured by"), max_length=8, choices=Measure.choices, default=Measure.WORDS)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, blank=True)
    target = models.FloatField(_("value to be reached"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    least_n = models.PositiveIntegerField(_("fewest readings"), null=True, blank=True)
    report = models.TextField(_("what the firm reports"), max_length=2000, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    judged_on = models.DateField(_("judged on"), null=True, blank=True)
    remark = models.TextField(_("remark of the expert"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("item of a prescription")
        ordering = ["case", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.position}"


class Proof(models.Model):
    """A comparison before and after the treatment, as computed: effect, interval, smallest detectable effect, verdict."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proofs")
    item = models.ForeignKey(PrescriptionItem, null=True, blank=True, on_delete=models.PROTECT, related_name="proofs")
    measurements = models.ForeignKey(
        "hospital.MeasurementFile", null=True, blank=True, on_delete=models.PROTECT, related_name="proofs"
    )
    loop = models.PositiveSmallIntegerField(_("treatment"), default=0)
    verdict = models.CharField(_("verdict"), max_length=16)
    before = models.FloatField(_("before"), null=True, blank=True)
    after = models.FloatField(_("after"), null=True, blank=True)
    figures = models.JSONField(_("figures"), default=dict)
    effect_on = models.DateField(_("effect measured on"))
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("computed on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("proof of effect")
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"


class FollowUp(Moving):
    """A visit after the cure at 30, 90 or 180 days: does it hold?"""

    FLOW = "hospital_follow_up"

    class Method(models.TextChoices):
        PHONE = "phone", _("by telephone")
        SITE = "site", _("on site")
        RETEST = "retest", _("by a test")

    class Verdict(models.TextChoices):
        HOLDS = "holds", _("the cure holds")
        DOUBTFUL = "doubtful", _("doubtful")
        RECURRED = "recurred", _("it has come back")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    status = state(FLOW)
    days = models.PositiveSmallIntegerField(_("days after the cure"))
    planned_on = models.DateField(_("planned for"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    officer = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(_("method"), max_length=8, choices=Method.choices, blank=True)
    metric = models.CharField(_("what was measured"), max_length=120, blank=True)
    metric_before = models.FloatField(_("value before"), null=True, blank=True)
    metric_after = models.FloatField(_("value now"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    report = models.TextField(_("what was found"), max_length=2000, blank=True)
    saved_cost = models.DecimalField(_("cost saved, yuan"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        ordering = ["case", "planned_on"]

    def __str__(self) -> str:
        return f"{self.case} {self.days}"


class FailureModeRow(models.Model):
    """One row of the failure mode analysis of a case; its action priority is looked up, never stored."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="failure_modes")
    step = models.CharField(_("process step"), max_length=120)
    mode = models.CharField(_("failure mode"), max_length=200)
    effect = models.CharField(_("effect"), max_length=200)
    cause = models.CharField(_("cause"), max_length=200)
    prevention = models.CharField(_("prevention today"), max_length=200, blank=True)
    detection_by = models.CharField(_("detection today"), max_length=200, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity (1-10)"), validators=RATING)
    occurrence = models.PositiveSmallIntegerField(_("occurrence (1-10)"), validators=RATING)
    detection = models.PositiveSmallIntegerField(_("detection (1-10)"), validators=RATING)
    action = models.CharField(_("action"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("failure mode")
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"


class ControlPlanLine(models.Model):
    """One row of the control plan that keeps the cure (D7)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="control_plan")
    step = models.CharField(_("process step"), max_length=120)
    characteristic = models.CharField(_("characteristic"), max_length=120)
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    gauge = models.CharField(_("measured with"), max_length=120, blank=True)
    sample = models.CharField(_("sample size and frequency"), max_length=120, blank=True)
    method = models.CharField(_("control method"), max_length=120, blank=True)
    reaction = models.CharField(_("what to do when it fails"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("line of the control plan")
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"
