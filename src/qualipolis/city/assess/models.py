"""Runs over a frozen set, their scorecards, and the releases that are published and never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment
from qualipolis.city.measure.models import CollectionRound, IndicatorSet
from qualipolis.city.registry.models import Unit


class Assessment(models.Model):
    """One run: the round it reads, the pipeline, the seed, and where it stands."""

    class Status(models.TextChoices):
        RUN = "run", _("computed")
        PREVIEWED = "previewed", _("previewed by the units")
        DECIDED = "decided", _("decided")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    round = models.ForeignKey(CollectionRound, on_delete=models.PROTECT, related_name="assessments")
    set = models.ForeignKey(  # another version of the set after an amendment; without one, that of the round
        IndicatorSet, null=True, blank=True, on_delete=models.PROTECT, related_name="assessments"
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.RUN)
    pipeline = models.JSONField(_("pipeline"), default=dict)
    replicates = models.PositiveIntegerField(_("replicates"), default=1000)
    seed = models.BigIntegerField(_("seed"), default=0)
    factors = models.JSONField(_("what was varied"), default=list)
    inputs_hash = models.CharField(max_length=64, blank=True)
    code_version = models.CharField(max_length=40, blank=True)
    warnings = models.JSONField(default=list)
    run_at = models.DateTimeField(default=timezone.now)
    run_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    meeting_on = models.DateField(_("meeting of the leading group"), null=True, blank=True)
    decision_doc = models.CharField(_("number of the decision"), max_length=80, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )

    class Meta:
        verbose_name = _("assessment")
        ordering = ["-run_at"]

    def __str__(self) -> str:
        return f"{self.round_id} {self.status}"

    @property
    def scored_set(self) -> IndicatorSet:
        """The version of the indicator set that this run rests on."""
        return self.set or self.round.set


class ScoreCard(models.Model):
    """The result of one unit in one run: composite, grade and the reasons for a cap or a veto."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="cards")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cards")
    peer_group = models.CharField(_("peer group"), max_length=40, blank=True)
    peer_rank = models.PositiveIntegerField(null=True, blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    bonus = models.FloatField(_("bonus"), default=0.0)
    final_score = models.FloatField(_("final score"), null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    tier_certainty = models.FloatField(_("probability of the own tier"), null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=2, blank=True)
    veto = models.CharField(_("reason of the veto"), max_length=400, blank=True)
    quadrant = models.CharField(_("quadrant"), max_length=20, blank=True)
    present = models.PositiveSmallIntegerField(_("indicators with a value"), default=0)
    improvement = models.FloatField(_("improvement on the year before, 0 to 100"), null=True, blank=True)
    remark = models.CharField(_("remark of the leading group"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("scorecard")
        ordering = ["rank", "unit__code"]
        constraints = [models.UniqueConstraint(fields=["assessment", "unit"], name="one_card_for_run_and_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.score}"


class NodeScore(models.Model):
    """Score, rank and 90 % rank interval of one unit at one node of the tree (an indicator or an aggregate)."""

    card = models.ForeignKey(ScoreCard, on_delete=models.CASCADE, related_name="nodes")
    node = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    score = models.FloatField(null=True, blank=True)
    standard_error = models.FloatField(_("standard error from counting"), null=True, blank=True)
    contribution = models.FloatField(_("points of the composite"), null=True, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    rank_p05 = models.FloatField(null=True, blank=True)
    rank_median = models.FloatField(null=True, blank=True)
    rank_p95 = models.FloatField(null=True, blank=True)
    top_ten = models.FloatField(_("probability of the first ten"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "node"], name="one_score_for_card_and_node")]
        indexes = [models.Index(fields=["node"])]

    def __str__(self) -> str:
        return f"{self.node}: {self.score}"


class Adjustment(models.Model):
    """A bonus, a veto or a zero for falsified data, each with the document that carries it."""

    class Kind(models.TextChoices):
        BONUS = "bonus", _("bonus")
        VETO = "veto", _("veto: grade D")
        FALSIFIED = "falsified", _("falsified data: the indicator scores 0")

    round = models.ForeignKey(CollectionRound, on_delete=models.PROTECT, related_name="adjustments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    points = models.FloatField(_("points"), default=0.0)
    indicator_code = models.CharField(_("indicator"), max_length=12, blank=True)
    document = models.CharField(_("document number"), max_length=80)
    reason = models.CharField(_("reason"), max_length=400)

    class Meta:
        verbose_name = _("adjustment")
        ordering = ["unit__code"]

    def __str__(self) -> str:
        return f"{self.kind} {self.document}"


class Release(models.Model):
    """A published assessment: immutable, with the hashes of its inputs, method and code."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="release")
    number = models.CharField(_("number"), max_length=20, unique=True)
    published_at = models.DateTimeField(default=timezone.now)
    release_hash = models.CharField(max_length=64)
    method_hash = models.CharField(max_length=64)
    directory = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=400, blank=True)
    documents = models.ManyToManyField(Attachment, blank=True)

    class Meta:
        verbose_name = _("release")
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return self.number


from qualipolis.city.assess.analysis_models import Analysis  # noqa: E402
from qualipolis.city.assess.cycle_models import (  # noqa: E402
    Notice,
    Rectification,
    RectificationItem,
    SelfEvaluation,
    SelfItem,
    SiteCheck,
    SiteFinding,
    SiteVisit,
)

__all__ = [
    "Adjustment",
    "Analysis",
    "Assessment",
    "NodeScore",
    "Notice",
    "Rectification",
    "RectificationItem",
    "Release",
    "ScoreCard",
    "SelfEvaluation",
    "SelfItem",
    "SiteCheck",
    "SiteFinding",
    "SiteVisit",
]
