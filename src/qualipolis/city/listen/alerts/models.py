"""Alerts of others: the files they came in, how their columns are read, and records that may be one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise

PERSON = settings.AUTH_USER_MODEL


class HeaderMapping(models.Model):
    """How the columns of one kind of table are read, as a person confirmed it; found again by the headers."""

    fingerprint = models.CharField(_("fingerprint of the headers"), max_length=64, unique=True)
    source = models.CharField(_("source"), max_length=80)
    mapping = models.JSONField(_("columns"), default=dict)
    confirmed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(_("confirmed on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("reading of columns")
        ordering = ["source"]

    def __str__(self) -> str:
        return self.source


class AlertBatch(models.Model):
    """One imported file of alerts; taken in whole or not at all."""

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("source"), max_length=80)
    mapping = models.ForeignKey(HeaderMapping, on_delete=models.PROTECT, related_name="batches")
    rows = models.PositiveIntegerField(_("rows read"))
    added = models.PositiveIntegerField(_("alerts added"))
    known = models.PositiveIntegerField(_("known already"))
    imported_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("imported at"), default=timezone.now)

    class Meta:
        verbose_name = _("import of alerts")
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        return f"{self.source} {timezone.localtime(self.imported_at):%Y-%m-%d}"


class Alert(models.Model):
    """One alert of another authority."""

    batch = models.ForeignKey(AlertBatch, null=True, on_delete=models.PROTECT, related_name="alerts")
    source = models.CharField(_("source"), max_length=80, db_index=True)
    reference = models.CharField(_("its number"), max_length=80)
    alerted_on = models.DateField(_("day"), db_index=True)
    product = models.CharField(_("product"), max_length=400)
    category = models.CharField(_("category"), max_length=160, blank=True)
    product_class = models.CharField(_("class of product"), max_length=60, blank=True)
    hazards = models.JSONField(_("dangers"), default=list)
    brand = models.CharField(_("brand"), max_length=160, blank=True)
    model = models.CharField(_("model"), max_length=160, blank=True)
    batch_no = models.CharField(_("batch"), max_length=160, blank=True)
    firm = models.CharField(_("firm"), max_length=200, blank=True)
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts", verbose_name=_("firm here")
    )
    origin = models.CharField(_("country of origin"), max_length=80, blank=True)
    notified_by = models.CharField(_("notified by"), max_length=80, blank=True)
    measure = models.CharField(_("measure"), max_length=400, blank=True)
    units_affected = models.PositiveBigIntegerField(_("pieces affected"), null=True, blank=True)
    injuries = models.PositiveIntegerField(_("injuries"), null=True, blank=True)
    suggested = models.JSONField(_("what the text suggests"), default=dict)
    linked_by = models.ForeignKey(
        "EntityPair",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="linked",
        verbose_name=_("linked by"),
    )

    class Meta:
        verbose_name = _("alert")
        ordering = ["-alerted_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "reference"], name="listen_one_alert")]

    def __str__(self) -> str:
        return self.reference


class EntityPair(Moving):
    """Two records that may be one firm, brand or product; doubtful pairs are decided by a person."""

    FLOW = "entity_pair"

    status = state(FLOW)
    kind = models.CharField(_("kind"), max_length=8)
    left = models.CharField(_("one record"), max_length=200)
    right = models.CharField(_("other record"), max_length=200)
    left_thing = models.CharField(_("where the one stands"), max_length=60)
    right_thing = models.CharField(_("where the other stands"), max_length=60)
    probability = models.FloatField(_("probability that they are the same"))
    why = models.JSONField(_("what agrees"), default=list)
    decided_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(_("decided on"), null=True, blank=True)

    class Meta:
        verbose_name = _("two records that may be one")
        ordering = ["-probability", "pk"]
        constraints = [models.UniqueConstraint(fields=["left_thing", "right_thing"], name="listen_one_pair")]

    def __str__(self) -> str:
        return f"{self.left} / {self.right}"
