"""Incidents, recalls with their progress, and public warnings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.listen.investigations.models import Investigation, SafetyProduct
from qualipolis.city.registry.models import Enterprise, Unit

PERSON = settings.AUTH_USER_MODEL


class Incident(Moving):
    """An injury or a damage in which a product may have had a part; nothing on it names the injured."""

    FLOW = "incident"

    class Source(models.TextChoices):
        HOSPITAL = "hospital", _("a hospital that treats people")
        FIRM = "firm", _("the producer or seller")
        CONSUMER = "consumer", _("a consumer")
        FIRE = "fire", _("fire brigade or police")
        ABROAD = "abroad", _("an authority abroad")
        MEDIA = "media", _("the press")

    class Harm(models.IntegerChoices):
        NONE = 0, _("damage to things only")
        FIRST_AID = 1, _("1 first aid, heals by itself")
        CLINIC = 2, _("2 treated in a clinic, heals within six months")
        SERIOUS = 3, _("3 stay in hospital, or lasting harm")
        FATAL = 4, _("4 fatal, or loss of limb or function")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    source = models.CharField(_("who reported"), max_length=10, choices=Source.choices)
    happened_on = models.DateField(_("happened on"), null=True, blank=True)
    learned_on = models.DateField(_("the firm learned of it on"), null=True, blank=True)
    reported_on = models.DateField(_("reported on"), default=timezone.localdate)
    firm_due_on = models.DateField(_("the firm reports until"), null=True, blank=True)
    firm_reported_on = models.DateField(_("the firm reported on"), null=True, blank=True)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("town")
    )
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("firm")
    )
    product = models.ForeignKey(
        SafetyProduct, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    product_class = models.CharField(_("class of product"), max_length=60, blank=True)
    hazard = models.CharField(_("kind of danger"), max_length=60, blank=True)
    harm = models.PositiveSmallIntegerField(_("harm"), choices=Harm.choices, null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("people hurt"), null=True, blank=True)
    narrative = models.TextField(_("what happened"), max_length=4000)
    upward_no = models.CharField(_("number of the report upward"), max_length=60, blank=True)
    investigation = models.ForeignKey(
        Investigation, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")

    class Meta:
        verbose_name = _("incident")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def serious(self) -> bool | None:
        """Whether somebody died or was seriously hurt; None while the harm is not known."""
        return None if self.harm is None else self.harm >= self.Harm.SERIOUS


class Recall(Moving):
    """One recall from the clue to the evaluation of its effect."""

    FLOW = "recall"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    product = models.ForeignKey(SafetyProduct, on_delete=models.PROTECT, related_name="recalls")
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="recalls", verbose_name=_("producer")
    )
    producer_name = models.CharField(_("name of the producer"), max_length=160)
    investigation = models.ForeignKey(
        Investigation, null=True, blank=True, on_delete=models.PROTECT, related_name="recalls"
    )
    clue = models.TextField(_("clue"), max_length=2000)
    clue_on = models.DateField(_("clue received on"), default=timezone.localdate)
    defect = models.TextField(_("defect and possible harm"), max_length=2000, blank=True)
    batches = models.CharField(_("batches"), max_length=400, blank=True)
    units = models.PositiveIntegerField(_("pieces to be corrected"), null=True, blank=True)
    measure = models.TextField(_("what is done with the products"), max_length=2000, blank=True)
    told_how = models.TextField(_("how owners are told"), max_length=1000, blank=True)
    body_en = models.TextField(_("text in English"), max_length=4000, blank=True)
    until = models.DateField(_("runs until"), null=True, blank=True)
    ordered = models.BooleanField(_("ordered by the authority"), default=False)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    corrected = models.PositiveIntegerField(_("pieces corrected"), null=True, blank=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    finding = models.TextField(_("effect found"), max_length=2000, blank=True)
    sampled = models.PositiveIntegerField(_("owners or shops checked"), null=True, blank=True)
    sampled_reached = models.PositiveIntegerField(_("of these, reached by the recall"), null=True, blank=True)

    class Meta:
        verbose_name = _("recall")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class RecallProgress(models.Model):
    """One report on the progress of a recall."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="progress")
    on = models.DateField(_("day"))
    corrected = models.PositiveIntegerField(_("pieces corrected so far"))
    notified = models.PositiveIntegerField(_("owners told so far"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    reported_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("progress of a recall")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.recall} {self.on}"


class PublicWarning(Moving):
    """A public warning in both languages; published by somebody else than its author, taken down with a reason."""

    FLOW = "public_warning"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    title_zh = models.CharField(_("title, in Chinese"), max_length=160)
    title_en = models.CharField(_("title, in English"), max_length=160, blank=True)
    products = models.TextField(_("products concerned"), max_length=2000)
    hazard = models.TextField(_("what the danger is"), max_length=2000)
    advice = models.TextField(_("what consumers should do"), max_length=2000)
    body_en = models.TextField(_("text in English"), max_length=4000, blank=True)
    level = models.CharField(_("risk level"), max_length=8, blank=True)
    recall = models.ForeignKey(Recall, null=True, blank=True, on_delete=models.PROTECT, related_name="warnings")
    investigation = models.ForeignKey(
        Investigation, null=True, blank=True, on_delete=models.PROTECT, related_name="warnings"
    )
    written_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    published_on = models.DateField(_("published on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=400, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        verbose_name = _("public warning")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """The title in the language of the page; Chinese where nobody wrote it in English."""
        chinese = (get_language() or "zh").startswith("zh")
        return self.title_zh if chinese else self.title_en or self.title_zh
