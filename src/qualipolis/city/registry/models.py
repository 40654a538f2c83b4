"""Who and what the city's quality work is about: units, clusters, enterprises, products, institutions, standards."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Bilingual, Organisation


class Unit(Bilingual):
    """A town, subdistrict or park; in a province also the city above it. Geography has versions (valid_from/to)."""

    class Kind(models.TextChoices):
        CITY = "city", _("city")
        SUBDISTRICT = "subdistrict", _("subdistrict")
        TOWN = "town", _("town")
        PARK = "park", _("park")
        ZONE = "zone", _("functional zone")

    code = models.CharField(_("code"), max_length=12, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    assessed = models.BooleanField(_("takes part in the assessment"), default=True)
    peer_group = models.CharField(_("peer group"), max_length=40, blank=True)
    government = models.OneToOneField(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="unit"
    )
    longitude = models.FloatField(_("longitude of the centroid"), null=True, blank=True)
    latitude = models.FloatField(_("latitude of the centroid"), null=True, blank=True)
    grid_row = models.SmallIntegerField(_("row in the cartogram"), null=True, blank=True)
    grid_column = models.SmallIntegerField(_("column in the cartogram"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("unit")
        ordering = ["code"]


class Cluster(Bilingual):
    """An industry cluster."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    output_class = models.CharField(_("class of yearly output"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("cluster")
        ordering = ["code"]


class Enterprise(Bilingual):
    """A producer or seller, known by its unified social credit code (GB 32100-2015)."""

    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="enterprises")
    production_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="producers")
    cluster = models.ForeignKey(Cluster, null=True, blank=True, on_delete=models.PROTECT, related_name="enterprises")
    industry = models.CharField(_("industry, GB/T 4754"), max_length=6, blank=True)
    above_scale = models.BooleanField(_("above designated size"), default=False)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=80, blank=True, db_index=True)
    synthetic = models.BooleanField(_("synthetic"), default=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("enterprise")
        ordering = ["credit_code"]


class Product(Bilingual):
    """A product of an enterprise."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="products")
    category = models.CharField(_("category"), max_length=60)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("product")
        ordering = ["pk"]


class Institution(Bilingual):
    """A body of the quality infrastructure."""

    class Kind(models.TextChoices):
        NATIONAL_CENTRE = "national_centre", _("national quality inspection centre")
        METROLOGY_CENTRE = "metrology_centre", _("national metrology centre")
        PROVINCIAL_STATION = "provincial_station", _("provincial authorised station")
        CERTIFIER = "certifier", _("certification body")
        LABORATORY = "laboratory", _("testing laboratory")

    code = models.CharField(_("code"), max_length=24, unique=True)

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")
        MUNICIPAL = "municipal", _("municipal")
        PRIVATE = "private", _("private")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="institutions")
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=80, blank=True, db_index=True)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("institution")
        ordering = ["code"]


class Qualification(models.Model):
    """A certificate an institution holds, with the days it is valid."""

    class Kind(models.TextChoices):
        CMA = "cma", _("CMA qualification")
        CNAS = "cnas", _("CNAS accreditation")
        CAL = "metrology", _("metrology authorisation")
        CNCA = "cnca", _("certification body approval")

    class Ending(models.TextChoices):
        CANCELLED = "cancelled", _("cancelled at its holder's wish or after expiry")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REVOKED = "revoked", _("revoked because it was obtained by cheating")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    ended_on = models.DateField(_("ended before its time on"), null=True, blank=True)
    ended_how = models.CharField(_("how it ended"), max_length=12, choices=Ending.choices, blank=True)

    class Meta:
        verbose_name = _("qualification")
        ordering = ["institution_id", "kind"]

    def __str__(self) -> str:
        return self.number


class QualificationPause(models.Model):
    """A time in which a qualification was suspended; it covers nothing on those days."""

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="pauses")
    starts_on = models.DateField(_("suspended from"))
    ends_on = models.DateField(_("last day of the suspension"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("suspension of a qualification")
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return f"{self.qualification} {self.starts_on}"


class ScopeSource(models.Model):
    """The list a line of a scope was taken from: whose, which file, and on what day."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="scope_sources")
    file = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    taken_on = models.DateField(_("taken over on"))
    lines = models.PositiveIntegerField(_("lines"))

    class Meta:
        verbose_name = _("source of a scope")
        ordering = ["-taken_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.file} {self.taken_on}"


class ScopeItem(models.Model):
    """One line of what a qualification covers: a product, a parameter, a standard."""

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="scope_items")
    product = models.CharField(_("product"), max_length=120)
    parameter = models.CharField(_("parameter"), max_length=120)
    standard = models.CharField(_("standard number"), max_length=60)
    field = models.CharField(_("field"), max_length=120, blank=True)
    limits = models.CharField(_("limits"), max_length=400, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.ForeignKey(ScopeSource, null=True, blank=True, on_delete=models.PROTECT, related_name="scope_items")
    source_line = models.PositiveIntegerField(_("line of the source"), null=True, blank=True)

    class Meta:
        verbose_name = _("scope item")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.product} {self.parameter} {self.standard}"


class Standard(Bilingual):
    """A standard with its edition and what became of it."""

    class Status(models.TextChoices):
        CURRENT = "current", _("current")
        SUPERSEDED = "superseded", _("superseded")
        WITHDRAWN = "withdrawn", _("withdrawn")

    number = models.CharField(_("standard number"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=16, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.CURRENT)
    replaced_by = models.CharField(_("replaced by"), max_length=60, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    in_force_on = models.DateField(_("in force on"), null=True, blank=True)
    ended_on = models.DateField(_("no longer in force on"), null=True, blank=True)

    class Meta:
        verbose_name = _("standard")
        ordering = ["number"]


class QualityOfficer(models.Model):
    """An enterprise's chief quality officer, kept as a filing; no personal name is stored here."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="quality_officers")
    number = models.CharField(_("filing number"), max_length=40, unique=True)
    appointed_on = models.DateField(_("appointed on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("chief quality officer")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number
