"""Clues given to the federation; who gave one is sealed and kept apart from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.govern.members.models import Member
from qualipolis.city.registry.models import Enterprise, Unit

PERSON = settings.AUTH_USER_MODEL


class Clue(Moving):
    """One clue. Nothing on this row tells who gave it."""

    FLOW = "federation_clue"

    class Source(models.TextChoices):
        PUBLIC = "public", _("the public")
        MEMBER = "member", _("a member")
        SECRETARIAT = "secretariat", _("the secretariat")

    class Risk(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    source = models.CharField(_("given by"), max_length=12, choices=Source.choices, default=Source.PUBLIC)
    raised_on = models.DateField(_("received on"), default=timezone.localdate, db_index=True)
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    respondent_name = models.CharField(_("about whom"), max_length=160)
    enterprise = models.ForeignKey(
        Enterprise,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="federation_clues",
        verbose_name=_("firm"),
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="federation_clues", verbose_name=_("town")
    )
    product_name = models.CharField(_("product or service"), max_length=120, blank=True)
    facts = models.TextField(_("what happened"), max_length=4000)
    named = models.BooleanField(_("gave a name"), default=False)
    says_competitor = models.BooleanField(_("says to be a competitor"), null=True, blank=True)
    same_trade = models.BooleanField(_("given by a firm of the same trade"), default=False)
    sender_key = models.CharField(_("key of the sender"), max_length=64, blank=True, db_index=True)
    track_key = models.CharField(_("key for tracking"), max_length=64, blank=True)
    risk = models.CharField(_("risk"), max_length=8, choices=Risk.choices, blank=True)
    screened_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    screened_on = models.DateField(_("screened on"), null=True, blank=True)
    note = models.TextField(_("note of the screening"), max_length=2000, blank=True)
    association = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="clues", verbose_name=_("association")
    )
    report = models.ForeignKey(
        "listen.Report", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("report")
    )
    case = models.ForeignKey(
        "hospital.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("case")
    )
    done = models.TextField(_("what the association did"), max_length=4000, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("clue to the federation")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number without its last part, which opens the tracking like a key."""
        return self.number.rpartition("-")[0] if self.number.count("-") > 1 else self.number


class ClueSender(models.Model):
    """Who gave a clue, under seal: one verb opens it, with a reason, on record."""

    clue = models.OneToOneField(Clue, on_delete=models.PROTECT, related_name="sender")
    sealed = models.BinaryField(_("sealed content"))
    pass_on = models.BooleanField(_("may be passed on to market regulation"), default=False)

    class Meta:
        verbose_name = _("sealed sender")

    def __str__(self) -> str:
        return str(self.clue)
