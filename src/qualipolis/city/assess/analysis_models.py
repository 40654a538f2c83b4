"""What was found out about a run: computed once from inputs that never change, and kept."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Analysis(models.Model):
    """One analysis of one run. The key names kind, inputs and parameters: the same key, the same numbers."""

    class Kind(models.TextChoices):
        ROBUSTNESS = "robustness", _("how sure the ranks are")
        STRUCTURE = "structure", _("how the framework holds together")

    assessment = models.ForeignKey("assess.Assessment", on_delete=models.CASCADE, related_name="analyses")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    seconds = models.FloatField(_("seconds of computation"), default=0.0)
    code_version = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("analysis")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "kind", "key"], name="one_analysis_for_run_kind_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.kind}"
