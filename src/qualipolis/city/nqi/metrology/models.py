"""Instruments under compulsory verification, their verifications, and the public measurement standards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Bilingual
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.nqi.licences.models import ImportedList
from qualipolis.city.registry.models import Enterprise, Institution, Unit
from qualipolis.law.nqi.instruments import BY_CODE

PERSON = settings.AUTH_USER_MODEL


class Instrument(Moving):
    """One instrument that must be verified again and again; ``next_due`` is the last day of its last verification."""

    FLOW = "measuring_instrument"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="instruments", verbose_name=_("firm")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="instruments", verbose_name=_("town"))
    kind = models.CharField(_("kind of instrument"), max_length=24)
    name = models.CharField(_("name"), max_length=120)
    model = models.CharField(_("model"), max_length=80, blank=True)
    serial_no = models.CharField(_("serial number"), max_length=80)
    maker = models.CharField(_("manufacturer"), max_length=120, blank=True)
    accuracy = models.CharField(_("range and accuracy"), max_length=120, blank=True)
    place = models.CharField(_("where it is used"), max_length=160, blank=True)
    months = models.PositiveSmallIntegerField(_("months between verifications"))
    last_on = models.DateField(_("last verified on"), null=True, blank=True)
    next_due = models.DateField(_("verification due by"), null=True, blank=True, db_index=True)
    registered_on = models.DateField(_("registered on"), default=timezone.localdate)
    source = models.ForeignKey(
        ImportedList, null=True, blank=True, on_delete=models.PROTECT, related_name="instruments"
    )
    source_line = models.PositiveIntegerField(_("line of the source"), null=True, blank=True)

    class Meta:
        verbose_name = _("measuring instrument")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "kind", "serial_no"], name="nqi_instrument_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def kind_words(self) -> str:
        """The kind in words."""
        found = BY_CODE.get(self.kind)
        return _now(found.words) if found else self.kind


class Verification(models.Model):
    """One verification or calibration of an instrument, with what its digital certificate said."""

    class Kind(models.TextChoices):
        VERIFICATION = "verification", _("verification")
        CALIBRATION = "calibration", _("calibration")

    class Result(models.TextChoices):
        PASS = "pass", _("passed")
        FAIL = "fail", _("failed")
        NONE = "none", _("calibrated, no verdict")

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="verifications")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="verifications")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.VERIFICATION)
    result = models.CharField(_("result"), max_length=6, choices=Result.choices)
    verified_on = models.DateField(_("verified on"))
    next_due = models.DateField(_("next due by"), null=True, blank=True)
    certificate_no = models.CharField(_("certificate number"), max_length=80)
    reason = models.CharField(_("why it failed"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_on = models.DateField(_("recorded on"), default=timezone.localdate)
    digital = models.JSONField(_("digital certificate as read"), null=True, blank=True)

    class Meta:
        verbose_name = _("verification")
        ordering = ["-verified_on", "-pk"]

    def __str__(self) -> str:
        return self.certificate_no


class PublicStandard(Bilingual):
    """A measurement standard for public use, kept by a metrology institute and counted by field."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="public_standards")
    field = models.CharField(_("field"), max_length=60)
    certificate_no = models.CharField(_("certificate number"), max_length=80, unique=True)
    uncertainty = models.CharField(_("range and uncertainty"), max_length=200, blank=True)
    issued_on = models.DateField(_("issued on"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("public measurement standard")
        ordering = ["field", "pk"]
