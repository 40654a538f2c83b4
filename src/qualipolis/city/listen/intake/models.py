"""The letter as it came in, and the sealed identity of who sent it, which is kept apart from everything else."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.registry.models import Enterprise, Unit

PERSON = settings.AUTH_USER_MODEL


class Letter(models.Model):
    """One letter: what happened, about whom, what is asked for. It opens a complaint, a report, or both."""

    class Channel(models.TextChoices):
        WEB = "web", _("public page")
        PHONE = "phone", _("telephone")
        POST = "post", _("by post")
        VISIT = "visit", _("in person")
        PLATFORM = "platform", _("national platform 12315")
        TRANSFER = "transfer", _("passed on by another authority")

    number = models.CharField(_("number"), max_length=24, unique=True)
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    received_on = models.DateField(_("received on"), default=timezone.localdate, db_index=True)
    language = models.CharField(_("language"), max_length=8, default="zh-hans")
    respondent_name = models.CharField(_("about whom"), max_length=160)
    respondent_place = models.CharField(_("where the respondent does business"), max_length=200, blank=True)
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="letters", verbose_name=_("firm")
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="letters", verbose_name=_("town")
    )
    platform = models.CharField(_("platform or shop online"), max_length=120, blank=True)
    product_name = models.CharField(_("product or service"), max_length=120, blank=True)
    product_class = models.CharField(_("class of product"), max_length=60, blank=True)
    hazard = models.CharField(_("kind of danger"), max_length=60, blank=True)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    batch = models.CharField(_("batch"), max_length=80, blank=True)
    bought_on = models.DateField(_("bought on"), null=True, blank=True)
    price = models.DecimalField(_("price paid"), max_digits=12, decimal_places=2, null=True, blank=True)
    order_no = models.CharField(_("order number"), max_length=80, blank=True)
    facts = models.TextField(_("what happened"), max_length=4000)
    claim = models.TextField(_("what is asked for"), max_length=1000, blank=True)
    injured = models.BooleanField(_("somebody was hurt"), null=True, blank=True)
    suggested = models.JSONField(_("what the text suggests"), default=dict)
    sender_key = models.CharField(_("key of the sender"), max_length=64, blank=True, db_index=True)
    phone_key = models.CharField(_("key for tracking"), max_length=64, blank=True)
    entered_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("letter")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number as papers and lists show it, without its last part: that part opens the tracking, like a key."""
        return self.number.rpartition("-")[0] if self.number.count("-") > 1 else self.number


class Identity(models.Model):
    """Who sent a letter, sealed: no list, page, export or ledger reads it; one verb opens it, with a reason, on record."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="identity")
    sealed = models.BinaryField(_("sealed content"))
    named = models.BooleanField(_("gave a name"), default=False)
    proved = models.BooleanField(_("gave proof of identity"), default=False)
    secret = models.BooleanField(_("an informant, kept secret"), default=False)

    class Meta:
        verbose_name = _("sealed identity")

    def __str__(self) -> str:
        return str(self.letter)


class Knock(models.Model):
    """That somebody wrote or tried to track, under a key that tells no address; kept for an hour to slow down floods."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("letter of an address")
        UNSIGNED = "unsigned", _("letter without a telephone of an address")
        MISS = "miss", _("tracking that failed")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    key = models.CharField(_("key of where it came from"), max_length=64)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("knock at the door")
        indexes = [models.Index(fields=["key", "kind", "at"], name="listen_knocks")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
