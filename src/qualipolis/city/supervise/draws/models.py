"""Draws: frozen frame, committed rule, public randomness, what was drawn; inspectors drawn by the same tickets."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Product, Unit
from qualipolis.city.supervise.planning.models import Campaign

PERSON = settings.AUTH_USER_MODEL


class DrawRun(Moving):
    """One draw of a campaign. Nothing of it is ever deleted: a redraw supersedes it and says why.

    ``frame`` and ``record`` are files kept by their hash: the frozen frame as csv and the record of the draw as JSON
    (``methods.sampling.draws``). ``rule`` is the TOML text that was committed, ``commitment`` the hash of everything
    that was fixed before the randomness existed.
    """

    FLOW = "draw_run"

    class Source(models.TextChoices):
        DICE = "dice", _("dice thrown in public")
        LOTTERY = "lottery", _("numbers of a public lottery")
        DRAND = "drand", _("round of the drand beacon")
        COMMIT_REVEAL = "commit_reveal", _("secret of the bureau, committed before, together with a public number")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField(_("number of the draw"), default=1)
    status = state(FLOW)
    frame = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    frame_sha256 = models.CharField(_("hash of the frame"), max_length=64, blank=True)
    frame_rows = models.PositiveIntegerField(_("units in the frame"), default=0)
    left_out = models.JSONField(_("left out of the frame, by reason"), default=dict)
    frame_rule = models.JSONField(_("how the frame is made"), default=dict)
    files = models.JSONField(_("files of the draw by their hash"), default=dict)
    rule = models.TextField(_("rule of the draw, TOML"), max_length=20_000, blank=True)
    source = models.CharField(_("source of randomness"), max_length=16, choices=Source.choices, blank=True)
    source_words = models.CharField(_("source in words"), max_length=300, blank=True)
    source_at = models.DateTimeField(_("when the randomness will exist"), null=True, blank=True)
    secret_hash = models.CharField(_("hash of the secret of the bureau"), max_length=64, blank=True)
    commitment = models.CharField(_("commitment"), max_length=64, blank=True)
    committed_at = models.DateTimeField(_("committed at"), null=True, blank=True)
    seed = models.CharField(_("seed"), max_length=300, blank=True)
    revealed = models.JSONField(_("what was revealed"), default=dict)
    random_at = models.DateTimeField(_("when the randomness came to be"), null=True, blank=True)
    record = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    record_sha256 = models.CharField(_("hash of the record"), max_length=64, blank=True)
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    reason = models.TextField(_("why it was drawn anew"), max_length=1000, blank=True)
    created_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("draw")
        ordering = ["campaign", "number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="one_draw_for_campaign_and_number")]

    def __str__(self) -> str:
        return f"{self.campaign.number}-D{self.number}"


class DrawnUnit(models.Model):
    """One unit that came out of a draw, in its order: drawn, certain, or on the reserve list."""

    class Kind(models.TextChoices):
        DRAWN = "drawn", _("drawn by lot")
        CERTAIN = "certain", _("certain: larger than the sampling interval")
        RESERVE = "reserve", _("on the reserve list")

    draw = models.ForeignKey(DrawRun, on_delete=models.PROTECT, related_name="units")
    position = models.PositiveIntegerField(_("place"))
    kind = models.CharField(_("how"), max_length=8, choices=Kind.choices)
    key = models.CharField(_("key in the frame"), max_length=120)
    stratum = models.CharField(_("stratum"), max_length=80, blank=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="drawn")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="drawn")
    size = models.FloatField(_("measure of size"), default=1.0)
    ticket = models.CharField(_("ticket"), max_length=64)
    probability = models.FloatField(_("inclusion probability"), null=True, blank=True)

    class Meta:
        verbose_name = _("drawn unit")
        ordering = ["draw", "position"]
        constraints = [models.UniqueConstraint(fields=["draw", "key"], name="one_place_for_draw_and_key")]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.position} {self.key}"


class InspectorProfile(models.Model):
    """What the draw of samplers knows of an inspector: certificate, regions, what they must keep out of."""

    person = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="inspector_profile")
    certificate_no = models.CharField(_("certificate number"), max_length=40)
    certified_until = models.DateField(_("certified until"))
    regions = models.ManyToManyField(Unit, related_name="inspectors", blank=True)
    recusals = models.ManyToManyField(Enterprise, related_name="recused_inspectors", blank=True)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("inspector")
        ordering = ["certificate_no"]

    def __str__(self) -> str:
        return self.certificate_no
