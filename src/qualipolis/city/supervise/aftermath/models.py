"""What follows: handling of failed results, transfers to other areas, publications, penalties, quality meetings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.city.supervise.planning.models import Campaign
from qualipolis.city.supervise.results.models import Result

PERSON = settings.AUTH_USER_MODEL


class HandlingCase(Moving):
    """The handling (后处理) of one failed result for one firm, from the order to the review that it passed."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="handling")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="handling_cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="handling_cases")
    handler = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="handling_cases")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = models.CharField(_("state"), max_length=20, default="transferred", db_index=True)
    document_no = models.CharField(_("order to correct"), max_length=80, blank=True)
    order_served_on = models.DateField(_("order received on"), null=True, blank=True)
    correct_by = models.DateField(_("correct by"), null=True, blank=True)
    review_by = models.DateField(_("review by"), null=True, blank=True)
    report = models.TextField(_("report of the correction"), max_length=8000, blank=True)
    reported_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    passed_on = models.DateField(_("review passed on"), null=True, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    second_from = models.DateField(_("second review from"), null=True, blank=True)
    second_until = models.DateField(_("second review until"), null=True, blank=True)
    ceased_on = models.DateField(_("firm ceased on"), null=True, blank=True)
    successor = models.ForeignKey(Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cause = models.TextField(_("cause found"), max_length=2000, blank=True)
    serious = models.BooleanField(_("penalty case opened"), default=False)
    follow_up_on = models.DateField(_("follow-up sample asked for on"), null=True, blank=True)
    reason = models.TextField(_("what happened"), max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("handling of a failed result")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["result", "enterprise"], name="one_case_for_result_and_firm")]

    def __str__(self) -> str:
        return self.number

    @property
    def flow_code(self) -> str:
        """Food has its own clocks."""
        return "food_handling" if self.result.sample.task.campaign.food else "handling"


class Restart(models.Model):
    """A firm that made or sold the product again before it passed its review: a violation of its own."""

    case = models.ForeignKey(HandlingCase, on_delete=models.PROTECT, related_name="restarts")
    seen_on = models.DateField(_("seen on"))
    words = models.TextField(_("what was seen"), max_length=2000)
    fine = models.DecimalField(_("fine, CNY"), max_digits=10, decimal_places=2, null=True, blank=True)
    noted_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("restart before the review")
        ordering = ["case", "seen_on"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seen_on}"


class AreaTransfer(Moving):
    """A failed result told to the authority of the labelled producer's area."""

    FLOW = "area_transfer"

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="transfers")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    authority = models.CharField(_("authority"), max_length=120, blank=True)
    document_no = models.CharField(_("document"), max_length=80, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    received_no = models.CharField(_("receipt"), max_length=80, blank=True)
    answer = models.TextField(_("what they did"), max_length=4000, blank=True)
    reason = models.TextField(_("why it came back or was recalled"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("transfer to another area")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Publication(Moving):
    """The results of a campaign as the public sees them. Every version stays; ``rows`` are the words of that version."""

    FLOW = "publication"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="publications")
    number = models.CharField(_("number"), max_length=24)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = state(FLOW)
    document_no = models.CharField(_("document"), max_length=80, blank=True)
    reason = models.TextField(_("why it was corrected or withdrawn"), max_length=2000, blank=True)
    rows = models.JSONField(_("published rows"), default=list)
    sha256 = models.CharField(_("hash of the rows"), max_length=64, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    take_down_on = models.DateField(_("taken down on"), null=True, blank=True)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )

    class Meta:
        verbose_name = _("publication of results")
        ordering = ["-number", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="one_publication_for_number_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.number}-v{self.version}"


class PenaltyPublication(Moving):
    """A penalty for a failed result as the public sees it, and the day on which it comes down."""

    FLOW = "penalty_publication"

    class Kind(models.TextChoices):
        WARNING_ONLY = "warning_only", _("a mere warning")
        LIGHT = "light", _("light")
        ORDINARY = "ordinary", _("ordinary")

    case = models.ForeignKey(HandlingCase, on_delete=models.PROTECT, related_name="penalties")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    document_no = models.CharField(_("decision"), max_length=80)
    decided_on = models.DateField(_("decided on"))
    words = models.TextField(_("penalty in words"), max_length=2000, blank=True)
    same_province = models.BooleanField(_("firm registered in this province"), default=True)
    authority = models.CharField(_("passed on to"), max_length=120, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    banned_until = models.DateField(_("ban until"), null=True, blank=True)
    check_since = models.DateField(_("to be checked since"), null=True, blank=True)
    reason = models.TextField(_("why it was changed or withdrawn"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("publication of a penalty")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class QualityMeeting(models.Model):
    """A meeting on a problem of a whole trade (质量分析会)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    firms = models.PositiveSmallIntegerField(_("firms present"), default=0)
    problem = models.TextField(_("problem of the trade"), max_length=4000)
    agreed = models.TextField(_("what was agreed"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("quality analysis meeting")
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.held_on}"
