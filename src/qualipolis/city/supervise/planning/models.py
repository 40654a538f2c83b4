"""Plans of a year, detailed rules of a product class, and campaigns."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Bilingual, Organisation
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Institution

PERSON = settings.AUTH_USER_MODEL


class Purpose(models.TextChoices):
    """Why a sample is taken; rates of different purposes are never pooled (``law.supervision.pass_rate.PURPOSES``)."""

    RANDOM = "random", _("random")
    RISK = "risk", _("by risk")
    FOLLOW_UP = "follow_up", _("follow-up")
    EMERGENCY = "emergency", _("emergency")
    ONLINE = "online", _("online purchase")


class Stage(models.TextChoices):
    """Where a product is sampled."""

    PRODUCTION = "production", _("at the producer")
    SALE = "sale", _("at the seller")
    ONLINE = "online", _("online shop")


class SamplingPlan(Moving, Bilingual):
    """The plan of one year (年度计划); an amendment is a new version that names its document."""

    FLOW = "supervision_plan"

    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = state(FLOW)
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sampling_plans")
    basis = models.TextField(_("what it rests on"), max_length=4000, blank=True)
    document_no = models.CharField(_("document of approval"), max_length=80, blank=True)
    filed_with = models.CharField(_("filed with"), max_length=120, blank=True)
    filed_no = models.CharField(_("number of the filing"), max_length=80, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    amends = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments")
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("plan of supervision sampling")
        ordering = ["-year", "-version"]
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="one_plan_for_year_and_version")]


class PlanLine(Bilingual):
    """One product class of a plan: how many batches, for what purpose, where, in which quarter, for how much."""

    plan = models.ForeignKey(SamplingPlan, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    category = models.CharField(_("product class"), max_length=60)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.RANDOM)
    stage = models.CharField(_("sampled where"), max_length=12, choices=Stage.choices, default=Stage.PRODUCTION)
    batches = models.PositiveIntegerField(_("batches"))
    quarter = models.PositiveSmallIntegerField(_("quarter"), default=1)
    budget = models.DecimalField(_("budget, CNY"), max_digits=12, decimal_places=2, default=0)
    expected_rate = models.FloatField(_("expected pass rate, share"), null=True, blank=True)
    margin = models.FloatField(_("margin wanted, share"), null=True, blank=True)
    reason = models.TextField(_("why"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("line of a plan")
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="one_line_for_plan_and_position")]


class HigherLevelTask(models.Model):
    """What the state or the province samples itself in a year; localities do not sample it again (art. 15)."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("national")
        PROVINCIAL = "provincial", _("provincial")

    year = models.PositiveSmallIntegerField(_("year"))
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    category = models.CharField(_("product class"), max_length=60)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)
    stage = models.CharField(_("sampled where"), max_length=12, choices=Stage.choices, blank=True)
    document = models.CharField(_("document number"), max_length=80)

    class Meta:
        verbose_name = _("task of a higher level")
        ordering = ["-year", "level", "category"]

    def __str__(self) -> str:
        return f"{self.year} {self.level} {self.category}"


class SamplingRule(Bilingual):
    """The detailed rules (实施细则) of a product class: how it is sampled, tested and judged. Versions replace."""

    category = models.CharField(_("product class"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    standard = models.CharField(_("product standard"), max_length=60)
    food = models.BooleanField(_("food, on its own clocks"), default=False)
    method_zh = models.TextField(_("how it is sampled, Chinese"), max_length=4000, blank=True)
    method_en = models.TextField(_("how it is sampled, English"), max_length=4000, blank=True)
    quantity_unit = models.CharField(_("unit of quantity"), max_length=20, default="件")
    test_quantity = models.PositiveIntegerField(_("test sample"), default=1)
    backup_quantity = models.PositiveIntegerField(_("backup sample"), default=1)
    least_stock = models.PositiveIntegerField(_("least stock to sample from"), default=0)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("detailed rules of sampling")
        ordering = ["category", "-version"]
        constraints = [models.UniqueConstraint(fields=["category", "version"], name="one_rule_for_class_and_version")]


class RuleItem(Bilingual):
    """One test item of detailed rules: unit, limits, clause, method, and how a value near the limit is judged."""

    class Decision(models.TextChoices):
        SIMPLE = "simple", _("simple acceptance: the value itself decides")
        GUARDED = "guarded", _("guarded acceptance: a pass needs the value inside the limit by its guard band")
        GUARDED_REJECTION = "guarded_reject", _("guarded rejection: a failure needs the value beyond the limit by it")

    rule = models.ForeignKey(SamplingRule, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("position"))
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    lower = models.FloatField(_("lower limit"), null=True, blank=True)
    upper = models.FloatField(_("upper limit"), null=True, blank=True)
    requirement = models.CharField(_("requirement in words"), max_length=200, blank=True)
    clause = models.CharField(_("clause of the standard"), max_length=80, blank=True)
    method = models.CharField(_("test method"), max_length=80, blank=True)
    safety = models.BooleanField(_("safety item"), default=False)
    decision = models.CharField(_("decision rule"), max_length=16, choices=Decision.choices, default=Decision.SIMPLE)

    class Meta:
        verbose_name = _("test item of a rule")
        ordering = ["rule", "position"]
        constraints = [models.UniqueConstraint(fields=["rule", "position"], name="one_item_for_rule_and_position")]


class Campaign(Moving, Bilingual):
    """One campaign (监督抽查任务) over a product class: scheme, bodies, size, and the state it is in."""

    FLOW = "campaign"

    number = models.CharField(_("number"), max_length=24, unique=True)
    line = models.ForeignKey(PlanLine, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns")
    rule = models.ForeignKey(SamplingRule, on_delete=models.PROTECT, related_name="campaigns")
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.RANDOM)
    stage = models.CharField(_("sampled where"), max_length=12, choices=Stage.choices, default=Stage.PRODUCTION)
    status = state(FLOW)
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="campaigns")
    sampling_body = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="sampling_campaigns"
    )
    laboratory = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns"
    )
    on_site_test = models.BooleanField(_("tested on site"), default=False)
    size = models.PositiveIntegerField(_("batches to sample"))
    reserve = models.PositiveIntegerField(_("units on the reserve list"), default=0)
    budget = models.DecimalField(_("budget, CNY"), max_digits=12, decimal_places=2, default=0)
    scheme_zh = models.TextField(_("scheme, Chinese"), max_length=8000, blank=True)
    scheme_en = models.TextField(_("scheme, English"), max_length=8000, blank=True)
    begins_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    contract_no = models.CharField(_("agreement with the bodies"), max_length=80, blank=True)
    document_no = models.CharField(_("document of approval"), max_length=80, blank=True)
    rules_public_on = models.DateField(_("scheme and rules public on"), null=True, blank=True)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("campaign")
        ordering = ["-number"]

    @property
    def food(self) -> bool:
        """Whether the clocks of food apply."""
        return self.rule.food
