"""Cases that may be shared, like cases, ratings by firms, and check-ups."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.hospital.reception.models import Case, Department, RootCause
from qualipolis.city.registry.models import Enterprise

PERSON = settings.AUTH_USER_MODEL


class KnowledgeCase(Moving):
    """A case that others may learn from; the firm has read every word before it is public."""

    FLOW = "knowledge_case"

    case = models.OneToOneField(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="knowledge")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="knowledge")
    product_class = models.CharField(_("class of product"), max_length=60, blank=True)
    defect_codes = models.JSONField(_("defects"), default=list)
    root_cause = models.CharField(_("root cause"), max_length=12, choices=RootCause.choices)
    title_zh = models.CharField(_("title, in Chinese"), max_length=120)
    title_en = models.CharField(_("title, in English"), max_length=160, blank=True)
    symptom_zh = models.TextField(_("symptom, in Chinese"), max_length=2000)
    symptom_en = models.TextField(_("symptom, in English"), max_length=2000, blank=True)
    cause_zh = models.TextField(_("cause, in Chinese"), max_length=2000)
    cause_en = models.TextField(_("cause, in English"), max_length=2000, blank=True)
    treatment_zh = models.TextField(_("treatment, in Chinese"), max_length=2000)
    treatment_en = models.TextField(_("treatment, in English"), max_length=2000, blank=True)
    effect_zh = models.TextField(_("effect, in Chinese"), max_length=1000)
    effect_en = models.TextField(_("effect, in English"), max_length=1000, blank=True)
    named = models.BooleanField(_("with the name of the firm"), default=False)
    published_on = models.DateField(_("published on"), null=True, blank=True)

    class Meta:
        verbose_name = _("knowledge case")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class GroupDisease(Moving):
    """Three or more like cases within sixty days: consult the industry, propose a campaign."""

    FLOW = "group_disease"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    product_class = models.CharField(_("class of product"), max_length=60)
    defect_code = models.CharField(_("defect"), max_length=40)
    cases = models.ManyToManyField(Case, related_name="group_diseases")
    first_on = models.DateField(_("first case on"))
    last_on = models.DateField(_("last case on"))
    firms = models.PositiveSmallIntegerField(_("firms"), default=0)
    plan = models.TextField(_("what will be done"), max_length=2000, blank=True)
    report = models.TextField(_("what came of it"), max_length=2000, blank=True)
    found_on = models.DateField(_("found on"), default=timezone.localdate)
    signal_no = models.CharField(_("number of the signal it came from"), max_length=24, blank=True)

    class Meta:
        verbose_name = _("group disease")
        ordering = ["-found_on", "-pk"]

    def __str__(self) -> str:
        return self.number


class Rating(models.Model):
    """What the firm thinks of its treatment; the expert sees the mean, not who said it."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField(_("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    words = models.TextField(_("in words"), max_length=1000, blank=True)
    given_on = models.DateField(_("given on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("rating")

    def __str__(self) -> str:
        return f"{self.case}"


class CheckUp(models.Model):
    """A firm's own check-up (体检): its answers, and from them one picture and three next steps."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="check_ups")
    edition = models.CharField(_("edition of the questions"), max_length=20)
    answers = models.JSONField(_("answers"), default=dict)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("made on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("check-up")
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.made_on}"
