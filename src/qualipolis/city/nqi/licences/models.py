"""Qualifications in their life cycle, change filings, signatories, and the certificates that certification bodies issue."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Institution, Qualification, ScopeItem

PERSON = settings.AUTH_USER_MODEL


class ImportedList(models.Model):
    """A list that was taken over as a whole: which file, on what day, how many rows."""

    class Kind(models.TextChoices):
        CERTIFICATES = "certificates", _("certificates")
        INSTRUMENTS = "instruments", _("instruments")
        STANDARDS = "standards", _("standards")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    file = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    taken_on = models.DateField(_("taken over on"), default=timezone.localdate)
    taken_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("imported list")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file} {self.taken_on}"


class Licence(Moving):
    """The life cycle of one CMA certificate; what it covers and until when stands in its qualification."""

    FLOW = "cma_certificate"

    qualification = models.OneToOneField(Qualification, on_delete=models.PROTECT, related_name="licence")
    status = state(FLOW)
    previous = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    applied_on = models.DateField(_("renewal applied for on"), null=True, blank=True)
    document_only = models.BooleanField(_("review on paper only"), default=False)
    suspended_on = models.DateField(_("suspended on"), null=True, blank=True)
    suspended_until = models.DateField(_("suspended until"), null=True, blank=True)
    decision_no = models.CharField(_("number of the decision"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("life cycle of a certificate")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.qualification.number

    @property
    def institution(self) -> Institution:
        """The body that holds it."""
        return self.qualification.institution


class Signatory(models.Model):
    """Somebody who may sign reports, in certain fields, for one body only."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="signatories")
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="signing")
    name = models.CharField(_("name"), max_length=80)
    staff_no = models.CharField(_("staff number"), max_length=40, blank=True)
    fields = models.CharField(_("fields"), max_length=400)
    valid_from = models.DateField(_("approved from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("authorised signatory")
        ordering = ["institution_id", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def field_list(self) -> list[str]:
        """The fields one by one."""
        return [part for part in self.fields.replace("；", "、").replace(";", "、").split("、") if part.strip()]

    def valid_on(self, day: date) -> bool:
        """Whether the signatory may sign on ``day``; the last day still counts, the day of leaving does not."""
        ends = (self.valid_to is None or day <= self.valid_to) and (self.left_on is None or day < self.left_on)
        return self.valid_from is not None and self.valid_from <= day and ends


class ChangeFiling(Moving):
    """One of the five kinds of change that a body files: owed from the day of the change, decided by the authority."""

    FLOW = "change_filing"

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("name, address or legal nature")
        PEOPLE = "people", _("legal representative, top manager, technical head or signatory")
        ITEM_CANCELLED = "item_cancelled", _("item of the scope cancelled")
        METHOD_CHANGED = "method_changed", _("standard or method changed")
        OTHER = "other", _("another change")

    class Origin(models.TextChoices):
        LABORATORY = "laboratory", _("filed by the body itself")
        SIGNATORY = "signatory", _("a signatory left")
        STANDARD = "standard", _("a standard of the scope was replaced")
        OFFICE = "office", _("found by the authority")

    number = models.CharField(_("number"), max_length=24, unique=True)
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="filings")
    status = state(FLOW)
    kind = models.CharField(_("kind of change"), max_length=16, choices=Kind.choices)
    origin = models.CharField(_("how it became known"), max_length=12, choices=Origin.choices)
    changed_on = models.DateField(_("changed on"))
    file_by = models.DateField(_("to be filed by"))
    said = models.TextField(_("what has changed"), max_length=2000, blank=True)
    signatory = models.ForeignKey(Signatory, null=True, blank=True, on_delete=models.PROTECT, related_name="filings")
    old_standard = models.CharField(_("old standard"), max_length=60, blank=True)
    new_standard = models.CharField(_("new standard"), max_length=60, blank=True)
    new_name = models.CharField(_("new name"), max_length=200, blank=True)
    new_address = models.CharField(_("new address"), max_length=200, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("filing of a change")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def late(self) -> bool:
        """Whether it was filed after its term, or the term is over and it is not filed yet."""
        return (self.filed_on or timezone.localdate()) > self.file_by and self.status != "dismissed"


class ChangeLine(models.Model):
    """One line of the scope that a filing ends or replaces."""

    filing = models.ForeignKey(ChangeFiling, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(ScopeItem, on_delete=models.PROTECT, related_name="change_lines")
    new_item = models.ForeignKey(ScopeItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("line of a change")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["filing", "item"], name="nqi_change_line_once")]

    def __str__(self) -> str:
        return f"{self.filing} {self.item}"


class YearlyReport(models.Model):
    """The report of a body on its year, with its public declaration."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="yearly_reports")
    year = models.PositiveSmallIntegerField(_("year"))
    filed_on = models.DateField(_("filed on"), default=timezone.localdate)
    reports = models.PositiveIntegerField(_("reports issued"), null=True, blank=True)
    staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    proficiency = models.PositiveIntegerField(_("proficiency tests taken part in"), null=True, blank=True)
    satisfactory = models.PositiveIntegerField(_("of these, satisfactory"), null=True, blank=True)
    statement = models.TextField(_("public declaration"), max_length=2000)

    class Meta:
        verbose_name = _("yearly report")
        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["institution", "year"], name="nqi_one_report_a_year")]

    def __str__(self) -> str:
        return f"{self.institution} {self.year}"


class IssuedCertificate(Moving):
    """A certificate that a certification body issued to a firm."""

    FLOW = "certification_certificate"

    class Kind(models.TextChoices):
        PRODUCT = "product", _("product certificate")
        CCC = "ccc", _("compulsory product certificate (CCC)")
        SYSTEM = "system", _("management system certificate")
        SERVICE = "service", _("service certificate")

    certifier = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="issued_certificates")
    number = models.CharField(_("number"), max_length=60)
    status = state(FLOW)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    scheme = models.CharField(_("scheme"), max_length=120)
    holder = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("firm")
    )
    holder_name = models.CharField(_("name of the holder"), max_length=160)
    covers = models.CharField(_("covers"), max_length=400)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"))
    valid_to = models.DateField(_("valid to"))
    suspended_on = models.DateField(_("suspended on"), null=True, blank=True)
    suspended_until = models.DateField(_("suspended until"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    follow_up_on = models.DateField(_("next surveillance by"), null=True, blank=True)
    source = models.ForeignKey(
        ImportedList, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates"
    )
    source_line = models.PositiveIntegerField(_("line of the source"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["certifier", "number"], name="nqi_certificate_number")]

    def __str__(self) -> str:
        return self.number


class CertificatePause(models.Model):
    """A time in which a certificate was suspended."""

    certificate = models.ForeignKey(IssuedCertificate, on_delete=models.PROTECT, related_name="pauses")
    starts_on = models.DateField(_("suspended from"))
    ends_on = models.DateField(_("last day of the suspension"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("suspension of a certificate")
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return f"{self.certificate} {self.starts_on}"


class FollowUp(models.Model):
    """One surveillance of a certified firm by its certification body."""

    certificate = models.ForeignKey(IssuedCertificate, on_delete=models.PROTECT, related_name="follow_ups")
    on = models.DateField(_("day"))
    conforms = models.BooleanField(_("conforms"))
    finding = models.CharField(_("finding"), max_length=1000)

    class Meta:
        verbose_name = _("surveillance of a certificate")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.certificate} {self.on}"


class Reminder(models.Model):
    """One reminder that was sent before something ended; each is sent once."""

    thing = models.CharField(_("about"), max_length=120)
    code = models.CharField(_("body that was told"), max_length=40, db_index=True)
    days = models.PositiveSmallIntegerField(_("days before the end"))
    ends_on = models.DateField(_("end"))
    sent_on = models.DateField(_("sent on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("reminder")
        ordering = ["-sent_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["thing", "days", "ends_on"], name="nqi_reminded_once")]

    def __str__(self) -> str:
        return f"{self.thing} {self.days}"
