"""A measurement file of a case and how it is to be read: characteristic, specification, phases, instrument."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment
from qualipolis.city.hospital.reception.models import Case

PERSON = settings.AUTH_USER_MODEL


class MeasurementFile(models.Model):
    """One uploaded file, kept as it came, and how the doctors read it. The findings are computed from it, never stored."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="measurement_files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    companion = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    kind = models.CharField(_("kind of file"), max_length=12, blank=True)
    summary = models.JSONField(_("what was understood"), default=dict)
    characteristic = models.CharField(_("characteristic"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    lower = models.FloatField(_("lower limit"), null=True, blank=True)
    upper = models.FloatField(_("upper limit"), null=True, blank=True)
    target = models.FloatField(_("target"), null=True, blank=True)
    subgroup = models.PositiveSmallIntegerField(_("readings in a subgroup"), null=True, blank=True)
    instrument = models.CharField(_("instrument"), max_length=40, default="auto")
    rules = models.CharField(_("rules"), max_length=40, default="nelson")
    phases = models.JSONField(_("phases: first point and label"), default=list)
    facts = models.JSONField(_("answers of the doctor to the questions of the wizard"), default=dict)

    class Meta:
        verbose_name = _("measurement file")
        ordering = ["case", "pk"]

    def __str__(self) -> str:
        return f"{self.attachment.name}"
