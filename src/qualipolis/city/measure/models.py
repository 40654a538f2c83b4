"""Indicator sets, collection rounds and observations with their whole life."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Bilingual, Organisation
from qualipolis.city.registry.models import Enterprise, Unit


class IndicatorSet(Bilingual):
    """The indicators, weights and goalposts of one year."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        CONSULTED = "consulted", _("consulted")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        FROZEN = "frozen", _("frozen")
        CLOSED = "closed", _("closed")

    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    approved_doc = models.CharField(_("number of the approving document"), max_length=60, blank=True)
    amends = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments")
    amendment_reason = models.CharField(_("reason of the amendment"), max_length=400, blank=True)
    comments_until = models.DateField(_("comments until"), null=True, blank=True)
    level_share = models.FloatField(_("share of the level against the improvement"), default=1.0)

    class Meta:
        verbose_name = _("indicator set")
        ordering = ["-year", "-version"]
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="one_set_for_year_and_version")]


class Dimension(Bilingual):
    """An aggregate of the tree: a dimension, a sub-index, the composite."""

    set = models.ForeignKey(IndicatorSet, on_delete=models.CASCADE, related_name="dimensions")
    code = models.CharField(_("code"), max_length=20)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    level = models.PositiveSmallIntegerField(_("level"))
    weight = models.FloatField(_("weight"), default=1.0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("dimension")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["set", "code"], name="one_dimension_for_set_and_code")]


class Indicator(Bilingual):
    """One indicator of a set, with everything needed to compute it and to argue about it."""

    class Direction(models.IntegerChoices):
        HIGHER = 1, _("higher is better")
        LOWER = -1, _("lower is better")
        TARGET = 0, _("inside the interval is best")

    class Kind(models.TextChoices):
        RATIO = "ratio", _("ratio")
        COUNT = "count", _("count")
        MEAN = "mean", _("mean")
        MEDIAN = "median", _("median")

    set = models.ForeignKey(IndicatorSet, on_delete=models.CASCADE, related_name="indicators")
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(_("code"), max_length=12)
    unit_zh = models.CharField(_("unit of measurement"), max_length=40, blank=True)
    unit_en = models.CharField(_("unit of measurement in English"), max_length=40, blank=True)
    direction = models.SmallIntegerField(_("direction"), choices=Direction.choices, default=Direction.HIGHER)
    kind = models.CharField(_("kind of figure"), max_length=8, choices=Kind.choices, default=Kind.RATIO)
    factor = models.FloatField(_("factor on numerator over denominator"), default=1.0)
    floor = models.FloatField(_("score is 0 at"), null=True, blank=True)
    target = models.FloatField(_("score is 100 at"), null=True, blank=True)
    target_low = models.FloatField(_("best from"), null=True, blank=True)
    target_high = models.FloatField(_("best to"), null=True, blank=True)
    ceiling = models.FloatField(_("score is 0 again at"), null=True, blank=True)
    weight = models.FloatField(_("weight"), default=1.0)
    formula_zh = models.CharField(_("formula"), max_length=300)
    formula_en = models.CharField(_("formula in English"), max_length=300, blank=True)
    numerator_zh = models.CharField(_("numerator"), max_length=200, blank=True)
    numerator_en = models.CharField(_("numerator in English"), max_length=200, blank=True)
    denominator_zh = models.CharField(_("denominator"), max_length=200, blank=True)
    denominator_en = models.CharField(_("denominator in English"), max_length=200, blank=True)
    source_zh = models.CharField(_("source"), max_length=200)
    source_en = models.CharField(_("source in English"), max_length=200, blank=True)
    origin_zh = models.CharField(_("legal or methodical origin"), max_length=300, blank=True)
    origin_en = models.CharField(_("origin in English"), max_length=300, blank=True)
    owner = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators")
    metric = models.CharField(_("metric that computes it"), max_length=40, blank=True)
    evidence_zh = models.CharField(_("evidence"), max_length=200, blank=True)
    evidence_en = models.CharField(_("evidence in English"), max_length=200, blank=True)
    evidence_required = models.BooleanField(_("evidence required"), default=True)
    is_proportion = models.BooleanField(_("proportion of counted cases"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("indicator")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["set", "code"], name="one_indicator_for_set_and_code")]


class CollectionRound(Bilingual):
    """One collection of values for a set: what period, from when, until when."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("open")
        CHECKING = "checking", _("checking")
        LOCKED = "locked", _("locked")
        REOPENED = "reopened", _("reopened")

    set = models.ForeignKey(IndicatorSet, on_delete=models.PROTECT, related_name="rounds")
    period = models.CharField(_("period"), max_length=12)
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PLANNED)
    previewed_on = models.DateField(_("preview sent on"), null=True, blank=True)
    snapshot = models.CharField(_("snapshot of the records"), max_length=16, blank=True)
    reopening = models.JSONField(_("request to reopen"), default=dict, blank=True)

    class Meta:
        verbose_name = _("collection round")
        ordering = ["-period"]
        constraints = [models.UniqueConstraint(fields=["set", "period"], name="one_round_for_set_and_period")]


class Observation(models.Model):
    """The value of one indicator for one unit in one round. Missing has a reason and is never zero."""

    class Status(models.TextChoices):
        EMPTY = "empty", _("empty")
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        VERIFIED = "verified", _("verified")
        DISPUTED = "disputed", _("disputed")
        CORRECTED = "corrected", _("corrected")
        LOCKED = "locked", _("locked")
        REOPENED = "reopened", _("reopened")

    class Missing(models.TextChoices):
        NOT_APPLICABLE = "not_applicable", _("not applicable (denominator is zero)")
        NOT_COLLECTED = "not_collected", _("not collected")
        LATE = "late", _("late")
        WITHDRAWN = "withdrawn", _("withdrawn as wrong")

    round = models.ForeignKey(CollectionRound, on_delete=models.PROTECT, related_name="observations")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="observations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="observations")
    numerator = models.FloatField(_("numerator"), null=True, blank=True)
    denominator = models.FloatField(_("denominator"), null=True, blank=True)
    value = models.FloatField(_("value"), null=True, blank=True)
    missing = models.CharField(_("why it is missing"), max_length=16, choices=Missing.choices, blank=True)
    note = models.CharField(_("explanation"), max_length=400, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.EMPTY, db_index=True)
    document = models.CharField(_("number of the evidencing document"), max_length=80, blank=True)
    computed = models.BooleanField(_("computed from records"), default=False)
    changed_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("next step due on"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="submitted_observations"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="verified_observations"
    )

    class Meta:
        verbose_name = _("observation")
        ordering = ["indicator__position", "unit__code"]
        constraints = [
            models.UniqueConstraint(fields=["round", "indicator", "unit"], name="one_observation_for_round_and_unit")
        ]
        indexes = [models.Index(fields=["unit", "round"])]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit_id}: {self.value}"


class Statistic(models.Model):
    """A denominator or other yearly figure of a unit, from the statistics bureau."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="statistics")
    year = models.PositiveSmallIntegerField(_("year"))
    key = models.CharField(_("figure"), max_length=40)
    value = models.FloatField(_("value"))

    class Meta:
        verbose_name = _("statistic")
        ordering = ["year", "key", "unit"]
        constraints = [models.UniqueConstraint(fields=["unit", "year", "key"], name="one_statistic")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.key}"


class SourceRecord(models.Model):
    """A record of a room or a department's system, from which metrics are computed: a sample, a complaint, a patent."""

    class Kind(models.TextChoices):
        SAMPLE = "sample", _("supervision sample")
        COMPLAINT = "complaint", _("complaint")
        PATENT = "patent", _("valid invention patents")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="source_records")
    enterprise = models.ForeignKey(Enterprise, null=True, blank=True, on_delete=models.PROTECT)
    happened_on = models.DateField(_("date"))
    purpose = models.CharField(_("purpose or category"), max_length=20, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    flags = models.CharField(_("marks"), max_length=80, blank=True)
    quantity = models.FloatField(_("quantity"), default=1.0)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("source record")
        ordering = ["kind", "number"]
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="one_source_record")]
        indexes = [models.Index(fields=["kind", "happened_on"]), models.Index(fields=["unit", "kind", "happened_on"])]

    def __str__(self) -> str:
        return self.number


from qualipolis.city.measure.cycle_models import (  # noqa: E402
    Comment,
    LateValue,
    Served,
    StatisticRevision,
    TownTarget,
)

__all__ = [
    "CollectionRound",
    "Comment",
    "Dimension",
    "Indicator",
    "IndicatorSet",
    "LateValue",
    "Observation",
    "Served",
    "SourceRecord",
    "Statistic",
    "StatisticRevision",
    "TownTarget",
]
