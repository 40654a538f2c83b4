"""What the yearly cycle adds around the values: comments, targets, service of documents, late and revised data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.registry.models import Unit

PERSON = settings.AUTH_USER_MODEL


class Comment(models.Model):
    """What somebody said of a consulted set (or of one node of it), and what the planner answered."""

    class Answer(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        PARTLY = "partly", _("partly adopted")
        NOT_ADOPTED = "not_adopted", _("not adopted")

    set = models.ForeignKey("measure.IndicatorSet", on_delete=models.PROTECT, related_name="comments")
    node = models.CharField(_("node of the tree"), max_length=20, blank=True)
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    text = models.TextField(_("comment"), max_length=2000)
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, blank=True)
    reply = models.TextField(_("reason of the answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["set", "answer"])]

    def __str__(self) -> str:
        return f"{self.set_id} {self.node}: {self.text[:40]}"


class TownTarget(models.Model):
    """The value a town means to reach in one indicator of a frozen set."""

    indicator = models.ForeignKey("measure.Indicator", on_delete=models.PROTECT, related_name="town_targets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="town_targets")
    value = models.FloatField(_("target value"))
    note = models.CharField(_("explanation"), max_length=400, blank=True)
    filed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="town_targets")
    filed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("target of a unit")
        ordering = ["indicator__position", "unit__code"]
        constraints = [models.UniqueConstraint(fields=["indicator", "unit"], name="one_target_for_indicator_and_unit")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit_id}: {self.value}"


class Served(models.Model):
    """A document that was served on a unit: what, how, when, and who acknowledged it. A term starts only with it."""

    class Kind(models.TextChoices):
        PREVIEW = "preview", _("preview of the assessment")
        NOTICE = "notice", _("notice of results")

    class Method(models.TextChoices):
        ELECTRONIC = "electronic", _("in this system")
        PERSON = "person", _("in person")
        POST = "post", _("by post")
        PUBLIC = "public", _("by public notice")

    kind = models.CharField(_("what was served"), max_length=8, choices=Kind.choices)
    thing = models.CharField(_("document"), max_length=120, db_index=True)
    round = models.ForeignKey("measure.CollectionRound", on_delete=models.PROTECT, related_name="served")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="served")
    method = models.CharField(_("method"), max_length=12, choices=Method.choices, default=Method.ELECTRONIC)
    served_on = models.DateField(_("served on"))
    proof = models.CharField(_("proof of service"), max_length=200, blank=True)
    served_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    no_objection = models.BooleanField(_("says that it does not object"), default=False)
    ended_on = models.DateField(_("counted until"), null=True, blank=True)

    class Meta:
        verbose_name = _("served document")
        ordering = ["unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "thing", "unit"],
                condition=models.Q(ended_on__isnull=True),
                name="one_service_for_thing_and_unit",
            )
        ]
        indexes = [models.Index(fields=["round", "kind", "unit"])]

    def __str__(self) -> str:
        return f"{self.thing} {self.unit_id}"


class LateValue(models.Model):
    """A value that came after its round was locked: kept beside the year, never inside it."""

    round = models.ForeignKey("measure.CollectionRound", on_delete=models.PROTECT, related_name="late_values")
    indicator = models.ForeignKey("measure.Indicator", on_delete=models.PROTECT, related_name="late_values")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="late_values")
    received_on = models.DateField(_("received on"))
    numerator = models.FloatField(_("numerator"), null=True, blank=True)
    denominator = models.FloatField(_("denominator"), null=True, blank=True)
    value = models.FloatField(_("value"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    entered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("late value")
        ordering = ["-received_on", "pk"]
        indexes = [models.Index(fields=["round", "unit"])]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit_id}: {self.value}"


class StatisticRevision(models.Model):
    """A statistic that its source has revised; the old value is kept with the day and the document."""

    statistic = models.ForeignKey("measure.Statistic", on_delete=models.PROTECT, related_name="revisions")
    old_value = models.FloatField(_("value before"))
    new_value = models.FloatField(_("value after"))
    revised_on = models.DateField(_("revised on"))
    source = models.CharField(_("source of the revision"), max_length=200)
    entered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("revision of a statistic")
        ordering = ["-revised_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.statistic_id}: {self.old_value} -> {self.new_value}"
