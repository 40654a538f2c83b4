"""Chief quality officers, what they did, the quality departments of firms, and which firms form one group."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, QualityOfficer
from qualipolis.law.talent.conditions import EDUCATION, SIZES, TITLES

PERSON = settings.AUTH_USER_MODEL


def choices(words: dict[str, str]) -> list[tuple[str, object]]:
    """Return a table of law as the choices of a field."""
    return [(code, _(text)) for code, text in words.items()]


class Learner(models.Model):
    """Somebody who is named as an officer or takes part in training; known by a key of the identity number, not the number."""

    name = models.CharField(_("name"), max_length=80)
    id_key = models.CharField(_("key of the identity number"), max_length=64, unique=True)
    id_tail = models.CharField(_("last four of the identity number"), max_length=4)
    education = models.CharField(_("education"), max_length=12, choices=choices(EDUCATION), default="none")
    title = models.CharField(_("professional title"), max_length=12, choices=choices(TITLES), default="none")
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="learners", verbose_name=_("firm")
    )
    account = models.OneToOneField(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="learner", verbose_name=_("account")
    )
    registered_on = models.DateField(_("registered on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("participant in training")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class FirmGroup(models.Model):
    """Firms in which one person may hold the office together; named one by one."""

    name = models.CharField(_("name of the group"), max_length=120)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("group of firms")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class GroupFirm(models.Model):
    """One firm on the list of a group."""

    group = models.ForeignKey(FirmGroup, on_delete=models.PROTECT, related_name="firms")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="firm_groups")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("firm of a group")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.group} {self.enterprise}"


class Officer(Moving):
    """A chief quality officer of one firm, from the nomination to the end."""

    FLOW = "chief_quality_officer"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="officers", verbose_name=_("firm")
    )
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="offices", verbose_name=_("person"))
    appointed_on = models.DateField(_("appointed on"))
    document_no = models.CharField(_("number of the appointment"), max_length=60, blank=True)
    size = models.CharField(_("size of the firm"), max_length=8, choices=choices(SIZES), default="unknown")
    education = models.CharField(_("education"), max_length=12, choices=choices(EDUCATION))
    title = models.CharField(_("professional title"), max_length=12, choices=choices(TITLES), default="none")
    years = models.DecimalField(_("years of quality work"), max_digits=4, decimal_places=1, null=True, blank=True)
    bars = models.JSONField(_("bars declared"), null=True, blank=True)
    conditions = models.CharField(_("conditions applied"), max_length=40)
    nominated_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    nominated_on = models.DateField(_("nominated on"), default=timezone.localdate)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    filed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    filing = models.ForeignKey(QualityOfficer, null=True, blank=True, on_delete=models.PROTECT, related_name="officers")
    trained_on = models.DateField(_("last trained on"), null=True, blank=True)
    active_on = models.DateField(_("in post since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=400, blank=True)
    return_reason = models.CharField(_("why it was returned"), max_length=400, blank=True)
    refiled_on = models.DateField(_("successor filed on"), null=True, blank=True)
    predecessor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")

    class Meta:
        verbose_name = _("chief quality officer")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["enterprise", "status"])]

    def __str__(self) -> str:
        return self.number


class ActsStand(RuntimeError):
    """Somebody tried to change or delete an act of an officer."""


class Acts(models.QuerySet["OfficerAct"]):
    """Acts of officers: read, append, nothing else."""

    def update(self, **kwargs: object) -> int:
        raise ActsStand("An act of an officer is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ActsStand("An act of an officer is never deleted.")


class OfficerAct(models.Model):
    """What an officer did in the office. Never changed; a correction is a line of its own."""

    class Kind(models.TextChoices):
        VETO = "veto", _("veto over quality and safety")
        RELEASE = "release", _("veto lifted")
        GATE = "gate", _("decision over material, production or delivery")
        APPRAISAL = "appraisal", _("chaired the internal appraisal of quality")
        RECALL = "recall", _("set off a recall inside the firm")
        POLICY = "policy", _("took part in policy, diagnosis or review")
        DISPATCH = "dispatch", _("monthly dispatch of quality and safety")
        CORRECTION = "correction", _("correction of an earlier line")

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="acts")
    number = models.CharField(_("number"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    on = models.DateField(_("day"))
    product = models.CharField(_("product"), max_length=160, blank=True)
    batch = models.CharField(_("batch"), max_length=120, blank=True)
    quantity = models.PositiveIntegerField(_("pieces held back"), null=True, blank=True)
    said = models.TextField(_("what was decided and why"), max_length=2000)
    about = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    objects = Acts.as_manager()

    class Meta:
        verbose_name = _("act of an officer")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ActsStand("An act of an officer is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ActsStand("An act of an officer is never deleted.")


class RemovalAdvice(models.Model):
    """The authority advises a firm to remove its officer; the firm decides and answers."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="advices")
    reason = models.CharField(_("reason"), max_length=400)
    document_no = models.CharField(_("document number"), max_length=60)
    advised_on = models.DateField(_("advised on"), default=timezone.localdate)
    advised_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    answer = models.CharField(_("answer of the firm"), max_length=1000, blank=True)
    follows = models.BooleanField(_("the firm follows the advice"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("advice to remove an officer")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.document_no


class QualityDepartment(models.Model):
    """The quality department of a firm, as the firm reported it."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="quality_departments")
    name = models.CharField(_("name"), max_length=120)
    people = models.PositiveIntegerField(_("people in it"), null=True, blank=True)
    established_on = models.DateField(_("established on"))
    ended_on = models.DateField(_("dissolved on"), null=True, blank=True)
    reports_to_officer = models.BooleanField(_("reports to the chief quality officer"), default=True)
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("quality department")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
