"""The directory: gaps in capability with every time they were asked for, and how tables of scopes were read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Institution, ScopeSource, Unit

PERSON = settings.AUTH_USER_MODEL


class CapabilityGap(Moving):
    """What nobody here can do: a product, a parameter, a standard; asked for again it stays one record."""

    FLOW = "capability_gap"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    need_type = models.CharField(_("kind of need"), max_length=14)
    product = models.CharField(_("product"), max_length=120)
    parameter = models.CharField(_("item"), max_length=120)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)
    product_key = models.CharField(_("product as it is compared"), max_length=120)
    parameter_key = models.CharField(_("item as it is compared"), max_length=120)
    standard_key = models.CharField(_("standard as it is compared"), max_length=60, blank=True)
    recorded_on = models.DateField(_("recorded on"), default=timezone.localdate)
    recorded_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year of the plan"), null=True, blank=True)
    builder = models.CharField(_("who builds it"), max_length=160, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    filled_on = models.DateField(_("filled on"), null=True, blank=True)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("gap in capability")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["need_type", "product_key", "parameter_key", "standard_key"], name="one_gap_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return self.number


class GapAsk(models.Model):
    """One time a gap was met: in which demand, in which town, on which day."""

    gap = models.ForeignKey(CapabilityGap, on_delete=models.PROTECT, related_name="asks")
    demand = models.ForeignKey("nqi.Demand", null=True, blank=True, on_delete=models.PROTECT, related_name="gap_asks")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="gap_asks")
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    asked_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("time a gap was met")
        ordering = ["asked_on", "pk"]

    def __str__(self) -> str:
        return f"{self.gap} {self.asked_on}"


class ScopeReading(models.Model):
    """How a table of scopes with certain columns was read, as a person confirmed it."""

    fingerprint = models.CharField(_("columns"), max_length=64, unique=True)
    mapping = models.JSONField(_("what each column means"), default=dict)
    confirmed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(_("confirmed on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("reading of a table of scopes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.fingerprint[:12]


class ScopeImport(models.Model):
    """One import of a table of scopes: the file, how it was read, and what it changed."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="scope_imports")
    source = models.OneToOneField(ScopeSource, on_delete=models.PROTECT, related_name="scope_import")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    reading = models.ForeignKey(ScopeReading, on_delete=models.PROTECT, related_name="scope_imports")
    in_force = models.DateField(_("in force from"))
    added = models.PositiveIntegerField(_("new lines"))
    kept = models.PositiveIntegerField(_("lines that stay"))
    ended = models.PositiveIntegerField(_("lines that end"))
    imported_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("taken over at"), default=timezone.now)

    class Meta:
        verbose_name = _("import of a scope")
        ordering = ["-imported_at", "-pk"]

    def __str__(self) -> str:
        return str(self.source)
