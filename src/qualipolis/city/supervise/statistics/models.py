"""What statistics count: one row for each batch that a rate may count, from the workflow or from older records."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qualipolis.city.registry.models import Cluster, Enterprise, Institution, Unit
from qualipolis.city.supervise.planning.models import Campaign, Purpose, Stage
from qualipolis.city.supervise.results.models import Result


class ResultFact(models.Model):
    """One batch as a pass rate sees it (``law.supervision.pass_rate``).

    ``status`` is the state of the result, else of the sample, else of the task; ``stratum``, ``weight`` and
    ``psu`` are those of the design it was drawn by: ``weight`` is 1 / inclusion probability, missing when nobody
    knows it. ``number`` is the same as in the city's source records.
    """

    number = models.CharField(_("number"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("year"), db_index=True)
    sampled_on = models.DateField(_("sampled on"))
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="facts")
    result = models.OneToOneField(Result, null=True, blank=True, on_delete=models.PROTECT, related_name="fact")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    stage = models.CharField(_("sampled where"), max_length=12, choices=Stage.choices, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="result_facts")
    cluster = models.ForeignKey(Cluster, null=True, blank=True, on_delete=models.PROTECT, related_name="result_facts")
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="result_facts"
    )
    category = models.CharField(_("product class"), max_length=60, blank=True)
    laboratory = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="result_facts"
    )
    samplers = models.CharField(_("samplers, as a code"), max_length=40, blank=True)
    stratum = models.CharField(_("stratum"), max_length=80, blank=True)
    weight = models.FloatField(_("weight"), null=True, blank=True)
    psu = models.CharField(_("primary unit"), max_length=60, blank=True)
    status = models.CharField(_("state"), max_length=20)
    verdict = models.CharField(_("verdict"), max_length=4, blank=True)
    first_verdict = models.CharField(_("first verdict"), max_length=4, blank=True)
    chosen_by_hand = models.BooleanField(_("chosen by hand"), default=False)
    review = models.BooleanField(_("review sample"), default=False)
    producer_elsewhere = models.BooleanField(_("producer in another area"), default=False)
    voided_for = models.JSONField(_("voided for these sides"), default=list)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("counted batch")
        ordering = ["number"]
        indexes = [models.Index(fields=["year", "purpose"]), models.Index(fields=["unit", "year"])]

    def __str__(self) -> str:
        return self.number


class ItemFact(models.Model):
    """One test item of a counted batch."""

    fact = models.ForeignKey(ResultFact, on_delete=models.CASCADE, related_name="items")
    name = models.CharField(_("item"), max_length=120)
    failed = models.BooleanField(_("nonconforming"))
    safety = models.BooleanField(_("safety item"), default=False)

    class Meta:
        verbose_name = _("counted item")
        ordering = ["fact", "pk"]
        indexes = [models.Index(fields=["name", "failed"])]

    def __str__(self) -> str:
        return self.name


class StratumSize(models.Model):
    """How many units a stratum of a year's random sampling had; without it there is no estimate for the market."""

    year = models.PositiveSmallIntegerField(_("year"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.RANDOM)
    stratum = models.CharField(_("stratum"), max_length=80)
    units = models.PositiveIntegerField(_("units in the population"))

    class Meta:
        verbose_name = _("size of a stratum")
        ordering = ["year", "stratum"]
        constraints = [models.UniqueConstraint(fields=["year", "purpose", "stratum"], name="one_size_for_stratum")]

    def __str__(self) -> str:
        return f"{self.year} {self.stratum}: {self.units}"
