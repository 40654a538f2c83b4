"""Award rounds: applications, opinions, independent sheets, consensus, findings on site, every sum ever made, objections."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.reviewers.models import Reviewer

PERSON = settings.AUTH_USER_MODEL


class Tier(models.TextChoices):
    AWARD = "award", _("government quality award")
    NOMINATION = "nomination", _("nomination award")


class AwardRound(Moving):
    """One round of the government quality award. It costs applicants nothing."""

    FLOW = "award_round"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    year = models.PositiveSmallIntegerField(_("year"))
    name_zh = models.CharField(_("name in Chinese"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=160, blank=True)
    conditions = models.TextField(_("who may apply"), max_length=4000)
    apply_until = models.DateField(_("applications until"))
    scheme = models.CharField(_("scheme"), max_length=40, default="GB/T 19580-2012")
    spread = models.PositiveSmallIntegerField(_("largest spread without a consensus"), default=20)
    most_awards = models.PositiveSmallIntegerField(_("most awards"), default=5)
    most_nominations = models.PositiveSmallIntegerField(_("most nomination awards"), default=15)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    document_no = models.CharField(_("number of the announcement"), max_length=60, blank=True)
    meeting_on = models.DateField(_("meeting on"), null=True, blank=True)
    notice_from = models.DateField(_("public notice from"), null=True, blank=True)
    notice_until = models.DateField(_("public notice until"), null=True, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    grant_no = models.CharField(_("number of the decision"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    synthetic = models.BooleanField(_("made-up record"), default=False)

    class Meta:
        verbose_name = _("award round")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """The name in the language of the page, Chinese where there is no other."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name_zh


class AwardApplication(Moving):
    """One firm in one round."""

    FLOW = "award_application"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    round = models.ForeignKey(AwardRound, on_delete=models.PROTECT, related_name="applications")
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="award_applications", verbose_name=_("firm")
    )
    contact = models.CharField(_("whom we may ask"), max_length=160, blank=True)
    summary = models.TextField(_("the firm in short"), max_length=4000, blank=True)
    submitted_on = models.DateField(_("applied on"), null=True, blank=True)
    override = models.CharField(_("why it is admitted although a regulator objects"), max_length=1000, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    held_from = models.CharField(_("state before the hold"), max_length=20, blank=True)
    held_because = models.CharField(_("why it is on hold"), max_length=20, blank=True)
    visited_on = models.DateField(_("visited on"), null=True, blank=True)
    visit_report = models.TextField(_("report of the visit"), max_length=4000, blank=True)
    visitors = models.ManyToManyField(Reviewer, blank=True, related_name="visits", verbose_name=_("visitors"))
    tier = models.CharField(_("proposed for"), max_length=12, choices=Tier.choices, blank=True)
    proposed_run = models.ForeignKey(
        "talent.ScoreRun", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("sum at the proposal"),
    )  # fmt: skip
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("application for the award")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["round", "enterprise"], name="talent_one_application_a_round")]

    def __str__(self) -> str:
        return self.number


class RegulatorOpinion(models.Model):
    """What a regulator was asked about an applicant, and what it said; saying nothing is not agreeing."""

    class Says(models.TextChoices):
        NOTHING_AGAINST = "nothing", _("nothing against it")
        AGAINST = "against", _("against it")

    application = models.ForeignKey(AwardApplication, on_delete=models.PROTECT, related_name="opinions")
    department = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="award_opinions")
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    due_on = models.DateField(_("answer until"), null=True, blank=True)
    says = models.CharField(_("opinion"), max_length=8, choices=Says.choices, blank=True)
    words = models.CharField(_("words"), max_length=1000, blank=True)
    given_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(_("given on"), null=True, blank=True)

    class Meta:
        verbose_name = _("opinion of a regulator")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "department"], name="talent_one_opinion_each")]

    def __str__(self) -> str:
        return f"{self.application} {self.department}"


class ScoreSheet(Moving):
    """The independent scores of one reviewer for one applicant. What was handed in is never changed, only not counted."""

    FLOW = "score_sheet"

    application = models.ForeignKey(AwardApplication, on_delete=models.PROTECT, related_name="sheets")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="sheets")
    status = state(FLOW)
    lead = models.BooleanField(_("leads the team"), default=False)
    conflict = models.CharField(_("conflict of interest"), max_length=400, null=True, blank=True)
    declared_on = models.DateField(_("declared on"), null=True, blank=True)
    scores = models.JSONField(_("scores"), default=dict)
    words = models.JSONField(_("strengths and gaps"), default=dict)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    dropped_on = models.DateField(_("dropped on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("score sheet")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "reviewer"], name="talent_one_sheet_each")]

    def __str__(self) -> str:
        return f"{self.application} {self.reviewer}"


class Consensus(models.Model):
    """What the team agreed on for one item, beside the independent scores it came from; a later one supersedes it."""

    application = models.ForeignKey(AwardApplication, on_delete=models.PROTECT, related_name="consensuses")
    item = models.CharField(_("item"), max_length=8)
    originals = models.JSONField(_("independent scores"), default=dict)
    score = models.PositiveSmallIntegerField(_("agreed score"))
    words = models.CharField(_("why"), max_length=1000)
    met_on = models.DateField(_("agreed on"), default=timezone.localdate)
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)
    superseded_because = models.CharField(_("why it no longer counts"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("consensus")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application} {self.item}"


class SiteFinding(models.Model):
    """What the visit showed about one item; a changed score says why, and the score before it stays."""

    application = models.ForeignKey(AwardApplication, on_delete=models.PROTECT, related_name="findings")
    item = models.CharField(_("item"), max_length=8)
    before = models.DecimalField(_("score before"), max_digits=6, decimal_places=3, null=True)
    score = models.PositiveSmallIntegerField(_("score after the visit"))
    words = models.CharField(_("what was seen"), max_length=1000)
    visitors = models.JSONField(_("visitors"), default=list)
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("finding on site")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application} {self.item}"


class ScoreRun(models.Model):
    """One summing up of all sheets that count, kept for ever: which sheets, every item, the total, and why it was made."""

    class Cause(models.TextChoices):
        SHEET = "sheet", _("a sheet was handed in")
        CONSENSUS = "consensus", _("a consensus was found")
        VISIT = "visit", _("a finding of the visit")
        DROPPED = "dropped", _("a reviewer's scores were dropped")
        REINSTATED = "reinstated", _("a reviewer's scores count again")

    application = models.ForeignKey(AwardApplication, on_delete=models.PROTECT, related_name="runs")
    serial = models.PositiveSmallIntegerField(_("no."))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    sheets = models.JSONField(_("sheets that count"), default=list)
    items = models.JSONField(_("items"), default=list)
    total = models.DecimalField(_("total"), max_digits=7, decimal_places=3, null=True)
    independent = models.DecimalField(_("mean of the independent scores"), max_digits=7, decimal_places=3, null=True)
    open_items = models.PositiveSmallIntegerField(_("items open"), default=0)

    class Meta:
        verbose_name = _("sum of the scores")
        ordering = ["serial"]
        constraints = [models.UniqueConstraint(fields=["application", "serial"], name="talent_runs_in_order")]

    def __str__(self) -> str:
        return f"{self.application} {self.serial}"


class AwardConcern(models.Model):
    """Something that happened to an applicant or holder elsewhere: a failed sample, a serious incident."""

    class Kind(models.TextChoices):
        FAILED_SAMPLE = "failed_sample", _("failed supervision sampling")
        INCIDENT = "incident", _("serious injury with its product")
        RECALL = "recall", _("recall of its product")
        OTHER = "other", _("something else")

    application = models.ForeignKey(AwardApplication, on_delete=models.PROTECT, related_name="concerns")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    about = models.CharField(_("number"), max_length=60)
    thing = models.CharField(_("record"), max_length=80, blank=True)
    opened_on = models.DateField(_("learned on"), default=timezone.localdate)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    outcome = models.CharField(_("what was decided"), max_length=400, blank=True)
    settled_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("concern about an applicant or holder")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind", "thing"], name="talent_concern_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.about}"


class AwardLook(models.Model):
    """The yearly look at the holder of an award."""

    application = models.ForeignKey(AwardApplication, on_delete=models.PROTECT, related_name="looks")
    on = models.DateField(_("day"), default=timezone.localdate)
    report = models.TextField(_("what was seen"), max_length=2000)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("look at the holder")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application} {self.on}"


class AwardObjection(Moving):
    """Somebody objects to a proposal during the public notice. Who it is stays with the office."""

    FLOW = "award_objection"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    round = models.ForeignKey(AwardRound, on_delete=models.PROTECT, related_name="objections")
    application = models.ForeignKey(
        AwardApplication, null=True, blank=True, on_delete=models.PROTECT, related_name="objections"
    )
    sender = models.CharField(_("who objects"), max_length=120)
    contact = models.CharField(_("how to answer"), max_length=120)
    words = models.TextField(_("objection and facts"), max_length=4000)
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection to a proposal")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class SeverityRun(models.Model):
    """The model of the severity of reviewers for one round, as computed on a day from the sheets of that day."""

    round = models.ForeignKey(AwardRound, on_delete=models.PROTECT, related_name="severity_runs")
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    sheets = models.JSONField(_("sheets that count"), default=list)
    found: Any = models.JSONField(_("result"), default=dict)

    class Meta:
        verbose_name = _("severity of reviewers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.round} {self.made_at:%Y-%m-%d}"
