"""What the yearly cycle adds around a run: self-evaluations, checks on site, notices, rectifications."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.measure.models import CollectionRound, Indicator, Observation
from qualipolis.city.registry.models import Unit

PERSON = settings.AUTH_USER_MODEL


class SelfEvaluation(models.Model):
    """How one unit sees its own year: its items, the summary, the signature. The computed score stays apart."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        ACCEPTED = "accepted", _("accepted")

    round = models.ForeignKey(CollectionRound, on_delete=models.PROTECT, related_name="self_evaluations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="self_evaluations")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT, db_index=True)
    due_on = models.DateField(_("due on"))
    strengths = models.TextField(_("what went well"), max_length=4000, blank=True)
    shortcomings = models.TextField(_("problems"), max_length=4000, blank=True)
    measures = models.TextField(_("measures"), max_length=4000, blank=True)
    signatory = models.CharField(_("signed by"), max_length=80, blank=True)
    submitted_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(_("handed in after its term"), default=False)
    reason = models.TextField(_("reason of the return"), max_length=2000, blank=True)
    accepted_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("self-evaluation")
        ordering = ["unit__code"]
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="one_self_evaluation")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id} {self.status}"

    @property
    def overdue(self) -> bool:
        """Whether its term has passed without it; derived, never stored."""
        return self.status in (self.Status.DRAFT, self.Status.RETURNED) and self.due_on < timezone.localdate()


class SelfItem(models.Model):
    """One item of a self-evaluation: the own score of a node of the tree, and what it rests on."""

    evaluation = models.ForeignKey(SelfEvaluation, on_delete=models.CASCADE, related_name="items")
    node = models.CharField(_("item"), max_length=20)
    position = models.PositiveSmallIntegerField(default=0)
    score = models.FloatField(_("own score"), null=True, blank=True)
    words = models.TextField(_("what it rests on"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("item of a self-evaluation")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "node"], name="one_self_item")]

    def __str__(self) -> str:
        return f"{self.node}: {self.score}"


class SiteCheck(models.Model):
    """A plan of checks on site for a round: how many units by risk and by lot, and the seed of the lots."""

    round = models.ForeignKey(CollectionRound, on_delete=models.PROTECT, related_name="site_checks")
    seed = models.CharField(_("seed of the draw"), max_length=80)
    seed_source = models.CharField(_("where the seed comes from"), max_length=200)
    by_risk = models.PositiveSmallIntegerField(_("units by risk"))
    at_random = models.PositiveSmallIntegerField(_("units by lot"))
    values_each = models.PositiveSmallIntegerField(_("values in each unit"))
    planned_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=timezone.now)
    drawn_at = models.DateTimeField(null=True, blank=True)
    population = models.CharField(_("hash of what was drawn from"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("plan of checks on site")
        ordering = ["-planned_at"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.seed}"


class SiteVisit(models.Model):
    """The check on site of one drawn unit."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("under way")
        OBJECTED = "objected", _("objected")
        SIGNED = "signed", _("signed")
        CONCLUDED = "concluded", _("concluded")

    class Chosen(models.TextChoices):
        RISK = "risk", _("by risk")
        LOT = "lot", _("by lot")

    check_plan = models.ForeignKey(SiteCheck, on_delete=models.PROTECT, related_name="visits")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="site_visits")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PLANNED, db_index=True)
    chosen = models.CharField(_("chosen"), max_length=4, choices=Chosen.choices)
    reasons = models.JSONField(_("reasons"), default=list)
    ticket = models.CharField(_("ticket"), max_length=64)
    checkers = models.ManyToManyField(PERSON, related_name="site_visits", blank=True)
    visited_on = models.DateField(_("visited on"), null=True, blank=True)
    due_on = models.DateField(_("next step due on"), null=True, blank=True)
    signatory = models.CharField(_("signed by"), max_length=80, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    objection = models.TextField(_("objection"), max_length=2000, blank=True)
    reply = models.TextField(_("reply"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("check on site")
        ordering = ["check_plan", "unit__code"]
        constraints = [models.UniqueConstraint(fields=["check_plan", "unit"], name="one_visit_for_plan_and_unit")]

    def __str__(self) -> str:
        return f"{self.check_plan_id} {self.unit_id} {self.status}"


class SiteFinding(models.Model):
    """What the checkers found about one drawn value, and what followed."""

    class Result(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        NO_EVIDENCE = "no_evidence", _("evidence missing")
        DIFFERENT = "different", _("a different value")
        FALSIFIED = "falsified", _("falsified")

    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, related_name="findings")
    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="findings")
    ticket = models.CharField(_("ticket"), max_length=64)
    reported = models.FloatField(_("value as reported"), null=True, blank=True)
    result = models.CharField(_("finding"), max_length=12, choices=Result.choices, blank=True)
    numerator = models.FloatField(_("numerator found"), null=True, blank=True)
    denominator = models.FloatField(_("denominator found"), null=True, blank=True)
    value = models.FloatField(_("value found"), null=True, blank=True)
    words = models.TextField(_("what was seen"), max_length=2000, blank=True)
    found_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(null=True, blank=True)
    action = models.TextField(_("what followed"), max_length=2000, blank=True)
    document = models.CharField(_("document number"), max_length=80, blank=True)
    settled_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("finding on site")
        ordering = ["visit", "observation__indicator__position"]
        constraints = [models.UniqueConstraint(fields=["visit", "observation"], name="one_finding_for_value")]

    def __str__(self) -> str:
        return f"{self.observation_id}: {self.result}"


class Notice(models.Model):
    """The notice of results (通报) of one release; its facts are those of the release on the day it was written."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ISSUED = "issued", _("issued")
        WITHDRAWN = "withdrawn", _("withdrawn")

    release = models.ForeignKey("assess.Release", on_delete=models.PROTECT, related_name="notices")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    document = models.CharField(_("document number"), max_length=80, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    due_on = models.DateField(_("to be acknowledged by"), null=True, blank=True)
    text_zh = models.TextField(_("text"), max_length=20_000)
    text_en = models.TextField(_("text in English"), max_length=20_000, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    issued_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawal_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("notice of results")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release"], condition=~models.Q(status="withdrawn"), name="one_standing_notice_for_release"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document or self.pk} {self.status}"


class Rectification(models.Model):
    """What one unit has to put right after a year; overdue follows from the date and is never stored."""

    class Status(models.TextChoices):
        OPEN = "open", _("waits for its plan")
        PLANNED = "planned", _("plan handed in")
        REPORTED = "reported", _("reported")
        RETURNED = "returned", _("returned")
        CLOSED = "closed", _("closed")

    class Cause(models.TextChoices):
        GRADE = "grade", _("grade C or D")
        VETO = "veto", _("veto")
        FALSIFIED = "falsified", _("falsified data")
        CHOSEN = "chosen", _("chosen by the office")

    round = models.ForeignKey(CollectionRound, on_delete=models.PROTECT, related_name="rectifications")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rectifications")
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OPEN, db_index=True)
    due_on = models.DateField(_("due on"))
    opened_on = models.DateField(_("opened on"), default=timezone.localdate)
    opened_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    plan = models.TextField(_("plan"), max_length=4000, blank=True)
    report = models.TextField(_("report"), max_length=4000, blank=True)
    reported_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason of the return"), max_length=2000, blank=True)
    closed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("rectification")
        ordering = ["due_on", "unit__code"]
        indexes = [models.Index(fields=["unit", "status"])]

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id} {self.status}"

    @property
    def overdue(self) -> bool:
        """Whether the town still owes its step after the last day."""
        return self.overdue_on(timezone.localdate())

    def overdue_on(self, day: date) -> bool:
        """Whether it was (or will be) overdue on a day; a report that waits for its check is not."""
        return self.status not in (self.Status.CLOSED, self.Status.REPORTED) and self.due_on < day


class RectificationItem(models.Model):
    """One thing to put right: the problem, the number that is required and for which period, what came of it."""

    rectification = models.ForeignKey(Rectification, on_delete=models.CASCADE, related_name="items")
    indicator = models.ForeignKey(Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    problem = models.TextField(_("problem"), max_length=1000)
    required = models.FloatField(_("required result"), null=True, blank=True)
    period = models.CharField(_("period of the result"), max_length=12, blank=True)
    result = models.FloatField(_("result reached"), null=True, blank=True)
    result_words = models.TextField(_("what was done"), max_length=2000, blank=True)
    fulfilled = models.BooleanField(_("fulfilled"), null=True, blank=True)
    check_words = models.TextField(_("what the check found"), max_length=2000, blank=True)
    checked_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("item of a rectification")
        ordering = ["rectification", "pk"]

    def __str__(self) -> str:
        return f"{self.rectification_id} {self.indicator_id}"
