"""Declared standards with their indicators, what mandatory standards ask at least, and what became of a standard."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Product, Standard

PERSON = settings.AUTH_USER_MODEL


class Side(models.TextChoices):
    """Which kind of limit."""

    MAX = "max", _("at most")
    MIN = "min", _("at least")


class Floor(models.Model):
    """One limit of a mandatory national standard for a class of products; nothing declared may be below it."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="floors")
    category = models.CharField(_("category"), max_length=60, db_index=True)
    parameter = models.CharField(_("parameter"), max_length=120)
    side = models.CharField(_("kind of limit"), max_length=4, choices=Side.choices)
    limit = models.FloatField(_("limit"))
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    clause = models.CharField(_("clause"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("mandatory limit")
        ordering = ["standard_id", "category", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "category", "parameter", "side"], name="nqi_floor_once")
        ]

    def __str__(self) -> str:
        return f"{self.standard.number} {self.parameter}"


class StandardDeclaration(Moving):
    """A standard that a firm declares in public to apply for a product."""

    FLOW = "standard_declaration"

    class Level(models.TextChoices):
        NATIONAL = "national", _("national standard")
        INDUSTRY = "industry", _("industry standard")
        LOCAL = "local", _("local standard")
        GROUP = "group", _("group standard")
        ENTERPRISE = "enterprise", _("enterprise standard")
        INTERNATIONAL = "iso", _("international standard")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("firm")
    )
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="declarations")
    product_name = models.CharField(_("product"), max_length=160)
    category = models.CharField(_("category"), max_length=60)
    standard_no = models.CharField(_("standard number"), max_length=60, db_index=True)
    title = models.CharField(_("title of the standard"), max_length=200, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    declared_on = models.DateField(_("declared on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    replaced_by = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")

    class Meta:
        verbose_name = _("public declaration of a standard")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class DeclaredIndicator(models.Model):
    """One function or performance indicator of a declaration."""

    declaration = models.ForeignKey(StandardDeclaration, on_delete=models.CASCADE, related_name="indicators")
    parameter = models.CharField(_("parameter"), max_length=120)
    side = models.CharField(_("kind of limit"), max_length=4, choices=Side.choices)
    limit = models.FloatField(_("limit"))
    unit = models.CharField(_("unit"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("declared indicator")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.parameter


class StandardChange(models.Model):
    """What became of a standard, and how many were told."""

    class Kind(models.TextChoices):
        SUPERSEDED = "superseded", _("replaced by a new edition")
        WITHDRAWN = "withdrawn", _("withdrawn without a successor")
        AMENDED = "amended", _("amended")

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    new_number = models.CharField(_("new standard"), max_length=60, blank=True)
    effective_on = models.DateField(_("in effect on"))
    note = models.CharField(_("note"), max_length=400, blank=True)
    announced_on = models.DateField(_("announced on"), default=timezone.localdate)
    announced_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    declarations = models.PositiveIntegerField(_("declarations told"), default=0)
    laboratories = models.PositiveIntegerField(_("laboratories told"), default=0)

    class Meta:
        verbose_name = _("change of a standard")
        ordering = ["-effective_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.standard.number} {self.effective_on}"
