"""What the statistics heard: one run a week, its signals with what spoke and how sure, and what they proposed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Unit

PERSON = settings.AUTH_USER_MODEL


class SignalRun(models.Model):
    """One look over all series up to a week: what was counted, by which methods, with what false-discovery rate."""

    week = models.DateField(_("Monday of the week"), unique=True)
    ran_at = models.DateTimeField(_("ran at"), default=timezone.now)
    records = models.PositiveIntegerField(_("records counted"))
    series = models.PositiveIntegerField(_("series looked at"))
    raised = models.PositiveIntegerField(_("signals raised"))
    parameters = models.JSONField(_("methods and limits"), default=dict)
    content_hash = models.CharField(_("hash of the counts"), max_length=64)
    back_test = models.JSONField(_("trial on the city's own history"), default=dict, blank=True)

    class Meta:
        verbose_name = _("run over the signals")
        ordering = ["-week"]

    def __str__(self) -> str:
        return f"{self.week}"


class Signal(Moving):
    """Something unusual: a product, a danger, a place; why, how sure, and what was done."""

    FLOW = "signal"

    class Kind(models.TextChoices):
        SERIES = "series", _("more than expected in time")
        PAIR = "pair", _("a product and a danger together more often than expected")
        PLACE = "place", _("more than expected in a place")
        ABROAD = "abroad", _("an alert from elsewhere about a product made or sold here")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    run = models.ForeignKey(SignalRun, null=True, blank=True, on_delete=models.PROTECT, related_name="signals")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    key = models.CharField(_("key of the series"), max_length=200, db_index=True)
    product_class = models.CharField(_("class of product"), max_length=60, blank=True)
    hazard = models.CharField(_("kind of danger"), max_length=60, blank=True)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="signals", verbose_name=_("town")
    )
    week = models.DateField(_("Monday of the week"), db_index=True)
    count = models.PositiveIntegerField(_("records"))
    expected = models.FloatField(_("expected"), null=True, blank=True)
    q_value = models.FloatField(_("false-discovery rate at which it speaks"), null=True, blank=True)
    evidence = models.JSONField(_("what spoke"), default=list)
    units = models.JSONField(_("towns of the cluster"), default=list)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined")
    looked_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finding = models.TextField(_("what was found"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("signal")
        ordering = ["-week", "q_value", "pk"]

    def __str__(self) -> str:
        return self.number


class Proposal(Moving):
    """What a signal proposes to another room; a person there takes it up or declines it."""

    FLOW = "signal_proposal"

    class Kind(models.TextChoices):
        SAMPLE = "sample", _("supervision sampling")
        HOSPITAL = "hospital", _("consultation of the product hospital")
        WARNING = "warning", _("public warning")
        RECALL = "recall", _("recall")
        INVESTIGATION = "investigation", _("investigation")

    status = state(FLOW)
    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    words = models.TextField(_("what is proposed and why"), max_length=2000)
    proposed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField(_("proposed on"), default=timezone.localdate)
    answered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=400, blank=True)
    became = models.CharField(_("what it became"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("proposal of a signal")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.signal}"
