"""Reviewers of performance excellence: their fields, hours, ties to firms, and how their work was rated."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise

PERSON = settings.AUTH_USER_MODEL
LEVELS = ("trainee", "level_1", "level_2", "level_3")


class Reviewer(Moving):
    """Somebody who reviews for the award, from the application to the list and off it."""

    FLOW = "excellence_reviewer"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    person = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="reviewer", verbose_name=_("account"))
    employer = models.CharField(_("employer"), max_length=160)
    employer_code = models.CharField(_("credit code of the employer"), max_length=18, blank=True, db_index=True)
    fields = models.CharField(_("fields"), max_length=400)
    experience = models.TextField(_("experience in quality"), max_length=2000, blank=True)
    agreed = models.BooleanField(_("agreed to the duties"), default=False)
    public = models.BooleanField(_("agreed to be on the public list"), default=False)
    applied_on = models.DateField(_("applied on"), default=timezone.localdate)
    exam_score = models.PositiveSmallIntegerField(_("score of the examination"), null=True, blank=True)
    exam_on = models.DateField(_("examined on"), null=True, blank=True)
    appointed_on = models.DateField(_("appointed on"), null=True, blank=True)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    held_from = models.CharField(_("level before the suspension"), max_length=20, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("reviewer")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def listed(self) -> bool:
        """Whether the reviewer may be given reviews."""
        return self.status in LEVELS


class ReviewerHours(models.Model):
    """Hours of continued training on one day; a mistake is set right by a line of negative hours."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="hours")
    on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    what = models.CharField(_("what"), max_length=200)
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("hours of training")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.on}"


class ReviewerTie(models.Model):
    """What ties a reviewer to a firm: it keeps them apart while it lasts and for three years after."""

    class Kind(models.TextChoices):
        EMPLOYED = "employed", _("employed there")
        CONSULTANT = "consultant", _("advised it for pay")
        SHARES = "shares", _("holds shares in it")
        FAMILY = "family", _("a near relative works or holds shares there")
        COMPETITOR = "competitor", _("works for a competitor")
        OTHER = "other", _("another reason to step aside")

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="ties")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="reviewer_ties")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    told_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    told_on = models.DateField(_("told on"), default=timezone.localdate)
    withdrawn_on = models.DateField(_("found to be wrong on"), null=True, blank=True)

    class Meta:
        verbose_name = _("tie of a reviewer to a firm")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.enterprise}"


class ReviewerRating(models.Model):
    """How the work of a reviewer on one applicant was rated, 1 to 5, with words; one rating by each person."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="ratings")
    sheet = models.ForeignKey("talent.ScoreSheet", on_delete=models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField(_("rating"))
    words = models.CharField(_("words"), max_length=400, blank=True)
    given_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(_("given on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("rating of a reviewer")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "given_by"], name="talent_one_rating_by_each")]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.score}"
