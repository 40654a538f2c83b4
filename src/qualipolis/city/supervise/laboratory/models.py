"""In the laboratory: reports with versions, and their items with unit, limit, uncertainty and decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Institution
from qualipolis.city.supervise.field.models import Sample
from qualipolis.city.supervise.planning.models import RuleItem

PERSON = settings.AUTH_USER_MODEL


class Verdict(models.TextChoices):
    """The words of a sample's result; "pass" is said as "no nonconformity found in the inspected sample"."""

    PASS = "pass", _("no nonconformity found")
    FAIL = "fail", pgettext_lazy("verdict", "nonconforming")


class SampleReceipt(models.Model):
    """What the laboratory saw when a sample arrived: appearance, seals, quantity; its pictures are kept with it."""

    class Licence(models.TextChoices):
        SEEN = "seen", _("valid licence or certificate marked on the sample")
        NOT_REQUIRED = "not_required", _("this product needs none")

    sample = models.OneToOneField(Sample, on_delete=models.PROTECT, related_name="receipt")
    laboratory = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="receipts")
    on = models.DateField(_("received on"), default=timezone.localdate)
    appearance = models.CharField(_("appearance"), max_length=400, blank=True)
    quantity = models.PositiveIntegerField(_("quantity that arrived"), null=True, blank=True)
    refused = models.BooleanField(_("refused in writing"), default=False)
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("receipt check")
        ordering = ["sample"]

    def __str__(self) -> str:
        return self.sample.code


class TestReport(Moving):
    """A report on one sample (test or backup). An amendment is a new version that replaces the one before."""

    __test__ = False
    FLOW = "test_report"

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="reports")
    laboratory = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="reports")
    number = models.CharField(_("number"), max_length=60, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = state(FLOW)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    tested_on = models.DateField(_("tested on"), null=True, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict.choices, blank=True)
    reason = models.TextField(_("why it was amended"), max_length=2000, blank=True)
    words = models.TextField(_("remarks"), max_length=2000, blank=True)
    entered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signatory = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("test report")
        ordering = ["sample", "version"]
        constraints = [models.UniqueConstraint(fields=["sample", "version"], name="one_report_for_sample_and_version")]

    def __str__(self) -> str:
        return self.number or f"{self.sample.code}-{self.version}"


class TestItem(models.Model):
    """One measured or judged item, with the limits as they stood when it was tested."""

    __test__ = False

    class Outcome(models.TextChoices):
        PASS = "pass", _("conforming")
        FAIL = "fail", _("nonconforming")
        NOT_TESTED = "not_tested", _("not tested")

    class Censored(models.TextChoices):
        NONE = "", _("measured")
        BELOW = "<", _("below the limit of detection or quantification")
        ABOVE = ">", _("above the range")

    report = models.ForeignKey(TestReport, on_delete=models.CASCADE, related_name="items")
    rule_item = models.ForeignKey(RuleItem, null=True, blank=True, on_delete=models.PROTECT, related_name="results")
    position = models.PositiveSmallIntegerField(_("position"))
    name_zh = models.CharField(_("item, Chinese"), max_length=120)
    name_en = models.CharField(_("item, English"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    lower = models.FloatField(_("lower limit"), null=True, blank=True)
    upper = models.FloatField(_("upper limit"), null=True, blank=True)
    requirement = models.CharField(_("requirement in words"), max_length=200, blank=True)
    clause = models.CharField(_("clause of the standard"), max_length=80, blank=True)
    method = models.CharField(_("test method"), max_length=80, blank=True)
    safety = models.BooleanField(_("safety item"), default=False)
    decision = models.CharField(_("decision rule"), max_length=16, choices=RuleItem.Decision.choices, default="simple")
    measured = models.FloatField(_("measured value"), null=True, blank=True)
    censored = models.CharField(_("censored"), max_length=1, choices=Censored.choices, blank=True)
    observed = models.CharField(_("observed, in words"), max_length=200, blank=True)
    uncertainty = models.FloatField(_("expanded uncertainty"), null=True, blank=True)
    coverage_factor = models.FloatField(_("coverage factor k"), default=2.0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    why = models.CharField(_("why it was judged so"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("test item")
        ordering = ["report", "position"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="one_item_for_report_and_position")]

    def __str__(self) -> str:
        return self.name_zh
